import Arithmetic
import Training

/// What is measured at trained weights `w*` and away from them: losses, gradients and Hessians of the samples, in floating
/// point. None of it is a bound.
public struct ExperimentMeasurement: Sendable {
  /// How a point `w* + r u` was chosen.
  public enum Direction: Hashable, Sendable {
    case random(Int)
    /// An eigenvector of the mean Hessian, counted from the largest eigenvalue.
    case eigenvector(Int)

    public var isRandom: Bool { if case .random = self { true } else { false } }
    public var name: String {
      switch self {
      case .random(let index): "random \(index + 1)"
      case .eigenvector(let index): "eigenvector \(index + 1)"
      }
    }
  }

  /// The increments of the mean loss at points that are equally far from `w*`.
  public struct Increments: Sendable {
    /// `r`; zero at `w*` itself.
    public let radius: Rational
    /// Whether the directions are random, or eigenvectors.
    public let isRandom: Bool
    public let means: RunningMeans
  }

  /// The second-order expansion of the increments along one direction, for the last sample of the data: means over all
  /// samples i of the distance of a number of sample i from the mean of that number over the others.
  public struct Expansion: Hashable, Sendable {
    public let radius: Rational
    public let direction: Direction
    /// Of the losses at `w = w* + r u`.
    public let loss: Double
    /// Of the losses at `w*`.
    public let constant: Double
    /// Of `r ∇ℓ_i(w*)ᵀu`.
    public let gradient: Double
    /// Of `½ r² uᵀH_i u`.
    public let hessian: Double
    /// Of what the three leave of the losses at `w`.
    public let remainder: Double
  }

  /// How far a sample's Hessian is from the mean of those before it.
  public struct HessianGap: Hashable, Sendable {
    public let order: Int
    /// `k`.
    public let count: Int
    /// `‖H_{k+1} − (1/k) Σ_{i≤k} H_i‖₂`, from below.
    public let norm: Double
    /// `‖H_{k+1}‖₂`, from below.
    public let single: Double
    public let isConverged: Bool
  }

  /// The number of samples.
  public let count: Int
  /// `‖w*‖`.
  public let weightNorm: Double
  /// The losses of the samples at `w*`.
  public let losses: [Double]
  /// `‖∇L(w*)‖` of the mean loss.
  public let gradientNorm: Double
  /// `‖∇ℓ_i(w*)‖` of every sample.
  public let sampleGradientNorms: [Double]
  /// `‖∇ℓ_i(w*) − ∇L_{−i}(w*)‖` with the mean over the other samples.
  public let gradientGaps: [Double]
  /// Eigenvalues of the mean Hessian, largest first, and whether Lanczos iteration converged.
  public let eigenvalues: [Double]
  public let isSpectrumConverged: Bool
  public let hessianGaps: [HessianGap]
  /// At `w*`, then by radius.
  public let increments: [Increments]
  public let expansions: [Expansion]

  /// The largest measured `‖H_i(w*)‖₂`, over the samples that were measured; `nil` where none were.
  public var largestHessianNorm: Double? { hessianGaps.map(\.single).max() }
}
