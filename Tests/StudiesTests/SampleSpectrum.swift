import AttentionHessian
import Testing

/// A spectrum by name, and symmetric matrices that have it.
struct SampleSpectrum: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// In any order.
  let values: [Double]

  init(_ name: String, _ values: [Double]) { (testDescription, self.values) = (name, values) }

  static let all = plain + repeating + close

  private static let plain = [
    SampleSpectrum("order 1", [-3]), SampleSpectrum("order 2", [1, -4]),
    SampleSpectrum("even", list(100) { 1 + $0 / 10 }), SampleSpectrum("graded", (0..<60).map { power($0) }),
  ]

  private static let repeating = [
    SampleSpectrum("order 2, equal", [2, 2]), SampleSpectrum("zero", zeros(30)),
    SampleSpectrum("rank 1", [5] + zeros(49)), SampleSpectrum("negative rank 1", [-5] + zeros(49)),
    SampleSpectrum("repeated", (0..<60).map { repeated[$0 % 10] }),
  ]

  private static let close = [
    SampleSpectrum("± symmetric", list(40) { $0 + 1 } + list(40) { -$0 - 1 }),
    SampleSpectrum("clustered", list(80) { ($0 / 20).rounded(.down) + $0 * 1e-4 }),
    SampleSpectrum("outliers over a bulk", [40, 21, 20.999, -9] + list(120) { ($0 * 0.37 - 20).rounded() * 0.02 }),
    SampleSpectrum("close pair at the top", [10, 9.99999] + list(60) { $0 / 20 }),
  ]

  private static let repeated: [Double] = [7, 7, 7, 3, 3, -5, -5, -5, -5, 1]

  private static func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

  private static func list(_ count: Int, _ value: (Double) -> Double) -> [Double] {
    (0..<count).map { value(Double($0)) }
  }

  /// Four values a decade, downwards.
  private static func power(_ index: Int) -> Double { (0..<index).reduce(1) { value, _ in value * 0.5623413251903491 } }

  /// `Q diag(values) Qᵀ` for a random rotation `Q`.
  func matrix(seed: UInt64) -> Matrix<Double> {
    let n = values.count
    var entries = Matrix<Double>.diagonal(of: Matrix(rows: n, columns: 1, entries: values))
    var generator = SplitMix64(seed: seed)
    for _ in 0..<3 {
      // Reflections are cheap rotations.
      let v = (0..<n).map { _ in Double.random(using: &generator) }
      let square = v.reduce(0) { $0 + $1 * $1 }
      let image = (0..<n).map { i in zip(entries.row(i), v).reduce(0) { $0 + $1.0 * $1.1 } }
      let form = zip(v, image).reduce(0) { $0 + $1.0 * $1.1 }
      let old = entries
      entries = Matrix(rows: n, columns: n) { i, j in
        old[i, j] - 2 / square * (v[i] * image[j] + image[i] * v[j]) + 4 * form / square / square * v[i] * v[j]
      }
    }
    return entries
  }

  /// A symmetric matrix of random entries.
  static func symmetric(_ n: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SplitMix64(seed: seed)
    let half = Matrix<Double>(rows: n, columns: n) { _, _ in .random(using: &generator) }
    return half + half.transposed
  }
}
