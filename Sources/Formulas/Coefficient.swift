/// The canonical form of a number built from integers, sizes, reciprocals and square roots of sizes, and further 1×1
/// factors: a fraction, times half-integer powers of size names, times the other factors in a canonical order.
///
/// Two coefficients are equal as numbers whenever their canonical forms are, for positive sizes.
public struct Coefficient: Hashable, Sendable {
  public private(set) var numerator: Int
  public private(set) var denominator: Int
  /// A positive integer without square factors, of which the root is a factor.
  public private(set) var radicand: Int
  /// Twice the exponent of each size name, none zero, sorted by name.
  public private(set) var halfPowers: [HalfPower]
  /// Factors of any other form, sorted by their text.
  public private(set) var others: [Formula]

  public struct HalfPower: Hashable, Sendable {
    public let name: String
    public let twiceExponent: Int
  }

  /// Reads a 1×1 formula; `nil` when the arithmetic does not fit an `Int` or a factor under a reciprocal is not known.
  public init?(_ formula: Formula) {
    guard formula.shape == .scalar else { return nil }
    self.init(numerator: 1, denominator: 1, radicand: 1, halfPowers: [], others: [])
    guard multiply(by: formula, twiceExponent: 2) else { return nil }
    canonicalize()
  }

  private init(numerator: Int, denominator: Int, radicand: Int, halfPowers: [HalfPower], others: [Formula]) {
    (self.numerator, self.denominator, self.radicand) = (numerator, denominator, radicand)
    (self.halfPowers, self.others) = (halfPowers, others)
  }

  /// Multiplies by the formula raised to half of `twiceExponent`.
  private mutating func multiply(by formula: Formula, twiceExponent e: Int) -> Bool {
    switch formula.operator {
    case .integer(let n): return multiply(by: n, twiceExponent: e)
    case .zero: return multiply(by: 0, twiceExponent: e)
    case .size(let size):
      guard size.monomials.count == 1 else {
        guard e == 2 else { return false }
        others.append(formula)
        return true
      }
      guard multiply(by: size.monomials[0].coefficient, twiceExponent: e) else { return false }
      halfPowers += size.monomials[0].names.map { HalfPower(name: $0, twiceExponent: e) }
      return true
    case .product: return multiply(byProduct: formula.operands, twiceExponent: e)
    case .scale: return formula.operands.allSatisfy { multiply(by: $0, twiceExponent: e) }
    case .map(.reciprocal): return multiply(by: formula.operands[0], twiceExponent: -e)
    case .norm(let norm) where norm.isMagnitudeOfNumbers && formula.operands[0].shape == .scalar:
      // The magnitude of a number whose sign its form shows.
      guard e == 2, let inner = Coefficient(formula.operands[0]),
        inner.others.allSatisfy(\.isManifestlyNonNegative), inner.numerator != .min, inner.denominator > 0
      else { return multiplyOpaque(formula, twiceExponent: e) }
      return multiply(by: inner.magnitude, twiceExponent: e)
    case .map(.squareRoot):
      let before = self
      if e % 2 == 0, multiply(by: formula.operands[0], twiceExponent: e / 2) { return true }
      self = before
      guard e == 2 else { return false }
      others.append(formula)
      return true
    default: return multiplyOpaque(formula, twiceExponent: e)
    }
  }

  private mutating func multiplyOpaque(_ formula: Formula, twiceExponent e: Int) -> Bool {
    guard e == 2 else { return false }
    others.append(formula)
    return true
  }

  /// The same number without its sign, for factors of any other form that are not negative.
  private var magnitude: Formula {
    Coefficient(
      numerator: abs(numerator), denominator: denominator, radicand: radicand, halfPowers: halfPowers, others: others
    ).formula
  }

  /// A product of matrices that is a number may begin and end with matrices, whose order matters: only 1×1 parts are
  /// factors, cut where a row meets a column.
  private mutating func multiply(byProduct factors: [Formula], twiceExponent e: Int) -> Bool {
    var part: [Formula] = []
    for factor in factors {
      part.append(factor)
      guard factor.shape.columns.isOne else { continue }
      if part.count == 1 {
        guard multiply(by: factor, twiceExponent: e) else { return false }
      } else {
        guard e == 2 else { return false }
        others.append(.product(part))
      }
      part = []
    }
    return true
  }

  private mutating func multiply(by n: Int, twiceExponent e: Int) -> Bool {
    if n == 1 { return true }
    guard e % 2 == 0 || n > 0, n != 0 || e > 0 else { return false }
    if e % 2 != 0, !multiply(byRootOf: n) { return false }
    // With a root in the numerator, an odd negative power has one more factor below.
    let whole = e % 2 != 0 ? (e - 1) / 2 : e / 2
    for _ in 0..<abs(whole) {
      let (product, overflow) =
        e > 0
        ? numerator.multipliedReportingOverflow(by: n) : denominator.multipliedReportingOverflow(by: n)
      if overflow { return false }
      if e > 0 { numerator = product } else { denominator = product }
    }
    return true
  }

  /// Multiplies by `√n`; square factors leave the root.
  private mutating func multiply(byRootOf n: Int) -> Bool {
    // √(gcd·a) √(gcd·b) = gcd √(ab), and a, b have no common factor.
    guard let (square, free) = Self.squareFactors(of: n) else { return false }
    let common = Self.gcd(radicand, free)
    let (whole, first) = square.multipliedReportingOverflow(by: common)
    let (above, second) = numerator.multipliedReportingOverflow(by: whole)
    let (root, third) = (radicand / common).multipliedReportingOverflow(by: free / common)
    if first || second || third { return false }
    (numerator, radicand) = (above, root)
    return true
  }

  /// `n = square² · free`, for numbers small enough to be taken apart.
  private static func squareFactors(of n: Int) -> (square: Int, free: Int)? {
    guard n > 0, n < 1 << 32 else { return nil }
    var (square, free, p) = (1, n, 2)
    while p * p <= free {
      while free % (p * p) == 0 { (free, square) = (free / (p * p), square * p) }
      p += 1
    }
    return (square, free)
  }

  private static func gcd(_ x: Int, _ y: Int) -> Int {
    var (a, b) = (x, y)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  private mutating func canonicalize() {
    if numerator == 0 {
      self = Coefficient(numerator: 0, denominator: 1, radicand: 1, halfPowers: [], others: [])
      return
    }
    var a = numerator.magnitude, b = denominator.magnitude
    while b != 0 { (a, b) = (b, a % b) }
    if a > 1, let divisor = Int(exactly: a) { (numerator, denominator) = (numerator / divisor, denominator / divisor) }
    if denominator < 0, numerator != .min, denominator != .min { (numerator, denominator) = (-numerator, -denominator) }
    var total: [HalfPower] = []
    for power in halfPowers.sorted(by: { $0.name < $1.name }) {
      if let last = total.last, last.name == power.name {
        total[total.count - 1] = HalfPower(name: last.name, twiceExponent: last.twiceExponent + power.twiceExponent)
      } else {
        total.append(power)
      }
    }
    halfPowers = total.filter { $0.twiceExponent != 0 }
    others.sort { $0.description < $1.description }
  }

  /// The canonical formula: numerator, sizes, roots, other factors, then the reciprocal of a size and of roots.
  public var formula: Formula {
    func size(_ sign: Int, _ number: Int) -> Size {
      halfPowers.filter { $0.twiceExponent * sign > 1 }.reduce(Size(number)) { size, power in
        (0..<(abs(power.twiceExponent) / 2)).reduce(size) { s, _ in s * Size(power.name) }
      }
    }
    func root(_ sign: Int) -> Size {
      halfPowers.filter { $0.twiceExponent * sign > 0 && $0.twiceExponent % 2 != 0 }
        .reduce(Size(1)) { $0 * Size($1.name) }
    }
    var factors: [Formula] = numerator == 1 ? [] : [.integer(numerator)]
    if !size(1, 1).isOne { factors.append(.size(size(1, 1))) }
    if !root(1).isOne { factors.append(Formula.size(root(1)).squareRoot) }
    if radicand != 1 { factors.append(Formula.integer(radicand).squareRoot) }
    factors += others
    if denominator < 0 { factors.append(Formula.integer(denominator).inverse) }
    let below = size(-1, max(denominator, 1))
    if !below.isOne { factors.append(Formula.size(below).inverse) }
    if !root(-1).isOne { factors.append(Formula.size(root(-1)).squareRoot.inverse) }
    return factors.isEmpty ? .integer(1) : .product(factors)
  }

  /// An approximation of the number, where it has no other factors.
  ///
  /// - Parameter size: the number that a size name stands for.
  public func approximation(_ size: (String) -> Double) -> Double? {
    guard others.isEmpty else { return nil }
    let number = Double(numerator) / Double(denominator) * Double(radicand).squareRoot()
    return halfPowers.reduce(number) { product, power in
      let root = size(power.name).squareRoot()
      return (0..<abs(power.twiceExponent)).reduce(product) { p, _ in power.twiceExponent > 0 ? p * root : p / root }
    }
  }

  public var isOne: Bool { numerator == 1 && denominator == 1 && radicand == 1 && halfPowers.isEmpty && others.isEmpty }
}

extension Formula {
  /// The formula with every number that is a product in canonical form, so that `√L·√L` is `L` and a zero factor is zero.
  public var withCanonicalCoefficients: Formula {
    if operands.isEmpty { return self }
    if shape == .scalar, kind == .product || kind == .scale, let coefficient = Coefficient(self) {
      return coefficient.formula
    }
    return Formula(self.operator, operands.map(\.withCanonicalCoefficients))
  }
}
