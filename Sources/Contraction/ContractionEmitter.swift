import Evaluation
import Formulas

/// Turns planned sums into operations on strided tensors: chooses how each tensor lies in memory, what is matrix product
/// and what is elementwise, and which large factors are formed piece by piece where they are used.
struct ContractionEmitter {
  /// A result: terms written to a part of an output.
  struct Root {
    var terms: [Term]
    let output: Int
    var offset = 0
    /// The distance of neighbours along each of the terms' outputs.
    let strides: [Int]
    /// The extents of the outputs.
    let extents: [Int]
    /// Whether only what is right of the diagonal is needed.
    var isSymmetric = false
  }

  /// What a node or a result needs, in the order of execution.
  struct Step {
    let node: Int?
    var operations: [TensorOperation]
    /// The nodes that are read.
    var reads: [Int]
  }

  let graph: TensorGraph
  let planned: [Int: [Term]]
  private(set) var steps: [Step] = []
  /// For each piecewise tensor the size of its piece.
  private(set) var scratchSizes: [Int] = []
  /// The order of the axes of each tensor in memory, the fastest last.
  private var order: [Int: [Int]] = [:]
  private var fused: Set<Int> = []

  /// Numbers from which on a result passes by the caches: 32 MiB.
  static let streamedSize = 4_194_304.0
  /// Numbers of a piece that is formed and used at once: 64 KiB.
  static let pieceSize = 8192
  /// Tensors with more numbers are formed in pieces where they can be.
  static let wholeSize = 16384

  /// - Errors: a tensor that no memory holds.
  init(_ graph: TensorGraph, _ planned: [Int: [Term]], roots: [Root]) throws(EvaluationError) {
    (self.graph, self.planned) = (graph, planned)
    let nodes = needed(roots)
    for node in nodes { try ContractionMemory.check(graph[node].extents) }
    findFused(nodes, roots)
    chooseLayouts(nodes, roots)
    for node in nodes where !fused.contains(node) { emit(node) }
    for root in roots { emit(root) }
  }

  // MARK: What is needed

  private func needed(_ roots: [Root]) -> [Int] {
    var seen: Set<Int> = [], result: [Int] = []
    func visit(_ node: Int) {
      guard seen.insert(node).inserted else { return }
      operands(of: node).forEach(visit)
      result.append(node)
    }
    for root in roots { for term in root.terms { term.factors.forEach { visit($0.node) } } }
    return result
  }

  private func operands(of node: Int) -> [Int] {
    if case .vanishing = graph[node].kind { return [] }
    return planned[node].map { $0.flatMap { $0.factors.map(\.node) } } ?? graph[node].operands
  }

  /// Large elementwise products with one use, in a matrix product, are formed in pieces there.
  private mutating func findFused(_ nodes: [Int], _ roots: [Root]) {
    var uses: [Int: Int] = [:]
    let all = nodes.compactMap { planned[$0] } + roots.map(\.terms)
    for term in all.joined() { for factor in term.factors { uses[factor.node, default: 0] += 1 } }
    for node in nodes where planned[node] == nil {
      for operand in graph[node].operands { uses[operand, default: 0] += 2 }
    }
    for term in all.joined() where ProductShape(term) != nil {
      // One of two factors at most.
      for factor in term.factors where uses[factor.node] == 1 && graph[factor.node].count > Self.wholeSize {
        guard let terms = planned[factor.node], terms.allSatisfy({ isElementwise($0) }),
          factor.axes.allSatisfy({ $0.count == 1 }), !sliced(factor, term).isEmpty
        else { continue }
        fused.insert(factor.node)
        break
      }
    }
  }

  private func isElementwise(_ term: Term) -> Bool {
    !term.hasDelta && !term.factors.isEmpty && term.usedLabels.isSubset(of: term.outputLabels)
      && term.outputs.allSatisfy { $0.count == 1 } && !term.factors.contains { fused.contains($0.node) }
  }

  /// The labels over which a piecewise factor is looped; none where its pieces would stay too large.
  private func sliced(_ factor: Factor, _ term: Term) -> [Int] {
    let outputs = term.outputs.flatMap { $0 }
    let own = factor.axes.flatMap { $0 }
    var slices: [Int] = []
    var size = graph[factor.node].count
    for label in outputs where own.contains(label) && size > Self.pieceSize && slices.count < 2 {
      slices.append(label)
      size /= term.extents[label]
    }
    // What is left has to be a matrix still.
    let width = own.filter { outputs.contains($0) && !slices.contains($0) }.reduce(1) { $0 * term.extents[$1] }
    guard width >= 8 else { return [] }
    return size <= 4 * Self.pieceSize ? slices : []
  }

  // MARK: Layout

  private mutating func chooseLayouts(_ nodes: [Int], _ roots: [Root]) {
    var votes: [Int: [(order: [Int], weight: Double)]] = [:]
    func vote(_ term: Term, _ strides: [Int]) {
      let weight = term.extents.reduce(1.0) { $0 * Double($1) }
      for (factor, order) in zip(term.factors, preferredOrders(term, strides)) {
        votes[factor.node, default: []].append((order, weight))
      }
    }
    for root in roots { for term in root.terms { vote(term, targetStrides(term, root.strides)) } }
    for node in nodes.reversed() {
      let axes = Array(graph[node].extents.indices)
      guard let terms = planned[node] else {
        order[node] = axes
        // Elementwise functions and norms go over their operand as it lies.
        for operand in graph[node].operands {
          votes[operand, default: []].append((Array(graph[operand].extents.indices), .infinity))
        }
        continue
      }
      var best: (order: [Int], weight: Double)?
      for candidate in votes[node] ?? [] {
        let weight = (votes[node] ?? []).reduce(0) { $0 + ($1.order == candidate.order ? $1.weight : 0) }
        if best == nil || weight > best!.weight { best = (candidate.order, weight) }
      }
      order[node] = best?.order ?? axes
      let own = axisStrides(node)
      for term in terms { vote(term, targetStrides(term, own)) }
    }
  }

  private func axisStrides(_ node: Int) -> [Int] {
    let extents = graph[node].extents
    var strides = Array(repeating: 0, count: extents.count), stride = 1
    for axis in (order[node] ?? Array(extents.indices)).reversed() {
      strides[axis] = stride
      stride *= extents[axis]
    }
    return strides
  }

  /// For each label the distance of neighbours in the target, the sum over the outputs that it is in.
  private func targetStrides(_ term: Term, _ axes: [Int]) -> [Int] {
    Self.labelStrides(term.outputs, axes, term.extents)
  }

  static func labelStrides(_ lists: [[Int]], _ axes: [Int], _ extents: [Int]) -> [Int] {
    var strides = Array(repeating: 0, count: extents.count)
    for (list, unit) in zip(lists, axes) {
      var stride = unit
      for label in list.reversed() {
        strides[label] += stride
        stride *= extents[label]
      }
    }
    return strides
  }

  /// The orders of axes in which a term's factors are best read.
  private func preferredOrders(_ term: Term, _ target: [Int]) -> [[Int]] {
    var rank = Array(repeating: 0, count: term.extents.count)
    func order(_ factor: Factor) -> [Int] {
      factor.axes.indices.sorted { a, b in
        let (x, y) = (factor.axes[a].first.map { rank[$0] } ?? -1, factor.axes[b].first.map { rank[$0] } ?? -1)
        return x != y ? x < y : a < b
      }
    }
    let byStride = term.extents.indices.sorted { target[$0] != target[$1] ? target[$0] > target[$1] : $0 < $1 }
    guard let shape = ProductShape(term) else {
      for (position, label) in byStride.enumerated() { rank[label] = position }
      return term.factors.map(order)
    }
    let roles = shape.roles(target, term.extents)
    var orders: [[Int]] = [[], []]
    for (factor, inner) in [(roles.left, roles.m), (roles.right, roles.n)] {
      let isLeft = factor == roles.left
      for (position, label) in byStride.enumerated() {
        // The left factor is best m × k, the right one k × n, both after all else.
        rank[label] = position
        if inner.contains(label) { rank[label] += isLeft ? 1000 : 2000 }
        if shape.summed.contains(label) { rank[label] = label + (isLeft ? 2000 : 1000) }
      }
      orders[factor] = order(term.factors[factor])
    }
    return orders
  }

  // MARK: Operations

  private func place(_ node: Int) -> TensorPlace {
    if case .input(let index) = graph[node].kind { return TensorPlace(buffer: .input(index)) }
    return TensorPlace(buffer: .node(node))
  }

  private mutating func emit(_ node: Int) {
    let count = graph[node].count, target = place(node)
    var step = Step(node: node, operations: [], reads: [])
    switch graph[node].kind {
    case .input: return
    case .sum:
      let terms = planned[node] ?? []
      let axes = axisStrides(node)
      step.operations = operations(terms, target, axes, graph[node].extents, isSymmetric: false)
      step.reads = terms.flatMap { reads($0) }
    case .map(let function, let operand):
      step.operations = [
        TensorOperation(kind: .map(function), target: target, factors: [place(operand)], extents: [count])
      ]
      step.reads = [operand]
    case .rowShift(let operand):
      step.operations = [
        TensorOperation(kind: .rowShift, target: target, factors: [place(operand)], extents: graph[node].extents)
      ]
      step.reads = [operand]
    case .held(let operand):
      step.operations = [
        elementwise(
          extents: graph[node].extents, target: target, axisStrides(node),
          factors: [(place(operand), axisStrides(operand))],
          constants: [], accumulates: false)
      ]
      step.reads = [operand]
    case .vanishing: step.operations = [fill(target, axisStrides(node), graph[node].extents)]
    case .norm(let norm, let operand):
      step.operations = [
        TensorOperation(kind: .norm(norm), target: target, factors: [place(operand)], extents: graph[operand].extents)
      ]
      step.reads = [operand]
    case .maximum(let operands), .minimum(let operands):
      var kind = TensorOperation.Kind.minimum
      if case .maximum = graph[node].kind { kind = .maximum }
      step.operations = [TensorOperation(kind: kind, target: target, factors: operands.map(place), extents: [1])]
      step.reads = operands
    case .assembly(let pieces):
      step.operations = [fill(target, axisStrides(node), graph[node].extents)]
      let own = axisStrides(node)
      for piece in pieces {
        var start = target
        start.offset += piece.row * own[0] + piece.column * own[1]
        step.operations.append(
          elementwise(
            extents: graph[piece.node].extents, target: start, own,
            factors: [(place(piece.node), axisStrides(piece.node))],
            constants: [], accumulates: false))
        step.reads.append(piece.node)
      }
    }
    steps.append(step)
  }

  private mutating func emit(_ root: Root) {
    let target = TensorPlace(buffer: .output(root.output), offset: root.offset)
    var operations = operations(root.terms, target, root.strides, root.extents, isSymmetric: root.isSymmetric)
    if root.extents.reduce(1.0, { $0 * Double($1) }) >= Self.streamedSize {
      for index in operations.indices { operations[index].stream(to: target.buffer) }
    }
    steps.append(Step(node: nil, operations: operations, reads: root.terms.flatMap { reads($0) }))
  }

  /// The nodes that a term reads, through factors that are formed in pieces.
  private func reads(_ term: Term) -> [Int] {
    term.factors.flatMap { factor in
      fused.contains(factor.node) ? (planned[factor.node] ?? []).flatMap { reads($0) } : [factor.node]
    }
  }

  private func fill(_ target: TensorPlace, _ strides: [Int], _ extents: [Int]) -> TensorOperation {
    var operation = elementwise(
      extents: extents, target: target, strides, factors: [], constants: [], accumulates: false)
    operation.isZero = true
    return operation
  }

  /// A sum of terms into a target with the given strides of its axes.
  private mutating func operations(
    _ given: [Term], _ target: TensorPlace, _ axes: [Int], _ extents: [Int], isSymmetric: Bool
  ) -> [TensorOperation] {
    // A term with a delta does not reach every number of the target: others go first.
    let terms = given.filter { !$0.hasDelta } + given.filter(\.hasDelta)
    var result: [TensorOperation] = []
    if terms.first?.hasDelta ?? true { result.append(fill(target, axes, extents)) }
    for term in terms {
      let strides = targetStrides(term, axes)
      result += operations(
        term, target, strides, accumulates: !result.isEmpty, isSymmetric: isSymmetric && !term.hasDelta)
    }
    return result
  }

  private mutating func operations(
    _ term: Term, _ target: TensorPlace, _ strides: [Int], accumulates: Bool, isSymmetric: Bool
  ) -> [TensorOperation] {
    guard let shape = ProductShape(term) else {
      let factors = term.factors.map { (place($0.node), factorStrides($0, term.extents)) }
      var operation = elementwise(
        extents: term.extents, target: target, strides, factors: factors, constants: term.constants,
        accumulates: accumulates)
      operation.term = term
      return [operation]
    }
    var product = ProductEmission(term, shape, target, strides, accumulates: accumulates)
    for (index, factor) in term.factors.enumerated() {
      product.factors.append((place(factor.node), factorStrides(factor, term.extents)))
      guard fused.contains(factor.node) else { continue }
      product.slices = sliced(factor, term)
      product.fused = index
    }
    if isSymmetric, let (row, column) = triangle(term) { product.triangle = (row, column) }
    if let index = product.fused { form(&product, index, term) }
    return product.operations()
  }

  /// The outermost labels of a row and of a column, where the part right of the diagonal is all that is needed.
  private func triangle(_ term: Term) -> (row: Int, column: Int)? {
    guard term.outputs.count == 2, let row = term.outputs[0].first, let column = term.outputs[1].first,
      term.extents[row] == term.extents[column], term.outputs[0].count == term.outputs[1].count,
      term.outputs[0].count > 1
    else { return nil }
    return (row, column)
  }

  private func factorStrides(_ factor: Factor, _ extents: [Int]) -> [Int] {
    Self.labelStrides(factor.axes, axisStrides(factor.node), extents)
  }

  /// The operations that form a piece of a factor, and where it is then read.
  private mutating func form(_ product: inout ProductEmission, _ index: Int, _ term: Term) {
    let factor = term.factors[index], terms = planned[factor.node] ?? []
    let labels = factor.axes.map { $0[0] }
    let roles = product.shape.roles(product.targetStrides, term.extents, without: product.slices)
    let kept = labels.filter { !product.slices.contains($0) }
    func rank(_ label: Int) -> Int {
      if product.shape.summed.contains(label) { return index == roles.right ? 1 : 2 }
      return (index == roles.right ? roles.n : roles.m).contains(label) ? (index == roles.right ? 2 : 1) : 0
    }
    let sorted = kept.sorted {
      (rank($0), -product.targetStrides[$0], $0) < (rank($1), -product.targetStrides[$1], $1)
    }
    var strides = Array(repeating: 0, count: term.extents.count), stride = 1
    for label in sorted.reversed() {
      strides[label] = stride
      stride *= term.extents[label]
    }
    scratchSizes.append(stride)
    let piece = TensorPlace(buffer: .scratch(scratchSizes.count - 1))
    product.factors[index] = (piece, strides)
    for (position, inner) in terms.enumerated() {
      // The node's axis a is the label labels[a] of the product.
      var map = Array(repeating: 0, count: inner.extents.count)
      for (axis, output) in inner.outputs.enumerated() { map[output[0]] = labels[axis] }
      let factors = inner.factors.map { own -> (TensorPlace, [Int]) in
        let ownStrides = factorStrides(own, inner.extents)
        var mapped = Array(repeating: 0, count: term.extents.count)
        for (label, stride) in ownStrides.enumerated() { mapped[map[label]] += stride }
        return (place(own.node), mapped)
      }
      product.forming.append(
        .init(
          target: piece, strides: strides, labels: sorted, factors: factors, constants: inner.constants,
          accumulates: position > 0,
          term: inner))
    }
  }

  private func elementwise(
    extents: [Int], target: TensorPlace, _ strides: [Int], factors: [(place: TensorPlace, strides: [Int])],
    constants: [Int],
    accumulates: Bool
  ) -> TensorOperation {
    var dimensions = Dimensions(extents: extents, strides: [strides] + factors.map(\.strides))
    dimensions.sortByFirst()
    dimensions.merge()
    return dimensions.operation(.multiply, target, factors.map(\.place), constants, accumulates: accumulates)
  }
}
