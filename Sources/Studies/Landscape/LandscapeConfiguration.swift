import TensorFiles
import Training
import Transformers

/// What a landscape is drawn of: networks that are trained alike at first and then with one kernel each, and planes through
/// their weights.
public struct LandscapeConfiguration: Hashable, Sendable {
  /// How directions are scaled, which says what the coordinates are.
  public enum Normalization: String, CaseIterable, Hashable, Sendable {
    /// Each direction has Euclidean norm 1: coordinates are distances, alike for every network.
    case raw
    /// Each matrix of a direction has the Frobenius norm of the weight that it is added to: at coordinate 1 every weight is moved by as
    /// much as it is long.
    ///
    /// - Source: [li2018, §4], whose filters are whole matrices here.
    case matrix
  }

  /// Where directions come from.
  public enum Directions: String, CaseIterable, Hashable, Sendable {
    /// One is random in all `W_Q` and zero elsewhere, the other in all `W_K`.
    case queryKey = "query-key"
    /// Both are random in all `W_Q` and `W_K`.
    case joint
    /// Eigenvectors of the mean Hessian of the plane's samples in all `W_Q` and `W_K`, of its two largest eigenvalues.
    case eigenvectors
  }

  /// A plane, drawn for each network.
  public struct Plane: Hashable, Sendable {
    public var name: String
    public var directions: Directions
    public var normalization: Normalization
    /// The largest coordinate.
    public var radius: Double
    /// The number of points in each direction; odd, so that the middle is one.
    public var points: Int
    /// The most training samples whose mean loss is taken.
    public var batch: Int
    /// What directions and samples are drawn from.
    public var seed: UInt64

    /// All that decides the numbers.
    var identity: String {
      "\(name) \(directions.rawValue) \(normalization.rawValue) \(radius) \(points) \(batch) \(seed)"
    }
  }

  /// The training that each network goes on with alone.
  public struct Continuation: Hashable, Sendable {
    public var kernels: [AttentionKernel]
    public var plan: TrainingPlan
  }

  public var name: String
  public var data: TrainingTask.Data
  public var layers: [Layer]
  public var loss: Loss
  public var plan: TrainingPlan
  /// `nil` where only the network of the first training is looked at.
  public var continuation: Continuation?
  public var planes: [Plane]
  /// The file's text, from which a manifest reproduces the run.
  public var source: JSONValue
  /// The folder that paths are relative to.
  public var folder: String

  /// The first training.
  public var task: TrainingTask {
    TrainingTask(
      name: name, data: data, loss: loss, plan: plan,
      descriptions: ["data", "optimizer"].map { source[$0]?.description ?? "" }, folder: folder)
  }

  /// The training that begins with the weights of the first; paths are relative to nothing.
  func continued(_ continuation: Continuation) -> TrainingTask {
    TrainingTask(
      name: name, data: data, loss: loss, plan: continuation.plan,
      descriptions: [
        source["data"]?.description ?? "", source["continue"]?["optimizer"]?.description ?? "",
      ], folder: "")
  }
}
