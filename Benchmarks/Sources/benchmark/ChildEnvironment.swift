#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The environment of a measured process: that of this one, without what chooses kernels or threads for a library.
enum ChildEnvironment {
  /// Variables that begin so are set here or not at all.
  private static let prefixes = [
    "OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "VECLIB_", "NUMEXPR_", "XLA_", "JAX_", "TF_",
    "TORCH",
    "PYTORCH_", "PYTHON", "MALLOC_",
  ]

  /// The variables for a peer.
  static func peer(threads: Int) -> [String] {
    var variables =
      inherited + [
        "OMP_NUM_THREADS=\(threads)", "MKL_NUM_THREADS=\(threads)", "OPENBLAS_NUM_THREADS=\(threads)",
        "JAX_PLATFORMS=cpu", "JAX_ENABLE_X64=1", "TF_CPP_MIN_LOG_LEVEL=2",
      ]
    if threads == 1 { variables.append("XLA_FLAGS=--xla_cpu_multi_thread_eigen=false") }
    return variables
  }

  /// The variables for this project, which chooses kernels and threads itself.
  static var project: [String] { inherited }

  private static var inherited: [String] {
    var variables: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if !prefixes.contains(where: { text.hasPrefix($0) }) { variables.append(text) }
      next += 1
    }
    return variables
  }
}
