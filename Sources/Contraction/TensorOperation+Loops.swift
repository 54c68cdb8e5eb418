extension TensorOperation {
  /// What a step should take before it is worth being shared among threads, in the nanoseconds of the cost model.
  static let parallelThreshold = 40_000.0
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
      if extents.count == 3, extents[0] >= 128 { return tiled(0, by: 64) }
      if extents.count == 3, extents[1] >= 128 { return tiled(1, by: 64) }
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
