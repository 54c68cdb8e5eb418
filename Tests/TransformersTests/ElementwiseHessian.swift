import Transformers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

func exponential(_ x: Double) -> Double { exp(x) }

/// The Hessian of a head whose weights are `A_ij = φ(T_ij)`, entry by entry from the derivatives of `φ` and of the logits,
/// in plain loops; parameters in the order Q, K, V.
struct ElementwiseHessian {
  let data: LayerData
  let kernel: AttentionKernel
  private let s: Double

  init(_ data: LayerData, _ kernel: AttentionKernel) {
    (self.data, self.kernel, s) = (data, kernel, 1 / root(Double(data.k)))
  }

  private var logitCount: Int { 2 * data.d * data.k }

  /// The entry of `W_Q` or `W_K` with this index.
  private func entry(_ p: Int) -> (isQuery: Bool, a: Int, b: Int) {
    let half = data.d * data.k
    return (p < half, p % half / data.k, p % data.k)
  }

  private func logit(_ i: Int, _ j: Int, _ q: [Double], _ k: [Double]) -> Double {
    kernel == .gaussian ? -s / 2 * zip(q, k).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } : s * dot(q, k)
  }

  private func first(_ i: Int, _ j: Int, _ p: Int, _ q: [Double], _ k: [Double]) -> Double {
    let (isQuery, a, b) = entry(p)
    let x = isQuery ? data.X[i][a] : data.X[j][a]
    if kernel == .gaussian { return s * x * (isQuery ? k[b] - q[b] : q[b] - k[b]) }
    return s * x * (isQuery ? k[b] : q[b])
  }

  private func second(_ i: Int, _ j: Int, _ p: Int, _ o: Int) -> Double {
    let (isQuery, a, b) = entry(p), (isOther, e, f) = entry(o)
    guard b == f else { return 0 }
    let product = s * (isQuery ? data.X[i][a] : data.X[j][a]) * (isOther ? data.X[i][e] : data.X[j][e])
    if isQuery != isOther { return product }
    return kernel == .gaussian ? -product : 0
  }

  /// The whole Hessian.
  func hessian() -> [[Double]] {
    let n = logitCount + data.d * data.v
    let queries = data.queries, keys = data.keys, values = data.values
    var H = grid(n, n) { _, _ in 0 }
    let c = 2 / Double(data.L * data.v)
    for i in 0..<data.L {
      var output = [Double](repeating: 0, count: data.v)
      var gradient = grid(n, data.v) { _, _ in 0 }
      var curvature = [[[Double]]](repeating: grid(n, data.v) { _, _ in 0 }, count: n)
      for j in 0..<data.L {
        let T = logit(i, j, queries[i], keys[j])
        let (phi, phi1, phi2) = kernel == .gaussian ? (exp(T), exp(T), exp(T)) : (T, 1, 0)
        let dT = (0..<logitCount).map { first(i, j, $0, queries[i], keys[j]) }
        for out in 0..<data.v {
          output[out] += phi * values[j][out]
          for e in 0..<data.d {
            let w = logitCount + e * data.v + out
            gradient[w][out] += phi * data.X[j][e]
            for p in 0..<logitCount {
              curvature[w][p][out] += phi1 * dT[p] * data.X[j][e]
              curvature[p][w][out] += phi1 * dT[p] * data.X[j][e]
            }
          }
          for p in 0..<logitCount {
            gradient[p][out] += phi1 * dT[p] * values[j][out]
            for o in 0..<logitCount {
              curvature[p][o][out] += (phi2 * dT[p] * dT[o] + phi1 * second(i, j, p, o)) * values[j][out]
            }
          }
        }
      }
      let residual = zip(output, data.Y[i]).map { $0 - $1 }
      for p in 0..<n {
        for o in 0..<n { H[p][o] += c * (dot(gradient[p], gradient[o]) + dot(curvature[p][o], residual)) }
      }
    }
    return H
  }
}
