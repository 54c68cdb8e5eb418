import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// The derived bound of a network's Hessian at given norms of its matrices, rounded up.
public struct NetworkBound: Sendable {
  /// Bounds of the norms in the bound.
  public struct Norms: Hashable, Sendable {
    /// `‖X‖₂`.
    public var data: Rational
    /// Of each weight, trained or fixed, `‖W‖₂`.
    public var weight: Rational
    /// `‖F − Y‖_F`, or `‖softmax(F) − Y‖_F`; `nil` where that is to follow from the target.
    public var residual: Rational?
    /// `‖Y‖_F`; of no use for the cross-entropy, whose target has distributions in its rows.
    public var target: Rational?

    public init(data: Rational, weight: Rational, residual: Rational? = nil, target: Rational? = nil) {
      (self.data, self.weight, self.residual, self.target) = (data, weight, residual, target)
    }
  }

  public let bound: HessianBound
  public let norms: Norms
  /// For each block on and above the diagonal a number that its norm does not exceed.
  public let blocks: [(row: Symbol, column: Symbol, value: Rational)]
  /// A number that `‖H‖₂` does not exceed.
  public let value: Rational

  /// Why there is no bound.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownResidual

    public var description: String { "neither the residual nor the target is bounded" }
  }

  /// - Parameter sizes: the number for each size name.
  /// - Errors: `Failure`, and those of the derivation and of evaluation.
  public init(_ derivation: HessianDerivation, sizes: [String: Int], norms: Norms) throws {
    let objective = derivation.objective
    guard norms.residual != nil || norms.target != nil || objective.measure == .crossEntropy else {
      throw Failure.unknownResidual
    }
    let allowed = AllowedNorms(norms.residual == nil ? [] : [.residual]).formulas(for: objective)
    let numbers = allowed.reduce(into: [Formula: Rational]()) { $0[$1] = norms.number(of: $1, in: objective) }
    func exactly(_ formula: Formula) throws -> Double {
      if let number = numbers[formula] { return Double(number) }
      return try formula.value(in: Environment<Double>(sizes: sizes)).scalar
    }
    let bound = try HessianBound(derivation, allowing: allowed, at: [exactly])
    let (point, names) = Self.point(numbers, sizes)
    func upper(_ formula: Formula) throws -> Rational {
      try derivation.unfolded(formula).replacing(names).value(in: point).scalar.upper
    }
    let parameters = objective.model.parameters
    blocks = try parameters.indices.flatMap { i in
      try parameters[i...].map { column in
        (parameters[i], column, try upper(bound.block(parameters[i], column).bound))
      }
    }
    value = try upper(bound.bound)
    (self.bound, self.norms) = (bound, norms)
  }

  /// A number for each norm, in a fixed order.
  private static func point(
    _ numbers: [Formula: Rational], _ sizes: [String: Int]
  ) -> (point: Environment<Ball>, names: [Formula: Formula]) {
    var point = Environment<Ball>(sizes: sizes), names: [Formula: Formula] = [:]
    for (i, norm) in numbers.keys.sorted(by: { $0.description < $1.description }).enumerated() {
      let symbol = Symbol("norm \(i)", .scalar)
      names[norm] = .symbol(symbol)
      if let number = numbers[norm] { point[symbol] = Matrix(Ball(number)) }
    }
    return (point, names)
  }
}

extension NetworkBound.Norms {
  /// The number that a norm does not exceed: every norm of the residual or the target is at most that of Frobenius.
  fileprivate func number(of norm: Formula, in objective: Objective) -> Rational {
    let matrix = norm.operands[0]
    if matrix == objective.residual { return residual ?? .zero }
    if matrix == .symbol(objective.target) { return target ?? .zero }
    return matrix == .symbol(objective.model.input) ? data : weight
  }
}
