import Arithmetic
import Formulas
import TensorFiles
import Training
import Transformers
import Typesetting

/// What came of an experiment: the trained networks, and what was measured and bounded at the weights of the first.
public struct ExperimentResult: Sendable {
  /// One trained network.
  public struct Trained: Sendable {
    public let name: String
    /// The layers, as they are written.
    public let layers: String
    /// The number of trained weights, and of those that stayed.
    public let weights: Int
    public let constants: Int
    public let records: [EpochRecord]
    /// The mean loss and the accuracy on the training samples, none of them moved, at the final weights.
    public let loss: Double
    public let accuracy: Double
    public let heldOutLoss: Double?
    public let heldOutAccuracy: Double?
    public let gradientNorm: Double

    /// - Parameter weights: the final ones.
    init(_ training: NetworkTraining, at weights: [Double]) throws {
      (name, layers) = (training.variant.name, training.network.text)
      (self.weights, constants) = (training.problem.layout.count, training.problem.constantLayout.count)
      records = training.records
      let count = Double(training.training.samples.count), sum = try training.training.total(at: weights)
      (loss, accuracy) = (sum.loss / count, Double(sum.correct) / count)
      let rest = try training.heldOut.map { (try $0.total(at: weights), Double($0.samples.count)) }
      heldOutLoss = rest.map { $0.0.loss / $0.1 }
      heldOutAccuracy = rest.map { Double($0.0.correct) / $0.1 }
      gradientNorm = try training.training.gradientNorm(at: weights)
    }
  }

  public let configuration: ExperimentConfiguration
  /// The SHA-256 of the data.
  public let digest: String
  /// The number of samples trained on, and of those held out.
  public let samples: Int
  public let heldOut: Int
  public let networks: [Trained]
  public let measurement: ExperimentMeasurement
  public let bounds: ExperimentBounds

  /// The main network.
  public var main: Trained { networks[0] }
}
