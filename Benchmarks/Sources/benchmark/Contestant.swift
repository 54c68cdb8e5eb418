/// Who computes a quantity, and how.
struct Contestant: Hashable, Sendable {
  /// What runs as its process.
  enum Engine: Hashable, Sendable {
    /// This project.
    case project
    /// A peer, by the name that `Peers/worker.py` knows.
    case peer(String)
  }

  /// Where results of several megabytes go.
  enum Memory: String, Hashable, Sendable {
    /// Into the memory of the call before.
    case warm
    /// Into memory that the system has just given.
    case fresh
  }

  let name: String
  let engine: Engine
  let quantity: MeasuredQuantity
  let memory: Memory
  /// The memory it needs for a dense Hessian, in multiples of the matrix: to refuse what would not fit.
  let memoryFactor: Double
  /// How far its results may be off where that is more than for others: in lower precision, and so no peer of theirs.
  let ownTolerance: Double?

  private init(
    _ name: String, _ engine: Engine, _ quantity: MeasuredQuantity, _ memory: Memory = .fresh, memoryFactor: Double = 0,
    ownTolerance: Double? = nil
  ) {
    (self.name, self.engine, self.quantity) = (name, engine, quantity)
    (self.memory, self.memoryFactor, self.ownTolerance) = (memory, memoryFactor, ownTolerance)
  }

  var isProject: Bool { engine == .project }

  static let projectName = "AttentionHessian"

  static let dense = [
    Contestant("\(projectName), memory reused", .project, .dense, .warm, memoryFactor: 1.4),
    Contestant("\(projectName), fresh memory", .project, .dense, .fresh, memoryFactor: 1.4),
    Contestant("jax.hessian, jitted", .peer("jax.hessian"), .dense, memoryFactor: 4.5),
    Contestant("jax.linearize, 256 rows, jitted", .peer("jax.rows"), .dense, memoryFactor: 2),
    Contestant("torch.func.hessian", .peer("torch.func.hessian"), .dense, memoryFactor: 7),
    Contestant("torch, 256 rows, memory reused", .peer("torch.rows"), .dense, .warm, memoryFactor: 1.5),
  ]

  static let product = [
    Contestant("\(projectName)", .project, .product),
    Contestant("torch, graph of gradient kept", .peer("torch.cached-graph"), .product),
    Contestant("jax.linearize, jitted", .peer("jax.linearize"), .product),
    Contestant("jax jvp of grad, jitted", .peer("jax.jvp-of-grad"), .product),
    Contestant("torch double backward", .peer("torch.double-backward"), .product),
    Contestant("curvlinops", .peer("curvlinops.operator"), .product),
    Contestant("\(projectName), forward pass", .project, .forward),
    Contestant("torch, forward pass", .peer("torch.forward"), .forward),
    Contestant("jax, forward pass", .peer("jax.forward"), .forward),
  ]

  static let training = [
    Contestant("\(projectName)", .project, .step),
    Contestant("torch", .peer("training.eager"), .step),
    Contestant("torch.compile", .peer("training.compile"), .step),
    Contestant("torch, float32", .peer("training.eager-float32"), .step, ownTolerance: 1e-5),
    Contestant("torch.compile, float32", .peer("training.compile-float32"), .step, ownTolerance: 1e-5),
  ]

  static let landscape = [
    Contestant("\(projectName)", .project, .point),
    Contestant("torch", .peer("training.eager"), .point),
    Contestant("torch.compile", .peer("training.compile"), .point),
    Contestant("torch, float32", .peer("training.eager-float32"), .point, ownTolerance: 1e-5),
  ]

  static let norm = [
    Contestant("\(projectName)", .project, .norm),
    Contestant("SciPy eigsh, torch, graph kept", .peer("torch.cached-graph"), .norm),
    Contestant("SciPy eigsh, jax.linearize", .peer("jax.linearize"), .norm),
    Contestant("SciPy eigsh, 12 vectors, jax.linearize", .peer("jax.linearize:12"), .norm),
    Contestant("SciPy eigsh, jax jvp of grad", .peer("jax.jvp-of-grad"), .norm),
    Contestant("SciPy eigsh, curvlinops", .peer("curvlinops.operator"), .norm),
  ]
}
