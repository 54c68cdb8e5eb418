import Training

/// The second-order model of the mean loss in a plane, from the gradient and products with the Hessian at its middle:
/// `q(a, b) = L + a gᵀu + b gᵀv + ½ (a² uᵀHu + 2ab uᵀHv + b² vᵀHv)`.
///
/// The derivatives are those of the compiled loss, in floating point; nothing is a difference of losses.
public struct SecondOrderModel: Hashable, Sendable {
  /// Symmetric 2×2 numbers.
  public struct Form: Hashable, Sendable {
    public let uu: Double
    public let uv: Double
    public let vv: Double

    /// The eigenvalues, the largest first.
    public var eigenvalues: (Double, Double) {
      let mean = (uu + vv) / 2, half = (uu - vv) / 2
      let distance = root(half * half + uv * uv)
      return (mean + distance, mean - distance)
    }
  }

  public let loss: Double
  /// `gᵀu` and `gᵀv`.
  public let slopeU: Double
  public let slopeV: Double
  /// Of the Hessian: `uᵀHu`, `uᵀHv`, `vᵀHv`.
  public let form: Form
  /// Of the directions: `uᵀu`, `uᵀv`, `vᵀv`.
  public let gram: Form

  /// - Errors: those of evaluation.
  init(_ losses: SampleLosses, at weights: [Double], _ directions: PlaneDirections) throws {
    let all = Array(0..<losses.samples.count), share = 1 / Double(all.count)
    let (sum, gradient) = try losses.gradientSum(of: all, at: weights)
    let (u, v) = (directions.first, directions.second)
    func product(_ vector: [Double]) throws -> [Double] {
      try losses.hessianSum(
        of: all, coefficients: [Double](repeating: share, count: all.count), at: weights, times: vector)
    }
    let (hu, hv) = (try product(u), try product(v))
    loss = sum.loss * share
    (slopeU, slopeV) = (Self.dot(gradient, u) * share, Self.dot(gradient, v) * share)
    form = Form(uu: Self.dot(u, hu), uv: (Self.dot(u, hv) + Self.dot(v, hu)) / 2, vv: Self.dot(v, hv))
    gram = Form(uu: Self.dot(u, u), uv: Self.dot(u, v), vv: Self.dot(v, v))
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

  /// `q(a, b)`.
  public func value(_ a: Double, _ b: Double) -> Double {
    loss + a * slopeU + b * slopeV + (a * a * form.uu + 2 * a * b * form.uv + b * b * form.vv) / 2
  }

  /// The orthonormal basis `e = u/‖u‖`, `f = (v − (eᵀv)e)/‖…‖` of the plane in terms of u and v: `f = s u + t v`; `nil` where
  /// the directions are no basis.
  private var basis: (e: Double, s: Double, t: Double)? {
    guard gram.uu > 0, gram.vv > 0 else { return nil }
    let rest = gram.vv - gram.uv * gram.uv / gram.uu
    guard rest > 1e-12 * gram.vv else { return nil }
    let t = 1 / root(rest)
    return (1 / root(gram.uu), -t * gram.uv / gram.uu, t)
  }

  /// The Hessian in the plane, in orthonormal coordinates: its eigenvalues do not depend on how the directions are scaled.
  public var orthonormalForm: Form? {
    guard let (e, s, t) = basis else { return nil }
    return Form(
      uu: e * e * form.uu, uv: e * (s * form.uu + t * form.uv),
      vv: s * s * form.uu + 2 * s * t * form.uv + t * t * form.vv)
  }

  /// The norm of the gradient's part in the plane.
  public var gradientNorm: Double? {
    guard let (e, s, t) = basis else { return nil }
    let (x, y) = (e * slopeU, s * slopeU + t * slopeV)
    return root(x * x + y * y)
  }
}
