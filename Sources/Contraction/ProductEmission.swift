/// A product of two tensors as operations: loops over what is done piece by piece, and a batched matrix product in them.
struct ProductEmission {
  /// A term of a factor that is formed in pieces.
  struct Forming {
    let target: TensorPlace
    let strides: [Int]
    let labels: [Int]
    let factors: [(place: TensorPlace, strides: [Int])]
    let constants: [Int]
    let accumulates: Bool
    let term: Term
  }

  let term: Term
  let shape: ProductShape
  let target: TensorPlace
  let targetStrides: [Int]
  let accumulates: Bool
  /// For each factor where it starts, and its stride along each label.
  var factors: [(place: TensorPlace, strides: [Int])] = []
  /// Labels looped over because a factor is formed in pieces.
  var slices: [Int] = []
  var fused: Int?
  var forming: [Forming] = []
  /// Labels of row and column: only columns from the row on are computed.
  var triangle: (row: Int, column: Int)?

  init(_ term: Term, _ shape: ProductShape, _ target: TensorPlace, _ targetStrides: [Int], accumulates: Bool) {
    (self.term, self.shape, self.target, self.targetStrides) = (term, shape, target, targetStrides)
    self.accumulates = accumulates
  }

  private var loops: [Int] {
    let outer = slices.filter { $0 != triangle?.row }.sorted { targetStrides[$0] > targetStrides[$1] }
    return outer + (triangle.map { [$0.row] } ?? [])
  }

  func operations() -> [TensorOperation] {
    let loops = loops
    // What is formed does not depend on a row loop that is no slice: it is formed outside of it.
    let isRowLoopInner = triangle.map { !slices.contains($0.row) } ?? false
    let formingLoops = isRowLoopInner ? Array(loops.dropLast()) : loops
    let formed = forming.map { piece in
      var dimensions = Dimensions(extents: [], strides: Array(repeating: [], count: 1 + piece.factors.count))
      var shrinking: Int?
      for label in piece.labels where term.extents[label] > 1 {
        if label == triangle?.column, !isRowLoopInner { shrinking = dimensions.extents.count }
        dimensions.append(term.extents[label], [piece.strides[label]] + piece.factors.map { $0.strides[label] })
      }
      if shrinking == nil { dimensions.merge() }
      var operation = dimensions.operation(
        .multiply, piece.target,
        piece.factors.map { moved($0.place, $0.strides, formingLoops, isShifted: !isRowLoopInner) }, piece.constants,
        accumulates: piece.accumulates)
      operation.shrinking = shrinking
      operation.term = piece.term
      return operation
    }
    var body = product(loops, isFormedInRowLoop: !isRowLoopInner)
    if isRowLoopInner, let row = loops.last { body = [loop(row, body)] }
    body = formed + body
    for label in formingLoops.reversed() { body = [loop(label, body)] }
    return body
  }

  private func loop(_ label: Int, _ body: [TensorOperation]) -> TensorOperation {
    TensorOperation(kind: .loop, body: body, extents: [term.extents[label]])
  }

  /// Where an operand is in each turn of the loops.
  private func moved(_ place: TensorPlace, _ strides: [Int], _ loops: [Int], isShifted: Bool) -> TensorPlace {
    var place = place
    place.steps = loops.map { label in
      strides[label] + (label == triangle?.row && isShifted ? strides[triangle?.column ?? label] : 0)
    }
    return place
  }

  private func product(_ loops: [Int], isFormedInRowLoop: Bool) -> [TensorOperation] {
    let roles = shape.roles(targetStrides, term.extents, without: loops)
    let (left, right) = (factors[roles.left], factors[roles.right])
    let columns = [targetStrides, left.strides, right.strides]
    func dimensions(_ labels: [Int]) -> Dimensions {
      var result = Dimensions(extents: [], strides: [[], [], []])
      for label in labels where term.extents[label] > 1 {
        result.append(term.extents[label], columns.map { $0[label] })
      }
      if !labels.contains(where: { $0 == triangle?.column }) { result.merge() }
      return result
    }
    var m = dimensions(cut(roles.m)), n = dimensions(cut(roles.n))
    var k = dimensions(shape.summed.sorted { left.strides[$0] > left.strides[$1] })
    let inner = Set(cut(roles.m) + cut(roles.n))
    let rest = (shape.batch + shape.own[0] + shape.own[1]).filter { !inner.contains($0) && !loops.contains($0) }
    var batch = dimensions(rest.sorted { (-targetStrides[$0], $0) < (-targetStrides[$1], $1) })
    var shrinking = triangle.flatMap { triangle in
      rest.contains(triangle.column)
        ? batch.strides[0].firstIndex(of: targetStrides[triangle.column]) : nil
    }
    for part in [m.popOuter(), n.popOuter(), k.popOuter()] { batch.append(part) }
    let isSplit = zip(batch.extents, batch.strides[0]).contains { $0 > 1 && $1 == 0 }
    if let triangle, shrinking == nil {
      if roles.m.contains(triangle.column) { shrinking = batch.extents.count }
      if roles.n.contains(triangle.column) { shrinking = batch.extents.count + 1 }
    }
    for part in [m, n, k] { batch.append(part.orOne) }
    func place(_ operand: (place: TensorPlace, strides: [Int]), _ index: Int) -> TensorPlace {
      // A piece formed in the same turn begins where the columns do.
      moved(operand.place, operand.strides, loops, isShifted: fused != index || !isFormedInRowLoop)
    }
    var operation = batch.operation(
      .matrixProduct, moved(target, targetStrides, loops, isShifted: true),
      [place(left, roles.left), place(right, roles.right)], term.constants, accumulates: accumulates || isSplit)
    operation.shrinking = shrinking
    operation.term = term
    operation.term?.factors = [term.factors[roles.left], term.factors[roles.right]]
    if !isSplit || accumulates { return [operation] }
    var fill = operation
    fill.kind = .multiply
    (fill.factors, fill.factorStrides, fill.isZero, fill.accumulates) = ([], [], true, false)
    return [fill, operation]
  }

  /// The labels without those that the triangle's column would be merged with.
  private func cut(_ labels: [Int]) -> [Int] {
    guard let column = triangle?.column, let index = labels.firstIndex(of: column), labels.count > 1 else {
      return labels
    }
    return index == labels.count - 1 ? [column] : Array(labels[(index + 1)...])
  }
}
