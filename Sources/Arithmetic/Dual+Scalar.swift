extension Dual: Scalar {
  @inlinable public static var zero: Self { Self(.zero, tangent: .zero) }
  @inlinable public static var one: Self { Self(.one, tangent: .zero) }
  @inlinable public init(_ value: Int) { self.init(constant: Base(value)) }
  @inlinable public var isZero: Bool { value.isZero && tangent.isZero }

  @inlinable public static func + (a: Self, b: Self) -> Self {
    Self(a.value + b.value, tangent: a.tangent + b.tangent)
  }

  @inlinable public static func - (a: Self, b: Self) -> Self {
    Self(a.value - b.value, tangent: a.tangent - b.tangent)
  }

  /// `(v + tε)(w + uε) = vw + (vu + tw)ε`.
  @inlinable public static func * (a: Self, b: Self) -> Self {
    Self(a.value * b.value, tangent: a.value * b.tangent + a.tangent * b.value)
  }

  @inlinable public static prefix func - (a: Self) -> Self { Self(-a.value, tangent: -a.tangent) }

  /// `1/v − t/v² ε`.
  @inlinable public func reciprocal() throws(ArithmeticError) -> Self {
    let inverse = try value.reciprocal()
    return Self(inverse, tangent: -(tangent * inverse * inverse))
  }

  /// `eᵛ + t eᵛ ε`.
  @inlinable public func exponential() throws(ArithmeticError) -> Self {
    let exponential = try value.exponential()
    return Self(exponential, tangent: tangent * exponential)
  }

  /// `√v + t/(2√v) ε`.
  ///
  /// - Errors: undefined at `v = 0` with a non-zero tangent, where the root has no derivative.
  @inlinable public func squareRoot() throws(ArithmeticError) -> Self {
    let root = try value.squareRoot()
    if tangent.isZero { return Self(constant: root) }
    return Self(root, tangent: tangent * (try (root + root).reciprocal()))
  }

  /// `r − t r³/2 ε` with `r = 1/√v`.
  @inlinable public func reciprocalSquareRoot() throws(ArithmeticError) -> Self {
    let root = try value.reciprocalSquareRoot()
    if tangent.isZero { return Self(constant: root) }
    return Self(root, tangent: -(tangent * root * root * root * (try Base(2).reciprocal())))
  }

  /// `max(v, 0)`, with the tangent where `v > 0` and a zero tangent where `v < 0`.
  ///
  /// - Errors: undefined at `v = 0` with a non-zero tangent, where there is no derivative.
  @inlinable public func positivePart() throws(ArithmeticError) -> Self {
    let positive = try value.positivePart()
    if value.isZero && !tangent.isZero { throw .undefined("the derivative of max(x, 0) at 0") }
    return positive == value ? Self(value, tangent: tangent) : Self(constant: positive)
  }

  /// The step of the value, with a zero tangent.
  ///
  /// - Errors: undefined at `v = 0` with a non-zero tangent, where the step is not continuous.
  @inlinable public func step() throws(ArithmeticError) -> Self {
    if value.isZero && !tangent.isZero { throw .undefined("the derivative of the step function at 0") }
    return Self(constant: try value.step())
  }

  /// `log v + t/v ε`.
  @inlinable public func logarithm() throws(ArithmeticError) -> Self {
    let logarithm = try value.logarithm()
    return tangent.isZero ? Self(constant: logarithm) : Self(logarithm, tangent: tangent * (try value.reciprocal()))
  }

  /// `Φ(v) + t φ(v) ε`.
  @inlinable public func normalDistribution() throws(ArithmeticError) -> Self {
    let distribution = try value.normalDistribution()
    return tangent.isZero
      ? Self(constant: distribution) : Self(distribution, tangent: tangent * (try value.normalDensity()))
  }

  /// `φ(v) − t v φ(v) ε`.
  @inlinable public func normalDensity() throws(ArithmeticError) -> Self {
    let density = try value.normalDensity()
    return Self(density, tangent: -(tangent * value * density))
  }

  /// The one with the larger value.
  ///
  /// - Errors: undefined where the values agree and the tangents do not.
  @inlinable public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    if a.value == b.value {
      if a.tangent == b.tangent { return a }
      throw .undefined("the derivative of a maximum where both sides are equal")
    }
    return try Base.maximum(a.value, b.value) == a.value ? a : b
  }

  /// The shift of the values, as a constant.
  @inlinable public static func rowShift(_ row: ArraySlice<Self>) -> Self {
    Self(constant: Base.rowShift(row.map(\.value)[...]))
  }

  /// `(V + Tε)(W + Uε) = VW + (VU + TW)ε`, three products over the base.
  ///
  /// A product over a nested jet ends in nine of the innermost type's own fast products, fewer where a tangent is zero.
  @inlinable public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    // Where the product is small, or mostly zeros, the copies cost more than they gain.
    let dense = Double(a.entries.count) * Double(b.columns)
    if dense < 256 || pairCount(a, b) * 4 < dense { return loopProduct(a, b) }
    let leftValues = a.values()
    let rightValues = b.values()
    let value = Base.product(leftValues, rightValues)
    let left = a.isConstant() ? nil : Base.product(a.tangents(), rightValues)
    let right = b.isConstant() ? nil : Base.product(leftValues, b.tangents())
    return switch (left, right) {
    case (nil, nil): value.map { Self(constant: $0) }
    case (let tangent?, nil), (nil, let tangent?): value.jet(tangent: tangent)
    case (let left?, let right?): value.jet(tangent: left + right)
    }
  }
}
