import Formulas

/// A layout with its sign set apart, so that a sum can write `−` for it.
struct SignedLayout {
  var isNegative: Bool
  var layout: Layout

  /// The layout with the sign put back.
  var unified: Layout {
    guard isNegative else { return layout }
    return .sum([Layout.Term(isNegative: true, layout: layout.binding == .sum ? layout.parenthesized : layout)])
  }
}

/// The numbers in front of a formula: `± numerator/denominator · Π above / Π below`, and the factors that remain.
private struct FactorTally {
  struct Power {
    let base: Formula
    var exponent: Int
  }

  var isNegative = false
  var numerator = 1
  var denominator = 1
  var above: [Power] = []
  var below: [Power] = []
  /// Factors too large for a fraction, and the matrix at the end.
  var remaining: [Formula] = []

  mutating func multiply(by value: Int, inverted: Bool) -> Bool {
    guard let magnitude = Int(exactly: value.magnitude) else { return false }
    let (product, overflow) = (inverted ? denominator : numerator).multipliedReportingOverflow(by: magnitude)
    guard !overflow else { return false }
    if inverted { denominator = product } else { numerator = product }
    if value < 0 { isNegative.toggle() }
    return true
  }

  mutating func multiply(by base: Formula, inverted: Bool) {
    if inverted { FactorTally.add(base, to: &below) } else { FactorTally.add(base, to: &above) }
  }

  private static func add(_ base: Formula, to powers: inout [Power]) {
    if let index = powers.firstIndex(where: { $0.base == base }) {
      powers[index].exponent += 1
    } else {
      powers.append(Power(base: base, exponent: 1))
    }
  }

  mutating func reduce() {
    guard numerator != 0, denominator != 0 else { return }
    var (a, b) = (numerator, denominator)
    while b != 0 { (a, b) = (b, a % b) }
    numerator /= a
    denominator /= a
  }
}

extension Typesetter {
  /// The width beyond which a number stands after the fraction instead of in its numerator.
  private var longestFactor: Double { 6 }

  /// A formula with its sign taken out and its numbers gathered.
  func signed(_ formula: Formula) -> SignedLayout {
    switch formula.operator {
    case .integer(let value):
      return SignedLayout(isNegative: value < 0, layout: Layout("\(value.magnitude)"))
    case .scale: break
    case .product, .map(.reciprocal):
      guard formula.shape == .scalar else { return SignedLayout(isNegative: false, layout: layout(formula)) }
      if formula.operator == .product, !formula.operands.allSatisfy({ $0.shape == .scalar }) {
        return SignedLayout(isNegative: false, layout: product(formula.operands))
      }
    default: return SignedLayout(isNegative: false, layout: layout(formula))
    }
    return notation.gathersCoefficients ? gathered(formula) : literal(formula)
  }

  /// Whether a scaling is only a number, such as `−2`, that prints like one.
  func isBareNumber(_ formula: Formula) -> Bool { formula.shape == .scalar && notation.gathersCoefficients }

  private func literal(_ formula: Formula) -> SignedLayout {
    let operands = formula.operands
    func grouped(_ operand: Formula) -> Layout {
      let inner = layout(operand)
      return inner.binding == .atom ? inner : inner.parenthesized
    }
    switch formula.operator {
    case .scale:
      if case .integer(-1) = operands[0].operator {
        let inner = layout(operands[1])
        let needsFence = inner.binding == .sum || operands[1].operator == .scale
        return SignedLayout(isNegative: true, layout: needsFence ? inner.parenthesized : inner)
      }
      return SignedLayout(isNegative: false, layout: .product([grouped(operands[0]), grouped(operands[1])]))
    case .map:
      return SignedLayout(isNegative: false, layout: .fraction(Layout("1"), layout(operands[0])))
    default:
      return SignedLayout(isNegative: false, layout: product(operands))
    }
  }

  private func gathered(_ formula: Formula) -> SignedLayout {
    var coefficient = FactorTally()
    collect(formula, into: &coefficient, inverted: false)
    coefficient.reduce()
    let above = factors(coefficient.numerator, coefficient.above)
    let below = factors(coefficient.denominator, coefficient.below)
    var parts: [Layout] = []
    if !below.isEmpty {
      let lone = below.count == 1 ? unfenced(coefficient.below) : nil
      let numerator = above.isEmpty ? Layout("1") : Layout.product(above)
      parts.append(.fraction(numerator, lone ?? .product(below)))
    } else {
      parts = above
    }
    let isAlone = parts.isEmpty && coefficient.remaining.count == 1
    parts += coefficient.remaining.map { factor in
      let inner = layout(factor)
      if isAlone { return inner }
      // A number in front of A ⊗ B may stand without parentheses: both readings are equal.
      if coefficient.remaining.count == 1, factor.operator == .kronecker { return inner }
      return inner.within(.kronecker)
    }
    let result = parts.isEmpty ? Layout("1") : Layout.product(parts)
    return SignedLayout(isNegative: coefficient.isNegative, layout: result)
  }

  /// The only factor below the bar, which needs no parentheses there.
  private func unfenced(_ powers: [FactorTally.Power]) -> Layout? {
    powers.count == 1 && powers[0].exponent == 1 ? layout(powers[0].base) : nil
  }

  private func factors(_ number: Int, _ powers: [FactorTally.Power]) -> [Layout] {
    let isRoot = { (power: FactorTally.Power) in power.base.operator == .map(.squareRoot) }
    let ordered = powers.filter { !isRoot($0) } + powers.filter(isRoot)
    let printed = ordered.map { power -> Layout in
      let base = layout(power.base)
      return power.exponent == 1 ? base.within(.kronecker) : base.raised(to: "\(power.exponent)")
    }
    return number == 1 ? printed : [Layout("\(number)")] + printed
  }

  private func collect(_ formula: Formula, into coefficient: inout FactorTally, inverted: Bool) {
    let isNumber = formula.shape == .scalar
    switch formula.operator {
    case .integer(let value):
      if !coefficient.multiply(by: value, inverted: inverted) { coefficient.multiply(by: formula, inverted: inverted) }
    case .size(let size):
      guard size.monomials.count == 1,
        coefficient.multiply(by: size.monomials[0].coefficient, inverted: inverted)
      else { return coefficient.multiply(by: formula, inverted: inverted) }
      for name in size.monomials[0].names { coefficient.multiply(by: .size(Size(name)), inverted: inverted) }
    case .scale:
      collect(formula.operands[0], into: &coefficient, inverted: inverted)
      collect(formula.operands[1], into: &coefficient, inverted: inverted)
    case .product where isNumber && formula.operands.allSatisfy { $0.shape == .scalar }:
      for operand in formula.operands { collect(operand, into: &coefficient, inverted: inverted) }
    case .map(.reciprocal) where isNumber:
      collect(formula.operands[0], into: &coefficient, inverted: !inverted)
    case .sum, .product, .maximum, .minimum, .blocks, .pullback, .contraction, .jacobian:
      if inverted { coefficient.multiply(by: formula, inverted: true) } else { coefficient.remaining.append(formula) }
    default:
      if inverted || (isNumber && layout(formula).width <= longestFactor && !layout(formula).isTall) {
        coefficient.multiply(by: formula, inverted: inverted)
      } else {
        coefficient.remaining.append(formula)
      }
    }
  }
}
