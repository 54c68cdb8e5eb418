import TensorFiles
import Training

/// The mean loss over a plane through a network's weights, measured, beside its second-order model.
public struct LossPlane: Sendable {
  public let specification: LandscapeConfiguration.Plane
  /// The name of the network.
  public let network: String
  /// The number of samples whose mean is taken.
  public let samples: Int
  public let model: SecondOrderModel
  /// Whether directions that are to be eigenvectors are, as far as asked for.
  public let directionsConverged: Bool
  /// The mean loss at each point, one row for each coordinate along v, in each one number for each coordinate along u; not finite
  /// where the loss is not.
  public let losses: [[Double]]
  /// The number of samples whose class is predicted, likewise.
  public let correct: [[Int]]

  /// From `−radius` to `radius`, for both directions.
  public var coordinates: [Double] { specification.coordinates }

  /// The loss at the weights themselves, as it stands in the middle of the grid.
  public var centerLoss: Double { losses[losses.count / 2][losses.count / 2] }

  /// The number of points whose loss is not finite.
  public var gaps: Int { losses.joined().count { !$0.isFinite } }

  /// The model at each point.
  public var modelLosses: [[Double]] { coordinates.map { b in coordinates.map { model.value($0, b) } } }

  /// How far the loss is from its second-order model, measured over the points of a square in the plane; a number of these points,
  /// and no bound.
  public struct Roughness: Hashable, Sendable {
    /// The largest coordinate of the square, as a part of the radius.
    public let part: Double
    /// `mean |L − q|`.
    public let deviation: Double
    /// `mean |L − L₀|`, with the loss `L₀` in the middle.
    public let rise: Double
    /// `deviation/rise`: 0 for a quadratic function, 1 where the model is as far off as if the loss were taken for constant; `nil`
    /// where the loss is constant, or finite at too few points.
    public var relative: Double? { rise > 0 ? deviation / rise : nil }
  }

  /// The roughness over the points whose coordinates are at most a part of the radius, those of them with a finite loss.
  public func roughness(within part: Double = 1) -> Roughness {
    var (deviation, rise, count) = (0.0, 0.0, 0)
    let limit = part * specification.radius * (1 + 1e-12)
    for (row, b) in coordinates.enumerated() where abs(b) <= limit {
      for (column, a) in coordinates.enumerated() where abs(a) <= limit && losses[row][column].isFinite {
        deviation += abs(losses[row][column] - model.value(a, b))
        rise += abs(losses[row][column] - centerLoss)
        count += 1
      }
    }
    let share = 1 / Double(max(1, count))
    return Roughness(part: part, deviation: deviation * share, rise: rise * share)
  }
}

extension LandscapeConfiguration.Plane {
  /// From `−radius` to `radius`, evenly spaced, with 0 exactly in the middle.
  public var coordinates: [Double] {
    let half = points / 2
    return (-half...half).map { radius * Double($0) / Double(half) }
  }
}

extension LossPlane {
  /// The points as a table: coordinates, loss, model, deviation and accuracy.
  public var csv: String {
    var rows: [[CSVWriter.Field]] = []
    for (row, b) in coordinates.enumerated() {
      for (column, a) in coordinates.enumerated() {
        let (loss, value) = (losses[row][column], model.value(a, b))
        rows.append(
          [a, b, loss, value, loss - value, Double(correct[row][column]) / Double(samples)].map { .number($0) })
      }
    }
    return CSVWriter.text(header: ["a", "b", "loss", "model", "deviation", "accuracy"], rows: rows)
  }
}
