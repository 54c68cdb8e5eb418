import Formulas

/// Which weights of a network are trained, and how.
///
/// A name selects a weight by its full name such as `W_Q^{2,1}`, all weights of its kind such as `W_Q`, or all weights of a
/// layer such as `layer 2`, the number that weights carry above.
public enum Training: Hashable, Sendable {
  case all
  /// Only the weights with these names; the others are held fixed.
  case only(Set<String>)
  /// Low-rank adapters: each `W` with one of the names becomes `W + (alpha/rank) A B` with `W` fixed, `A : p×rank` and
  /// `B : rank×q` trained. Other weights are fixed, unless they are among those that are `also` trained.
  ///
  /// - Source: [hu2022, §4.1].
  case lowRank(rank: Size, alpha: Int, of: Set<String>, also: Set<String> = [])

  enum Mode { case trained, fixed, adapted(rank: Size, alpha: Int) }

  /// How a weight with its kind and layer is treated.
  func mode(of name: String, kind: String, layer: Int) -> Mode {
    func selects(_ names: Set<String>) -> Bool { !names.isDisjoint(with: [name, kind, "layer \(layer)"]) }
    switch self {
    case .all: return .trained
    case .only(let names): return selects(names) ? .trained : .fixed
    case .lowRank(let rank, let alpha, let names, let also):
      return selects(names) ? .adapted(rank: rank, alpha: alpha) : selects(also) ? .trained : .fixed
    }
  }

  /// All names that were given, sorted.
  var names: [String] {
    switch self {
    case .all: []
    case .only(let names): names.sorted()
    case .lowRank(_, _, let names, let also): names.union(also).sorted()
    }
  }
}
