import AttentionHessian

/// Training steps of this project.
final class TrainingMeasurement {
  private let inputs: TrainingInputs
  private let losses: SampleLosses
  private let trainer: Trainer

  /// - Parameter path: what `TrainingInputs.write(to:configuration:)` wrote.
  init(contentsOf path: String, threads: Int) throws {
    let file = try SafetensorsFile(path: path)
    guard let configuration = file.metadata("configuration"), let seed = file.metadata("seed").flatMap({ UInt64($0) })
    else { throw Refusal("\(path) names no configuration") }
    inputs = try TrainingInputs(configuration, seed: seed, from: path)
    losses = SampleLosses(inputs.problem, inputs.samples, threads: threads)
    trainer = Trainer(inputs.plan, losses, heldOut: nil, from: TrainingState(weights: inputs.weights))
    // The program is compiled when it is first used.
    _ = try gradient(0)
  }

  /// One step: losses and gradients of a batch, and the optimiser.
  func step() throws { _ = try trainer.advance() }

  /// The mean loss of a batch and its gradient, at the weights that training began with.
  func gradient(_ set: Int) throws -> [Double] {
    let (sum, gradient) = try losses.gradientSum(of: inputs.indices(set), at: inputs.weights)
    return ([sum.loss] + gradient).map { $0 / Double(inputs.batch) }
  }
}
