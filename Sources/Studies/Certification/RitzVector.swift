import Arithmetic

/// An approximate eigenvector of a symmetric map for the eigenvalue of largest magnitude: from the subspace that Lanczos
/// iteration ran through.
///
/// An estimate; what is proven with it holds for any vector.
struct RitzVector {
  /// `|θ|`, the estimate of the norm.
  let value: Double
  /// Of length about one; zero only for a map that is.
  let entries: [Double]

  init(dimension: Int, seed: UInt64, _ map: ([Double]) throws -> [Double]) throws {
    var basis: [[Double]] = [], images: [[Double]] = []
    let result = try Lanczos.spectralNorm(dimension: dimension, tolerance: 1e-10, iterations: 120, seed: seed) { v in
      let image = try map(v)
      basis.append(v)
      images.append(image)
      return image
    }
    let count = basis.count
    let left = Matrix<Double>(rows: count, columns: dimension, entries: basis.flatMap { $0 })
    let right = Matrix<Double>(rows: count, columns: dimension, entries: images.flatMap { $0 })
    let form = left * right.transposed
    let (values, vectors) = try LinearAlgebra.symmetricEigen(of: form)
    let best = values.indices.max { abs(values[$0]) < abs(values[$1]) } ?? 0
    let weights = Matrix<Double>(rows: 1, columns: count) { _, k in vectors[k, best] }
    entries = (weights * left).entries
    value = max(result.norm, values.isEmpty ? 0 : abs(values[best]))
  }
}
