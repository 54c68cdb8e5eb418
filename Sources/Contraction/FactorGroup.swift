/// Factors that terms of a sum have in common, with the summed labels through which they meet the rest.
struct FactorGroup: Equatable {
  /// The common factors alone, with the outputs of the terms they come from.
  let term: Term
  /// Labels of the common factors that are summed over in the end, and that the rest has too or may have.
  let shared: [Int]

  init(common: [Factor], of source: Term) {
    var term = source
    term.factors = common
    term.constants = []
    let outputs = term.outputLabels
    var shared: [Int] = []
    for factor in common {
      for axis in factor.axes {
        for label in axis where !outputs.contains(label) && !shared.contains(label) { shared.append(label) }
      }
    }
    (self.term, self.shared) = (term, shared)
  }

  func contains(_ node: Int) -> Bool { term.factors.contains { $0.node == node } }

  /// What is left of a term without the common factors: its outputs are the term's, and then the shared labels; `nil` where
  /// the term does not have them.
  func rest(of other: Term) -> Term? {
    guard other.outputs.count == term.outputs.count else { return nil }
    var map: [Int: Int] = [:]
    for (a, b) in zip(term.outputs, other.outputs) {
      // Only terms whose outputs are written alike are compared.
      guard a.count == b.count else { return nil }
      for (x, y) in zip(a, b) {
        guard term.extents[x] == other.extents[y], map[x] == nil || map[x] == y else { return nil }
        map[x] = y
      }
    }
    guard Set(map.values).count == map.count else { return nil }
    var remaining = Array(other.factors.enumerated())
    for factor in term.factors {
      let match = remaining.firstIndex { candidate in
        guard candidate.element.node == factor.node else { return false }
        var trial = map
        for (a, b) in zip(factor.axes, candidate.element.axes) {
          guard a.count == b.count else { return false }
          for (x, y) in zip(a, b) {
            if let known = trial[x] {
              if known != y { return false }
            } else if trial.values.contains(y) {
              return false
            } else {
              trial[x] = y
            }
          }
        }
        map = trial
        return true
      }
      guard let match else { return nil }
      remaining.remove(at: match)
    }
    var rest = other
    rest.factors = remaining.map(\.element)
    rest.outputs = other.outputs + shared.compactMap { map[$0].map { [$0] } }
    // Labels summed in the rest alone are fine; a shared label that the rest lacks is repeated in it.
    return rest.outputs.count == other.outputs.count + shared.count ? rest : nil
  }

  /// The sets of factors that two terms may share, of those that have an output's label.
  static func candidates(_ a: Term, _ b: Term) -> [FactorGroup] {
    let outputs = a.outputLabels
    let singles = a.factors.filter { factor in
      factor.axes.contains { $0.contains(where: outputs.contains) } && b.factors.contains { $0.node == factor.node }
        && FactorGroup(common: [factor], of: a).rest(of: b) != nil
    }.prefix(4)
    return (1..<max(1, 1 << singles.count)).compactMap { set in
      let chosen = singles.enumerated().filter { set & (1 << $0.offset) != 0 }.map(\.element)
      let group = FactorGroup(common: chosen, of: a)
      return chosen.count == 1 || group.rest(of: b) != nil ? group : nil
    }
  }
}
