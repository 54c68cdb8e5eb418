extension SVGFigure {
  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let geometry = SVGGeometry(self)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      SVGText.open(width: width, height: geometry.height),
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
      lines.append(SVGText.powerOfTen(power, x: x, y: geometry.bottom + 20, anchor: "middle"))
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

  private func mark(_ series: Int, x: Double, y: Double, isHollow: Bool = false) -> String {
    SVGMark.element(
      style == .bars && !isHollow ? 1 : series, x: x, y: y, color: SVGFigure.color(series), isHollow: isHollow)
  }

  private func text(
    _ content: String, x: Double, y: Double, size: Double, weight: Int = 400, color: String = "#1f2328",
    anchor: String = "start"
  ) -> String {
    SVGText.element(content, x: x, y: y, size: size, weight: weight, color: color, anchor: anchor)
  }

  private func px(_ value: Double) -> String { SVGText.pixels(value) }
}
