import Arithmetic
import CContraction

extension contraction_operation {
  init(_ kind: contraction_kind, extents: [Int]) {
    self.init()
    self.kind = Int32(kind.rawValue)
    shrinking = -1
    scale = 1
    target.buffer = 1
    setExtents(extents)
  }

  mutating func setExtents(_ list: [Int]) {
    rank = Int32(list.count)
    withUnsafeMutableBytes(of: &extent) { bytes in
      for (place, number) in zip(bytes.bindMemory(to: Int64.self).indices, list) {
        bytes.bindMemory(to: Int64.self)[place] = Int64(number)
      }
    }
  }

  mutating func setStrides(target: [Int], _ factors: [[Int]]) {
    factor_count = Int32(factors.count)
    withUnsafeMutableBytes(of: &target_stride) { bytes in
      for (d, stride) in target.enumerated() { bytes.bindMemory(to: Int64.self)[d] = Int64(stride) }
    }
    withUnsafeMutableBytes(of: &factor_stride) { bytes in
      for (f, strides) in factors.enumerated() {
        for (d, stride) in strides.enumerated() {
          bytes.bindMemory(to: Int64.self)[f * Int(CONTRACTION_RANK) + d] = Int64(stride)
        }
      }
    }
  }

  mutating func setFactorPlaces(offset: Int64, steps: [Int64]) {
    withUnsafeMutableBytes(of: &factor) { bytes in
      for f in 0..<Int(factor_count) {
        let step = (steps[0], steps[1], steps[2])
        bytes.bindMemory(to: contraction_place.self)[f] = .init(offset: offset + Int64(f), step: step, buffer: 0)
      }
    }
  }

  var targetStrides: [Int] { withUnsafeBytes(of: target_stride) { $0.bindMemory(to: Int64.self).map { Int($0) } } }

  func strides(ofFactor f: Int) -> [Int] {
    withUnsafeBytes(of: factor_stride) { bytes in
      (0..<Int(rank)).map { Int(bytes.bindMemory(to: Int64.self)[f * Int(CONTRACTION_RANK) + $0]) }
    }
  }

  /// The extents in given turns of the loops around.
  func extents(at turns: [Int]) -> [Int] {
    var result = withUnsafeBytes(of: extent) { $0.bindMemory(to: Int64.self).map { Int($0) } }
    if shrinking >= 0, let last = turns.last { result[Int(shrinking)] -= last }
    return result
  }

  /// Draws the dimensions of a product and gives the length of its target.
  mutating func drawProduct(_ draw: inout SplitMix64) -> Int {
    let isMatrixProduct = kind == Int32(contraction_gemm.rawValue)
    let rank = isMatrixProduct ? 3 + draw.uniform(below: 3) : 1 + draw.uniform(below: 5)
    let largest = isMatrixProduct ? 40 : [0, 70, 22, 10, 6, 5][rank]
    let extents = (0..<rank).map { d in
      if isMatrixProduct && d < rank - 3 { return draw.uniform(below: 4) }
      let kind = draw.uniform(below: 20)
      return kind == 0 ? 0 : kind < 5 ? 1 : 1 + draw.uniform(below: largest)
    }
    setExtents(extents)
    /// Strides of an operand that has the dimensions `used`, in some order, with gaps.
    func strides(_ used: [Bool]) -> (list: [Int], length: Int) {
      var order = Array(0..<rank), result = [Int](repeating: 0, count: rank)
      if draw.uniform(below: 2) == 0 { for d in 1..<max(rank, 1) { order.swapAt(d, draw.uniform(below: d + 1)) } }
      var next = draw.uniform(below: 8) == 0 ? 2 : 1
      for d in order.reversed() where used[d] {
        result[d] = next
        next *= max(extents[d], 1)
        if draw.uniform(below: 4) == 0 { next = (next + 7) / 8 * 8 }
        if draw.uniform(below: 8) == 0 { next += 3 }
      }
      return (result, next)
    }
    let (m, n, k) = (rank - 3, rank - 2, rank - 1)
    let target = strides(
      (0..<rank).map { isMatrixProduct && $0 >= m ? $0 != k : draw.uniform(below: 4) != 0 })
    let factors = (0..<(isMatrixProduct ? 2 : draw.uniform(below: 5))).map { f in
      strides((0..<rank).map { isMatrixProduct && $0 >= m ? $0 != (f == 0 ? n : m) : draw.uniform(below: 3) != 0 }).list
    }
    setStrides(target: target.list, factors)
    return target.length
  }

  /// The largest place of a factor, without loops.
  var reach: Int {
    (0..<Int(factor_count)).map { f in
      zip(strides(ofFactor: f), extents(at: [])).map { $0 * max($1 - 1, 0) }.reduce(0, +)
    }
    .max() ?? 0
  }

  /// What the header says, number by number.
  func runLoops(_ turns: [Int], _ source: [Double], _ target: inout [Double]) {
    func start(_ place: contraction_place) -> Int {
      let steps = [place.step.0, place.step.1, place.step.2]
      return Int(place.offset) + zip(steps, turns).map { Int($0) * $1 }.reduce(0, +)
    }
    let extents = extents(at: turns), to = start(self.target), from = start(factor.0)
    func read(_ place: Int) -> Double { factor.0.buffer == 1 ? target[place] : source[place] }
    switch kind {
    case Int32(contraction_map.rawValue):
      for i in 0..<extents[0] { target[to + i] = RandomProgram.functions[Int(detail)].1(read(from + i)) }
    case Int32(contraction_shift.rawValue):
      for row in 0..<extents[0] {
        let places = (0..<extents[1]).map { row * extents[1] + $0 }
        let largest = places.map { read(from + $0) }.max() ?? 0
        for place in places { target[to + place] = read(from + place) - largest }
      }
    case Int32(contraction_mirror.rawValue):
      let apart = Int(target_stride.0)
      for i in 0..<extents[0] { for j in 0..<i { target[to + i * apart + j] = target[to + j * apart + i] } }
    default: runProduct(Array(extents.prefix(Int(rank))), start, source, &target)
    }
  }

  private func runProduct(
    _ extents: [Int], _ start: (contraction_place) -> Int, _ source: [Double], _ target: inout [Double]
  ) {
    let places = [factor.0, factor.1, factor.2, factor.3], to = start(self.target), strides = targetStrides
    let factors = (0..<Int(factor_count)).map { (start: start(places[$0]), strides: self.strides(ofFactor: $0)) }
    let summed = extents.indices.filter { strides[$0] == 0 }, kept = extents.indices.filter { strides[$0] != 0 }
    func forEach(_ dimensions: ArraySlice<Int>, _ index: inout [Int], _ body: ([Int]) -> Void) {
      guard let d = dimensions.first else { return body(index) }
      for i in 0..<max(extents[d], 0) {
        index[d] = i
        forEach(dimensions.dropFirst(), &index, body)
      }
    }
    var index = [Int](repeating: 0, count: extents.count)
    var result = target
    forEach(kept[...], &index) { outer in
      var sum = 0.0, inner = outer
      forEach(summed[...], &inner) { index in
        sum += factors.reduce(1) { product, factor in
          product * source[factor.start + zip(index, factor.strides).map { $0 * $1 }.reduce(0, +)]
        }
      }
      let place = to + zip(outer, strides).map { $0 * $1 }.reduce(0, +)
      result[place] = (accumulate != 0 ? result[place] : 0) + scale * sum
    }
    target = result
  }
}
