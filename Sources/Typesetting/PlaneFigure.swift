/// Numbers over a plane, as contours or as a surface, in panels side by side that share axes, levels and colours; over each a
/// model of them, dashed.
public struct PlaneFigure: Sendable {
  public struct Panel: Sendable {
    public let title: String
    /// Lines below the panel.
    public let notes: [String]
    /// One row for each ordinate, in each one number for each abscissa.
    public let values: [[Double]]
    /// The same of the model; empty for none.
    public let model: [[Double]]

    public init(_ title: String, notes: [String] = [], values: [[Double]], model: [[Double]] = []) {
      (self.title, self.notes, self.values, self.model) = (title, notes, values, model)
    }
  }

  /// How the numbers are drawn.
  public enum Style: Hashable, Sendable { case contours, surface }

  public let title: String
  /// One line or several.
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  public let abscissaLabel: String
  public let ordinateLabel: String
  public let valueLabel: String
  /// The name of the model.
  public let modelLabel: String
  /// In ascending order, for abscissas and ordinates alike.
  public let coordinates: [Double]
  public let panels: [Panel]
  public let style: Style

  /// - Precondition: there is a panel, and at least two ascending coordinates; each panel has one value, and where it has a model
  ///   one of that, for each pair of them.
  public init(
    title: String, subtitle: String = "", summary: String = "", abscissaLabel: String, ordinateLabel: String,
    valueLabel: String, modelLabel: String, coordinates: [Double], panels: [Panel], style: Style
  ) {
    precondition(!panels.isEmpty, "a figure needs a panel")
    precondition(
      coordinates.count > 1 && zip(coordinates, coordinates.dropFirst()).allSatisfy { $0 < $1 },
      "coordinates out of order")
    for panel in panels {
      for grid in [panel.values] + (panel.model.isEmpty ? [] : [panel.model]) {
        precondition(
          grid.count == coordinates.count && grid.allSatisfy { $0.count == coordinates.count },
          "a grid of panel \(panel.title) is not \(coordinates.count)×\(coordinates.count)")
      }
    }
    (self.title, self.subtitle, self.summary) = (title, subtitle, summary)
    (self.abscissaLabel, self.ordinateLabel) = (abscissaLabel, ordinateLabel)
    (self.valueLabel, self.modelLabel) = (valueLabel, modelLabel)
    (self.coordinates, self.panels, self.style) = (coordinates, panels, style)
  }

  var scale: LevelScale { LevelScale(panels.flatMap { $0.values.joined() }) }
  var axis: LinearAxis { LinearAxis(coordinates[0], coordinates[coordinates.count - 1], ticks: 6) }
  var hasModel: Bool { panels.contains { !$0.model.isEmpty } }

  /// The coordinate at a place in units of the grid.
  func coordinate(_ place: Double) -> Double {
    let index = min(coordinates.count - 2, max(0, Int(place))), part = place - Double(index)
    return coordinates[index] + part * (coordinates[index + 1] - coordinates[index])
  }

  /// The number at a place in units of the grid, bilinear between neighbours.
  static func value(_ grid: [[Double]], x: Double, y: Double) -> Double {
    let column = min(grid[0].count - 2, max(0, Int(x))), row = min(grid.count - 2, max(0, Int(y)))
    let (s, t) = (x - Double(column), y - Double(row))
    let upper = grid[row][column] * (1 - s) + grid[row][column + 1] * s
    return upper * (1 - t) + (grid[row + 1][column] * (1 - s) + grid[row + 1][column + 1] * s) * t
  }

  /// The grid points that a coarser mesh keeps: at most `count`, the first and the last among them, evenly spaced if
  /// the number of points allows it.
  static func mesh(_ points: Int, atMost count: Int) -> [Int] {
    let steps = min(points - 1, max(1, count - 1))
    return (0...steps).map { ($0 * (points - 1) + steps / 2) / steps }
  }
}

extension PlaneFigure: Figure {}
