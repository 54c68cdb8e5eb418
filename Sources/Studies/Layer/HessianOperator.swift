import Arithmetic
import Contraction
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// The loss Hessian at a point as a linear map, never formed: `Hv` is the derivative of the derived gradient along `v`,
/// compiled to a contraction program.
///
/// - Complexity: a small multiple of one evaluation of the layer for each product; memory linear in the parameters and in
///   `L²`.
public final class HessianOperator: SymmetricMap {
  /// The parameters, in the order of the Hessian's rows.
  public let parameters: [Symbol]
  /// Where each parameter's entries stand in a vector.
  public let ranges: [Range<Int>]
  let point: Environment<Double>
  private let derivation: HessianDerivation
  private let product: ContractionEvaluation
  /// The positions of the directions among the program's inputs.
  private let directions: [Int]
  /// Where the parts of a product go; kept, so that a product takes no memory.
  private var places: [UnsafeMutableBufferPointer<Double>]
  private var lossEvaluation: ContractionEvaluation?

  /// - Parameters:
  ///   - derivation: by the gradient-first route, whose gradients are used.
  ///   - point: binds the data and the parameters.
  ///   - part: the Hessian, or a part of it.
  ///   - threads: the most threads for one product, which does not depend on them.
  /// - Errors: a matrix or size without a value.
  public convenience init(
    _ derivation: HessianDerivation, at point: Environment<Double>, part: HessianPart = .both, threads: Int = 1
  ) throws(EvaluationError) {
    let program = try derivation.productProgram(part, sizes: point.sizes)
    try self.init(derivation, program, at: point, threads: threads)
  }

  /// - Parameter program: of the derivation's products at the point's sizes, one vector at a time.
  init(
    _ derivation: HessianDerivation, _ program: ContractionProgram, at point: Environment<Double>, threads: Int = 1
  ) throws(EvaluationError) {
    let parameters = derivation.objective.model.parameters
    (self.derivation, self.parameters, self.point) = (derivation, parameters, point)
    var start = 0
    ranges = program.outputs.map { output in
      defer { start += output.entries }
      return start..<(start + output.entries)
    }
    product = try ContractionEvaluation(program, threads: threads)
    for symbol in derivation.programInputs {
      guard let value = point[symbol] else { throw .unbound(symbol) }
      product.bind(symbol, to: value)
    }
    directions = parameters.map { parameter in
      program.inputs.firstIndex { $0.symbol == HessianDerivation.direction(of: parameter) } ?? 0
    }
    places = Array(repeating: UnsafeMutableBufferPointer(start: nil, count: 0), count: parameters.count)
    try product.prepare()
  }

  /// The number of entries of all parameters, the order of the Hessian.
  public var dimension: Int { ranges.last?.upperBound ?? 0 }

  public func apply(
    to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) throws {
    for index in ranges.indices {
      product.withInput(at: directions[index]) { _ = $0.update(fromContentsOf: vector[ranges[index]]) }
      places[index] = UnsafeMutableBufferPointer(rebasing: result[ranges[index]])
    }
    try product.run(into: places)
  }

  /// The rows of `H v` that belong to some of the parameters, given by their indices.
  func rows(_ indices: Range<Int>, _ v: [Double]) throws -> [Double] {
    let product: [Double] = try self(v)
    return indices.flatMap { product[ranges[$0]] }
  }

  /// `ℓ(w + s u + t v)`.
  public func loss(moved s: Double, _ u: [Double], _ t: Double, _ v: [Double]) throws(EvaluationError) -> Double {
    let evaluation: ContractionEvaluation
    if let known = lossEvaluation {
      evaluation = known
    } else {
      evaluation = try ContractionEvaluation(derivation.lossProgram(sizes: point.sizes))
    }
    lossEvaluation = evaluation
    evaluation.bind(point)
    for (parameter, range) in zip(parameters, ranges) {
      evaluation.withInput(parameter) { numbers in
        for (k, index) in range.enumerated() { numbers[k] += s * u[index] + t * v[index] }
      }
    }
    return try evaluation()[0].scalar
  }

  /// `F − Y` at the point.
  public func residualValue() throws(EvaluationError) -> Matrix<Double> {
    try derivation.objective.residual.value(in: point)
  }
}
