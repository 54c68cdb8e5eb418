extension PlaneFigure {
  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let geometry = PlaneGeometry(self)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, SVGText.open(width: geometry.width, height: geometry.height),
      "<title id=\"title\">\(SVGText.escape(title))</title>",
      "<desc id=\"desc\">\(SVGText.escape(summary.isEmpty ? subtitle : summary))</desc>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      SVGText.element(title, x: PlaneGeometry.margin, y: 34, size: 18, weight: 600),
    ]
    let room = geometry.width - 2 * PlaneGeometry.margin
    for (index, line) in subtitle.split(whereSeparator: \.isNewline).enumerated() {
      lines.append(
        SVGText.indexed(
          SVGText.shortened(SVGText.plain(String(line)), to: room, size: 12.5), x: PlaneGeometry.margin,
          y: 56 + 18 * Double(index), size: 12.5, color: "#57606a"))
    }
    lines += legend(geometry)
    for index in panels.indices { lines += panel(index, geometry) }
    lines += levelScale(geometry)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let lineColor = "#1f2328"
  private static var modelColor: String { SVGFigure.color(1) }

  /// The lines of numbers and model.
  private func legend(_ geometry: PlaneGeometry) -> [String] {
    let y = geometry.top - 44, start = geometry.left(0)
    var lines: [String] = [], x = start
    let names =
      (style == .contours ? [(valueLabel, Self.lineColor, "")] : [])
      + (hasModel ? [(modelLabel, Self.modelColor, Self.dashes)] : [])
    for (name, color, dash) in names {
      lines.append(stroke([(x, y - 4), (x + 30, y - 4)], color, width: 1.5, dash: dash))
      lines.append(SVGText.element(SVGText.plain(name), x: x + 38, y: y, size: 12.5))
      x += 38 + SVGText.width(SVGText.plain(name), size: 12.5) + 24
    }
    return lines
  }

  private static let dashes = "5 3.5"

  private func panel(_ index: Int, _ geometry: PlaneGeometry) -> [String] {
    let left = geometry.left(index), panel = panels[index]
    var lines = ["<g>", SVGText.indexed(panel.title, x: left, y: geometry.top - 14, size: 13.5, weight: 600)]
    lines += style == .contours ? contours(panel, left, geometry, isFirst: index == 0) : surface(panel, left, geometry)
    for (row, note) in panel.notes.enumerated() {
      lines.append(
        SVGText.element(
          SVGText.shortened(SVGText.plain(note), to: PlaneGeometry.side + 60, size: 12), x: left,
          y: geometry.bottom + 66 + 17 * Double(row), size: 12, color: "#57606a"))
    }
    return lines + ["</g>"]
  }

  // MARK: Contours

  private func contours(_ panel: Panel, _ left: Double, _ geometry: PlaneGeometry, isFirst: Bool) -> [String] {
    var lines = bands(panel.values, left, geometry)
    func place(_ point: GridContours.Point) -> (Double, Double) {
      (geometry.x(coordinate(point.x), left), geometry.y(coordinate(point.y)))
    }
    for level in geometry.scale.levels {
      for line in GridContours(panel.values).lines(at: level) {
        lines.append(stroke(line.map(place), Self.lineColor, width: 0.9))
      }
    }
    for level in geometry.scale.levels where !panel.model.isEmpty {
      for line in GridContours(panel.model).lines(at: level) {
        lines.append(stroke(line.map(place), Self.modelColor, width: 1.2, dash: Self.dashes))
      }
    }
    if coordinates[0] <= 0, coordinates[coordinates.count - 1] >= 0 {
      let (x, y) = (geometry.x(0, left), geometry.y(0))
      lines.append(stroke([(x - 6, y), (x + 6, y)], "#ffffff", width: 2.5))
      lines.append(stroke([(x, y - 6), (x, y + 6)], "#ffffff", width: 2.5))
      lines.append(stroke([(x - 6, y), (x + 6, y)], Self.lineColor, width: 1.3))
      lines.append(stroke([(x, y - 6), (x, y + 6)], Self.lineColor, width: 1.3))
    }
    return lines + frame(left, geometry, isFirst: isFirst)
  }

  /// The bands between levels as areas of small squares; what is not finite is grey.
  private func bands(_ values: [[Double]], _ left: Double, _ geometry: PlaneGeometry) -> [String] {
    let cells = coordinates.count - 1, parts = max(1, 160 / cells), count = cells * parts
    var paths: [Int: String] = [:]
    for row in 0..<count {
      let y = (Double(count - 1 - row) + 0.5) / Double(parts)
      var start = 0, current = -2
      for column in 0...count {
        let value = column < count ? Self.value(values, x: (Double(column) + 0.5) / Double(parts), y: y) : 0
        let band = column == count ? -3 : value.isFinite ? geometry.scale.band(value) : -1
        if band == current { continue }
        if column > start { paths[current, default: ""] += "M\(start) \(row)h\(column - start)v1h-\(column - start)z" }
        (start, current) = (column, band)
      }
    }
    let size = SVGText.pixels(PlaneGeometry.side / Double(count) * 1000)
    var lines = [
      "<g transform=\"translate(\(px(left)) \(px(geometry.top))) scale(\(size)e-3)\" shape-rendering=\"crispEdges\">"
    ]
    for band in paths.keys.sorted() {
      let color = band < 0 ? "D0D0D0" : geometry.scale.color(band: band, lightness: 0.35)
      lines.append("<path fill=\"#\(color)\" d=\"\(paths[band] ?? "")\"/>")
    }
    return lines + ["</g>"]
  }

  private func frame(_ left: Double, _ geometry: PlaneGeometry, isFirst: Bool) -> [String] {
    let right = left + PlaneGeometry.side, middle = (geometry.top + geometry.bottom) / 2
    var lines = [
      "<rect x=\"\(px(left))\" y=\"\(px(geometry.top))\" width=\"\(px(PlaneGeometry.side))\" "
        + "height=\"\(px(PlaneGeometry.side))\" fill=\"none\" stroke=\"#57606a\" stroke-width=\"1\"/>"
    ]
    for tick in geometry.coordinates.ticks {
      let (x, y, label) = (geometry.x(tick, left), geometry.y(tick), geometry.coordinates.label(tick))
      lines.append(stroke([(x, geometry.bottom), (x, geometry.bottom + 5)], "#57606a", width: 1))
      lines.append(stroke([(left - 5, y), (left, y)], "#57606a", width: 1))
      lines.append(SVGText.element(label, x: x, y: geometry.bottom + 20, size: 12, anchor: "middle"))
      if isFirst { lines.append(SVGText.element(label, x: left - 9, y: y + 4.5, size: 12, anchor: "end")) }
    }
    lines.append(
      SVGText.element(
        SVGText.plain(abscissaLabel), x: (left + right) / 2, y: geometry.bottom + 42, size: 12.5, anchor: "middle"))
    if isFirst {
      lines.append(
        "<g transform=\"translate(\(px(PlaneGeometry.margin + 6)) \(px(middle))) rotate(-90)\">"
          + SVGText.element(SVGText.plain(ordinateLabel), x: 0, y: 0, size: 12.5, anchor: "middle") + "</g>")
    }
    return lines
  }

  /// The bands one above the other, with the levels between them.
  private func levelScale(_ geometry: PlaneGeometry) -> [String] {
    let levels = geometry.scale.levels, x = geometry.end + 28, height = PlaneGeometry.side / Double(levels.count - 1)
    let every = max(1, (levels.count + 13) / 14)
    var lines: [String] = []
    for band in 0..<(levels.count - 1) {
      let color = geometry.scale.color(band: band, lightness: style == .contours ? 0.35 : 0)
      lines.append(
        "<rect x=\"\(px(x))\" y=\"\(px(geometry.bottom - height * Double(band + 1)))\" width=\"16\" "
          + "height=\"\(px(height))\" fill=\"#\(color)\" shape-rendering=\"crispEdges\"/>")
    }
    for (index, level) in levels.enumerated() where index % every == 0 {
      let y = geometry.bottom - height * Double(index)
      lines.append(SVGText.element(geometry.scale.label(level), x: x + 22, y: y + 4.5, size: 12))
    }
    lines.append(SVGText.element(SVGText.plain(valueLabel), x: x, y: geometry.top - 14, size: 12.5))
    return lines
  }

  func stroke(_ points: [(Double, Double)], _ color: String, width: Double, dash: String = "") -> String {
    let path = points.map { "\(px($0.0)),\(px($0.1))" }.joined(separator: " ")
    return "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(px(width))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>"
  }

  func px(_ value: Double) -> String { SVGText.pixels(value) }
}
