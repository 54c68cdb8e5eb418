import CFLINT

/// What brings the columns of `X` closer to orthonormal eigenvectors of `S`, from `XᵀSX` and `XᵀX`; no error bounds, since
/// whatever encloses with the result holds for any `X`.
///
/// One step of Newton's kind squares the error where the eigenvalues are apart. Where they are too close for the error
/// reached, only orthonormality improves; such columns are then rotated by LAPACK's eigenvectors of their own block, less
/// its diagonal, which tells close eigenvalues apart.
/// - Source: T. Ogita, K. Aishima, Iterative refinement for symmetric eigenvalue decomposition, Japan J. Indust. Appl.
///   Math. 35 (2018) and 36 (2019).
struct EigenvectorCorrection {
  /// `I + E`, to be multiplied to `X` from the right.
  let matrix: BallMatrixStorage
  private let form: BallMatrixStorage
  private let gram: BallMatrixStorage
  private let isUnresolved: [Bool]
  private let precision: Int

  init(_ form: BallMatrixStorage, _ gram: BallMatrixStorage, precision: Int) {
    (self.form, self.gram, self.precision) = (form, gram, precision)
    let n = form.rows
    let correction = BallMatrixStorage(rows: n, columns: n)
    var isUnresolved = [Bool](repeating: false, count: n * n)
    correction.withPointer { m in
      form.withPointer { t in
        gram.withPointer { g in
          isUnresolved.withUnsafeMutableBufferPointer {
            cflint_mat_eigenvector_correction(m, $0.baseAddress, t, g, Int64(precision))
          }
        }
      }
    }
    (matrix, self.isUnresolved) = (correction, isUnresolved)
  }

  /// The rotation of the columns that belong to eigenvalues too close together; `nil` where there are none.
  func rotation() -> BallMatrixStorage? {
    let clusters = clusters
    if clusters.isEmpty { return nil }
    var rotation = Matrix<Double>.identity(form.rows)
    for cluster in clusters {
      let indices = cluster.map(Int64.init), count = cluster.count
      var entries = [Double](repeating: 0, count: count * count)
      form.withPointer { t in
        gram.withPointer { g in
          entries.withUnsafeMutableBufferPointer {
            cflint_mat_cluster_doubles($0.baseAddress, t, g, indices, Int64(count), Int64(precision))
          }
        }
      }
      let block = Matrix<Double>(rows: count, columns: count, entries: entries)
      guard let (_, vectors) = try? LinearAlgebra.symmetricEigen(of: block) else { continue }
      for (k, i) in cluster.enumerated() {
        for (l, j) in cluster.enumerated() { rotation[i, j] = vectors[k, l] }
      }
    }
    return BallMatrixStorage(rotation)
  }

  /// The sets of indices that unresolved pairs connect.
  private var clusters: [[Int]] {
    let n = form.rows
    var isFree = [Bool](repeating: true, count: n)
    var clusters: [[Int]] = []
    for start in 0..<n where isFree[start] {
      var cluster = [start]
      isFree[start] = false
      var next = 0
      while next < cluster.count {
        let i = cluster[next]
        for j in 0..<n where isFree[j] && (isUnresolved[i * n + j] || isUnresolved[j * n + i]) {
          isFree[j] = false
          cluster.append(j)
        }
        next += 1
      }
      if cluster.count > 1 { clusters.append(cluster.sorted()) }
    }
    return clusters
  }
}
