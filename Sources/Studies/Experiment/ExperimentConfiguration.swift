import Arithmetic
import TensorFiles
import Training
import Transformers

/// What an experiment trains, on what, and what it measures afterwards: a configuration file's content.
public struct ExperimentConfiguration: Hashable, Sendable {
  /// One network that is trained: the main one, or another to compare it with.
  public struct Variant: Hashable, Sendable {
    public var name: String
    public var layers: [Layer]
    public var training: Transformers.Training
    /// A checkpoint whose weights training begins with; `nil` to draw them.
    public var start: String?
  }

  /// What is measured at the trained weights.
  public struct Measurements: Hashable, Sendable {
    /// The number of random orders of the samples.
    public var permutations: Int
    /// The distances `r` of the points `w* + r u`, relative to `‖w*‖`.
    public var radii: [Rational]
    /// The number of random directions `u`.
    public var randomDirections: Int
    /// The number of eigenvectors of the mean Hessian, of the largest eigenvalues, that are directions too.
    public var eigenvectors: Int
    /// The tolerances for which `k*` is given.
    public var tolerances: [Rational]
    /// The probability with which statistical statements may fail.
    public var risk: Rational
    /// The number of orders of the samples in which Hessians are compared.
    public var hessianOrders: Int
  }

  public var name: String
  public var data: TrainingTask.Data
  public var loss: Loss
  public var network: Variant
  /// Further networks, trained in the same way.
  public var ablations: [Variant]
  public var plan: TrainingPlan
  /// The most steps of the quasi-Newton method on all samples after the last epoch; zero for none.
  public var minimization: Int
  public var measurements: Measurements
  /// The file's text, from which a manifest reproduces the run.
  public var source: JSONValue
  /// The folder that paths are relative to.
  public var folder: String

  /// What the networks are trained on, and how.
  public var task: TrainingTask {
    TrainingTask(
      name: name, data: data, loss: loss, plan: plan,
      descriptions: ["data", "optimizer"].map { source[$0]?.description ?? "" }, folder: folder)
  }
}
