import Arithmetic

extension TruncatedSeries: Scalar {
  public static var zero: Self { Self([]) }
  public static var one: Self { Self(constant: .one) }
  public init(_ value: Int) { self.init(constant: Base(value)) }
  public var isZero: Bool { coefficients.isEmpty }

  public static func + (a: Self, b: Self) -> Self {
    if a.isZero { return b }
    if b.isZero { return a }
    return Self((0..<max(a.coefficients.count, b.coefficients.count)).map { a[$0] + b[$0] })
  }

  public static func - (a: Self, b: Self) -> Self { b.isZero ? a : a + -b }

  public static prefix func - (a: Self) -> Self { Self(a.coefficients.map { -$0 }) }

  public static func * (a: Self, b: Self) -> Self {
    if a.isZero || b.isZero { return .zero }
    let count = min(a.coefficients.count + b.coefficients.count - 1, truncation + 1)
    var product = [Base](repeating: .zero, count: count)
    for (i, x) in a.coefficients.enumerated() where !x.isZero {
      for (j, y) in b.coefficients.enumerated().prefix(max(0, count - i)) where !y.isZero {
        product[i + j] = product[i + j] + x * y
      }
    }
    return Self(product)
  }

  /// `1/x`, from `Σ_k aₖ b_{n−k} = 0` for `n ≥ 1`.
  ///
  /// - Errors: undefined where the constant term is zero.
  public func reciprocal() throws(ArithmeticError) -> Self {
    if self[0].isZero { throw .undefined("1/x for a power series without a constant term") }
    let inverse = try self[0].reciprocal()
    return recursively(from: inverse) { n, known in
      -(inverse * (1...n).reduce(Base.zero) { $0 + self[$1] * known[n - $1] })
    }
  }

  /// `eˣ`, from `n eₙ = Σ_k k aₖ e_{n−k}`.
  public func exponential() throws(ArithmeticError) -> Self {
    let inverses = try Self.inverses()
    return recursively(from: try self[0].exponential()) { n, known in
      inverses[n] * (1...n).reduce(Base.zero) { $0 + Base($1) * self[$1] * known[n - $1] }
    }
  }

  /// `√x`, from `Σ_k rₖ r_{n−k} = aₙ`.
  ///
  /// - Errors: unsupported where the constant term is zero, other than for zero itself.
  public func squareRoot() throws(ArithmeticError) -> Self {
    if isZero { return .zero }
    if self[0].isZero { throw .unsupported("the square root of a power series without a constant term") }
    let root = try self[0].squareRoot()
    if coefficients.count == 1 { return Self(constant: root) }
    let inverse = try (root + root).reciprocal()
    return recursively(from: root) { n, known in
      inverse * (self[n] - (1..<n).reduce(Base.zero) { $0 + known[$1] * known[n - $1] })
    }
  }

  /// `1/√x`, from `2 a₀ n rₙ = −Σ_k (2(n − k) + k) aₖ r_{n−k}`, which is `2 a r′ = −a′ r`.
  ///
  /// - Errors: undefined where the constant term is zero.
  public func reciprocalSquareRoot() throws(ArithmeticError) -> Self {
    if self[0].isZero { throw .undefined("1/√x for a power series without a constant term") }
    let root = try self[0].reciprocalSquareRoot()
    if coefficients.count == 1 { return Self(constant: root) }
    let inverse = try (self[0] + self[0]).reciprocal(), inverses = try Self.inverses()
    return recursively(from: root) { n, known in
      -(inverse * inverses[n]
        * (1...n).reduce(Base.zero) { $0 + Base(2 * n - $1) * self[$1] * known[n - $1] })
    }
  }

  /// `Σ_{i+j} Aᵢ Bⱼ t^{i+j}`, by the base's own products.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    if a.entries.count * b.columns < 64 { return loopProduct(a, b) }
    let left = coefficientMatrices(a), right = coefficientMatrices(b)
    var sums = [Matrix<Base>?](repeating: nil, count: truncation + 1)
    for (i, x) in left {
      for (j, y) in right where i + j <= truncation {
        let term = Base.product(x, y)
        sums[i + j] = sums[i + j].map { $0 + term } ?? term
      }
    }
    let zero = Matrix<Base>(repeating: .zero, rows: a.rows, columns: b.columns)
    let all = sums.map { $0 ?? zero }
    return Matrix(rows: a.rows, columns: b.columns) { i, j in Self(all.map { $0[i, j] }) }
  }

  /// The matrices of coefficients that are not zero, with their powers.
  private static func coefficientMatrices(_ m: Matrix<Self>) -> [(power: Int, matrix: Matrix<Base>)] {
    (0...truncation).compactMap { n in
      let coefficients = m.map { $0[n] }
      return coefficients.isZero ? nil : (n, coefficients)
    }
  }

  /// The series whose coefficients follow from those before; a constant argument gives a constant.
  private func recursively(from first: Base, _ next: (Int, [Base]) -> Base) -> Self {
    if coefficients.count <= 1 { return Self(constant: first) }
    var known = [first]
    for n in 1...Self.truncation { known.append(next(n, known)) }
    return Self(known)
  }

  /// `1/n` at index `n`.
  private static func inverses() throws(ArithmeticError) -> [Base] {
    var inverses = [Base.zero]
    for n in 1...truncation { inverses.append(try Base(n).reciprocal()) }
    return inverses
  }
}
