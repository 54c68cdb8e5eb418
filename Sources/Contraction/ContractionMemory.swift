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
}
