#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Local maximisation of a function that need not be smooth: BFGS with a line search by bisection for the weak
/// conditions of Wolfe.
///
/// The search direction stays one of ascent where the function has kinks, which is why no bundle of gradients is needed.
/// - Source: [lewis2013].
public struct QuasiNewtonAscent {
  /// The value and gradient at a point; `nil` where there is no value.
  public typealias Function = ([Double]) -> (value: Double, gradient: [Double])?

  /// The most steps.
  public let iterations: Int
  /// The value that is enough.
  public var goal = Double.infinity
  /// Whether to end with what was found so far.
  public var isStopped: () -> Bool = { false }

  private static let sufficientIncrease = 1e-4
  private static let curvature = 0.9
  /// Fewer than this many steps in a row without a relative progress of `leastProgress` end the ascent.
  private static let patience = 12
  private static let leastProgress = 1e-9

  public init(iterations: Int, goal: Double = .infinity, isStopped: @escaping () -> Bool = { false }) {
    (self.iterations, self.goal, self.isStopped) = (iterations, goal, isStopped)
  }

  /// The best point met, and its value.
  public func maximum(from start: [Double], _ function: Function) -> (point: [Double], value: Double)? {
    guard let first = function(start) else { return nil }
    var (point, value, gradient) = (start, first.value, first.gradient)
    let n = point.count
    var inverse = InverseHessian(dimension: n)
    var idle = 0
    for step in 0..<iterations where value < goal && n > 0 && !isStopped() {
      var direction = inverse.times(gradient)
      var slope = dot(direction, gradient)
      if !(slope > 0) {
        (inverse, direction) = (InverseHessian(dimension: n), gradient)
        slope = dot(gradient, gradient)
      }
      guard slope > 1e-24, slope.isFinite else { break }
      // Without a model of the function the gradient says nothing of the right length.
      let first = step == 0 ? min(1, 1 / sqrt(slope)) : 1
      guard let next = lineSearch(point, value, direction, slope, first, function) else {
        if inverse.isIdentity { break }
        inverse = InverseHessian(dimension: n)
        continue
      }
      let progress = next.value - value
      let move = zip(next.point, point).map { $0 - $1 }
      inverse.update(move: move, gradientChange: zip(gradient, next.gradient).map { $0 - $1 })
      (point, value, gradient) = next
      idle = progress > Self.leastProgress * max(1, value.magnitude) ? 0 : idle + 1
      if idle >= Self.patience { break }
    }
    return (point, value)
  }

  /// A point along the direction that is higher and, if one is found, has a smaller slope; `nil` where none is higher.
  private func lineSearch(
    _ point: [Double], _ value: Double, _ direction: [Double], _ slope: Double, _ first: Double, _ function: Function
  ) -> (point: [Double], value: Double, gradient: [Double])? {
    var (low, high, length) = (0.0, Double.infinity, first)
    var best: (point: [Double], value: Double, gradient: [Double])?
    for _ in 0..<30 {
      let candidate = zip(point, direction).map { $0 + length * $1 }
      if let (height, gradient) = function(candidate), height >= value + Self.sufficientIncrease * length * slope {
        best = (candidate, height, gradient)
        if dot(gradient, direction) <= Self.curvature * slope { return best }
        low = length
      } else {
        high = length
      }
      length = high.isFinite ? (low + high) / 2 : 2 * low
      if high - low <= 1e-12 * low { break }
    }
    return best
  }
}

/// The approximation of the inverse of the negative second derivative, symmetric and positive definite.
private struct InverseHessian {
  private let n: Int
  private var entries: [Double]
  private(set) var isIdentity = true

  init(dimension n: Int) {
    self.n = n
    entries = [Double](repeating: 0, count: n * n)
    for i in 0..<n { entries[i * n + i] = 1 }
  }

  func times(_ vector: [Double]) -> [Double] {
    if isIdentity { return vector }
    return entries.withUnsafeBufferPointer { entries in
      (0..<n).map { i in
        var sum = 0.0
        for j in 0..<n { sum += entries[i &* n &+ j] * vector[j] }
        return sum
      }
    }
  }

  /// `B ← (I − ρsyᵀ)B(I − ρysᵀ) + ρssᵀ` with `ρ = 1/yᵀs`, where that is positive.
  mutating func update(move s: [Double], gradientChange y: [Double]) {
    let product = dot(s, y)
    guard product > 1e-300, product.isFinite else { return }
    if isIdentity {
      let scale = product / dot(y, y)
      for i in 0..<n { entries[i * n + i] = scale }
      isIdentity = false
    }
    let By = times(y)
    let factor = (1 + dot(y, By) / product) / product
    guard factor.isFinite else { return }
    entries.withUnsafeMutableBufferPointer { entries in
      for i in 0..<n {
        for j in 0..<n {
          entries[i &* n &+ j] += factor * s[i] * s[j] - (s[i] * By[j] + By[i] * s[j]) / product
        }
      }
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for k in a.indices { sum += a[k] * b[k] }
  return sum
}
