import Arithmetic
import Evaluation
import Formulas

/// A sum of products of positive numbers with positive coefficients: what bounds are once maxima are out of the way.
///
/// The factors are norms, size names and other numbers whose form shows that they are not negative. Coefficients are
/// enclosed: exact where they are rational.
struct Posynomial: Sendable {
  /// A product of powers of factors.
  struct Monomial: Hashable, Sendable {
    /// Four times the exponent of each factor, none zero, sorted by the factor's text.
    private(set) var powers: [Power] = []

    struct Power: Hashable, Sendable {
      let factor: Formula
      var fourfoldExponent: Int
    }

    init() {}
    init(_ factor: Formula) { powers = [Power(factor: factor, fourfoldExponent: 4)] }

    static func * (a: Monomial, b: Monomial) -> Monomial {
      var product = a
      for power in b.powers { product.multiply(by: power) }
      return product
    }

    private mutating func multiply(by power: Power) {
      if let i = powers.firstIndex(where: { $0.factor == power.factor }) {
        powers[i].fourfoldExponent += power.fourfoldExponent
        if powers[i].fourfoldExponent == 0 { powers.remove(at: i) }
      } else {
        powers.append(power)
        powers.sort { $0.factor.description < $1.factor.description }
      }
    }

    /// The power with an exponent of `numerator/denominator`; `nil` where that needs more than fourth roots.
    func raised(to numerator: Int, over denominator: Int = 1) -> Monomial? {
      var result = self
      for i in powers.indices {
        let exponent = powers[i].fourfoldExponent * numerator
        guard exponent % denominator == 0 else { return nil }
        result.powers[i].fourfoldExponent = exponent / denominator
      }
      return result
    }

    /// Whether this is at most the other for all values of the factors, given that every size is at least one.
    func isAtMost(_ other: Monomial) -> Bool {
      let quotient = other * (raised(to: -1) ?? Monomial())
      return quotient.powers.allSatisfy { $0.factor.isSizeName && $0.fourfoldExponent > 0 }
    }
  }

  struct Term: Sendable {
    var monomial: Monomial
    /// The coefficient is at least this.
    var lower: Rational
    /// The coefficient is at most this.
    var upper: Rational
  }

  private(set) var terms: [Term]

  private init(_ terms: [Term]) {
    self.terms = []
    for term in terms where term.upper.sign != 0 {
      if let i = self.terms.firstIndex(where: { $0.monomial == term.monomial }) {
        self.terms[i].lower = self.terms[i].lower + term.lower
        self.terms[i].upper = self.terms[i].upper + term.upper
      } else {
        self.terms.append(term)
      }
    }
  }

  /// Reads a 1×1 formula; `nil` where its form does not show a sum of products of non-negative numbers.
  ///
  /// - Parameter isUpper: whether a root of a sum may be replaced by the sum of the roots, which is at least as large.
  init?(_ formula: Formula, isUpper: Bool = false) {
    guard formula.shape == .scalar, let terms = Posynomial.read(formula, isUpper) else { return nil }
    self.init(terms)
  }

  static func * (a: Posynomial, b: Posynomial) -> Posynomial {
    Posynomial(a.terms.flatMap { x in b.terms.map { y in product(x, y) } })
  }

  /// The product with a positive number, given also as a sum of products: it cancels where it stands below a fraction line.
  func multiplied(byNumber number: Formula, expanded: Posynomial) -> Posynomial {
    Posynomial(
      terms.flatMap { term -> [Term] in
        let isBelow = term.monomial.powers.contains { $0.factor == number && $0.fourfoldExponent <= -4 }
        if isBelow { return [Term(monomial: term.monomial * Monomial(number), lower: term.lower, upper: term.upper)] }
        return expanded.terms.map { Posynomial.product(term, $0) }
      })
  }

  private static func product(_ x: Term, _ y: Term) -> Term {
    Term(monomial: x.monomial * y.monomial, lower: x.lower * y.lower, upper: x.upper * y.upper)
  }

  private static func constant(_ value: Rational) -> [Term] {
    [Term(monomial: Monomial(), lower: value, upper: value)]
  }

  private static func read(_ formula: Formula, _ isUpper: Bool) -> [Term]? {
    switch formula.operator {
    case .zero: return []
    case .integer(let n): return n < 0 ? nil : constant(Rational(n))
    case .size(let size):
      return size.monomials.map { m in
        let names = m.names.map { Monomial(.size(Size($0))) }
        return Term(
          monomial: names.reduce(Monomial(), *), lower: Rational(m.coefficient), upper: Rational(m.coefficient))
      }
    case .sum: return all(formula.operands, isUpper)?.flatMap { $0 }
    case .product, .scale:
      return all(formula.operands, isUpper)?.reduce(constant(1)) { a, b in a.flatMap { x in b.map { product(x, $0) } } }
    case .map(.reciprocal): return reciprocal(formula.operands[0])
    case .map(.squareRoot): return root(formula.operands[0], isUpper)
    case .norm(let norm) where norm != .diameter && norm != .rowRange && formula.operands[0].shape == .scalar:
      return magnitude(of: formula, isUpper)
    case .norm(.spectral) where isUpper && formula.operands[0].kind == .blocks:
      return frobenius(of: formula)
    default: return formula.isNeverNegative ? [Term(monomial: Monomial(formula), lower: 1, upper: 1)] : nil
    }
  }

  /// `|x|` for a number: `x` where its form shows that it is not negative, `n` for `−n`.
  private static func magnitude(of formula: Formula, _ isUpper: Bool) -> [Term]? {
    let number = formula.operands[0]
    if let terms = read(number, isUpper) { return terms }
    switch number.operator {
    case .integer(let n): return n == .min ? nil : constant(Rational(abs(n)))
    case .product where number.operands.allSatisfy({ $0.shape == .scalar }), .scale:
      return all(number.operands.map { $0.norm() }, isUpper)?.reduce(constant(1)) { a, b in
        a.flatMap { x in b.map { product(x, $0) } }
      }
    default: return [Term(monomial: Monomial(formula), lower: 1, upper: 1)]
    }
  }

  /// A spectral norm is at most the Frobenius norm: the root of the sum of squares of the entries.
  private static func frobenius(of formula: Formula) -> [Term]? {
    let entries = formula.operands[0].operands
    guard entries.allSatisfy({ $0.shape == .scalar }) else {
      return [Term(monomial: Monomial(formula), lower: 1, upper: 1)]
    }
    return read(Formula.sum(entries.map { $0.power(2) }).squareRoot, true)
  }

  private static func all(_ formulas: [Formula], _ isUpper: Bool) -> [[Term]]? {
    let read = formulas.map { Posynomial.read($0, isUpper) }
    return read.contains { $0 == nil } ? nil : read.compactMap { $0 }
  }

  /// Of a single product the inverse product; of a sum a factor of its own.
  private static func reciprocal(_ formula: Formula) -> [Term]? {
    guard let below = Posynomial(formula) else { return nil }
    guard below.terms.count == 1, let monomial = below.terms[0].monomial.raised(to: -1),
      let lower = try? below.terms[0].upper.reciprocal(), let upper = try? below.terms[0].lower.reciprocal()
    else {
      return below.terms.isEmpty
        ? nil : Monomial(formula).raised(to: -1).map { [Term(monomial: $0, lower: 1, upper: 1)] }
    }
    return [Term(monomial: monomial, lower: lower, upper: upper)]
  }

  private static func root(_ formula: Formula, _ isUpper: Bool) -> [Term]? {
    guard let inside = Posynomial(formula, isUpper: isUpper) else { return nil }
    guard inside.terms.count == 1 || isUpper else { return nil }
    let roots = inside.terms.map { term -> Term? in
      guard let monomial = term.monomial.raised(to: 1, over: 2), let lower = root(term.lower, .down),
        let upper = root(term.upper, .up)
      else { return nil }
      return Term(monomial: monomial, lower: lower, upper: upper)
    }
    return roots.contains { $0 == nil } ? nil : roots.compactMap { $0 }
  }

  private enum Side { case down, up }

  private static func root(_ value: Rational, _ side: Side) -> Rational? {
    if let exact = try? value.squareRoot() { return exact }
    guard let ball = try? Ball(value).squareRoot() else { return nil }
    return side == .down ? try? ball.lower : try? ball.upper
  }
}

extension Formula {
  /// Whether this is a single size name, which stands for a number of at least one.
  fileprivate var isSizeName: Bool {
    if case .size(let size) = self.operator { size.name != nil } else { false }
  }

  /// Whether any matrix of the problem occurs.
  var containsMatrices: Bool { containsSubformula { $0.isVariable } }

  /// Whether the form alone shows that the number is at least zero.
  fileprivate var isNeverNegative: Bool {
    switch self.operator {
    case .norm: true
    case .maximum: operands.contains(where: \.isNeverNegative)
    case .minimum: operands.allSatisfy(\.isNeverNegative)
    default: false
    }
  }
}
