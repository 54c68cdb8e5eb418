/// Decides how the tensors of a graph are computed: each sum in terms of one or two factors, or of elementwise products.
struct ContractionPlanner {
  private(set) var graph: TensorGraph
  /// How each sum is computed.
  private(set) var planned: [Int: [Term]] = [:]
  private var costs: [Term: Double] = [:]
  private var lazy: [Int: Bool] = [:]
  /// The most factors of an elementwise product that one operation takes.
  private let mostFactors = 4

  /// The sums that are tensors of their own, by their first terms.
  private var sums: [Term: [Int]] = [:]

  init(_ graph: TensorGraph) {
    self.graph = graph
    for (node, tensor) in graph.nodes.enumerated() {
      guard case .sum(let terms) = tensor.kind, let first = terms.first, terms.count > 1 || first.factors.count > 1
      else { continue }
      sums[first, default: []].append(node)
    }
  }

  /// Plans a sum of terms, and all that it needs.
  mutating func plan(_ terms: [Term]) -> [Term] {
    let result = arranged(terms)
    for term in result {
      for factor in term.factors { plan(factor.node) }
    }
    return result
  }

  private mutating func plan(_ node: Int) {
    guard planned[node] == nil else { return }
    if case .sum(let terms) = graph[node].kind {
      planned[node] = []
      planned[node] = plan(terms)
    } else {
      if case .vanishing = graph[node].kind { return }
      for operand in graph[node].operands { plan(operand) }
    }
  }

  // MARK: Sums

  private mutating func arranged(_ given: [Term]) -> [Term] {
    var terms: [Term] = []
    for term in referring(given) { terms += opened(term) }
    terms = terms.map { simplified($0) }
    if terms.count > 1 { terms = grouped(terms) }
    var result: [Term] = []
    for term in terms { result += ordered(term) }
    return result
  }

  /// A part of a sum that is a tensor of its own already is taken from there.
  private mutating func referring(_ given: [Term]) -> [Term] {
    var terms = given.map { $0.canonical() }
    var position = 0
    while position < terms.count, terms.count > 1 {
      for node in sums[terms[position]] ?? [] where !isLazy(node) {
        guard case .sum(let part) = graph[node].kind, part.count < terms.count else { continue }
        var rest = terms
        for term in part {
          guard let index = rest.firstIndex(of: term) else { break }
          rest.remove(at: index)
        }
        guard rest.count == terms.count - part.count, !isElementwise(part[0]) || part.count > 2 else { continue }
        let axes = graph[node].extents.indices.map { [$0] }
        let whole = Term(factors: [Factor(node: node, axes: axes)], extents: graph[node].extents, outputs: axes)
        terms = rest + [whole.canonical()]
        position = -1
        break
      }
      position += 1
    }
    return terms
  }

  /// A factor that is a sum with deltas or repetitions, so that its terms are smaller than it, is multiplied term by term.
  private mutating func isLazy(_ node: Int) -> Bool {
    if let known = lazy[node] { return known }
    var result = false
    if case .sum(let terms) = graph[node].kind, terms.count > 1 {
      let parts = Set(terms.flatMap { $0.factors.map(\.node) }).reduce(0.0) { $0 + Double(graph[$1].count) }
      result = Double(graph[node].count) > 1.5 * parts && graph[node].count > 16
    }
    lazy[node] = result
    return result
  }

  /// Opens sums that are the only factor, and takes out what all terms of a lazy sum share where that leaves a smaller one.
  private mutating func opened(_ term: Term) -> [Term] {
    if term.factors.count == 1, isLazy(term.factors[0].node) {
      return distributed(term, 0).flatMap { opened($0) }
    }
    for index in term.factors.indices where isLazy(term.factors[index].node) {
      if let smaller = factoredOut(term, index) { return opened(smaller) }
    }
    return [term]
  }

  /// The term with each term of a factor in the factor's place.
  private mutating func distributed(_ term: Term, _ index: Int) -> [Term] {
    guard case .sum(let inner) = graph[term.factors[index].node].kind else { return [term] }
    return inner.map { graph.substituted(index, of: term, by: $0).canonical() }
  }

  private mutating func factoredOut(_ term: Term, _ index: Int) -> Term? {
    let node = term.factors[index].node
    guard case .sum(let inner) = graph[node].kind else { return nil }
    for factor in inner[0].factors {
      let group = FactorGroup(common: [factor], of: inner[0])
      let rests = inner.compactMap { group.rest(of: $0) }
      guard rests.count == inner.count, let whole = merged(group, rests),
        let residual = whole.factors.first(where: { !group.contains($0.node) }),
        graph[residual.node].count <= graph[node].count / 2
      else { continue }
      return graph.substituted(index, of: term, by: whole).canonical()
    }
    return nil
  }

  // MARK: What does not depend on the order

  /// Sums over labels that only one factor has, and multiplies inputs that share a label with nothing else, where the
  /// product is no larger than they are.
  private mutating func simplified(_ given: Term) -> Term {
    var term = given
    while term.factors.count > 1, let next = simplification(term) { term = next }
    // What is repeated, or stands on a diagonal, is summed before and not once for each place.
    if !term.factors.isEmpty, !term.usedLabels.isSubset(of: term.outputLabels),
      term.hasDelta || !term.outputLabels.isSubset(of: term.usedLabels)
    {
      return joining(Array(term.factors.indices), of: term)
    }
    return term
  }

  private mutating func simplification(_ term: Term) -> Term? {
    let outputs = term.outputLabels
    var owners: [[Int]] = Array(repeating: [], count: term.extents.count)
    for (index, factor) in term.factors.enumerated() {
      for label in Set(factor.axes.flatMap { $0 }) { owners[label].append(index) }
    }
    for (index, factor) in term.factors.enumerated() where !isLazy(factor.node) {
      if factor.axes.contains(where: { $0.contains { owners[$0].count == 1 && !outputs.contains($0) } }) {
        return joining([index], of: term)
      }
    }
    guard term.factors.count > 2 else { return nil }
    // What is known already comes first, then the cheapest, then what is no square.
    var best: (pair: [Int], rank: (Int, Double, Int))?
    for label in owners.indices where owners[label].count == 2 && !outputs.contains(label) {
      let pair = owners[label]
      let nodes = pair.map { term.factors[$0].node }
      guard nodes.allSatisfy({ isInput($0) }) else { continue }
      let joined = subterm(pair, of: term)
      let size = joined.outputs.reduce(1) { $0.saturatingProduct(joined.extent(of: $1)) }
      guard size <= max(graph[nodes[0]].count, graph[nodes[1]].count) else { continue }
      let known = graph.find(.sum([joined]), joined.outputs.map { joined.extent(of: $0) }) != nil
      let isFixed = nodes.allSatisfy { graph[$0].isFixed }
      let cost = joined.extents.reduce(1.0) { $0 * Double($1) } * (isFixed ? ContractionCost.fixedShare : 1)
      let rank = (known ? 0 : 1, cost, nodes[0] != nodes[1] ? 0 : 1)
      if best.map({ rank < $0.rank }) ?? true { best = (pair, rank) }
    }
    return best.map { joining($0.pair, of: term) }
  }

  private func isInput(_ node: Int) -> Bool { if case .input = graph[node].kind { true } else { false } }

  /// Some factors as a term of their own; its outputs are the labels that the rest needs.
  func subterm(_ members: [Int], of term: Term) -> Term {
    var outside = term.outputLabels
    for (index, factor) in term.factors.enumerated() where !members.contains(index) {
      for axis in factor.axes { outside.formUnion(axis) }
    }
    return subterm(members, of: term, outside).canonical()
  }

  /// - Postcondition: equal products give equal terms, as far as the order of equal factors can be told.
  private func subterm(_ members: [Int], of term: Term, _ outside: Set<Int>) -> Term {
    func signature(_ index: Int) -> [Int] {
      term.factors[index].axes.flatMap { axis in
        axis.map { label in
          let count = members.reduce(0) { $0 + (term.factors[$1].axes.contains { $0.contains(label) } ? 1 : 0) }
          return 2 * count + (outside.contains(label) ? 1 : 0)
        }
      }
    }
    let ordered = members.sorted { a, b in
      let (x, y) = (term.factors[a].node, term.factors[b].node)
      return x != y ? x < y : signature(a).lexicographicallyPrecedes(signature(b))
    }
    var result = Term(factors: ordered.map { term.factors[$0] }, extents: term.extents)
    var seen: Set<Int> = []
    for factor in result.factors {
      for axis in factor.axes {
        for label in axis where outside.contains(label) && term.extents[label] != 1 && seen.insert(label).inserted {
          result.outputs.append([label])
        }
      }
    }
    return result
  }

  /// The node of some factors' product, with the label of each of its axes.
  private mutating func product(_ members: [Int], of term: Term) -> Factor {
    if members.count == 1 { return term.factors[members[0]] }
    return joined(members, of: term)
  }

  private mutating func joined(_ members: [Int], of term: Term) -> Factor {
    var outside = term.outputLabels
    for (index, factor) in term.factors.enumerated() where !members.contains(index) {
      for axis in factor.axes { outside.formUnion(axis) }
    }
    let own = subterm(members, of: term, outside)
    let node = graph.add(.sum([own.canonical()]), own.outputs.map { own.extent(of: $0) })
    return Factor(node: node, axes: own.outputs)
  }

  private mutating func joining(_ members: [Int], of term: Term) -> Term {
    var result = term
    let factor = joined(members, of: term)
    result.factors = term.factors.indices.filter { !members.contains($0) }.map { term.factors[$0] } + [factor]
    return result.canonical()
  }

  // MARK: Order

  /// A product as a term of one or two factors, or as an elementwise product; several terms where a factor is a sum that is
  /// multiplied term by term.
  private mutating func ordered(_ term: Term) -> [Term] {
    if let index = term.factors.firstIndex(where: { isLazy($0.node) }), term.factors.count <= 2 {
      return arranged(distributed(term, index))
    }
    if term.factors.count <= 2 || isElementwise(term) { return [term] }
    guard case .pair(let a, let b) = order(of: term).tree else { return [term] }
    record(a, in: term)
    record(b, in: term)
    var result = term
    result.factors = [product(a.leaves, of: term), product(b.leaves, of: term)]
    result = result.canonical()
    if result.factors.contains(where: { isLazy($0.node) }) { return ordered(result) }
    return [result]
  }

  /// Fixes how the products in a tree are computed, so that they are not ordered anew.
  private mutating func record(_ tree: ContractionOrder.Tree, in term: Term) {
    guard case .pair(let a, let b) = tree else { return }
    let whole = joined(tree.leaves, of: term)
    if planned[whole.node] != nil { return }
    let own = Term(factors: tree.leaves.map { term.factors[$0] }, extents: term.extents, outputs: whole.axes)
    if isElementwise(own) { return }
    record(a, in: term)
    record(b, in: term)
    let pair = Term(
      factors: [product(a.leaves, of: term), product(b.leaves, of: term)], extents: term.extents, outputs: whole.axes)
    planned[whole.node] = []
    planned[whole.node] = plan(ordered(pair.canonical()))
  }

  /// Whether nothing is summed and the product is small enough for one operation.
  private mutating func isElementwise(_ term: Term) -> Bool {
    guard term.factors.count <= mostFactors else { return false }
    for factor in term.factors where isLazy(factor.node) { return false }
    return term.usedLabels.isSubset(of: term.outputLabels)
  }

  /// - Parameter isEstimate: whether only the cost is asked for; products that are known already then cost what others do.
  private mutating func order(
    of term: Term, isEstimate: Bool = false
  ) -> (tree: ContractionOrder.Tree, cost: Double) {
    var leaves: [ContractionOrder.Leaf] = []
    for factor in term.factors {
      let labels = factor.axes.reduce(UInt64(0)) { $1.reduce($0) { $0 | 1 << UInt64($1) } }
      var count = 1
      if isLazy(factor.node), case .sum(let terms) = graph[factor.node].kind { count = terms.count }
      leaves.append(.init(labels: labels, isFixed: graph[factor.node].isFixed, terms: count))
    }
    let isVarying = leaves.contains { !$0.isFixed }
    if !isVarying { leaves = leaves.map { .init(labels: $0.labels, isFixed: false, terms: $0.terms) } }
    let outputs = term.outputLabels.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
    var cache: [UInt64: Bool] = [:]
    let planner = self
    return ContractionOrder(leaves: leaves, outputs: outputs, extents: term.extents) { members in
      guard !isEstimate, members.nonzeroBitCount < min(term.factors.count, 4) else { return false }
      if let answer = cache[members] { return answer }
      let indices = term.factors.indices.filter { members & (1 << UInt64($0)) != 0 }
      let own = planner.subterm(indices, of: term)
      let answer =
        planner.graph.find(.sum([own]), own.outputs.map { own.extent(of: $0) }).map { planner.planned[$0] != nil }
        ?? false
      cache[members] = answer
      return answer
    }.best()
  }

  private mutating func cost(_ term: Term) -> Double {
    let key = term.canonical()
    if let known = costs[key] { return known }
    let size = key.outputs.reduce(1.0) { $0 * Double(key.extent(of: $1)) }
    let cost: Double
    switch key.factors.count {
    case 0: cost = ContractionCost.elementwise(size, factors: 0)
    case 1: cost = ContractionCost.elementwise(max(size, Double(graph[key.factors[0].node].count)), factors: 1)
    default:
      cost =
        isElementwise(key)
        ? ContractionCost.elementwise(size, factors: key.factors.count) : order(of: key, isEstimate: true).cost
    }
    costs[key] = cost
    return cost
  }

  // MARK: Common factors

  /// Adds up first what is multiplied by the same factors, where that is cheaper.
  private mutating func grouped(_ given: [Term]) -> [Term] {
    var terms = given
    while terms.count > 1, let next = bestGroup(terms) { terms = next }
    return terms
  }

  private mutating func bestGroup(_ terms: [Term]) -> [Term]? {
    var candidates: [FactorGroup] = []
    for (index, term) in terms.enumerated() {
      for other in terms.dropFirst(index + 1) {
        for group in FactorGroup.candidates(term, other) where !candidates.contains(group) { candidates.append(group) }
      }
      if candidates.count > 24 { break }
    }
    var best: (gain: Double, terms: [Term], sum: Int)?
    for group in candidates {
      var members: [Int] = [], rests: [Term] = []
      for (index, term) in terms.enumerated() {
        guard let rest = group.rest(of: term) else { continue }
        members.append(index)
        rests.append(rest)
      }
      guard members.count > 1 else { continue }
      // All but the first are added to what is there already.
      let size = terms[members[0]].outputs.reduce(1.0) { $0 * Double(terms[members[0]].extent(of: $1)) }
      let before =
        members.reduce(0.0) { $0 + cost(terms[$1]) } + Double(members.count - 1) * ContractionCost.traffic(size)
      guard let whole = merged(group, rests), let sum = whole.factors.first(where: { !group.contains($0.node) })?.node
      else { continue }
      // The sum is to be added up before it is multiplied: it is not opened again.
      let wasLazy = lazy.updateValue(false, forKey: sum)
      // The rests are estimated one by one, each an addition into their sum; formed in pieces it stays in the cache.
      var after = rests.reduce(cost(simplified(whole))) { $0 + cost($1) }
      if rests.allSatisfy({ isElementwise($0) }) {
        let count = Double(graph[sum].count)
        after -= Double(rests.count + 1) * (ContractionCost.traffic(count) - 0.1 * count)
      }
      if before - after > max(best?.gain ?? 0, 0.02 * before) {
        let others = terms.indices.filter { !members.contains($0) }.map { terms[$0] }
        best = (before - after, others + [simplified(whole)], sum)
      }
      lazy[sum] = wasLazy
    }
    if let best { lazy[best.sum] = false }
    return best?.terms
  }

  /// Common factors times the sum of what is left of each term.
  private mutating func merged(_ group: FactorGroup, _ rests: [Term]) -> Term? {
    guard var sum = graph.tensor(of: rests.map { graph.flattened($0) }.flatMap { $0 }) else { return nil }
    let count = group.term.outputs.count
    let shift = sum.absorb(group.term)
    sum.outputs += group.term.outputs.map { $0.map { $0 + shift } } + group.shared.map { [$0 + shift] }
    for output in 0..<count
    where sum.unify(sum.outputs[output], sum.outputs[count + group.shared.count + output]) == nil {
      return nil
    }
    for index in group.shared.indices
    where sum.unify(sum.outputs[count + index], sum.outputs[2 * count + group.shared.count + index]) == nil {
      return nil
    }
    sum.outputs = Array(sum.outputs.prefix(count))
    return sum.canonical()
  }
}

extension TensorGraph {
  /// The terms of a sum where the term is nothing but it.
  func flattened(_ term: Term) -> [Term] {
    guard term.constants.isEmpty, term.factors.count == 1, case .sum(let inner) = nodes[term.factors[0].node].kind,
      term.factors[0].axes == term.outputs, Set(term.outputs.flatMap { $0 }).count == term.outputs.count,
      term.outputs.allSatisfy({ $0.count == 1 })
    else { return [term] }
    return inner
  }
}
