import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The loss Hessian of an instance, or one of its parts, as a linear map by dual numbers; it is never formed.
///
/// The gradient lemma of a parameter is a function `g(w, G)` of the weights and the output gradient `G = 2cR`, linear in
/// `G`. Its derivative along `(v, 0)` is `H_f v`, that along `(0, 2cJv)` is `H_o v`. Of several samples the mean is
/// taken, or the sum where the loss is.
/// - Complexity: a small multiple of one evaluation of the layer for each sample; memory linear in the parameters.
public struct LayerHessianMap: SymmetricMap {
  public let layout: ParameterLayout
  public let part: HessianPart
  public var dimension: Int { layout.count }
  private let points: [Environment<Double>]
  private let residual: Formula
  private let gradients: [Formula]
  private let seedSymbol: Symbol
  /// `2c` of each sample, with the factor of its share in the mean.
  private let factors: [Double]

  /// - Errors: `evaluation` where an entry has no floating value or the target cannot be evaluated.
  public init(_ instance: LayerInstance, part: HessianPart = .both) throws(LossEvaluationError) {
    let derivation = HessianDerivation(instance.objective), objective = derivation.objective
    self.part = part
    residual = objective.residual
    seedSymbol = derivation.seedSymbol
    gradients = objective.model.parameters.compactMap { derivation.gradients[$0]?.judgement.right }
    layout = ParameterLayout(
      zip(objective.model.parameters, instance.parameters).map { ($0, $1.rows, $1.columns) })
    var points: [Environment<Double>] = [], factors: [Double] = []
    do throws(EvaluationError) {
      for index in instance.samples.indices {
        let point = try instance.environment(of: objective, sample: index, as: Double.self)
        let share = instance.loss == .meanSquare ? 1 / Double(instance.samples.count) : 1
        factors.append(2 * share * (try objective.weight.value(in: point).scalar))
        points.append(point)
      }
    } catch {
      throw .evaluation(error)
    }
    (self.points, self.factors) = (points, factors)
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    result.update(repeating: 0)
    for (point, factor) in zip(points, factors) { try add(point, factor, vector, to: result) }
  }

  private func add(
    _ point: Environment<Double>, _ factor: Double, _ vector: UnsafeBufferPointer<Double>,
    to result: UnsafeMutableBufferPointer<Double>
  ) throws {
    var lifted = Environment<Dual<Double>>(sizes: point.sizes)
    for (symbol, value) in point.values { lifted[symbol] = value.map { Dual(constant: $0) } }
    for entry in layout.entries {
      guard let value = point[entry.symbol] else { throw EvaluationError.unbound(entry.symbol) }
      lifted[entry.symbol] = Matrix(
        rows: value.rows, columns: value.columns,
        entries: zip(value.entries, vector[entry.range]).map { Dual($0, tangent: $1) })
    }
    let (isOuter, isFunctional) = (part != .functional, part != .outer)
    lifted[seedSymbol] = try residual.value(in: lifted).map {
      Dual(isFunctional ? factor * $0.value : 0, tangent: isOuter ? factor * $0.tangent : 0)
    }
    let evaluator = Evaluator(lifted)
    for (gradient, entry) in zip(gradients, layout.entries) {
      for (index, value) in zip(entry.range, try evaluator.value(of: gradient).entries) {
        result[index] += value.tangent
      }
    }
  }
}

extension HessianOperator: SymmetricMap {
  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let product: [Double] = try self(Array(vector))
    _ = result.update(fromContentsOf: product)
  }
}
