import Arithmetic
import Evaluation
import Formulas
import Foundation
import Transformers

@testable import Training

/// Small networks and images to train on.
enum SampleProblem {
  /// Grey images of 4×4 pixels in three classes, drawn from a seed; brighter on the left, in the middle or on the right.
  static func images(_ count: Int, seed: UInt64 = 1) -> LabelledImages {
    var draw = SplitMix64(seed: seed)
    var pixels: [[Double]] = [], labels: [Int] = []
    for index in 0..<count {
      let label = index % 3
      labels.append(label)
      pixels.append((0..<16).map { Double(draw.uniform(below: 8)) + ($0 % 4 == label ? 8 : 0) })
    }
    return LabelledImages(side: 4, pixels: pixels, labels: labels)
  }

  /// Tokens of 2×2 pixels: L = 4, d = 4.
  static func samples(_ images: LabelledImages) -> SampleSet {
    SampleSet(images, tokens: ImageTokens(patch: 2), targetRows: 1, brightest: 15, classCount: 3)
  }

  /// Attention, GELU, biases, positions, softmax and logarithm.
  static func transformer(_ training: Transformers.Training = .all) throws -> TrainingProblem {
    let layers: [Layer] = [
      .linear(width: 6, bias: true), .position,
      .residual([.attention(.softmax, heads: 2, queryKey: .separate(3), valueWidth: 5)]),
      .residual(Layer.feedForward(.gelu, hidden: 7, width: 6)), .mean, .linear(width: 3, bias: true),
    ]
    let network = try Network(layers, tokens: 4, width: 4, training: training)
    return try TrainingProblem(Objective(network, measuredBy: .crossEntropy))
  }

  static let plan = TrainingPlan(
    epochs: 3, batch: 8, rate: 0.01, finalRate: 0.1, warmUp: 1, weightDecay: 0.05, clip: 0.5, seed: 7)

  static func trainer(
    threads: Int = 1, copies: Int = 1, plan: TrainingPlan = plan, from state: TrainingState? = nil
  ) throws -> Trainer {
    let problem = try transformer()
    // 27 samples: the last batch of an epoch is shorter, and no number of parts divides all batches.
    let images = copies == 1 ? images(27) : images(27).moved(by: 1)
    let state = try state ?? TrainingState(weights: InitialWeights(problem, seed: 3).weights)
    return Trainer(
      plan, SampleLosses(problem, samples(images), threads: threads),
      heldOut: SampleLosses(problem, samples(Self.images(10, seed: 5)), threads: threads), copies: copies, from: state)
  }

  /// The epochs of a training that is finished.
  static func finish(_ trainer: Trainer) throws -> [EpochRecord] {
    var records: [EpochRecord] = []
    while !trainer.isFinished { if let record = try trainer.advance() { records.append(record) } }
    return records
  }
}

/// A folder that is removed with its content when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/training-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}
