extension SVGFigure {
  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let geometry = SVGGeometry(self)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(px(width))\" height=\"\(px(geometry.height))\" "
        + "viewBox=\"0 0 \(px(width)) \(px(geometry.height))\" role=\"img\" aria-labelledby=\"title desc\" "
        + "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif\">",
      "<title id=\"title\">\(SVGText.escape(title))</title>",
      "<desc id=\"desc\">\(SVGText.escape(summary.isEmpty ? subtitle : summary))</desc>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    lines += headings(geometry)
    lines += bands(geometry)
    lines += axis(geometry)
    for index in series.indices { lines += marks(index, geometry) }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func headings(_ geometry: SVGGeometry) -> [String] {
    var lines = [text(title, x: SVGGeometry.margin, y: 32, size: 18, weight: 600)]
    if !subtitle.isEmpty { lines.append(text(subtitle, x: SVGGeometry.margin, y: 52, size: 12.5, color: "#57606a")) }
    for (index, place) in geometry.legend.enumerated() {
      lines.append(mark(index, x: place.x + 6, y: place.y - 4.5))
      lines.append(text(series[index].name, x: place.x + 18, y: place.y, size: 12.5))
    }
    return lines
  }

  private func bands(_ geometry: SVGGeometry) -> [String] {
    categories.indices.flatMap { index -> [String] in
      let top = geometry.top + Double(index) * geometry.bandHeight
      var lines: [String] = []
      if index % 2 == 0 {
        lines.append(
          "<rect x=\"\(px(SVGGeometry.margin))\" y=\"\(px(top))\" width=\"\(px(width - 2 * SVGGeometry.margin))\" "
            + "height=\"\(px(geometry.bandHeight))\" fill=\"#f4f6f8\"/>")
      }
      lines.append(
        text(
          SVGText.shortened(categories[index], to: geometry.left - SVGGeometry.margin - 20, size: 12.5),
          x: geometry.left - geometry.gutter - 12, y: top + geometry.bandHeight / 2 + 4.5, size: 12.5, anchor: "end"))
      return lines
    }
  }

  private func axis(_ geometry: SVGGeometry) -> [String] {
    let axis = geometry.axis
    var lines: [String] = []
    func vertical(_ x: Double, _ color: String) {
      lines.append(
        "<line x1=\"\(px(x))\" y1=\"\(px(geometry.top))\" x2=\"\(px(x))\" y2=\"\(px(geometry.bottom))\" "
          + "stroke=\"\(color)\" stroke-width=\"1\"/>")
    }
    let labelled = Set(axis.ticks)
    for power in axis.lowest...axis.highest {
      let x = geometry.x(power: power)
      vertical(x, labelled.contains(power) ? "#c9d1d9" : "#e6eaee")
      guard labelled.contains(power) else { continue }
      let exponent = power < 0 ? "−\(-power)" : "\(power)"
      lines.append(
        "<text x=\"\(px(x))\" y=\"\(px(geometry.bottom + 20))\" font-size=\"12\" fill=\"#1f2328\" text-anchor=\"middle\">"
          + "10<tspan dy=\"-5\" font-size=\"9\">\(exponent)</tspan></text>")
    }
    if axis.hasZero {
      vertical(geometry.zero, "#c9d1d9")
      lines.append(
        text(axis.hasNegative ? "≤ 0" : "0", x: geometry.zero, y: geometry.bottom + 20, size: 12, anchor: "middle"))
    }
    if axis.hasInfinity {
      lines.append(text("∞", x: geometry.infinity, y: geometry.bottom + 20, size: 12, anchor: "middle"))
    }
    lines.append(
      "<line x1=\"\(px(geometry.left))\" y1=\"\(px(geometry.bottom))\" x2=\"\(px(geometry.right))\" "
        + "y2=\"\(px(geometry.bottom))\" stroke=\"#57606a\" stroke-width=\"1\"/>")
    lines.append(
      text(valueLabel, x: (geometry.left + geometry.right) / 2, y: geometry.bottom + 42, size: 12.5, anchor: "middle"))
    return lines
  }

  private func marks(_ index: Int, _ geometry: SVGGeometry) -> [String] {
    var lines = ["<g>"]
    for (category, value) in series[index].values.enumerated() {
      guard let value, !value.isNaN else { continue }
      let y = geometry.y(category: category, series: index)
      let x = geometry.x(value)
      let name = "\(series[index].name), \(categories[category]): \(value.text(significantDigits: 4))"
      lines.append("<g><title>\(SVGText.escape(name))</title>")
      if style == .bars, value > 0 {
        lines.append(
          "<rect x=\"\(px(geometry.left))\" y=\"\(px(y - SVGGeometry.lane * 0.4))\" width=\"\(px(max(1, x - geometry.left)))\" "
            + "height=\"\(px(SVGGeometry.lane * 0.8))\" fill=\"\(SVGFigure.color(index))\"/>")
      } else {
        lines.append(mark(index, x: x, y: y, isHollow: value <= 0))
      }
      lines.append("</g>")
    }
    return lines + ["</g>"]
  }

  /// A mark whose form tells the series apart without colour; hollow for values off the axis.
  private func mark(_ series: Int, x: Double, y: Double, isHollow: Bool = false) -> String {
    let color = SVGFigure.color(series)
    let paint = isHollow ? "fill=\"#ffffff\" stroke=\"\(color)\" stroke-width=\"1.5\"" : "fill=\"\(color)\""
    func polygon(_ points: [(Double, Double)]) -> String {
      let list = points.map { "\(px(x + $0.0)),\(px(y + $0.1))" }.joined(separator: " ")
      return "<polygon points=\"\(list)\" \(paint)/>"
    }
    switch style == .bars && !isHollow ? 1 : series % 6 {
    case 0: return "<circle cx=\"\(px(x))\" cy=\"\(px(y))\" r=\"4.20\" \(paint)/>"
    case 1: return "<rect x=\"\(px(x - 3.8))\" y=\"\(px(y - 3.8))\" width=\"7.60\" height=\"7.60\" \(paint)/>"
    case 2: return polygon([(0, -5), (4.8, 3.6), (-4.8, 3.6)])
    case 3: return polygon([(0, -5.4), (5.4, 0), (0, 5.4), (-5.4, 0)])
    case 4: return polygon([(0, 5), (4.8, -3.6), (-4.8, -3.6)])
    default: return polygon([(-5, 0), (-2.5, -4.4), (2.5, -4.4), (5, 0), (2.5, 4.4), (-2.5, 4.4)])
    }
  }

  private func text(
    _ content: String, x: Double, y: Double, size: Double, weight: Int = 400, color: String = "#1f2328",
    anchor: String = "start"
  ) -> String {
    let style =
      "font-size=\"\(px(size))\" fill=\"\(color)\" text-anchor=\"\(anchor)\""
      + (weight == 400 ? "" : " font-weight=\"\(weight)\"")
    return "<text x=\"\(px(x))\" y=\"\(px(y))\" \(style)>\(SVGText.escape(content))</text>"
  }

  private func px(_ value: Double) -> String { value.text(decimals: 2) }
}
