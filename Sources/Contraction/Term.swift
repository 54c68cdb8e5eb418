/// A tensor in a product, with the labels of its axes.
struct Factor: Hashable {
  var node: Int
  /// For each axis of the tensor the labels it is made of, the last one running fastest.
  var axes: [[Int]]
}

/// A product of tensors in index notation: `coefficient · Σ Π factors`, summed over the labels that no output has.
///
/// A label that several outputs share is a Kronecker delta; an output label that no factor has is a repetition.
struct Term: Hashable {
  /// Closed formulas whose product is the coefficient.
  var constants: [Int] = []
  var factors: [Factor] = []
  /// The extent of each label.
  var extents: [Int] = []
  /// For each output axis its labels, the last one running fastest.
  var outputs: [[Int]] = []

  /// The labels that some factor has.
  var usedLabels: Set<Int> {
    var used: Set<Int> = []
    for factor in factors { for axis in factor.axes { used.formUnion(axis) } }
    return used
  }

  var outputLabels: Set<Int> { outputs.reduce(into: []) { $0.formUnion($1) } }

  /// Whether it has no entries, or nothing to sum: such a term is zero.
  var isEmpty: Bool { extents.contains(0) }

  func extent(of axis: [Int]) -> Int { axis.reduce(1) { $0 * extents[$1] } }

  mutating func addLabel(_ extent: Int) -> Int {
    extents.append(extent)
    return extents.count - 1
  }

  /// Applies a change of label lists to every factor and output.
  mutating func replaceLabels(_ change: (Int) -> [Int]) {
    for f in factors.indices {
      for a in factors[f].axes.indices { factors[f].axes[a] = factors[f].axes[a].flatMap(change) }
    }
    for o in outputs.indices { outputs[o] = outputs[o].flatMap(change) }
    constants.sort()
  }

  /// Writes a label as two, the second with the given extent.
  mutating func split(_ label: Int, inner: Int) -> (outer: Int, inner: Int) {
    let outer = addLabel(extents[label] / inner), last = addLabel(inner)
    replaceLabels { $0 == label ? [outer, last] : [$0] }
    return (outer, last)
  }

  /// Numbers the labels by their first appearance, in the outputs and then in the factors, and drops those of extent 1.
  func canonical() -> Term {
    var result = self
    result.factors.sort { a, b in
      a.node != b.node ? a.node < b.node : a.axes.flatMap { $0 }.lexicographicallyPrecedes(b.axes.flatMap { $0 })
    }
    var number: [Int] = Array(repeating: -1, count: extents.count)
    var kept: [Int] = []
    func visit(_ labels: [Int]) {
      for label in labels where number[label] < 0 && extents[label] != 1 {
        number[label] = kept.count
        kept.append(extents[label])
      }
    }
    outputs.forEach(visit)
    for factor in result.factors { factor.axes.forEach(visit) }
    result.replaceLabels { number[$0] < 0 ? [] : [number[$0]] }
    result.extents = kept
    return result
  }

  /// The factors of both, the labels of the second behind those of the first; outputs are those of the first.
  mutating func absorb(_ other: Term) -> Int {
    let shift = extents.count
    extents += other.extents
    constants = (constants + other.constants).sorted()
    factors += other.factors.map { Factor(node: $0.node, axes: $0.axes.map { $0.map { $0 + shift } }) }
    return shift
  }

  /// Makes two label lists of the same total extent equal, splitting labels where needed.
  ///
  /// - Returns: the common list, or `nil` where neither split divides the other.
  mutating func unify(_ first: [Int], _ second: [Int]) -> [Int]? {
    var a = first, b = second, common: [Int] = []
    while let x = a.last, let y = b.last {
      if extents[x] == 1 { a.removeLast(); continue }
      if extents[y] == 1 { b.removeLast(); continue }
      if x == y || extents[x] == extents[y] {
        common.append(x)
        a.removeLast()
        b.removeLast()
        if x != y {
          replaceLabels { $0 == y ? [x] : [$0] }
          a = a.map { $0 == y ? x : $0 }
          b = b.map { $0 == y ? x : $0 }
          common = common.map { $0 == y ? x : $0 }
        }
      } else if extents[x].isMultiple(of: extents[y]) {
        let (outer, inner) = split(x, inner: extents[y])
        (a, b, common) = (
          Self.replacing(x, outer, inner, a), Self.replacing(x, outer, inner, b),
          Self.replacingReversed(x, outer, inner, common)
        )
      } else if extents[y].isMultiple(of: extents[x]) {
        let (outer, inner) = split(y, inner: extents[x])
        (a, b, common) = (
          Self.replacing(y, outer, inner, a), Self.replacing(y, outer, inner, b),
          Self.replacingReversed(y, outer, inner, common)
        )
      } else {
        return nil
      }
    }
    return common.reversed()
  }

  private static func replacing(_ label: Int, _ outer: Int, _ inner: Int, _ list: [Int]) -> [Int] {
    list.flatMap { $0 == label ? [outer, inner] : [$0] }
  }

  private static func replacingReversed(_ label: Int, _ outer: Int, _ inner: Int, _ list: [Int]) -> [Int] {
    list.flatMap { $0 == label ? [inner, outer] : [$0] }
  }
}
