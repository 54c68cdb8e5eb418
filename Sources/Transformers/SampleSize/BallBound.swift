import Formulas
import MatrixCalculus

/// Bounds of the Hessian and of the loss of one sample that hold on the whole ball `‖w − w*‖₂ ≤ r`, in norms of the data and
/// of the weights at its centre `w*`.
///
/// A weight `W = W* + Δ` of the ball has `‖W‖₂ ≤ ‖W*‖₂ + ‖Δ‖₂` and `‖Δ‖₂ ≤ ‖w − w*‖₂ ≤ r`. Nothing else depends on where
/// in the ball `w` is: the residual is bounded by way of the output's norms, the attention by its form.
public struct BallBound: Sendable {
  /// What the radius of the ball is called.
  public static let radius = TheoremTwo.radius

  /// A number that the bounds are written in: a norm of the data, or of a weight at `w*`.
  public struct Number: Hashable, Sendable {
    /// The matrix, of which a weight is meant at `w*`.
    public let matrix: Symbol
    public let norm: Norm
    public let symbol: Symbol
  }

  public let objective: Objective
  /// The numbers, in a fixed order.
  public let numbers: [Number]
  /// What is assumed, as rules.
  public let hypotheses: [Rule]
  /// `‖∇²ℓ(w)‖₂ ≤ M_B`.
  public let hessian: Proof
  /// `ℓ(w) ≤ sup ℓ`.
  public let loss: Proof
  /// The rules that the proofs may use.
  public let rules: [Rule.ID: Rule]

  /// `M_B` as a formula in the numbers and the radius.
  public var hessianBound: Formula { hessian.judgement.right }
  /// `sup ℓ` as a formula in the numbers and the radius.
  public var lossBound: Formula { loss.judgement.right }

  /// Derives the bounds.
  ///
  /// - Parameters:
  ///   - derivation: of the Hessian, by the gradient-first route.
  ///   - witnesses: values of the numbers, and last of the radius, at which the bounds are to be sharp; some values where
  ///     there are none. Which ones decides nothing but how sharp the bounds are.
  /// - Errors: `BoundSearch.Failure` where the laws do not lead to these norms.
  public init(_ derivation: HessianDerivation, at witnesses: [(sizes: [String: Int], values: [Double])] = []) throws {
    let objective = derivation.objective
    let numbers = Self.numbers(of: objective)
    let matrices = numbers.map { Formula.symbol($0.matrix).norm($0.norm) }
    let weights = Set(objective.model.parameters)
    let points: [BoundSearch.Witness] =
      witnesses.isEmpty
      ? Self.witnesses(for: numbers, moved: weights.union(objective.model.constants))
      : witnesses.map { witness in
        let radius = witness.values.last ?? 0
        let values = zip(numbers, witness.values).map { weights.contains($0.matrix) ? $1 + radius : $1 }
        return Self.witness(matrices, sizes: witness.sizes, values: values)
      }
    let bound = try HessianBound(derivation, allowing: Set(matrices), at: points)
    let assumed = numbers.flatMap { Self.hypotheses($0, isMoved: weights.contains($0.matrix)) }
    func inNumbers(_ derivation: inout BoundDerivation, _ title: String) -> Proof {
      for hypothesis in assumed { derivation.apply(hypothesis, .forward) }
      derivation.canonicalize()
      return derivation.proof(title)
    }
    var whole = BoundDerivation(bound.proof.judgement.left)
    whole.apply(lemma: bound.proof, at: .root)
    var size = try Self.loss(objective, Set(matrices), points)
    (self.objective, self.numbers, hypotheses) = (objective, numbers, assumed)
    hessian = inNumbers(&whole, "The norm of the Hessian on the ball")
    loss = inNumbers(&size, "The loss on the ball")
    rules = assumed.reduce(into: bound.rules) { $0[$1.id] = $1 }
  }

  // MARK: Numbers

  /// The numbers of an objective, in a fixed order: norms of the input, of the target, and of each weight.
  public static func numbers(of objective: Objective) -> [Number] {
    let input = [Norm.spectral, .frobenius, .largestRow, .diameter].map { norm in
      Number(matrix: objective.model.input, norm: norm, symbol: Symbol("x" + suffix(norm), .scalar))
    }
    let target = [Norm.spectral, .frobenius, .largestRow].map { norm in
      Number(matrix: objective.target, norm: norm, symbol: Symbol("y" + suffix(norm), .scalar))
    }
    let weights = (objective.model.parameters + objective.model.constants).map { weight in
      Number(matrix: weight, norm: .spectral, symbol: Symbol("w" + weight.name.dropFirst(), .scalar))
    }
    return input + target + weights
  }

  private static func suffix(_ norm: Norm) -> String {
    switch norm {
    case .frobenius: "_F"
    case .largestRow: "_row"
    case .diameter: "_diam"
    default: ""
    }
  }

  /// `‖X‖ ≤ x`; for a trained weight `‖W‖ ≤ ‖W*‖ + ‖Δ‖`, `‖W*‖ ≤ w` and `‖Δ‖ ≤ r`.
  static func hypotheses(_ number: Number, isMoved: Bool) -> [Rule] {
    let matrix = Formula.symbol(number.matrix), bound = Formula.symbol(number.symbol)
    guard isMoved else { return [given(matrix.norm(number.norm) ≤ bound, "Given: it stays.")] }
    let name = number.matrix.name
    let center = Formula.symbol(Symbol(name + "*", number.matrix.shape))
    let change = Formula.symbol(Symbol("Delta" + name.dropFirst(), number.matrix.shape))
    return [
      given(
        matrix.norm(number.norm) ≤ center.norm(number.norm) + change.norm(number.norm),
        "The triangle inequality: the centre and the change."),
      given(center.norm(number.norm) ≤ bound, "Given at the centre."),
      given(change.norm(number.norm) ≤ .symbol(radius), "The change of one matrix is a part of that of all weights."),
    ]
  }

  private static func given(_ statement: Judgement, _ reason: String) -> Rule {
    Rule(Rule.ID(rawValue: "hypothesis \(statement)"), .hypothesis, because: reason) { statement }
  }

  // MARK: The loss

  /// `ℓ ≤ …` in norms of matrices.
  private static func loss(
    _ objective: Objective, _ allowed: Set<Formula>, _ points: [BoundSearch.Witness]
  ) throws -> BoundDerivation {
    var derivation = BoundDerivation(objective.loss.norm())
    let scale = NormLaws.scale(.spectral)
    guard let (substitution, _) = scale.match(derivation.current) else {
      preconditionFailure("the loss is a multiple of a square")
    }
    derivation.apply(scale, at: .root, substitution)
    var search = BoundSearch(allowed: allowed, at: points)
    guard let best = try search.derivations(of: derivation.current.operands[1]).first else {
      throw BoundSearch.Failure.unreachable("\(derivation.current)")
    }
    derivation.apply(lemma: best.proof("The square of the residual"), at: Position([1]))
    derivation.canonicalize()
    return derivation
  }

  // MARK: Witnesses

  /// Some points, at which bounds in the numbers are to be sharp.
  static func witnesses(for numbers: [Number], moved weights: Set<Symbol>) -> [BoundSearch.Witness] {
    let matrices = numbers.map { Formula.symbol($0.matrix).norm($0.norm) }
    return (0..<4).map { index in
      witness(
        matrices, sizes: someSizes,
        values: numbers.map { someValue($0, isWeight: weights.contains($0.matrix), index) })
    }
  }

  private static let someSizes = ["L": 8, "d": 7, "d_K": 4, "d_V": 5, "d_O": 6]

  /// Some values that norms of one matrix can have together; among the points data are large and small, long and short.
  private static func someValue(_ number: Number, isWeight: Bool, _ index: Int) -> Double {
    if isWeight { return 0.75 + Double(index % 3) / 4 }
    let scale = number.symbol.name.hasPrefix("x") ? 0.5 + Double(index) / 2 : 2 - Double(index) / 2
    return switch number.norm {
    case .frobenius: scale * (1.2 + Double(index % 2))
    case .largestRow: scale * (index % 2 == 0 ? 0.9 : 0.4)
    case .diameter: scale * (index < 2 ? 0.3 : 0.9)
    default: scale
    }
  }

  private static func witness(
    _ norms: [Formula], sizes: [String: Int], values: [Double]
  ) -> BoundSearch.Witness {
    { formula in
      if let i = norms.firstIndex(of: formula) { return values[i] }
      guard let value = Coefficient(formula)?.approximation({ Double(sizes[$0] ?? 1) }) else {
        throw BoundSearch.Failure.unreachable("\(formula)")
      }
      return value
    }
  }
}
