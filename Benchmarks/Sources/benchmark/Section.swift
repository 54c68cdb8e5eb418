import ArgumentParser

/// What the benchmarks are about.
enum Section: String, CaseIterable, ExpressibleByArgument {
  /// The dense Hessian.
  case dense
  /// Hessian–vector products.
  case product
  /// `‖H‖₂` without forming `H`.
  case norm
  /// Training steps of a vision transformer.
  case training
  /// Points of a loss plane of the same transformer.
  case landscape
  /// From the start of a process to the dense Hessian in a file.
  case oneShot = "one-shot"
  /// From the start of a process to derived formulas in LaTeX.
  case derivation

  /// The samples of a call, where they are not the configuration's batches.
  var batch: Int? { self == .landscape ? 256 : nil }

  var title: String {
    switch self {
    case .dense: "Dense Hessian"
    case .product: "Hessian–vector product"
    case .norm: "‖H‖₂ to 1e-8 relative"
    case .training: "Training step of a vision transformer, batch 32"
    case .landscape: "Point of a loss plane of a vision transformer, batch 256"
    case .oneShot: "One shot: process start to dense Hessian in a file"
    case .derivation: "Process start to the derived blocks in LaTeX"
    }
  }
}
