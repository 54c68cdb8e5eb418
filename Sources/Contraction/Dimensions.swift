/// The dimensions of an operation: extents, and for each operand its strides.
struct Dimensions {
  var extents: [Int]
  /// Those of the target, then those of each factor.
  var strides: [[Int]]

  /// Sorts by the first operand's strides, the largest first, those of stride 0 last.
  mutating func sortByFirst() {
    let order = extents.indices.filter { extents[$0] != 1 }.sorted { a, b in
      let (x, y) = (strides.map { $0[a] }, strides.map { $0[b] })
      if x[0] != y[0] { return x[0] > y[0] }
      return x != y ? y.lexicographicallyPrecedes(x) : a < b
    }
    extents = order.map { extents[$0] }
    strides = strides.map { own in order.map { own[$0] } }
  }

  /// Makes neighbouring dimensions one where all operands run through them as through one.
  mutating func merge() {
    var d = extents.count - 1
    while d > 0 {
      let inner = extents[d]
      if strides.allSatisfy({ $0[d - 1] == $0[d] * inner }) {
        extents[d - 1] *= inner
        extents.remove(at: d)
        for s in strides.indices {
          strides[s][d - 1] = strides[s][d]
          strides[s].remove(at: d)
        }
      }
      d -= 1
    }
  }

  func operation(
    _ kind: TensorOperation.Kind, _ target: TensorPlace, _ factors: [TensorPlace], _ constants: [Int], accumulates: Bool
  ) -> TensorOperation {
    TensorOperation(
      kind: kind, constants: constants, accumulates: accumulates, target: target, factors: factors, extents: extents,
      targetStrides: strides[0], factorStrides: Array(strides.dropFirst()))
  }
}

extension Dimensions {
  mutating func append(_ extent: Int, _ own: [Int]) {
    extents.append(extent)
    for s in strides.indices { strides[s].append(own[s]) }
  }

  mutating func append(_ other: Dimensions) {
    extents += other.extents
    for s in strides.indices { strides[s] += other.strides[s] }
  }

  /// Takes away all dimensions but the last.
  mutating func popOuter() -> Dimensions {
    let outer = Dimensions(extents: Array(extents.dropLast()), strides: strides.map { Array($0.dropLast()) })
    (extents, strides) = (Array(extents.suffix(1)), strides.map { Array($0.suffix(1)) })
    return outer
  }

  /// One dimension: that of extent 1 where there is none.
  var orOne: Dimensions { extents.isEmpty ? Dimensions(extents: [1], strides: strides.map { _ in [0] }) : self }
}
