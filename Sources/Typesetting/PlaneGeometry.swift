#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Where everything in a figure over a plane lies.
struct PlaneGeometry {
  static let margin = 24.0
  /// Width and height of a panel.
  static let side = 330.0
  private static let firstLeft = 84.0
  private static let gap = 78.0
  /// Room for the scale of levels.
  private static let room = 118.0

  let top: Double
  let width: Double
  let height: Double
  let coordinates: LinearAxis
  let scale: LevelScale
  private let panels: Int

  var bottom: Double { top + Self.side }

  init(_ figure: PlaneFigure) {
    top = 112 + 18 * Double(max(1, figure.subtitle.split(whereSeparator: \.isNewline).count))
    panels = figure.panels.count
    width = max(700, Self.firstLeft + Double(panels) * (Self.side + Self.gap) - Self.gap + Self.room)
    height = top + Self.side + 64 + 17 * Double(figure.panels.map(\.notes.count).max() ?? 0)
    (coordinates, scale) = (figure.axis, figure.scale)
  }

  func left(_ panel: Int) -> Double { Self.firstLeft + Double(panel) * (Self.side + Self.gap) }

  func x(_ coordinate: Double, _ left: Double) -> Double { left + Self.side * coordinates.fraction(coordinate) }
  func y(_ coordinate: Double) -> Double { bottom - Self.side * coordinates.fraction(coordinate) }

  /// The right side of the last panel.
  var end: Double { left(panels - 1) + Self.side }

  // MARK: Surfaces

  /// The direction of view, in radians: turned by this, and from so far above the plane.
  private static let turn = 0.61, elevation = 0.52
  private static let unit = side / 2.9
  private static let lift = 176.0

  /// The place of a point of a surface in a panel, and how far away it is.
  ///
  /// - Parameters: abscissa and ordinate from −1 to 1, height from 0 to 1.
  func project(_ a: Double, _ b: Double, _ height: Double, _ left: Double) -> (x: Double, y: Double, depth: Double) {
    let across = a * cos(Self.turn) - b * sin(Self.turn), depth = a * sin(Self.turn) + b * cos(Self.turn)
    return (
      left + Self.side / 2 + Self.unit * across,
      bottom - 76 - Self.unit * sin(Self.elevation) * depth - Self.lift * height, depth
    )
  }

  /// How bright a square with these heights at three corners is, from 0.55 to 1.
  func brightness(_ here: Double, right: Double, behind: Double, step: Double) -> Double {
    let rise = Self.lift / Self.unit
    let normal = (-(right - here) * rise / step, -(behind - here) * rise / step, 1.0)
    let length = sqrt(normal.0 * normal.0 + normal.1 * normal.1 + 1)
    // Light from the upper left.
    let light = (-0.5 * normal.0 - 0.35 * normal.1 + 0.79 * normal.2) / length
    return 0.55 + 0.45 * max(0, min(1, light))
  }
}
