import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// The loss Hessian at a point as a linear map, never formed: `Hv` is the derivative of the derived gradient along `v`, by
/// dual numbers.
///
/// - Complexity: a small multiple of one evaluation of the layer for each product; memory linear in the parameters.
public struct HessianOperator: Sendable {
  /// The parameters, in the order of the Hessian's rows.
  public let parameters: [Symbol]
  let point: Environment<Double>
  private let gradients: [Formula]
  private let loss: Formula
  private let residual: Formula

  /// - Parameters:
  ///   - derivation: by the gradient-first route, whose gradients are used.
  ///   - point: binds the data and the parameters.
  public init(_ derivation: HessianDerivation, at point: Environment<Double>) {
    precondition(derivation.route == .gradientFirst, "the gradients come with the gradient-first route")
    let objective = derivation.objective
    parameters = objective.model.parameters
    (self.point, loss, residual) = (point, objective.loss, objective.residual)
    let seed = residual.scaled(by: .integer(2) * objective.weight)
    let variable = Formula(.variable(derivation.seedSymbol), [])
    gradients = parameters.compactMap { derivation.gradients[$0]?.judgement.right.replacing([variable: seed]) }
  }

  /// The number of entries of all parameters, the order of the Hessian.
  public var dimension: Int { ranges.last?.upperBound ?? 0 }

  /// Where each parameter's entries stand in a vector.
  public var ranges: [Range<Int>] {
    var start = 0
    return parameters.map { parameter in
      let count = point[parameter]?.entries.count ?? 0
      defer { start += count }
      return start..<(start + count)
    }
  }

  /// `H v`.
  ///
  /// - Precondition: `v` has as many entries as there are parameters.
  public func callAsFunction(_ v: [Double]) throws(EvaluationError) -> [Double] {
    try rows(parameters.indices, v)
  }

  /// The rows of `H v` that belong to some of the parameters, given by their indices.
  func rows(_ indices: Range<Int>, _ v: [Double]) throws(EvaluationError) -> [Double] {
    precondition(v.count == dimension, "the vector needs \(dimension) entries, not \(v.count)")
    var lifted = Environment<Dual<Double>>(sizes: point.sizes)
    for (symbol, value) in point.values { lifted[symbol] = value.map { Dual(constant: $0) } }
    for (parameter, range) in zip(parameters, ranges) {
      guard let value = point[parameter] else { throw .unbound(parameter) }
      lifted[parameter] = Matrix(
        rows: value.rows, columns: value.columns,
        entries: zip(value.entries, v[range]).map { Dual($0, tangent: $1) })
    }
    let evaluator = Evaluator(lifted)
    var product: [Double] = []
    for index in indices { product += try evaluator.value(of: gradients[index]).entries.map(\.tangent) }
    return product
  }

  /// `ℓ(w + s u + t v)`.
  public func loss(moved s: Double, _ u: [Double], _ t: Double, _ v: [Double]) throws(EvaluationError) -> Double {
    var moved = point
    for (parameter, range) in zip(parameters, ranges) {
      guard let value = point[parameter] else { throw .unbound(parameter) }
      moved[parameter] = Matrix(
        rows: value.rows, columns: value.columns,
        entries: zip(value.entries, zip(u[range], v[range])).map { $0 + s * $1.0 + t * $1.1 })
    }
    return try loss.value(in: moved).scalar
  }

  /// `F − Y` at the point.
  public func residualValue() throws(EvaluationError) -> Matrix<Double> { try residual.value(in: point) }
}
