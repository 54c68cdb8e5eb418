import Arithmetic
import Evaluation
import Formulas
import TensorFiles
import Transformers

/// One head of a real layer with one target: its norms, the printed terms and bounds at them, and the measured Hessian.
///
/// Norms and spectral norms are floating-point estimates, so that what is computed from them is one too.
public struct HeadMeasurement: Sendable {
  /// What the head's output is compared with.
  public enum Target: String, CaseIterable, Sendable {
    case output = "Y = F"
    case zero = "Y = 0"
  }

  /// The measured norm of one block.
  public struct BlockNorm: Sendable {
    public let row: Symbol
    public let column: Symbol
    public let norm: Double
    /// `|finite difference − uᵀHv| / ‖(Hv)_i‖` along random directions.
    public let finiteDifference: Double
  }

  public let head: Int
  public let target: Target
  public let sizes: LayerSizes
  /// `‖X‖₂`, `‖W_Q‖₂`, `‖W_K‖₂`, `‖W_V‖₂` by LAPACK's singular values, and `‖F − Y‖_F`.
  public let norms: (data: Double, query: Double, key: Double, value: Double, residual: Double)
  /// The printed entries, `M` and the derived bound at these norms.
  public let bounds: BoundEvaluation
  /// `‖H‖₂`, an estimate from below.
  public let hessianNorm: Lanczos.Result
  /// The blocks on and above the diagonal.
  public let blocks: [BlockNorm]

  /// The largest of the three weight norms.
  public var weightNorm: Double { max(norms.query, norms.key, norms.value) }

  /// Measures a head of a layer file.
  ///
  /// - Errors: `FileError` when the head cannot be read; `MeasurementError` when an iteration does not converge.
  public init(_ selection: WeightsSelection, target: Target, seed: UInt64) throws {
    var selection = selection
    selection.target = target == .output ? "output" : "zero"
    let instance = try WeightsInstance(reading: selection)
    let derivation = DerivedHessian.of(.softmax).derivation
    let hessian = try HessianOperator(derivation, at: try instance.environment(of: derivation.objective))
    (head, self.target, sizes) = (selection.head, target, instance.sizes)
    let residual = try hessian.residualValue().frobeniusNorm
    norms = (
      try LinearAlgebra.largestSingularValue(of: instance.input),
      try LinearAlgebra.largestSingularValue(of: instance.query),
      try LinearAlgebra.largestSingularValue(of: instance.key),
      try LinearAlgebra.largestSingularValue(of: instance.value), residual
    )
    bounds = try Self.bounds(norms, sizes)
    hessianNorm = try hessian.spectralNorm(seed: seed).orThrow("‖H‖₂ of head \(selection.head)")
    let parameters = hessian.parameters
    blocks = try parameters.indices.flatMap { i in
      try parameters.indices[i...].map { j in
        let norm = try hessian.blockNorm(i, j, seed: seed &+ UInt64(3 * i + j + 1))
          .orThrow("the norm of block \(parameters[i]), \(parameters[j]) of head \(selection.head)").norm
        return BlockNorm(
          row: parameters[i], column: parameters[j], norm: norm,
          finiteDifference: try hessian.finiteDifference(i, j, seed: seed &+ UInt64(10 + 3 * i + j)))
      }
    }
  }

  private static func bounds(
    _ norms: (data: Double, query: Double, key: Double, value: Double, residual: Double), _ sizes: LayerSizes
  ) throws -> BoundEvaluation {
    func exact(_ norm: Double, _ name: String) throws -> Rational {
      guard let value = Rational(exactly: norm) else { throw MeasurementError("\(name) is not finite") }
      return value
    }
    let query = try exact(norms.query, "‖W_Q‖₂"), key = try exact(norms.key, "‖W_K‖₂")
    let value = try exact(norms.value, "‖W_V‖₂")
    return try BoundEvaluation(
      .init(
        dataNorm: try exact(norms.data, "‖X‖₂"), weightNorm: max(query, key, value), queryNorm: query, keyNorm: key,
        valueNorm: value, sequenceLength: sizes.sequenceLength, keyWidth: sizes.keyWidth, valueWidth: sizes.valueWidth,
        residual: .norm(try exact(norms.residual, "‖F − Y‖_F"))))
  }
}

/// A measurement that did not succeed.
public struct MeasurementError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

extension Lanczos.Result {
  fileprivate func orThrow(_ what: String) throws -> Lanczos.Result {
    guard converged else {
      throw MeasurementError(
        "\(what) did not converge in \(iterations) Lanczos steps: \(norm), residual \(residual)")
    }
    return self
  }
}
