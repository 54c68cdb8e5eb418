/// Marks in an SVG document.
enum SVGMark {
  /// A mark whose form tells the series apart without colour; hollow for values off the axis.
  static func element(
    _ series: Int, x: Double, y: Double, color: String, scale: Double = 1, isHollow: Bool = false
  ) -> String {
    let paint = isHollow ? "fill=\"#ffffff\" stroke=\"\(color)\" stroke-width=\"1.5\"" : "fill=\"\(color)\""
    func px(_ value: Double) -> String { SVGText.pixels(value) }
    func polygon(_ points: [(Double, Double)]) -> String {
      let list = points.map { "\(px(x + $0.0 * scale)),\(px(y + $0.1 * scale))" }.joined(separator: " ")
      return "<polygon points=\"\(list)\" \(paint)/>"
    }
    switch series % 6 {
    case 0: return "<circle cx=\"\(px(x))\" cy=\"\(px(y))\" r=\"\(px(4.2 * scale))\" \(paint)/>"
    case 1:
      let half = 3.8 * scale, side = px(2 * half)
      return "<rect x=\"\(px(x - half))\" y=\"\(px(y - half))\" width=\"\(side)\" height=\"\(side)\" \(paint)/>"
    case 2: return polygon([(0, -5), (4.8, 3.6), (-4.8, 3.6)])
    case 3: return polygon([(0, -5.4), (5.4, 0), (0, 5.4), (-5.4, 0)])
    case 4: return polygon([(0, 5), (4.8, -3.6), (-4.8, -3.6)])
    default: return polygon([(-5, 0), (-2.5, -4.4), (2.5, -4.4), (5, 0), (2.5, 4.4), (-2.5, 4.4)])
    }
  }
}
