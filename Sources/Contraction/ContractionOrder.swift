/// The order in which the factors of a network are multiplied: a binary tree, cheapest by `ContractionCost`.
///
/// Exact over all trees without needless outer products for up to nine factors; beyond, pairs are joined greedily until nine
/// are left, and the joined groups are then ordered exactly in themselves.
struct ContractionOrder {
  indirect enum Tree {
    case leaf(Int)
    case pair(Tree, Tree)

    var leaves: [Int] {
      switch self {
      case .leaf(let index): [index]
      case .pair(let a, let b): a.leaves + b.leaves
      }
    }
  }

  /// A factor as the search sees it.
  struct Leaf {
    var labels: UInt64
    var isFixed: Bool
    /// More than one where the factor is a sum that is multiplied term by term.
    var terms: Int = 1
  }

  static let exactLimit = 9

  private let leaves: [Leaf]
  private let outputs: UInt64
  private let extents: [Double]
  /// Sets of leaves whose product is known already, which costs nothing.
  private let known: (UInt64) -> Bool

  init(leaves: [Leaf], outputs: UInt64, extents: [Int], known: @escaping (UInt64) -> Bool) {
    (self.leaves, self.outputs, self.known) = (leaves, outputs, known)
    self.extents = extents.map(Double.init)
  }

  /// The cheapest tree found, with its cost.
  func best() -> (tree: Tree, cost: Double) {
    var groups = leaves.indices.map {
      Group(tree: .leaf($0), leaves: 1 << UInt64($0), labels: leaves[$0].labels, cost: 0)
    }
    while groups.count > Self.exactLimit { join(&groups) }
    if groups.count < leaves.count {
      groups = groups.map { group in
        let members = group.tree.leaves
        guard members.count > 2, members.count <= Self.exactLimit else { return group }
        return exact(
          members.map { Group(tree: .leaf($0), leaves: 1 << UInt64($0), labels: leaves[$0].labels, cost: 0) })
      }
    }
    let result = exact(groups)
    return (result.tree, result.cost)
  }

  private struct Group {
    var tree: Tree
    var leaves: UInt64
    var labels: UInt64
    var cost: Double
  }

  private func size(_ labels: UInt64) -> Double {
    var product = 1.0, rest = labels
    while rest != 0 {
      product *= extents[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return product
  }

  /// The labels that a product of leaves keeps: those of the outputs and of the other leaves.
  private func live(_ members: UInt64) -> UInt64 {
    var inside: UInt64 = 0, outside = outputs
    for (index, leaf) in leaves.enumerated() {
      if members & (1 << UInt64(index)) != 0 { inside |= leaf.labels } else { outside |= leaf.labels }
    }
    return inside & outside
  }

  private func cost(_ a: Group, _ b: Group, _ result: UInt64, isFixed: Bool) -> Double {
    let summed = (a.labels | b.labels) & ~result, batch = a.labels & b.labels & result
    var cost = ContractionCost.pair(
      batch: size(batch), left: size(a.labels & ~b.labels & result), right: size(b.labels & ~a.labels & result),
      summed: size(summed), first: size(a.labels), second: size(b.labels), result: size(result))
    for group in [a, b] where group.leaves.nonzeroBitCount == 1 {
      let terms = leaves[group.leaves.trailingZeroBitCount].terms
      // A sum that is multiplied term by term has deltas and repetitions: about one pass over the result for each term.
      if terms > 1 {
        let other = group.leaves == a.leaves ? b.labels : a.labels
        cost = Double(terms) * ContractionCost.elementwise(max(size(result), size(other)), factors: 2)
      }
    }
    return isFixed ? cost * ContractionCost.fixedShare : cost
  }

  /// Joins the pair that costs the least for what it makes smaller.
  private func join(_ groups: inout [Group]) {
    var best: (i: Int, j: Int, group: Group, score: Double)?
    for i in groups.indices {
      for j in groups.indices.dropFirst(i + 1) where groups[i].labels & groups[j].labels != 0 {
        let joined = pair(groups[i], groups[j])
        let score =
          joined.cost - groups[i].cost - groups[j].cost
          + 0.5 * (size(joined.labels) - size(groups[i].labels) - size(groups[j].labels))
        if best == nil || score < best!.score { best = (i, j, joined, score) }
      }
    }
    let (i, j, joined) = best.map { ($0.i, $0.j, $0.group) } ?? (0, 1, pair(groups[0], groups[1]))
    groups[i] = joined
    groups.remove(at: j)
  }

  private func pair(_ a: Group, _ b: Group) -> Group {
    let members = a.leaves | b.leaves, labels = live(members)
    var result = Group(tree: .pair(a.tree, b.tree), leaves: members, labels: labels, cost: a.cost + b.cost)
    if !known(members) { result.cost += cost(a, b, labels, isFixed: isFixed(members)) }
    return result
  }

  private func isFixed(_ members: UInt64) -> Bool {
    var rest = members
    while rest != 0 {
      if !leaves[rest.trailingZeroBitCount].isFixed { return false }
      rest &= rest - 1
    }
    return true
  }

  /// Dynamic programming over the sets of groups.
  private func exact(_ groups: [Group]) -> Group {
    let count = groups.count
    if count == 1 { return groups[0] }
    let full = (1 << count) - 1
    var table: [Group?] = Array(repeating: nil, count: full + 1)
    for (index, group) in groups.enumerated() { table[1 << index] = group }
    for set in 1...full where set & (set - 1) != 0 {
      var members: UInt64 = 0
      for index in 0..<count where set & (1 << index) != 0 { members |= groups[index].leaves }
      let labels = live(members), fixed = isFixed(members), free = known(members)
      var best: Group?
      let low = set & -set
      var part = (set - 1) & set
      while part > 0 {
        defer { part = (part - 1) & set }
        guard part & low != 0, let a = table[part], let b = table[set ^ part] else { continue }
        guard a.labels & b.labels != 0 || set == full else { continue }
        let sum = a.cost + b.cost
        if let best, best.cost <= sum { continue }
        let total = free ? sum : sum + cost(a, b, labels, isFixed: fixed)
        if best == nil || total < best!.cost {
          best = Group(tree: .pair(a.tree, b.tree), leaves: members, labels: labels, cost: total)
        }
      }
      table[set] = best
    }
    if let best = table[full] { return best }
    // Not connected: products of the parts, the smallest first.
    var parts = components(groups).map { exact($0) }.sorted { size($0.labels) < size($1.labels) }
    while parts.count > 1 { parts.replaceSubrange(0..<2, with: [pair(parts[0], parts[1])]) }
    return parts[0]
  }

  private func components(_ groups: [Group]) -> [[Group]] {
    var components: [(labels: UInt64, groups: [Group])] = []
    for group in groups {
      let touching = components.indices.filter { components[$0].labels & group.labels != 0 }
      var merged = (labels: group.labels, groups: [group])
      for index in touching.reversed() {
        merged.labels |= components[index].labels
        merged.groups = components[index].groups + merged.groups
        components.remove(at: index)
      }
      components.append(merged)
    }
    return components.map(\.groups)
  }
}
