import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The data, several weights and several vectors of a case: the same for every contestant, drawn from a seed.
struct Inputs: Sendable {
  /// As many weights, and vectors, as the timed calls take in turn, so that no call repeats the one before.
  static let count = 5

  let sizes: Sizes
  /// `X : L×d`.
  let input: Matrix<Double>
  /// `Y : L×d_V`.
  let target: Matrix<Double>
  /// Values of all parameters.
  let weights: [[Double]]
  /// Vectors to multiply the Hessian with.
  let vectors: [[Double]]

  /// Entries of mean 0, of variance 1 in `X`, `Y` and the vectors and `1/d` in the weights: logits of the order of 1.
  init(_ sizes: Sizes, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    // A uniform variable on [−√3, √3) has variance 1.
    func draw(_ count: Int, scale: Double) -> [Double] {
      (0..<count).map { _ in
        let unit = Double(generator.next() >> 11) * 0x1p-53
        return (2 * unit - 1) * sqrt(3) * scale
      }
    }
    let (rows, width) = (sizes.sequenceLength, sizes.width)
    self.sizes = sizes
    input = Matrix(rows: rows, columns: width, entries: draw(rows * width, scale: 1))
    target = Matrix(rows: rows, columns: sizes.valueWidth, entries: draw(rows * sizes.valueWidth, scale: 1))
    weights = (0..<Self.count).map { _ in draw(sizes.dimension, scale: 1 / sqrt(Double(width))) }
    vectors = (0..<Self.count).map { _ in draw(sizes.dimension, scale: 1) }
  }

  /// `W_Q`, `W_K` and `W_V`, which stand one after the other in a vector of all parameters.
  func parts(of parameters: [Double]) -> [Matrix<Double>] {
    var start = 0
    return [sizes.keyWidth, sizes.keyWidth, sizes.valueWidth].map { columns in
      let range = start..<(start + sizes.width * columns)
      start = range.upperBound
      return Matrix(rows: sizes.width, columns: columns, entries: Array(parameters[range]))
    }
  }
}

extension Inputs {
  /// Writes all tensors to a safetensors file.
  func write(to path: String) throws {
    var file = SafetensorsWriter()
    file.add("X", shape: [input.rows, input.columns], values: input.entries)
    file.add("Y", shape: [target.rows, target.columns], values: target.entries)
    for (k, values) in weights.enumerated() { file.add("weights.\(k)", shape: [values.count], values: values) }
    for (k, values) in vectors.enumerated() { file.add("vector.\(k)", shape: [values.count], values: values) }
    try file.write(to: path)
  }

  /// Reads what `write(to:)` wrote.
  init(contentsOf path: String) throws {
    let file = try SafetensorsFile(path: path)
    func matrix(_ name: String) throws -> Matrix<Double> {
      let stored = try file.matrix(named: name)
      return Matrix(rows: stored.rows, columns: stored.columns, entries: stored.values)
    }
    input = try matrix("X")
    target = try matrix("Y")
    weights = try (0..<Self.count).map { try file.values(of: "weights.\($0)") }
    vectors = try (0..<Self.count).map { try file.values(of: "vector.\($0)") }
    let keyWidth = (weights[0].count - input.columns * target.columns) / (2 * input.columns)
    sizes = Sizes(input.rows, input.columns, keyWidth, target.columns)
  }

  /// One set of weights with the data as an instance file of the command `hessian`.
  func instance(_ set: Int) -> JSONValue {
    func rows(_ matrix: Matrix<Double>) -> JSONValue {
      .array((0..<matrix.rows).map { .array(matrix.row($0).map { .double($0) }) })
    }
    let parts = self.parts(of: weights[set])
    return [
      "version": 1, "kernel": "softmax", "loss": "mean-square",
      "samples": [["X": rows(input), "Y": rows(target)]],
      "W_Q": rows(parts[0]), "W_K": rows(parts[1]), "W_V": rows(parts[2]),
    ]
  }
}
