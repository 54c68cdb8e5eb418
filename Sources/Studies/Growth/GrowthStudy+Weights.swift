import Arithmetic
import TensorFiles
import Transformers

extension GrowthStudy {
  /// The growth of one head of a trained layer, with the first tokens of its input.
  ///
  /// Biases stand in homogeneous coordinates, so that the coordinate 1 is scaled too. The tokens span a space of at
  /// most `tokens` dimensions: in an orthonormal basis of it, `X = C B`, every weight `W` becomes `B W`, and no block's
  /// norm changes.
  /// - Errors: `FileError` where the head cannot be read; `GrowthError` as for instances.
  public init(
    _ selection: WeightsSelection, tokens: Int = 4, scales: [Rational] = GrowthStudy.standardScales,
    scalesTarget: Bool = false, fitLimit: Rational = GrowthStudy.standardFitLimit,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    let head = try WeightsInstance(reading: selection)
    let count = head.input.rows
    guard tokens <= count else {
      throw GrowthError("the input has \(count) tokens, fewer than \(tokens)", advice: "give fewer tokens (--length)")
    }
    let input = head.input.submatrix(rows: 0..<tokens, columns: 0..<head.input.columns)
    let (basis, coordinates) = try LinearAlgebra.rowSpaceBasis(of: input)
    guard basis.rows > 0 else {
      throw GrowthError("the first \(tokens) tokens are zero", advice: "give more tokens (--length)")
    }
    let target: LayerInstance.Target =
      switch head.target {
      case .output: .output
      case .zero: .matrix(.zero(rows: tokens, columns: head.value.columns))
      case .matrix(let matrix):
        .matrix(try Self.exact(matrix.submatrix(rows: 0..<tokens, columns: 0..<matrix.columns)))
      }
    let instance = try LayerInstance(
      kernel: .softmax, samples: [.init(input: try Self.exact(coordinates), target: target)],
      heads: [
        .init(
          query: try Self.exact(basis * head.query), key: try Self.exact(basis * head.key),
          value: try Self.exact(basis * head.value))
      ])
    let name = "head \(selection.head) of \(PrintableText.quoted(selection.path))"
    try self.init(
      [instance], subject: "\(name), first \(tokens) tokens in \(basis.rows) dimensions, target \(selection.target)",
      scales: scales, scalesTarget: scalesTarget, fitLimit: fitLimit, field: .primeField, progress: progress)
  }

  private static func exact(_ matrix: Matrix<Double>) throws -> Matrix<Rational> {
    try matrix.map { value in
      guard let exact = Rational(exactly: value) else {
        throw GrowthError("a weight or an input is not finite", advice: "give a layer whose entries are numbers")
      }
      return exact
    }
  }
}
