import TensorFiles
import Training

/// What came of a landscape: the trained networks, and each plane for each of them.
public struct LandscapeResult: Sendable {
  public let configuration: LandscapeConfiguration
  /// Of the data.
  public let digest: String
  /// The number of samples trained on, and of those held out.
  public let samples: Int
  public let heldOut: Int
  /// The first training, then one network for each kernel.
  public let networks: [ExperimentResult.Trained]
  /// By plane, and then by network.
  public let planes: [LossPlane]
  /// The images, if that is what the data are.
  public let images: LabelledImages?

  /// The networks' measurements of one plane.
  func planes(of plane: LandscapeConfiguration.Plane) -> [LossPlane] {
    planes.filter { $0.specification.name == plane.name }
  }

  /// The parts of the radius for which roughness is told.
  public static let parts = [0.25, 0.5, 1.0]
}

extension LandscapeConfiguration.Plane {
  /// What the directions are, for a reader.
  public var directionStatement: String {
    switch directions {
    case .queryKey: "u is random in all `W_Q`, v in all `W_K`"
    case .joint: "u and v are random in all `W_Q` and `W_K`"
    case .eigenvectors:
      "u and v are eigenvectors of the mean Hessian in all `W_Q` and `W_K`, of its two largest eigenvalues"
    }
  }

  /// How they are scaled.
  public var scalingStatement: String {
    switch normalization {
    case .raw: "raw: each direction has norm 1, so that coordinates are distances"
    case .matrix: "matrix: each matrix of a direction has the Frobenius norm of the weight that it is added to"
    }
  }
}
