/// A symbolic size: a polynomial with integer coefficients in names, such as `L`, `d·d_K` or `2·d·d_K + d·d_V`.
public struct Size: Hashable, Sendable {
  /// One monomial `coefficient · name · name …`, names sorted.
  public struct Monomial: Hashable, Sendable {
    public let coefficient: Int
    public let names: [String]

    /// A coefficient beyond `Int` keeps one factor as a name, its numeral: different sizes stay different, and none has
    /// a value.
    static func * (x: Monomial, y: Monomial) -> Monomial {
      let (coefficient, overflow) = x.coefficient.multipliedReportingOverflow(by: y.coefficient)
      if !overflow { return Monomial(coefficient: coefficient, names: (x.names + y.names).sorted()) }
      let factors = (min(x.coefficient, y.coefficient), max(x.coefficient, y.coefficient))
      return Monomial(coefficient: factors.1, names: (["\(factors.0)"] + x.names + y.names).sorted())
    }
  }
  /// The monomials in canonical order, none with coefficient zero.
  public let monomials: [Monomial]

  init(monomials: [Monomial]) { self.monomials = monomials }

  /// The size that a single name stands for.
  public init(_ name: String) { monomials = [Monomial(coefficient: 1, names: [name])] }

  /// A number as a size.
  public init(_ value: Int) {
    precondition(value >= 0, "a size cannot be negative: \(value)")
    monomials = value == 0 ? [] : [Monomial(coefficient: value, names: [])]
  }

  /// The number this size is, when no name occurs in it.
  public var constant: Int? {
    if monomials.isEmpty { return 0 }
    return monomials.count == 1 && monomials[0].names.isEmpty ? monomials[0].coefficient : nil
  }

  /// The name this size is, when it is nothing else.
  public var name: String? {
    guard monomials.count == 1, monomials[0].coefficient == 1, monomials[0].names.count == 1 else { return nil }
    return monomials[0].names[0]
  }

  /// All names that occur, sorted.
  public var names: [String] { Set(monomials.flatMap(\.names)).sorted() }

  public static func + (a: Size, b: Size) -> Size {
    if a.monomials.isEmpty { return b }
    if b.monomials.isEmpty { return a }
    return Size(collecting: a.monomials + b.monomials)
  }

  public static func * (a: Size, b: Size) -> Size {
    if a.isOne { return b }
    if b.isOne { return a }
    if a.monomials.count == 1, b.monomials.count == 1 { return Size(monomials: [a.monomials[0] * b.monomials[0]]) }
    return Size(collecting: a.monomials.flatMap { x in b.monomials.map { y in x * y } })
  }

  /// Whether this is the number one.
  public var isOne: Bool { monomials.count == 1 && monomials[0].coefficient == 1 && monomials[0].names.isEmpty }

  private init(collecting all: [Monomial]) {
    var collected: [Monomial] = []
    for m in all.sorted(by: { ($0.names.count, $0.names) < ($1.names.count, $1.names) }) {
      let (sum, overflow) = (collected.last?.coefficient ?? 0).addingReportingOverflow(m.coefficient)
      if let last = collected.last, last.names == m.names, !overflow {
        collected[collected.count - 1] = Monomial(coefficient: sum, names: m.names)
      } else {
        collected.append(m)
      }
    }
    monomials = collected
  }

  /// The value under an assignment of numbers to names.
  ///
  /// - Returns: `nil` when a name is missing or the value does not fit an `Int`.
  public func value(_ assignment: (String) -> Int?) -> Int? {
    var total = 0
    for m in monomials {
      var product = m.coefficient
      for name in m.names {
        guard let v = assignment(name) else { return nil }
        let (p, overflow) = product.multipliedReportingOverflow(by: v)
        if overflow { return nil }
        product = p
      }
      let (s, overflow) = total.addingReportingOverflow(product)
      if overflow { return nil }
      total = s
    }
    return total
  }

  /// The size with names replaced; names that are not listed stay.
  public func substituting(_ sizes: [String: Size]) -> Size {
    if sizes.isEmpty || monomials.allSatisfy({ $0.names.isEmpty }) { return self }
    if let name { return sizes[name] ?? self }
    return monomials.reduce(Size(0)) { sum, m in
      sum + m.names.reduce(Size(m.coefficient)) { $0 * (sizes[$1] ?? Size($1)) }
    }
  }
}

extension Size: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral name: String) { self.init(name) }
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Size: CustomStringConvertible {
  public var description: String {
    if monomials.isEmpty { return "0" }
    return monomials.map { m in
      let number = m.coefficient == 1 && !m.names.isEmpty ? [] : ["\(m.coefficient)"]
      return (number + m.names).joined(separator: "·")
    }.joined(separator: " + ")
  }
}

func < (a: (Int, [String]), b: (Int, [String])) -> Bool {
  a.0 != b.0 ? a.0 < b.0 : a.1.lexicographicallyPrecedes(b.1)
}
