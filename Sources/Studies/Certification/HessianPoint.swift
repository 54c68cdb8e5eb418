import Arithmetic
import Evaluation
import Formulas
import Transformers

/// An instance's layer with every number enclosed, in the coordinates in which its Hessian is smallest.
///
/// The output depends on `W` in `W_Q`, `W_K`, `W_V` only through `XW`. Where `X` has fewer rows than columns,
/// `X = C B` with `CCᵀ = XXᵀ` and `BBᵀ = I`; the layer with data `C` and weights `BW = C⁻¹XW` has the same loss, and its
/// Hessian `Ĥ` the same norm as `H = (B ⊗ I)ᵀ Ĥ (B ⊗ I)`.
struct HessianPoint {
  private let derived: DerivedHessian
  var derivation: HessianDerivation { derived.derivation }
  /// The data, the weights and the names of the derivation.
  let point: Environment<Ball>
  /// The order of the Hessian in these coordinates.
  let order: Int

  /// The order for an instance, before anything is evaluated.
  static func order(of instance: LayerInstance) -> Int {
    let sizes = instance.sizes()
    let rows = isReducible(instance) ? min(sizes.sequenceLength, sizes.width) : sizes.width
    let reduced = instance.heads.count * rows * (2 * sizes.keyWidth + sizes.valueWidth)
    return reduced + (instance.outputMatrix?.entries.count ?? 0)
  }

  static func isReducible(_ instance: LayerInstance) -> Bool {
    let sizes = instance.sizes()
    return instance.samples.count == 1 && sizes.sequenceLength < sizes.width
  }

  /// - Parameters:
  ///   - sample: which sample.
  ///   - reducing: whether to change the coordinates where `X` has fewer rows than columns.
  /// - Errors: `CertificationError` where the rows of `X` are too close to dependent for the reduction.
  init(_ instance: LayerInstance, sample: Int = 0, reducing: Bool = true, precision: Int) throws {
    derived = DerivedHessian(of: instance)
    let derivation = derived.derivation
    point = try Ball.withWorkingPrecision(precision) {
      try Self.environment(instance, sample, derivation.objective, reducing, precision)
    }
    order = derivation.objective.model.parameters.reduce(0) { [point] in $0 + (point[$1]?.entries.count ?? 0) }
  }

  private static func environment(
    _ instance: LayerInstance, _ sample: Int, _ objective: Objective, _ reducing: Bool, _ precision: Int
  ) throws -> Environment<Ball> {
    var point = try instance.environment(of: objective, sample: sample, as: Ball.self)
    if reducing, isReducible(instance) {
      guard let X = point[objective.model.input], let factor = (X * X.transposed).choleskyFactor(precision: precision)
      else { throw CertificationError.dependentRows(bits: precision) }
      for parameter in objective.model.parameters where parameter.shape.rows == objective.model.input.shape.columns {
        guard let W = point[parameter] else { throw EvaluationError.unbound(parameter) }
        point[parameter] = factor.solvingLowerTriangular(X * W, precision: precision)
      }
      point[objective.model.input] = factor
      if let name = objective.model.input.shape.columns.name { point.sizes[name] = X.rows }
    }
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    // Of Y = F the residual is zero exactly, which an enclosure of F − Y would not say.
    if case .output = instance.samples[sample].target, let residual = objective.abbreviations.first?.definition,
      case .symbol(let name) = residual.statement.right.operator, let value = point[name]
    {
      point[name] = .zero(rows: value.rows, columns: value.columns)
    }
    return point
  }

  /// `Ĥ`, every entry enclosed.
  func hessian() throws(EvaluationError) -> Matrix<Ball> { try derived.matrix.value(in: point) }
}
