import Training

/// `Σ_i c_i H_i` over some samples of a training, with the Hessian `H_i` of the loss of sample i, as a linear map; no matrix
/// is formed.
struct SampleHessian: SymmetricMap {
  let losses: SampleLosses
  let weights: [Double]
  let samples: [Int]
  let coefficients: [Double]

  var dimension: Int { weights.count }

  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let product = try losses.hessianSum(
      of: samples, coefficients: coefficients, at: weights, times: Array(vector))
    _ = result.update(fromContentsOf: product)
  }

  /// The mean over some samples.
  static func mean(_ losses: SampleLosses, _ samples: [Int], at weights: [Double]) -> SampleHessian {
    SampleHessian(
      losses: losses, weights: weights, samples: samples,
      coefficients: [Double](repeating: 1 / Double(samples.count), count: samples.count))
  }

  /// `H_{k+1} − (1/k) Σ_{i≤k} H_i` of an order of samples.
  static func gap(_ losses: SampleLosses, _ order: [Int], after k: Int, at weights: [Double]) -> SampleHessian {
    SampleHessian(
      losses: losses, weights: weights, samples: Array(order[...k]),
      coefficients: [Double](repeating: -1 / Double(k), count: k) + [1])
  }
}
