import AttentionHessian

/// Training steps of this project, or losses at points of a plane.
final class TrainingMeasurement {
  private let inputs: TrainingInputs
  private let losses: SampleLosses
  private let trainer: Trainer
  private let quantity: MeasuredQuantity

  /// - Parameter path: what `TrainingInputs.write(to:configuration:)` wrote.
  init(contentsOf path: String, _ quantity: MeasuredQuantity, threads: Int) throws {
    self.quantity = quantity
    let file = try SafetensorsFile(path: path)
    guard let configuration = file.metadata("configuration"), let seed = file.metadata("seed").flatMap({ UInt64($0) }),
      let batch = file.metadata("batch").flatMap({ Int($0) })
    else { throw Refusal("\(path) names no configuration") }
    inputs = try TrainingInputs(configuration, batch: batch, seed: seed, from: path)
    let samples = quantity == .point ? inputs.samples.selecting(inputs.indices(0)) : inputs.samples
    losses = SampleLosses(inputs.problem, samples, threads: threads)
    trainer = Trainer(inputs.plan, losses, heldOut: nil, from: TrainingState(weights: inputs.weights))
    // The program is compiled when it is first used.
    _ = try result(0)
  }

  /// One step of training, losses and gradients of a batch and the optimiser; or the loss at the point whose turn it is.
  func call(_ turn: Int) throws {
    if quantity == .point { _ = try loss(turn) } else { _ = try trainer.advance() }
  }

  /// What contestants must agree in: the mean loss of a batch and its gradient at the weights that training began with, or the
  /// loss at a point.
  func result(_ set: Int) throws -> [Double] { quantity == .point ? [try loss(set)] : try gradient(set) }

  /// The mean loss of the first batch at all weights times `1 + c/50`, c one of five coordinates.
  private func loss(_ turn: Int) throws -> Double {
    let scale = 1 + Double(turn % TrainingInputs.batchCount) / 50
    return try losses.total(at: inputs.weights.map { scale * $0 }).loss / Double(inputs.batch)
  }

  private func gradient(_ set: Int) throws -> [Double] {
    let (sum, gradient) = try losses.gradientSum(of: inputs.indices(set), at: inputs.weights)
    return ([sum.loss] + gradient).map { $0 / Double(inputs.batch) }
  }
}
