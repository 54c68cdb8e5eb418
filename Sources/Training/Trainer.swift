import Arithmetic
import Evaluation

/// Where a training stands: all that decides how it goes on.
public struct TrainingState: Hashable, Sendable {
  /// The trained matrices, in the order of the problem's layout.
  public internal(set) var weights: [Double]
  /// The steps taken since the beginning.
  public internal(set) var step = 0
  var optimizer: Adam
  /// The losses and right predictions of the current epoch so far.
  var epoch = SampleLosses.Sum()

  public init(weights: [Double]) {
    self.weights = weights
    optimizer = Adam(count: weights.count)
  }

  mutating func take(
    _ gradient: UnsafeBufferPointer<Double>, scale: Double, _ sum: SampleLosses.Sum, rate: Double, _ plan: TrainingPlan
  ) {
    optimizer.step(&weights, gradient, scale: scale, rate: rate, plan)
    step += 1
    epoch.loss += sum.loss
    epoch.correct += sum.correct
  }
}

/// What one epoch came to.
public struct EpochRecord: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// The steps taken since the beginning.
  public let step: Int
  /// The rate of the last step.
  public let rate: Double
  /// The mean loss of the epoch's samples, each at the weights of its step.
  public let loss: Double
  /// The part of them whose class was predicted.
  public let accuracy: Double
  /// The mean loss of the held-out samples after the epoch; `nil` where there are none.
  public let heldOutLoss: Double?
  public let heldOutAccuracy: Double?
}

/// A training that cannot go on.
public struct Divergence: Error, Hashable, Sendable, CustomStringConvertible {
  /// The step, counted from 1, and its epoch.
  public let step: Int
  public let epoch: Int
  /// What is not finite: the loss, or the gradient.
  public let quantity: String
  public var description: String {
    "the \(quantity) is not finite at step \(step), in epoch \(epoch); "
      + "take a smaller rate, a longer warm-up or a limit on the gradient ('clip')"
  }
}

/// Trains weights by Adam on mini-batches. The order of the samples, and with it every number, follows from the plan's seed;
/// a training that is continued from a state goes on as if it had not been interrupted, to the last bit.
public final class Trainer {
  public let plan: TrainingPlan
  public let training: SampleLosses
  public let heldOut: SampleLosses?
  public private(set) var state: TrainingState
  private var order: (epoch: Int, samples: [Int])?

  /// The number of samples of an epoch.
  private let count: Int

  /// - Parameter copies: of how many versions of each sample an epoch uses one, drawn at random; the training samples are
  ///   all of the first versions, then all of the second, and so on.
  /// - Precondition: the state has the problem's number of weights.
  public init(
    _ plan: TrainingPlan, _ training: SampleLosses, heldOut: SampleLosses?, copies: Int = 1, from state: TrainingState
  ) {
    precondition(training.samples.count % copies == 0, "\(copies) versions of \(training.samples.count) samples")
    count = training.samples.count / copies
    precondition(state.weights.count == training.problem.layout.count, "\(state.weights.count) weights")
    (self.plan, self.training, self.heldOut, self.state) = (plan, training, heldOut, state)
  }

  public var stepsPerEpoch: Int { plan.steps(of: count) }
  public var totalSteps: Int { plan.epochs * stepsPerEpoch }
  public var isFinished: Bool { state.step >= totalSteps }

  /// Takes one step; at the end of an epoch it says what the epoch came to.
  ///
  /// - Errors: `Divergence`, with the state before the step kept.
  public func advance() throws -> EpochRecord? {
    precondition(!isFinished, "the training is finished")
    let epoch = state.step / stepsPerEpoch, place = state.step % stepsPerEpoch
    let indices = batch(epoch, place)
    let (sum, gradient) = try training.sumGradients(of: indices, at: state.weights)
    func requireFinite(_ value: Double, _ quantity: String) throws(Divergence) {
      if !value.isFinite { throw Divergence(step: state.step + 1, epoch: epoch + 1, quantity: quantity) }
    }
    try requireFinite(sum.loss, "loss")
    var scale = 1 / Double(indices.count)
    let norm = scale * root(Vectors.sumOfSquares(gradient))
    try requireFinite(norm, "gradient")
    if let clip = plan.clip, norm > clip { scale *= clip / norm }
    let rate = plan.rate(step: state.step, perEpoch: stepsPerEpoch)
    state.take(gradient, scale: scale, sum, rate: rate, plan)
    return place + 1 == stepsPerEpoch ? try endEpoch(epoch, rate) : nil
  }

  private func endEpoch(_ epoch: Int, _ rate: Double) throws -> EpochRecord {
    let count = Double(count)
    let rest = try heldOut.map { (try $0.total(at: state.weights), Double($0.samples.count)) }
    defer { state.epoch = SampleLosses.Sum() }
    return EpochRecord(
      epoch: epoch + 1, step: state.step, rate: rate, loss: state.epoch.loss / count,
      accuracy: Double(state.epoch.correct) / count, heldOutLoss: rest.map { $0.0.loss / $0.1 },
      heldOutAccuracy: rest.map { Double($0.0.correct) / $0.1 })
  }

  /// The samples of a step: the next of the epoch's random order.
  private func batch(_ epoch: Int, _ place: Int) -> [Int] {
    if order?.epoch != epoch {
      let seed = SplitMix64.combined(plan.seed, UInt64(epoch)), copies = training.samples.count / count
      var generator = SplitMix64(seed: SplitMix64.mixed(seed))
      let samples = Permutation.random(of: count, seed: seed).map { sample in
        sample + (copies > 1 ? count * generator.uniform(below: copies) : 0)
      }
      order = (epoch, samples)
    }
    let samples = order?.samples ?? []
    return Array(samples[(place * plan.batch)..<min((place + 1) * plan.batch, samples.count)])
  }
}
