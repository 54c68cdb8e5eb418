extension DoubleBall: Scalar {
  @inlinable public static var zero: Self { Self(0) }
  @inlinable public static var one: Self { Self(1) }

  public init(_ value: Int) { self.init(Ball(value, precision: 64)) }

  @inlinable public var isZero: Bool { midpoint == 0 && radius == 0 }

  /// The rounding error of a sum is itself a `Double`, so that exact sums stay exact.
  @inlinable public static func + (a: Self, b: Self) -> Self {
    let sum = a.midpoint + b.midpoint
    let part = sum - a.midpoint
    let error = (a.midpoint - (sum - part)) + (b.midpoint - part)
    let radius = a.radius + b.radius + error.magnitude
    return Self(sum, radius: up(radius))
  }

  @inlinable public static func - (a: Self, b: Self) -> Self { a + -b }
  @inlinable public static prefix func - (a: Self) -> Self { Self(-a.midpoint, radius: a.radius) }

  @inlinable public static func * (a: Self, b: Self) -> Self {
    if a.isZero || b.isZero { return .zero }
    let product = a.midpoint * b.midpoint
    var error = (-product).addingProduct(a.midpoint, b.midpoint).magnitude
    // Where the product is subnormal or nearly so, its rounding error need not be a Double.
    if product.magnitude < 0x1p-900 { error += 0x1p-1000 }
    let radius =
      error + a.midpoint.magnitude * b.radius + a.radius * b.midpoint.magnitude + a.radius * b.radius
    // Products of tiny radii may vanish.
    return Self(product, radius: radius == 0 && a.radius + b.radius == 0 ? 0 : up(radius + 0x1p-1000))
  }

  public func reciprocal() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).reciprocal()) }
  public func exponential() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).exponential()) }
  public func squareRoot() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).squareRoot()) }
  public func positivePart() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).positivePart()) }

  public func step() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).step()) }
  public func logarithm() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).logarithm()) }
  public func normalDistribution() throws(ArithmeticError) -> Self {
    Self(try ball(precision: 64).normalDistribution())
  }
  public func normalDensity() throws(ArithmeticError) -> Self { Self(try ball(precision: 64).normalDensity()) }

  public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    Self(try Ball.maximum(a.ball(precision: 64), b.ball(precision: 64)))
  }

  /// The largest midpoint, an exact number.
  public static func rowShift(_ row: ArraySlice<Self>) -> Self { Self(row.map(\.midpoint).max() ?? 0) }

  /// `a b`, by BLAS where the factors are large and not mostly zeros.
  ///
  /// With `M_a`, `M_b` the midpoints and `R_a`, `R_b` the radii the error is at most
  /// `|M_a| (R_b + γ|M_b|) + R_a (|M_b| + R_b)`, `γ = (k + 2)u/(1 − (k + 2)u)` for an inner dimension `k`, whatever the
  /// order of summation.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    let work = Double(a.entries.count) * Double(b.columns)
    if work < 512 || pairCount(a, b) * 16 < work { return loopProduct(a, b) }
    let leftMiddle = a.map { $0.midpoint }, rightMiddle = b.map { $0.midpoint }
    let terms = Double(a.columns + 2) * 0x1p-53
    let gamma = up(terms / (1 - terms))
    let middle = leftMiddle * rightMiddle
    var radius = leftMiddle.map { $0.magnitude } * b.map { up($0.radius + gamma * $0.midpoint.magnitude) }
    if a.entries.contains(where: { $0.radius != 0 }) {
      radius = radius + a.map { $0.radius } * b.map { $0.magnitudeBound }
    }
    // The products of radii are themselves rounded, by a factor of at most 1 + γ, and may underflow.
    let growth = 1 + up(4 * gamma)
    let tiny = Double(a.columns) * 0x1p-1000
    return Matrix(rows: a.rows, columns: b.columns) { i, j in
      Self(middle[i, j], radius: up(radius[i, j] * growth + tiny))
    }
  }
}

extension Matrix<DoubleBall> {
  /// A number at least `‖x − m‖₂` for the midpoints `m` and every `x` in the balls.
  public var radiusNorm: Double {
    var largestRow = 0.0
    var columnSums = [Double](repeating: 0, count: columns)
    for i in 0..<rows {
      var sum = 0.0
      for j in 0..<columns {
        let radius = entries[i &* columns &+ j].radius
        sum += radius
        columnSums[j] += radius
      }
      largestRow = max(largestRow, sum)
    }
    // √(rc) ≤ max(r, c); either sum was rounded by a factor of at most 1 + (rows + columns) u.
    let bound = max(largestRow, columnSums.max() ?? 0)
    return bound * (1 + Double(rows + columns + 4) * 0x1p-52)
  }
}
