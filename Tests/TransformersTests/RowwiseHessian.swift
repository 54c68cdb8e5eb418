import Arithmetic

/// The Hessian of one softmax head by the row-wise closed forms of the moments of attention, in plain loops: shares no
/// code with the derived blocks, their laws or their evaluation.
struct RowwiseHessian {
  typealias Vector = [Double]
  typealias Grid = [[Double]]

  let data: LayerData
  let c: Double
  let s: Double
  /// For each row: first moment, covariance, contracted third moment, query, `C_i W_V r_i`, residual.
  private(set) var m: [Vector] = [], C: [Grid] = [], S: [Grid] = [], q: [Vector] = [], n: [Vector] = [],
    r: [Vector] = []

  init(_ data: LayerData) {
    self.data = data
    c = 2 / Double(data.L * data.v)
    s = 1 / root(Double(data.k))
    for i in 0..<data.L {
      let query = data.queries[i]
      let logits = (0..<data.L).map { j in s * dot(query, data.keys[j]) }
      let top = logits.max() ?? 0
      let weights = logits.map { exponential($0 - top) }
      let total = weights.reduce(0, +)
      let a = weights.map { $0 / total }
      let mean = (0..<data.d).map { e in (0..<data.L).reduce(0) { $0 + a[$1] * data.X[$1][e] } }
      let residual = (0..<data.v).map { b in
        (0..<data.L).reduce(0) { $0 + a[$1] * data.values[$1][b] } - data.Y[i][b]
      }
      let g = (0..<data.L).map { dot(data.values[$0], residual) }
      let gMean = (0..<data.L).reduce(0) { $0 + a[$1] * g[$1] }
      func moment(_ weight: (Int) -> Double) -> Grid {
        grid(data.d, data.d) { e, f in
          (0..<data.L).reduce(0) { $0 + weight($1) * (data.X[$1][e] - mean[e]) * (data.X[$1][f] - mean[f]) }
        }
      }
      let covariance = moment { a[$0] }
      m.append(mean)
      C.append(covariance)
      S.append(moment { a[$0] * (g[$0] - gMean) })
      q.append(query)
      r.append(residual)
      n.append(
        (0..<data.d).map { e in
          (0..<data.d).reduce(0) { sum, f in sum + covariance[e][f] * dot(data.V[f], residual) }
        })
    }
  }

  /// `Σ_i` of a term.
  private func sum(_ term: (Int) -> Double) -> Double { (0..<data.L).reduce(0) { $0 + term($1) } }
  private func VtC(_ i: Int, _ b: Int, _ e: Int) -> Double {
    (0..<data.d).reduce(0) { $0 + data.V[$1][b] * C[i][$1][e] }
  }
  private func CK(_ i: Int, _ a: Int, _ f: Int) -> Double {
    (0..<data.d).reduce(0) { $0 + C[i][a][$1] * data.K[$1][f] }
  }
  private func KtS(_ i: Int, _ b: Int, _ e: Int) -> Double {
    (0..<data.d).reduce(0) { $0 + data.K[$1][b] * S[i][$1][e] }
  }
  private func VtCK(_ i: Int, _ b: Int, _ f: Int) -> Double {
    (0..<data.d).reduce(0) { $0 + VtC(i, b, $1) * data.K[$1][f] }
  }
  private func KtSK(_ i: Int, _ b: Int, _ f: Int) -> Double {
    (0..<data.d).reduce(0) { $0 + KtS(i, b, $1) * data.K[$1][f] }
  }

  /// Entry ((a,b),(e,f)) of the Gauss–Newton block; only `VV`, `VQ`, `QQ` have a printed closed form, `nil` elsewhere.
  func outer(_ row: Character, _ column: Character, _ a: Int, _ b: Int, _ e: Int, _ f: Int) -> Double? {
    switch (row, column) {
    case ("V", "V"): c * (b == f ? sum { m[$0][a] * m[$0][e] } : 0)
    case ("V", "Q"): c * s * sum { m[$0][a] * data.X[$0][e] * VtCK($0, b, f) }
    case ("Q", "Q"):
      c * s * s
        * sum { i in data.X[i][a] * data.X[i][e] * (0..<data.v).reduce(0) { $0 + VtCK(i, $1, b) * VtCK(i, $1, f) } }
    default: nil
    }
  }

  /// The derivative of `F_i[out]` by entry (e, f) of a weight.
  private func jacobian(_ weight: Character, _ i: Int, _ out: Int, _ e: Int, _ f: Int) -> Double {
    switch weight {
    case "V": out == f ? m[i][e] : 0
    case "Q": s * data.X[i][e] * VtCK(i, out, f)
    default: s * q[i][f] * VtC(i, out, e)
    }
  }

  /// Entry ((a,b),(e,f)) of the Gauss–Newton block from the rows' Jacobians.
  func gaussNewton(_ row: Character, _ column: Character, _ a: Int, _ b: Int, _ e: Int, _ f: Int) -> Double {
    c * sum { i in (0..<data.v).reduce(0) { $0 + jacobian(row, i, $1, a, b) * jacobian(column, i, $1, e, f) } }
  }

  /// Entry ((a,b),(e,f)) of the functional block.
  func functional(_ row: Character, _ column: Character, _ a: Int, _ b: Int, _ e: Int, _ f: Int) -> Double {
    switch (row, column) {
    case ("Q", "Q"): c * s * s * sum { data.X[$0][a] * data.X[$0][e] * KtSK($0, b, f) }
    case ("K", "K"): c * s * s * sum { S[$0][a][e] * q[$0][b] * q[$0][f] }
    case ("Q", "K"):
      c * s * s * sum { data.X[$0][a] * KtS($0, b, e) * q[$0][f] }
        + (b == f ? c * s * sum { data.X[$0][a] * n[$0][e] } : 0)
    case ("V", "Q"): c * s * sum { CK($0, a, f) * r[$0][b] * data.X[$0][e] }
    case ("V", "K"): c * s * sum { C[$0][a][e] * r[$0][b] * q[$0][f] }
    case ("V", "V"): 0
    default: functional(column, row, e, f, a, b)
    }
  }
}

/// A layer's matrices as nested arrays.
struct LayerData {
  let L: Int, d: Int, k: Int, v: Int
  let X: [[Double]], Q: [[Double]], K: [[Double]], V: [[Double]], Y: [[Double]]
  var queries: [[Double]] { rows(X, Q) }
  var keys: [[Double]] { rows(X, K) }
  var values: [[Double]] { rows(X, V) }

  private func rows(_ A: [[Double]], _ B: [[Double]]) -> [[Double]] {
    A.map { row in B[0].indices.map { j in B.indices.reduce(0) { $0 + row[$1] * B[$1][j] } } }
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
func grid(_ rows: Int, _ columns: Int, _ entry: (Int, Int) -> Double) -> [[Double]] {
  (0..<rows).map { i in (0..<columns).map { entry(i, $0) } }
}
/// The root that floating-point numbers have.
func root<Number: FloatingPoint>(_ x: Number) -> Number { x.squareRoot() }
