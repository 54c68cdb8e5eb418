extension LogLogFigure {
  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let geometry = LogLogGeometry(self)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, SVGText.open(width: geometry.width, height: geometry.height),
      "<title id=\"title\">\(SVGText.escape(title))</title>",
      "<desc id=\"desc\">\(SVGText.escape(summary.isEmpty ? subtitle : summary))</desc>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      SVGText.element(title, x: LogLogGeometry.margin, y: 34, size: 18, weight: 600),
    ]
    let room = geometry.width - 2 * LogLogGeometry.margin
    for (index, line) in subtitle.split(whereSeparator: \.isNewline).enumerated() {
      lines.append(
        SVGText.indexed(
          SVGText.shortened(SVGText.plain(String(line)), to: room, size: 12.5), x: LogLogGeometry.margin,
          y: 56 + 18 * Double(index), size: 12.5, color: "#57606a"))
    }
    let middle = (geometry.top + geometry.bottom) / 2
    lines.append(
      "<g transform=\"translate(\(px(LogLogGeometry.margin + 6)) \(px(middle))) rotate(-90)\">"
        + SVGText.element(SVGText.plain(valueLabel), x: 0, y: 0, size: 12.5, anchor: "middle") + "</g>")
    for index in panels.indices { lines += panel(index, geometry) }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func panel(_ index: Int, _ geometry: LogLogGeometry) -> [String] {
    let left = geometry.left(index), right = left + geometry.panelWidth
    var lines = ["<g>", SVGText.indexed(panels[index].title, x: left, y: geometry.top - 12, size: 13.5, weight: 600)]
    lines += grid(left, right, geometry, isFirst: index == 0)
    lines.append(
      SVGText.element(
        SVGText.plain(abscissaLabel), x: (left + right) / 2, y: geometry.bottom + 44, size: 12.5, anchor: "middle"))
    let drawn = panels[index].curves.filter { !points($0).isEmpty }
    for curve in drawn { lines += self.curve(curve, left, geometry) }
    lines += labels(drawn, left, geometry)
    return lines + ["</g>"]
  }

  private func grid(_ left: Double, _ right: Double, _ geometry: LogLogGeometry, isFirst: Bool) -> [String] {
    var lines: [String] = []
    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) {
      lines.append(
        "<line x1=\"\(px(x1))\" y1=\"\(px(y1))\" x2=\"\(px(x2))\" y2=\"\(px(y2))\" stroke=\"\(color)\" "
          + "stroke-width=\"1\"/>"
      )
    }
    let (across, up) = (geometry.abscissas, geometry.values)
    for value in across.minorValues {
      let x = geometry.x(value, left)
      line(x, geometry.top, x, geometry.bottom, "#f3f5f7")
    }
    let labelled = Set(up.ticks)
    for power in up.lowest...up.highest where labelled.contains(power) || up.highest - up.lowest <= 40 {
      let y = geometry.y(Double(power))
      line(left, y, right, y, labelled.contains(power) ? "#d5dbe1" : "#eff2f5")
      if isFirst, labelled.contains(power) {
        lines.append(SVGText.powerOfTen(power, x: left - 8, y: y + 4.5, anchor: "end"))
      }
    }
    for tick in across.ticks {
      let x = geometry.x(tick.value, left), y = geometry.bottom + 20
      line(x, geometry.top, x, geometry.bottom, "#d5dbe1")
      switch tick.label {
      case .power(let power): lines.append(SVGText.powerOfTen(power, x: x, y: y, anchor: "middle"))
      case .number(let text): lines.append(SVGText.element(text, x: x, y: y, size: 12.5, anchor: "middle"))
      }
    }
    line(left, geometry.bottom, right, geometry.bottom, "#57606a")
    line(left, geometry.top, left, geometry.bottom, "#57606a")
    return lines
  }

  /// Marks nearer than this to the one before are left out.
  private static let markDistance = 6.0

  private func curve(_ curve: Curve, _ left: Double, _ geometry: LogLogGeometry) -> [String] {
    let color = SVGFigure.color(curve.style)
    let places = points(curve).map {
      (x: geometry.x($0.x, left), y: geometry.y(LogLogGeometry.logarithm($0.y)), value: $0)
    }
    let path = places.map { "\(px($0.x)),\(px($0.y))" }.joined(separator: " ")
    let pattern = LogLogFigure.patterns[curve.style % LogLogFigure.patterns.count].svg
    let dash = pattern.isEmpty ? "" : " stroke-dasharray=\"\(pattern)\""
    // Curves that lie on each other: the lower one's marks are larger, and the upper one's line has gaps.
    let scale = 1 - 0.09 * Double(curve.style % 6)
    var lines = ["<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.8\"\(dash)/>"]
    var marked = -Double.infinity
    for (index, place) in places.enumerated() where place.x - marked >= Self.markDistance || index == places.count - 1 {
      marked = place.x
      let value = "\(place.value.y.text(significantDigits: 4)) at \(place.value.x.text(significantDigits: 4))"
      lines.append(
        "<g><title>\(SVGText.escape("\(SVGText.plain(curve.name)): \(value)"))</title>"
          + SVGMark.element(curve.style, x: place.x, y: place.y, color: color, scale: scale) + "</g>")
    }
    return lines
  }

  /// Names and notes at the curves' ends, moved apart, each with a line to its end.
  private func labels(_ curves: [Curve], _ left: Double, _ geometry: LogLogGeometry) -> [String] {
    let ends = curves.compactMap { points($0).last }.map {
      (x: geometry.x($0.x, left), y: geometry.y(LogLogGeometry.logarithm($0.y)))
    }
    let places = LabelPlacement.separated(ends.map(\.y), gap: 17)
    let start = left + geometry.panelWidth + 26
    return curves.indices.flatMap { index -> [String] in
      let curve = curves[index], color = SVGFigure.color(curve.style), y = places[index]
      let line = [(ends[index].x + 5, ends[index].y), (start - 6, y)].map { "\(px($0.0)),\(px($0.1))" }
      return [
        "<polyline points=\"\(line.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"0.8\"/>",
        SVGText.element(
          SVGText.plain(curve.name), note: SVGText.plain(curve.note), x: start, y: y + 4.2, size: 12.5, weight: 600,
          color: color),
      ]
    }
  }

  private func px(_ value: Double) -> String { SVGText.pixels(value) }
}
