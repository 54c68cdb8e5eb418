import Arithmetic
import CContraction

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One operation, perhaps inside loops, with numbers to run it on.
struct RandomProgram {
  var operations: [contraction_operation]
  /// The factors are read from here, the target is in a buffer of its own that starts with the same numbers.
  var source: [Double]

  static let functions: [(contraction_function, @Sendable (Double) -> Double)] = [
    (contraction_exponential, { exp($0) }), (contraction_reciprocal, { 1 / $0 }),
    (contraction_square_root, { (x: Double) -> Double in sqrt(x) }), (contraction_positive_part, { $0 < 0 ? 0 : $0 }),
    (contraction_step, { $0 > 0 ? 1 : 0 }), (contraction_logarithm, { log($0) }),
    (contraction_normal_distribution, { erfc(-$0 * sqrt(0.5)) / 2 }),
    (contraction_normal_density, { exp(-$0 * $0 / 2) / sqrt(2 * Double.pi) }),
  ]

  init(_ operations: [contraction_operation], length: Int) {
    var draw = SplitMix64(seed: UInt64(length))
    self.operations = operations
    source = (0..<length).map { _ in Double(draw.uniform(below: 2_000_001) - 1_000_000) / 1e6 }
  }

  init(_ kind: contraction_kind, _ draw: inout SplitMix64, depth: Int? = nil) {
    let depth = depth ?? (draw.uniform(below: 3) == 0 ? draw.uniform(below: 4) : 0)
    var operation = contraction_operation(kind, extents: [])
    var length = 1
    switch kind {
    case contraction_multiply, contraction_gemm:
      length = operation.drawProduct(&draw)
      if depth > 0 && draw.uniform(below: 2) == 0 {
        operation.shrinking = Int32(draw.uniform(below: Int(operation.rank)))
      }
    case contraction_map:
      length = draw.uniform(below: 60)
      operation.setExtents([length])
      operation.setStrides(target: [1], [[1]])
      operation.detail = Int32(draw.uniform(below: Self.functions.count))
    case contraction_shift:
      let (rows, columns) = (draw.uniform(below: 20), 1 + draw.uniform(below: 40))
      length = rows * columns
      operation.setExtents([rows, columns])
      operation.setStrides(target: [columns, 1], [[columns, 1]])
    default:
      let order = draw.uniform(below: 140), apart = [order, (order + 7) / 8 * 8, order + 3][draw.uniform(below: 3)]
      length = order * apart
      operation.setExtents([order, order])
      operation.setStrides(target: [apart, 1], [])
    }
    operation.accumulate = kind.rawValue <= 2 && draw.uniform(below: 3) == 0 ? 1 : 0
    operation.stream = draw.uniform(below: 3) == 0 ? 1 : 0
    operation.scale = draw.uniform(below: 3) == 0 ? -1.5 : 1
    operation.target.offset = Int64(draw.uniform(below: 3) == 0 ? draw.uniform(below: 20) : 8 * draw.uniform(below: 3))
    let loops = (0..<depth).map { loop in
      var result = contraction_operation(contraction_loop, extents: [1 + draw.uniform(below: 4)])
      result.detail = Int32(depth - loop)
      if loop > 0 && draw.uniform(below: 3) == 0 { result.shrinking = 0 }
      return result
    }
    // The targets of all turns lie apart, or now and then on each other.
    var step = Int64((length + 7) / 8 * 8), steps: [Int64] = [0, 0, 0], factorSteps: [Int64] = [0, 0, 0]
    for loop in loops.indices.reversed() {
      steps[loop] = draw.uniform(below: 5) == 0 ? 0 : step
      factorSteps[loop] = Int64(draw.uniform(below: 40))
      step *= loops[loop].extent.0
    }
    operation.target.step = (steps[0], steps[1], steps[2])
    operation.setFactorPlaces(offset: Int64(draw.uniform(below: 9)), steps: factorSteps)
    if kind == contraction_map || kind == contraction_shift, draw.uniform(below: 3) == 0 {
      operation.factor.0 = operation.target
    }
    self.init(loops + [operation], length: max(Int(step) + 100, operation.reach + 600))
  }

  /// What the kernels make of the target's buffer.
  func result(
    instructions: Int32? = nil, isPrepared: Bool = true, parts: [(Int, Int)]? = nil, shift: Int = 0
  ) -> [Double] {
    var operations = operations
    if isPrepared { contraction_prepare(&operations, Int64(operations.count)) }
    let isLoop = operations[0].kind == Int32(contraction_loop.rawValue)
    let parts = parts ?? [(0, isLoop ? Int(operations[0].extent.0) : 1)]
    let bytes = (source.count + 8) * MemoryLayout<Double>.stride
    return withUnsafeTemporaryAllocation(byteCount: 2 * bytes, alignment: 64) { memory in
      let numbers = memory.bindMemory(to: Double.self)
      let from = UnsafeMutableBufferPointer(rebasing: numbers[shift..<(shift + source.count)])
      let start = (source.count + 8) + shift
      let to = UnsafeMutableBufferPointer(rebasing: numbers[start..<(start + source.count)])
      _ = from.update(fromContentsOf: source)
      _ = to.update(fromContentsOf: source)
      let bases = [from.baseAddress, to.baseAddress]
      for (first, count) in parts {
        contraction_run_with(
          instructions ?? contraction_instruction_sets() - 1, operations, Int64(operations.count), Int64(first),
          Int64(count), bases)
      }
      return Array(to)
    }
  }

  /// What the target's buffer is to be.
  func resultOfLoops() -> [Double] {
    var target = source
    run(operations[...], [], &target)
    return target
  }

  private func run(_ list: ArraySlice<contraction_operation>, _ turns: [Int], _ target: inout [Double]) {
    guard let first = list.first else { return }
    guard first.kind == Int32(contraction_loop.rawValue) else { return first.runLoops(turns, source, &target) }
    let count = first.extents(at: turns)[0]
    for turn in 0..<max(count, 0) { run(list.dropFirst(), turns + [turn], &target) }
  }
}
