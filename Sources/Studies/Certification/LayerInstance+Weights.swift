import Arithmetic

extension LayerInstance {
  /// One head of a trained layer, its floating-point numbers taken exactly.
  ///
  /// - Errors: a number that is infinite or none.
  public init(exactly weights: WeightsInstance) throws(InstanceError) {
    var samples: [Sample] = []
    for input in [weights.input] + weights.others {
      let target: Target
      switch weights.target {
      case .output: target = .output
      case .zero: target = .matrix(.zero(rows: input.rows, columns: weights.value.columns))
      case .matrix(let matrix): target = .matrix(try Self.exact(matrix, "Y"))
      }
      samples.append(Sample(input: try Self.exact(input, "X"), target: target))
    }
    try self.init(
      kernel: .softmax, samples: samples,
      heads: [
        Head(
          query: try Self.exact(weights.query, "W_Q"), key: try Self.exact(weights.key, "W_K"),
          value: try Self.exact(weights.value, "W_V"))
      ])
  }

  private static func exact(_ matrix: Matrix<Double>, _ name: String) throws(InstanceError) -> Matrix<Rational> {
    try Matrix(rows: matrix.rows, columns: matrix.columns) { i, j throws(InstanceError) in
      guard let value = Rational(exactly: matrix[i, j]) else {
        throw InstanceError(
          "\(name)[\(i)][\(j)]", "it is not a finite number", advice: "give a layer whose numbers are finite")
      }
      return value
    }
  }
}
