import TensorFiles
import Training
import Transformers

/// On what and how networks are trained: data, loss and plan.
public struct TrainingTask: Hashable, Sendable {
  /// The samples, and how they are made.
  public struct Data: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
      /// A file of images; as written, relative to the configuration's folder.
      case images(file: String)
      case pathfinder(Pathfinder)
      /// A file of texts.
      case texts(file: String, separator: LabelledTexts.Separator, tokens: Int, vocabulary: Int)
    }

    public var source: Source
    /// How images become tokens.
    public var tokens: ImageTokens
    /// By how many pixels, at most, an image is moved at random whenever it is trained on.
    public var shift: Int
    /// The number of samples that are not trained on, the last of a random order.
    public var heldOut: Int
    /// What that order is drawn from.
    public var splitSeed: UInt64

    /// The file, where there is one.
    public var file: String? {
      switch source {
      case .images(let file), .texts(let file, _, _, _): file
      case .pathfinder: nil
      }
    }

    /// What the samples are, for a reader.
    public var description: String {
      switch source {
      case .images: "The data are grey images, cut into patches of \(tokens.patch)×\(tokens.patch) pixels"
      case .pathfinder(let task):
        "The data are generated images of \(task.side)×\(task.side) pixels with two long dashed paths and "
          + "\(task.distractors) short ones, in which two dots mark the ends of one path or of two, cut into patches of "
          + "\(tokens.patch)×\(tokens.patch) pixels"
      case .texts(_, _, let tokens, let vocabulary):
        "The data are texts, the first \(tokens) words of each, as unit vectors of the \(vocabulary) most frequent words"
      }
    }
  }

  /// What messages call it.
  public var name: String
  public var data: Data
  public var loss: Loss
  public var plan: TrainingPlan
  /// The texts of the configuration that the training follows from, by which a checkpoint knows it again.
  public var descriptions: [String]
  /// The folder that paths are relative to.
  public var folder: String

  /// The path of a file that the configuration names.
  public func path(_ file: String) -> String { file.inFolder(folder) }
}
