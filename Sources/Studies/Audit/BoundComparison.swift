import Arithmetic
import Formulas

/// Decides by form alone, for all norms and all sizes of at least one, that one bound is at most another.
///
/// A sufficient test: maxima on the left and minima on the right are taken apart into all their cases, minima on the left
/// and maxima on the right into one of theirs, a number below a maximum may be raised to it; then every product on the
/// left needs its share of coefficients on the right, of products at least as large or, by `2√(pq) ≤ p + q`, of two.
/// - Holds: where denominators are not zero.
enum BoundComparison {
  /// Whether `left ≤ right` follows; `false` says nothing.
  static func isAtMost(_ left: Formula, _ right: Formula) -> Bool {
    var budget = 4_096
    return isAtMost(left, right, &budget)
  }

  private static func isAtMost(_ left: Formula, _ right: Formula, _ budget: inout Int) -> Bool {
    budget -= 1
    guard budget > 0 else { return false }
    if left == right { return true }
    if let largest = left.first(.maximum) {
      return largest.operands.allSatisfy { isAtMost(left.replacing([largest: $0]), right, &budget) }
    }
    if let least = right.first(.minimum) {
      return least.operands.allSatisfy { isAtMost(left, right.replacing([least: $0]), &budget) }
    }
    // One case is enough only where the whole grows with the part.
    guard left.isPlain, right.isPlain else {
      return left.first(.minimum) == nil && right.first(.maximum) == nil && isPosynomialAtMost(left, right)
    }
    if let least = left.first(.minimum) {
      return least.operands.contains { isAtMost(left.replacing([least: $0]), right, &budget) }
    }
    if let largest = right.first(.maximum) {
      let raised = left.replacing(Dictionary(largest.operands.map { ($0, largest) }, uniquingKeysWith: { a, _ in a }))
      let name = Formula.symbol("max \(largest)", 1, 1).norm()
      if raised != left, left.growsInNorms(with: largest.operands),
        isAtMost(raised.replacing([largest: name]), right.replacing([largest: name]), &budget)
      {
        return true
      }
      return largest.operands.contains { isAtMost(left, right.replacing([largest: $0]), &budget) }
    }
    return isPosynomialAtMost(left, right)
  }

  /// The test without maxima and minima.
  private static func isPosynomialAtMost(_ left: Formula, _ right: Formula) -> Bool {
    guard var small = Posynomial(left, isUpper: true), var large = Posynomial(right) else { return false }
    // A sum below a fraction line is multiplied out.
    while let below = small.sumInDenominator, let denominator = Posynomial(below) {
      small = small.multiplied(byNumber: below, expanded: denominator)
      large = large.multiplied(byNumber: below, expanded: denominator)
    }
    return covers(large.terms, small.terms)
  }

  private static func covers(_ available: [Posynomial.Term], _ needed: [Posynomial.Term]) -> Bool {
    var left = available.map(\.lower)
    // Products with an equal on the right first: the others can take what remains of larger ones.
    var open: [(Posynomial.Monomial, Rational)] = []
    for term in needed {
      var rest = term.upper
      for (i, large) in available.enumerated() where large.monomial == term.monomial { take(&rest, &left[i]) }
      if rest.sign > 0 { open.append((term.monomial, rest)) }
    }
    for index in open.indices {
      for (i, large) in available.enumerated() where open[index].0.isAtMost(large.monomial) {
        take(&open[index].1, &left[i])
      }
    }
    return open.filter { $0.1.sign > 0 }.allSatisfy { coversByMeans($0.0, $0.1, available, &left) }
  }

  private static func take(_ rest: inout Rational, _ stock: inout Rational) {
    let share = rest < stock ? rest : stock
    rest = rest - share
    stock = stock - share
  }

  /// `c t ≤ a p + c²/(4a) q` where `t² ≤ p q`, for two products on the right and any `a > 0`.
  private static func coversByMeans(
    _ t: Posynomial.Monomial, _ c: Rational, _ available: [Posynomial.Term], _ left: inout [Rational]
  ) -> Bool {
    guard let square = t.raised(to: 2) else { return false }
    for i in available.indices where left[i].sign > 0 {
      for j in available.indices where j != i && left[j].sign > 0 {
        guard square.isAtMost(available[i].monomial * available[j].monomial),
          let a = try? (c * c).divided(by: Rational(4) * left[j]), a <= left[i]
        else { continue }
        left[i] = left[i] - a
        left[j] = 0
        return true
      }
    }
    return false
  }
}

extension Posynomial {
  /// A sum that stands below a fraction line.
  fileprivate var sumInDenominator: Formula? {
    for term in terms {
      for power in term.monomial.powers where power.fourfoldExponent <= -4 {
        if case .norm = power.factor.operator { continue }
        if let sum = Posynomial(power.factor), sum.terms.count > 1 { return power.factor }
      }
    }
    return nil
  }

}

extension Formula {
  /// Whether the number grows with every norm in it: nothing with a matrix stands below a fraction line.
  fileprivate var isPlain: Bool {
    !containsSubformula { $0.operator == .map(.reciprocal) && $0.containsMatrices }
  }

  /// Whether the number grows with each of the numbers as far as norms are concerned: where one occurs inside a norm, that
  /// is the norm of a matrix of numbers that are not negative.
  fileprivate func growsInNorms(with numbers: [Formula]) -> Bool {
    if case .norm = self.operator, numbers.contains(where: { operands[0].contains($0) }) {
      guard operands[0].kind == .blocks else { return false }
      return operands[0].operands.allSatisfy {
        $0.shape == .scalar && Posynomial($0) != nil && $0.growsInNorms(with: numbers)
      }
    }
    return operands.allSatisfy { $0.growsInNorms(with: numbers) }
  }

  /// The first innermost subformula of a kind.
  fileprivate func first(_ kind: Operator.Kind) -> Formula? {
    for operand in operands {
      if let found = operand.first(kind) { return found }
    }
    return self.kind == kind ? self : nil
  }
}
