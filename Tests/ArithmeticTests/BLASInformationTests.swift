import Testing

@testable import Arithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct BLASInformationTests {
  @Test func oldKernelsAreReplacedUnlessAskedFor() {
    let information = BLASInformation.current
    guard let core = information.core else { return }
    if getenv("OPENBLAS_NUM_THREADS") == nil { #expect(information.threads == 1) }
    #expect(information.description.contains(core) && information.description.hasPrefix("BLAS: OpenBLAS"))
    if let wanted = getenv("OPENBLAS_CORETYPE") {
      #expect(core.lowercased() == String(cString: wanted).lowercased())
      return
    }
    #if arch(x86_64) && os(Linux)
      if let processor = try? processorFlags(), processor.contains("avx2") {
        #expect(!["Prescott", "Core2", "Nehalem", "Sandybridge"].contains(core), "\(core) on an AVX2 processor")
      }
    #endif
  }

  #if arch(x86_64) && os(Linux)
    @Test func preparationReplacesKernelsForAnOlderProcessor() async throws {
      guard dlsym(nil, "gotoblas_dynamic_init") != nil, try processorFlags().contains("avx2") else { return }
      await #expect(processExitsWith: .success) {
        // What an OpenBLAS older than the processor does by itself: the kernels of 2004.
        typealias Action = @convention(c) () -> Void
        let quit = unsafeBitCast(try #require(dlsym(nil, "gotoblas_dynamic_quit")), to: Action.self)
        let start = unsafeBitCast(try #require(dlsym(nil, "gotoblas_dynamic_init")), to: Action.self)
        setenv("OPENBLAS_CORETYPE", "Prescott", 1)
        quit()
        start()
        unsetenv("OPENBLAS_CORETYPE")
        let core = BLASInformation.current.core
        #expect(core == "SkylakeX" || core == "Haswell")
        #expect(getenv("OPENBLAS_CORETYPE") == nil)
        var generator = SplitMix64(seed: 1)
        let a = Matrix<Double>.random(rows: 40, columns: 40, using: &generator)
        #expect((a * a - Double.loopProduct(a, a)).entries.allSatisfy { abs($0) < 1e-13 })
      }
    }
  #endif

  @Test func aBLASThatDoesNotNameItselfIsSaidTo() {
    let unknown = BLASInformation(configuration: nil, core: nil, threads: nil)
    #expect(unknown.description == "BLAS: a library that does not name itself")
  }

  /// The processor features the kernel lists.
  func processorFlags() throws -> Set<Substring> {
    let file = try #require(fopen("/proc/cpuinfo", "r"))
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 16_384)
    while fgets(&buffer, 16_384, file) != nil {
      let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if line.hasPrefix("flags") { return Set(line.split(separator: " ")) }
    }
    return []
  }
}
