import Arithmetic
import Evaluation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Places for tensors in one block of memory, planned once: tensors that are never needed at the same time share numbers.
struct ContractionMemory {
  private struct Block {
    let offset: Int
    let size: Int
    let lastUse: Int
  }

  /// Numbers of a cache line.
  static let alignment = 8

  private var live: [Block] = []
  /// The size of the whole.
  private(set) var size = 0

  /// A place for a tensor from now to a later step.
  mutating func allocate(_ count: Int, at step: Int, until lastUse: Int) -> Int {
    live.removeAll { $0.lastUse < step }
    let needed = (max(count, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
    var offset = 0
    for block in live.sorted(by: { $0.offset < $1.offset }) {
      if block.offset - offset >= needed { break }
      offset = max(offset, block.offset + block.size)
    }
    live.append(Block(offset: offset, size: needed, lastUse: lastUse))
    size = max(size, offset + needed)
    return offset
  }

  /// Numbers of a tensor that no machine holds; strides and sums of fewer do not overflow.
  private static let mostNumbers = 1 << 48

  /// - Errors: a tensor that no memory holds.
  static func check(_ extents: [Int]) throws(EvaluationError) {
    guard extents.reduce(1, { $0.saturatingProduct($1) }) > mostNumbers else { return }
    let product = extents.map(String.init).joined(separator: "·")
    throw .arithmetic(.unsupported("a tensor of \(product) numbers"), at: "a contraction program")
  }

  /// Memory for some numbers, in lines of the cache; to be freed.
  ///
  /// - Errors: more memory than can be had.
  static func allocate(_ count: Int) throws(EvaluationError) -> UnsafeMutablePointer<Double> {
    let bytes = max(count, 1) * MemoryLayout<Double>.stride
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, alignment * MemoryLayout<Double>.stride, bytes) == 0, let memory else {
      throw .arithmetic(.unsupported("\(bytes) bytes of memory"), at: "a contraction program")
    }
    return memory.bindMemory(to: Double.self, capacity: max(count, 1))
  }
}
