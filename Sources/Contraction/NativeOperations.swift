import CContraction

/// Operations in the form that the kernels interpret.
struct NativeOperations {
  /// Operations that are run together: by the kernels, or one that they do not know.
  enum Segment {
    case native(Range<Int>)
    /// A loop whose turns are shared among threads.
    case parallel(Range<Int>, turns: Int)
    case other(TensorOperation)
  }

  private(set) var list: [contraction_operation] = []
  private(set) var segments: [Segment] = []
  /// For each operation its place in the list; empty for one that the kernels do not know.
  private(set) var ranges: [Range<Int>] = []

  /// - Parameters:
  ///   - scale: the value of a coefficient.
  ///   - place: the index of the base address of a buffer, and an offset from it.
  init(
    _ operations: [TensorOperation], scale: ([Int]) -> Double, place: (TensorBuffer) -> (base: Int, offset: Int)
  ) {
    var start = 0
    func close(_ list: [contraction_operation], _ segments: inout [Segment]) {
      if list.count > start { segments.append(.native(start..<list.count)) }
    }
    for operation in operations {
      let first = list.count
      defer { ranges.append(first..<list.count) }
      switch operation.kind {
      case .norm, .maximum, .minimum:
        close(list, &segments)
        segments.append(.other(operation))
        start = list.count
      case .loop where operation.time > TensorOperation.parallelThreshold && operation.extents[0] > 1:
        close(list, &segments)
        start = list.count
        append(operation, scale, place)
        segments.append(.parallel(start..<list.count, turns: operation.extents[0]))
        start = list.count
      default: append(operation, scale, place)
      }
    }
    close(list, &segments)
    list.withUnsafeMutableBufferPointer { list in
      if let start = list.baseAddress { contraction_prepare(start, Int64(list.count)) }
    }
  }

  /// The turns of a loop; one for other operations.
  func turns(at position: Int) -> Int {
    list[position].kind == Int32(contraction_loop.rawValue) ? Int(list[position].extent.0) : 1
  }

  private mutating func append(
    _ operation: TensorOperation, _ scale: ([Int]) -> Double, _ place: (TensorBuffer) -> (base: Int, offset: Int)
  ) {
    var native = contraction_operation()
    let position = list.count
    list.append(native)
    native.rank = Int32(operation.extents.count)
    native.shrinking = Int32(operation.shrinking ?? -1)
    native.accumulate = operation.accumulates ? 1 : 0
    native.stream = operation.streams ? 1 : 0
    native.scale = operation.isZero ? 0 : scale(operation.constants)
    switch operation.kind {
    case .loop:
      native.kind = Int32(contraction_loop.rawValue)
      for inner in operation.body { append(inner, scale, place) }
      native.detail = Int32(list.count - position - 1)
    case .multiply: native.kind = Int32(contraction_multiply.rawValue)
    case .matrixProduct: native.kind = Int32(contraction_gemm.rawValue)
    case .map(let function):
      native.kind = Int32(contraction_map.rawValue)
      native.detail = function.rawValue
    case .rowShift: native.kind = Int32(contraction_shift.rawValue)
    case .mirror: native.kind = Int32(contraction_mirror.rawValue)
    case .norm, .maximum, .minimum: preconditionFailure("not run by the kernels")
    }
    func fill(_ list: [Int], _ bytes: UnsafeMutableRawBufferPointer) {
      let numbers = bytes.bindMemory(to: Int64.self)
      precondition(list.count <= numbers.count, "an operation of \(list.count) dimensions")
      for (index, number) in list.enumerated() { numbers[index] = Int64(number) }
    }
    func address(_ own: TensorPlace) -> contraction_place {
      let (base, offset) = place(own.buffer)
      var result = contraction_place()
      result.buffer = Int64(base)
      result.offset = Int64(offset + own.offset)
      withUnsafeMutableBytes(of: &result.step) { fill(own.steps, $0) }
      return result
    }
    withUnsafeMutableBytes(of: &native.extent) { fill(operation.extents, $0) }
    if operation.kind != .loop {
      native.target = address(operation.target)
      withUnsafeMutableBytes(of: &native.target_stride) { fill(operation.targetStrides, $0) }
      native.factor_count = Int32(operation.factors.count)
      let places = operation.factors.map { address($0) }
      withUnsafeMutableBytes(of: &native.factor) { bytes in
        for (index, own) in places.enumerated() { bytes.bindMemory(to: contraction_place.self)[index] = own }
      }
      withUnsafeMutableBytes(of: &native.factor_stride) { bytes in
        let rank = Int(CONTRACTION_RANK)
        for (index, strides) in operation.factorStrides.enumerated() {
          let start = index * rank * MemoryLayout<Int64>.stride, end = start + rank * MemoryLayout<Int64>.stride
          fill(strides, UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
        }
      }
    }
    list[position] = native
  }
}
