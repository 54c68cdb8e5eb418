import CContraction

extension TensorOperation {
  /// What a step should take before it is worth being shared among threads, in the nanoseconds of the cost model.
  static let parallelThreshold = 150_000.0
  /// What one turn of a shared loop should take.
  static let turnTime = 10_000.0

  /// An estimate of its time in nanoseconds by the cost model.
  var time: Double { flops / 80 + 0.15 * traffic }

  /// Lets what is written to a buffer pass by the caches.
  mutating func stream(to buffer: TensorBuffer) {
    if kind == .loop {
      for index in body.indices { body[index].stream(to: buffer) }
    } else if target.buffer == buffer {
      streams = true
    }
  }

  /// The operation as a loop over its first dimension.
  func looped() -> TensorOperation {
    var inner = self
    let extent = inner.extents.removeFirst(), stride = inner.targetStrides.removeFirst()
    inner.target.steps.append(stride)
    for f in inner.factors.indices { inner.factors[f].steps.append(inner.factorStrides[f].removeFirst()) }
    return TensorOperation(kind: .loop, body: [inner], extents: [extent])
  }

  /// The operation as ones of no more dimensions than the kernels take: the turns of the shortest ones are written out.
  func fitted() -> [TensorOperation] {
    if kind == .loop {
      var loop = self
      loop.body = body.flatMap { $0.fitted() }
      return [loop]
    }
    let outer = extents.indices.dropLast(kind == .matrixProduct ? 3 : 0).filter { $0 != shrinking }
    guard extents.count > Int(CONTRACTION_RANK), let dimension = outer.min(by: { extents[$0] < extents[$1] }) else {
      return [self]
    }
    return (0..<extents[dimension]).flatMap { turn in
      var part = self
      part.extents.remove(at: dimension)
      let stride = part.targetStrides.remove(at: dimension)
      part.target.offset += turn * stride
      for f in factors.indices { part.factors[f].offset += turn * part.factorStrides[f].remove(at: dimension) }
      if stride == 0, turn > 0 { part.accumulates = true }
      if let shrinking, shrinking > dimension { part.shrinking = shrinking - 1 }
      return part.fitted()
    }
  }

  /// The operation as loops whose turns threads can share; the turns, and so the results, do not depend on their number.
  func parallel() -> [TensorOperation] {
    guard time > Self.parallelThreshold, shrinking == nil else { return [self] }
    switch kind {
    case .multiply where !extents.isEmpty && targetStrides[0] != 0 && extents[0] > 1:
      let tile = max(1, Int(Double(extents[0]) * Self.turnTime / time))
      return tile == 1 ? [looped()] : tile < extents[0] ? tiled(0, by: tile) : [self]
    case .matrixProduct:
      if extents.count > 3, targetStrides[0] != 0, extents[0] > 1 {
        let tile = max(1, Int(Double(extents[0]) * Self.turnTime / time))
        return tile == 1 ? [looped()] : tile < extents[0] ? tiled(0, by: tile) : [self]
      }
      for dimension in 0..<2 where extents.count == 3 && extents[dimension] >= 128 {
        return tiled(dimension, by: extents[dimension] >= 256 ? 128 : 64)
      }
      return [self]
    default: return [self]
    }
  }

  /// The operation on tiles of a dimension, and on what is left over.
  private func tiled(_ dimension: Int, by tile: Int) -> [TensorOperation] {
    let count = extents[dimension] / tile, rest = extents[dimension] % tile
    func part(_ extent: Int, from start: Int) -> TensorOperation {
      var part = self
      part.extents[dimension] = extent
      part.target.offset += start * targetStrides[dimension]
      for f in factors.indices { part.factors[f].offset += start * factorStrides[f][dimension] }
      return part
    }
    var body = part(tile, from: 0)
    body.target.steps.append(tile * targetStrides[dimension])
    for f in factors.indices { body.factors[f].steps.append(tile * factorStrides[f][dimension]) }
    let loop = TensorOperation(kind: .loop, body: [body], extents: [count])
    return rest == 0 ? [loop] : [loop, part(rest, from: count * tile)]
  }
}
