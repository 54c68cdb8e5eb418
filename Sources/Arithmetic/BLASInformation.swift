import CLAPACKE

/// Which BLAS is in use, as the command's verbose version prints it.
public struct BLASInformation: Hashable, Sendable, CustomStringConvertible {
  /// The library with its build, as it names itself; `nil` for a BLAS that does not say.
  public let configuration: String?
  /// The kernels in use, such as `SkylakeX`; `nil` for a BLAS that does not say.
  public let core: String?
  /// The number of threads; `nil` for a BLAS that does not say.
  public let threads: Int?

  /// The BLAS of this process, after its kernels were chosen.
  public static var current: Self {
    BLAS.prepare()
    let threads = Int(clapacke_threads())
    return Self(
      configuration: clapacke_configuration().map { String(cString: $0) },
      core: clapacke_core().map { String(cString: $0) },
      threads: threads == 0 ? nil : threads)
  }

  public var description: String {
    guard let configuration else { return "BLAS: a library that does not name itself" }
    let name = configuration.split(separator: " ").prefix(2).joined(separator: " ")
    let count = threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "an unknown number of threads"
    return "BLAS: \(name), \(core ?? "unknown") kernels, \(count)"
  }
}

/// The one-time preparation that every call into BLAS or LAPACK makes sure of first.
public enum BLAS {
  private static let preparation: Void = clapacke_select_core()

  /// Chooses the kernels and the number of threads, once in a process.
  public static func prepare() { _ = preparation }
}
