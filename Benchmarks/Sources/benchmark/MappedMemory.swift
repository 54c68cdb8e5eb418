#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Doubles in memory that the system has just given, given back at the end.
final class MappedMemory {
  let buffer: UnsafeMutableBufferPointer<Double>
  private let bytes: Int

  init(count: Int) throws {
    bytes = max(8 * count, 1)
    #if canImport(Glibc)
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
    #else
      let flags = MAP_PRIVATE | MAP_ANON
    #endif
    guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
      throw Refusal("there are no \(bytes) bytes of memory")
    }
    #if canImport(Glibc)
      // Pages of 2 MB where there is room for some.
      if bytes >= 4 << 20 { madvise(start, bytes, MADV_HUGEPAGE) }
    #endif
    buffer = UnsafeMutableBufferPointer(start: start.bindMemory(to: Double.self, capacity: count), count: count)
  }

  deinit { munmap(buffer.baseAddress, bytes) }
}
