extension DensityFigure {
  private static let margin = 24.0
  private static let width = 860.0
  private static let left = 84.0
  private static let right = width - margin
  private static let densityHeight = 300.0
  private static let cumulativeHeight = 110.0

  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let subtitles = subtitle.split(whereSeparator: \.isNewline).map(String.init)
    let top = 66 + 18 * Double(max(1, subtitles.count)), middle = top + Self.densityHeight
    let below = middle + 26, bottom = below + Self.cumulativeHeight
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
    lines += grid(top: top, middle: middle, below: below, bottom: bottom)
    lines += curves(top: top, middle: middle)
    lines += markLines(middle)
    let share = points.map { "\(px(x($0.abscissa))),\(px(bottom - Self.cumulativeHeight * clamped($0.cumulative)))" }
    lines.append(polyline(share, color: SVGFigure.color(0), width: "1.8"))
    lines.append(rotated(densityLabel, y: (top + middle) / 2))
    lines.append(rotated(cumulativeLabel, y: (below + bottom) / 2))
    lines.append(
      SVGText.element(abscissaLabel, x: (Self.left + Self.right) / 2, y: bottom + 44, size: 12.5, anchor: "middle"))
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func clamped(_ share: Double) -> Double { min(max(share, 0), 1) }

  private func x(_ value: Double) -> Double { Self.left + (Self.right - Self.left) * abscissas.fraction(value) }

  private func grid(top: Double, middle: Double, below: Double, bottom: Double) -> [String] {
    var lines: [String] = []
    let up = densities, across = abscissas
    let labelled = Set(up.ticks)
    for power in up.lowest...up.highest where labelled.contains(power) || up.highest - up.lowest <= 40 {
      let y = middle - Self.densityHeight * Double(power - up.lowest) / Double(up.highest - up.lowest)
      lines.append(line(Self.left, y, Self.right, y, labelled.contains(power) ? "#d5dbe1" : "#eff2f5"))
      if labelled.contains(power) {
        lines.append(SVGText.powerOfTen(power, x: Self.left - 8, y: y + 4.5, anchor: "end"))
      }
    }
    for share in [0.0, 0.5, 1] {
      let y = bottom - Self.cumulativeHeight * share
      lines.append(line(Self.left, y, Self.right, y, "#d5dbe1"))
      lines.append(
        SVGText.element(
          share.text(decimals: share == 0.5 ? 1 : 0), x: Self.left - 8, y: y + 4.5, size: 12, anchor: "end")
      )
    }
    for tick in across.ticks {
      lines.append(line(x(tick), top, x(tick), middle, tick == 0 ? "#a8b1ba" : "#eaeef2"))
      lines.append(line(x(tick), below, x(tick), bottom, tick == 0 ? "#a8b1ba" : "#eaeef2"))
      lines.append(SVGText.element(across.label(tick), x: x(tick), y: bottom + 20, size: 12, anchor: "middle"))
    }
    lines += [
      line(Self.left, middle, Self.right, middle, "#57606a"), line(Self.left, bottom, Self.right, bottom, "#57606a"),
    ]
    lines += [line(Self.left, top, Self.left, middle, "#57606a"), line(Self.left, below, Self.left, bottom, "#57606a")]
    return lines
  }

  private func curves(top: Double, middle: Double) -> [String] {
    let axis = densities, color = SVGFigure.color(0)
    func places(_ curve: [(x: Double, y: Double)]) -> [String] {
      curve.map { "\(px(x($0.x))),\(px(middle - (middle - top) * axis.fraction($0.y)))" }
    }
    let path = places(curve)
    let ends = ["\(px(x(curve[0].x))),\(px(middle))", "\(px(x(curve[curve.count - 1].x))),\(px(middle))"]
    var lines = [
      "<polygon points=\"\((ends.prefix(1) + path + ends.suffix(1)).joined(separator: " "))\" fill=\"\(color)\" "
        + "fill-opacity=\"0.10\"/>"
    ]
    if hasErrors {
      let band = places(upper) + places(lower).reversed()
      lines.append("<polygon points=\"\(band.joined(separator: " "))\" fill=\"\(color)\" fill-opacity=\"0.25\"/>")
    }
    return lines + [polyline(path, color: color, width: "1.6")]
  }

  /// A line at each mark, on the axis of the density.
  private func markLines(_ middle: Double) -> [String] {
    marks.map { mark in
      "<g><title>\(SVGText.escape(mark.text(significantDigits: 6)))</title>"
        + SVGMark.element(2, x: x(mark), y: middle + 9, color: SVGFigure.color(1), scale: 0.9)
        + "<line x1=\"\(px(x(mark)))\" y1=\"\(px(middle - 14))\" x2=\"\(px(x(mark)))\" y2=\"\(px(middle + 4))\" "
        + "stroke=\"\(SVGFigure.color(1))\" stroke-width=\"1.4\"/></g>"
    }
  }

  private func rotated(_ text: String, y: Double) -> String {
    "<g transform=\"translate(\(px(Self.margin + 2)) \(px(y))) rotate(-90)\">"
      + SVGText.element(text, x: 0, y: 0, size: 12.5, anchor: "middle") + "</g>"
  }

  private func polyline(_ path: [String], color: String, width: String) -> String {
    "<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(width)\"/>"
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
    "<line x1=\"\(px(x1))\" y1=\"\(px(y1))\" x2=\"\(px(x2))\" y2=\"\(px(y2))\" stroke=\"\(color)\" stroke-width=\"1\"/>"
  }

  private func px(_ value: Double) -> String { SVGText.pixels(value) }
}
