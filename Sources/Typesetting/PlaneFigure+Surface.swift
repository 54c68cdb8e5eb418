extension PlaneFigure {
  /// The most points of a side of the drawn mesh, and of the model's.
  static let surfacePoints = 33, modelPoints = 9

  /// A surface seen from above at a slant: squares from the back to the front, then the model's lines.
  func surface(_ panel: Panel, _ left: Double, _ geometry: PlaneGeometry) -> [String] {
    let scale = geometry.scale, last = coordinates.count - 1
    let mesh = Self.mesh(coordinates.count, atMost: Self.surfacePoints)
    func place(_ index: Int) -> Double { 2 * geometry.coordinates.fraction(coordinates[index]) - 1 }
    func height(_ row: Int, _ column: Int) -> Double { scale.fraction(panel.values[row][column]) }
    var squares: [(depth: Double, text: String)] = []
    for (row, behind) in zip(mesh, mesh.dropFirst()) {
      for (column, right) in zip(mesh, mesh.dropFirst()) {
        let corners = [(row, column), (row, right), (behind, right), (behind, column)]
        guard corners.allSatisfy({ panel.values[$0.0][$0.1].isFinite }) else { continue }
        let places = corners.map { geometry.project(place($0.1), place($0.0), height($0.0, $0.1), left) }
        let mean = corners.reduce(0) { $0 + height($1.0, $1.1) / 4 }
        let shade = geometry.brightness(
          height(row, column), right: height(row, right), behind: height(behind, column),
          step: place(right) - place(column))
        let color = LevelScale.color(mean, shade: shade)
        let points = places.map { "\(px($0.x)),\(px($0.y))" }.joined(separator: " ")
        squares.append(
          (
            places.reduce(0) { $0 + $1.depth },
            "<polygon points=\"\(points)\" fill=\"#\(color)\" stroke=\"#\(color)\" stroke-width=\"0.4\"/>"
          ))
      }
    }
    let order = squares.indices.sorted { (squares[$1].depth, $0) < (squares[$0].depth, $1) }
    return floor(left, geometry) + order.map { squares[$0].text }
      + modelLines(panel.model, last).map { line in
        stroke(
          line.map { point in
            let place = geometry.project(
              2 * geometry.coordinates.fraction(coordinates[point.column]) - 1,
              2 * geometry.coordinates.fraction(coordinates[point.row]) - 1,
              scale.place(panel.model[point.row][point.column]),
              left)
            return (place.x, place.y)
          }, SVGFigure.color(1), width: 1.1, dash: "4 3")
      }
  }

  /// Lines along the rows and columns of a coarse mesh of the model, as far as they lie within the scale.
  func modelLines(_ model: [[Double]], _ last: Int) -> [[(row: Int, column: Int)]] {
    guard !model.isEmpty else { return [] }
    let scale = scale, mesh = Self.mesh(last + 1, atMost: Self.modelPoints)
    var lines: [[(row: Int, column: Int)]] = []
    for fixed in mesh {
      for isRow in [true, false] {
        var line: [(row: Int, column: Int)] = []
        for moving in 0...last {
          let point = isRow ? (row: fixed, column: moving) : (row: moving, column: fixed)
          if (0...1).contains(scale.place(model[point.row][point.column])) {
            line.append(point)
          } else {
            if line.count > 1 { lines.append(line) }
            line = []
          }
        }
        if line.count > 1 { lines.append(line) }
      }
    }
    return lines
  }

  /// The square below the surface, with the ends of its axes, and the axis of the values.
  private func floor(_ left: Double, _ geometry: PlaneGeometry) -> [String] {
    func place(_ a: Double, _ b: Double, _ height: Double = 0) -> (Double, Double) {
      let place = geometry.project(a, b, height, left)
      return (place.x, place.y)
    }
    var lines = [
      stroke([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)].map { place($0, $1) }, "#a8b1ba", width: 1),
      stroke([place(-1, 1), place(-1, 1, 1)], "#57606a", width: 1),
    ]
    let levels = geometry.scale.levels, every = max(1, (levels.count + 4) / 5)
    for (index, level) in levels.enumerated() where index % every == 0 {
      let (x, y) = place(-1, 1, geometry.scale.fraction(level))
      lines.append(stroke([(x - 4, y), (x, y)], "#57606a", width: 1))
      lines.append(SVGText.element(geometry.scale.label(level), x: x - 7, y: y + 4, size: 11, anchor: "end"))
    }
    for tick in geometry.coordinates.ticks {
      let part = 2 * geometry.coordinates.fraction(tick) - 1, label = geometry.coordinates.label(tick)
      let (x, y) = place(part, -1), (x2, y2) = place(-1, part)
      lines.append(SVGText.element(label, x: x + 5, y: y + 15, size: 11))
      lines.append(SVGText.element(label, x: x2 - 5, y: y2 + 13, size: 11, anchor: "end"))
    }
    let (x, y) = place(0.5, -1), (x2, y2) = place(-1, 0.1)
    lines.append(SVGText.element(SVGText.plain(abscissaLabel), x: x + 14, y: y + 36, size: 12.5))
    lines.append(SVGText.element(SVGText.plain(ordinateLabel), x: x2 - 16, y: y2 + 32, size: 12.5, anchor: "end"))
    return lines
  }
}
