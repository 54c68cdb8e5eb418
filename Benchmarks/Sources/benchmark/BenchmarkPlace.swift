/// Where the parts of the benchmarks are.
struct BenchmarkPlace {
  /// This program.
  let executable: String
  /// The command `hessian`.
  let hessian: String
  /// The interpreter with the peers.
  let python: String
  /// The folder with the peers' programs.
  let peers: String
  /// The configuration of the network that is trained.
  let configuration: String
  /// A folder for inputs and results.
  let scratch: String
  /// The descriptor that takes what the measured processes say besides.
  let log: CInt
}
