extension RadicalSum: Scalar {
  public static var zero: Self { Self(Rational.zero) }
  public static var one: Self { Self(Rational.one) }
  public init(_ value: Int) { self.init(Rational(value)) }
  public var isZero: Bool { terms.isEmpty }

  public static func + (a: Self, b: Self) -> Self { Self(collecting: a.terms + b.terms) }
  public static func - (a: Self, b: Self) -> Self { a + -b }
  public static prefix func - (a: Self) -> Self {
    Self(collecting: a.terms.map { Term(radicand: $0.radicand, coefficient: -$0.coefficient) })
  }

  /// `√m √n = g √(mn/g²)` with `g` the greatest common divisor.
  public static func * (a: Self, b: Self) -> Self {
    if let x = a.rational, let y = b.rational { return Self(x * y) }
    var products: [Term] = []
    for x in a.terms {
      for y in b.terms {
        let quotient = x.radicand * Rational.inverse(y.radicand)
        let divisor = y.radicand * Rational.inverse(quotient.denominator)
        products.append(
          Term(
            radicand: quotient.numerator * quotient.denominator,
            coefficient: x.coefficient * y.coefficient * divisor))
      }
    }
    return Self(collecting: products)
  }

  /// `1/x`, by conjugates: with `x = u + v`, `v` the terms whose radicand a prime divides, `1/x = (u − v)/(u² − v²)`.
  ///
  /// - Errors: undefined for zero, unsupported where no sequence of conjugates makes the denominator a fraction.
  public func reciprocal() throws(ArithmeticError) -> Self {
    var numerator = Self.one, denominator = self
    for _ in 0..<16 {
      if let value = denominator.rational { return numerator * Self(try value.reciprocal()) }
      if denominator.terms.count == 1, let term = denominator.terms.first {
        let root = Self(collecting: [Term(radicand: term.radicand, coefficient: .one)])
        return numerator * root * Self(Rational.inverse(term.coefficient * term.radicand))
      }
      guard let prime = denominator.terms.last?.radicand.smallestFactor else { break }
      let conjugate = Self(
        collecting: denominator.terms.map { term in
          let isMultiple = (term.radicand * Rational.inverse(prime)).isInteger
          return Term(radicand: term.radicand, coefficient: isMultiple ? -term.coefficient : term.coefficient)
        })
      // Where the prime divides all radicands, the square has fewer.
      numerator = numerator * conjugate
      denominator = denominator * conjugate
    }
    throw .unsupported("1/(\(self))")
  }

  /// `1` for zero.
  public func exponential() throws(ArithmeticError) -> Self {
    if isZero { return .one }
    throw .unsupported("exp(\(self)), which is no sum of square roots")
  }

  /// `√x` for a fraction.
  ///
  /// - Errors: undefined for a negative number, unsupported for one that is no fraction.
  public func squareRoot() throws(ArithmeticError) -> Self {
    guard let value = rational else { throw .unsupported("the square root of \(self)") }
    if value.sign < 0 { throw .undefined("the square root of \(self)") }
    if let root = try? value.squareRoot() { return Self(root) }
    let (factor, radicand) = try value.squareFactor()
    return Self(collecting: [Term(radicand: radicand, coefficient: factor)])
  }

  public func positivePart() throws(ArithmeticError) -> Self { try sign > 0 ? self : .zero }

  public func step() throws(ArithmeticError) -> Self { try sign > 0 ? .one : .zero }

  public func logarithm() throws(ArithmeticError) -> Self {
    guard let value = rational else { throw .unsupported("log(\(self)), which is no sum of square roots") }
    return Self(try value.logarithm())
  }

  /// `1/2` at zero.
  public func normalDistribution() throws(ArithmeticError) -> Self {
    guard let value = rational else { throw .unsupported("Φ(\(self)), which is no sum of square roots") }
    return Self(try value.normalDistribution())
  }

  public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    try (a - b).sign < 0 ? b : a
  }

  /// `‖m‖₂` where its square is a fraction of moderate length.
  ///
  /// - Errors: unsupported elsewhere.
  public static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self {
    guard let square = try squaredSpectralNorm(of: m) else {
      throw .unsupported("the spectral norm of a \(m.rows)×\(m.columns) matrix, whose square is no simple fraction")
    }
    return try Self(square).squareRoot()
  }

  /// `a b`, over the fractions where both are.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    guard let left = a.rational, let right = b.rational else { return loopProduct(a, b) }
    return Rational.product(left, right).map { Self($0) }
  }
}

extension Matrix<RadicalSum> {
  /// The matrix as fractions, where all entries are.
  public var rational: Matrix<Rational>? {
    var fractions: [Rational] = []
    fractions.reserveCapacity(entries.count)
    for entry in entries {
      guard let value = entry.rational else { return nil }
      fractions.append(value)
    }
    return Matrix<Rational>(rows: rows, columns: columns, entries: fractions)
  }
}

extension Rational {
  /// A prime that divides an integer above one, by trial up to 2000; beyond, what is left.
  fileprivate var smallestFactor: Rational? {
    if self <= .one { return nil }
    for candidate in 2...2_000 where (self * Rational(1, over: candidate)).isInteger { return Rational(candidate) }
    return self
  }
}
