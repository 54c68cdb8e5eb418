extension LadderFigure {
  private static let width = 980.0
  private static let margin = 24.0
  private static let lane = 27.0
  private static let noteRoom = 132.0

  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let labels = rungs.map { SVGText.width($0.label, size: 12.5) }.max() ?? 0
    let left = Self.margin + min(labels, 430) + 18, right = Self.width - Self.noteRoom
    let subtitles = subtitle.split(whereSeparator: \.isNewline).map(String.init)
    let top = 58 + 18 * Double(subtitles.count)
    let bottom = top + Self.lane * Double(rungs.count) + 8
    let axis = axis
    func x(_ value: Double) -> Double { left + (right - left) * axis.fraction(value) }
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, SVGText.open(width: Self.width, height: bottom + 62),
      "<title id=\"title\">\(SVGText.escape(title))</title>",
      "<desc id=\"desc\">\(SVGText.escape(summary.isEmpty ? subtitle : summary))</desc>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      SVGText.element(title, x: Self.margin, y: 32, size: 18, weight: 600),
    ]
    for (index, line) in subtitles.enumerated() {
      lines.append(
        SVGText.indexed(
          SVGText.shortened(line, to: Self.width - 2 * Self.margin, size: 12.5), x: Self.margin,
          y: 54 + 18 * Double(index), size: 12.5, color: "#57606a"))
    }
    lines += grid(axis, left: left, right: right, top: top, bottom: bottom)
    for index in rungs.indices {
      let y = top + Self.lane * (Double(index) + 0.5) + 4
      lines += rung(index, y: y, left: left, x: x)
    }
    lines.append(
      SVGText.element(valueLabel, x: (left + right) / 2, y: bottom + 44, size: 12.5, anchor: "middle"))
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func grid(
    _ axis: LogarithmicAxis, left: Double, right: Double, top: Double, bottom: Double
  ) -> [String] {
    var lines: [String] = []
    func vertical(_ place: Double, _ color: String) {
      let x = left + (right - left) * place
      lines.append(line(x, top, x, bottom, color))
    }
    let span = axis.highest - axis.lowest
    if span <= 6 {
      for power in axis.lowest..<axis.highest {
        for digit in 2...9 { vertical(axis.fraction(Double(digit) * LogLogGeometry.power(Double(power))), "#f1f3f5") }
      }
    }
    let labelled = Set(axis.ticks)
    for power in axis.lowest...axis.highest where labelled.contains(power) || span <= 40 {
      let place = Double(power - axis.lowest) / Double(span)
      vertical(place, labelled.contains(power) ? "#d5dbe1" : "#eff2f5")
      guard labelled.contains(power) else { continue }
      lines.append(
        SVGText.powerOfTen(power, x: left + (right - left) * place, y: bottom + 20, anchor: "middle"))
    }
    lines.append(line(left, bottom, right, bottom, "#57606a"))
    return lines
  }

  private func rung(_ index: Int, y: Double, left: Double, x: (Double) -> Double) -> [String] {
    let rung = rungs[index], color = "#" + LadderFigure.color(rung.kind)
    let isStep = rung.kind == .step
    var lines = [
      Self.lowered(
        SVGText.element(
          SVGText.shortened(rung.label, to: left - Self.margin - 18, size: 12.5), x: left - 14, y: y + 4.2, size: 12.5,
          weight: isStep ? 400 : 600, anchor: "end"))
    ]
    guard let value = rung.value else { return lines }
    let end = x(value)
    if let origin = origin(ofRung: index) {
      let start = x(origin)
      lines.append(line(start, y - Self.lane, start, y, "#8c959f"))
      if isStep {
        let (low, high) = (min(start, end), max(start, end))
        lines.append(
          "<rect x=\"\(px(low))\" y=\"\(px(y - 5))\" width=\"\(px(max(high - low, 1)))\" height=\"10\" "
            + "fill=\"\(color)\" fill-opacity=\"0.85\"/>")
      }
    }
    let name = "\(rung.label): \(value.text(significantDigits: 4))"
    let style = rung.kind == .comparison ? 3 : 0
    lines.append(
      "<g><title>\(SVGText.escape(name))</title>"
        + SVGMark.element(style, x: end, y: y, color: color, scale: isStep ? 0.7 : 1.2) + "</g>")
    lines.append(SVGText.element(rung.note, x: end + 11, y: y + 4.2, size: 12.5, color: "#1f2328"))
    return lines
  }

  /// The element with indices such as `_{2,∞}` and `_F` set below the line.
  private static func lowered(_ element: String) -> String {
    element.replacing(/_(?:\{([^}<]*)\}|([A-Za-z]+))/) { match in
      "<tspan dy=\"2.8\" font-size=\"9\">\(match.1 ?? match.2 ?? "")</tspan><tspan dy=\"-2.8\">\u{200B}</tspan>"
    }
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
    "<line x1=\"\(px(x1))\" y1=\"\(px(y1))\" x2=\"\(px(x2))\" y2=\"\(px(y2))\" stroke=\"\(color)\" stroke-width=\"1\"/>"
  }

  private func px(_ value: Double) -> String { SVGText.pixels(value) }
}
