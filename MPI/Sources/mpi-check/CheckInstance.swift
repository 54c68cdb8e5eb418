import AttentionHessian

/// Random instances with many samples of different lengths.
enum CheckInstance {
  static func make(
    _ loss: Loss, samples: Int, seed: UInt64 = 1, lastIsHuge: Bool = false
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational(generator.uniform(below: 33) - 16, over: 16) }
    }
    let huge = try Rational(exactly: "1e400")
    return try LayerInstance(
      kernel: .softmax, loss: loss,
      samples: (0..<samples).map { index in
        let length = 2 + index % 4, input = matrix(length, 3)
        return .init(
          input: lastIsHuge && index == samples - 1 ? Matrix(rows: length, columns: 3) { _, _ in huge } : input,
          target: index % 3 == 1 ? .output : .matrix(matrix(length, 4)))
      },
      heads: [.init(query: matrix(3, 2), key: matrix(3, 2), value: matrix(3, 4))])
  }
}
