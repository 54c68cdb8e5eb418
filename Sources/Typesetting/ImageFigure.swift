/// Grey images in rows, each with a caption.
public struct ImageFigure: Sendable {
  public struct Image: Sendable {
    public let caption: String
    /// The brightness of the pixels, row by row, from 0 for black to 1 for white.
    public let values: [Double]
    public init(caption: String, values: [Double]) { (self.caption, self.values) = (caption, values) }
  }

  public let title: String
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  /// Height and width of an image, in pixels.
  public let side: Int
  public let images: [Image]

  /// - Precondition: the side is positive, and each image has its square of values.
  public init(title: String, subtitle: String = "", summary: String = "", side: Int, images: [Image]) {
    precondition(side > 0, "images without pixels")
    for image in images { precondition(image.values.count == side * side, "image \(image.caption) is not square") }
    (self.title, self.subtitle, self.summary) = (title, subtitle, summary)
    (self.side, self.images) = (side, images)
  }

  /// The number of images in a row.
  private var across: Int { min(8, max(1, images.count)) }

  /// Runs of pixels of one of 16 greys within rows, by grey; black ones are left out.
  func runs(_ image: Image) -> [(grey: Int, row: Int, start: Int, length: Int)] {
    var runs: [(grey: Int, row: Int, start: Int, length: Int)] = []
    for row in 0..<side {
      var start = 0
      func grey(_ column: Int) -> Int {
        let value = image.values[row * side + column]
        return value.isFinite ? Int((15 * min(1, max(0, value))).rounded()) : 0
      }
      for column in 1...side where column == side || grey(column) != grey(start) {
        if grey(start) > 0 { runs.append((grey(start), row, start, column - start)) }
        start = column
      }
    }
    return runs
  }

  /// The figure as an SVG document; the same figure gives the same bytes on every machine.
  public func svg() -> String {
    let (margin, size, gap, top) = (24.0, 104.0, 14.0, 80.0)
    let rows = (images.count + across - 1) / across
    let width = 2 * margin + 8 * (size + gap) - gap, height = top + Double(rows) * (size + 30) + margin
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, SVGText.open(width: width, height: height),
      "<title id=\"title\">\(SVGText.escape(title))</title>",
      "<desc id=\"desc\">\(SVGText.escape(summary.isEmpty ? subtitle : summary))</desc>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      SVGText.element(title, x: margin, y: 34, size: 18, weight: 600),
      SVGText.element(SVGText.plain(subtitle), x: margin, y: 56, size: 12.5, color: "#57606a"),
    ]
    for (index, image) in images.enumerated() {
      let (x, y) = (margin + Double(index % across) * (size + gap), top + Double(index / across) * (size + 30))
      let scale = SVGText.pixels(size / Double(side) * 1000)
      lines.append(
        "<g transform=\"translate(\(SVGText.pixels(x)) \(SVGText.pixels(y))) scale(\(scale)e-3)\" "
          + "shape-rendering=\"crispEdges\"><rect width=\"\(side)\" height=\"\(side)\" fill=\"#000000\"/>")
      let byGrey = Dictionary(grouping: runs(image), by: \.grey)
      for grey in byGrey.keys.sorted() {
        let path = (byGrey[grey] ?? []).map { "M\($0.start) \($0.row)h\($0.length)v1h-\($0.length)z" }.joined()
        let digit = String(grey, radix: 16)
        lines.append("<path fill=\"#\(digit)\(digit)\(digit)\" d=\"\(path)\"/>")
      }
      lines.append("</g>")
      lines.append(
        SVGText.element(image.caption, x: x + size / 2, y: y + size + 17, size: 12.5, anchor: "middle"))
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same figure as a TikZ fragment to be `\input`.
  public func pgfplots(provenance: String) -> String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% " + summary.split(whereSeparator: \.isNewline).joined(separator: " "))
    lines += ["% \\usepackage{tikz}", "\\begin{tikzpicture}[x=1.6cm, y=-2cm]"]
    let pixel = (1.45 / Double(side)).text(decimals: 4)
    for (index, image) in images.enumerated() {
      lines.append("\\begin{scope}[shift={(\(index % across),\(index / across))}, x=\(pixel)cm, y=-\(pixel)cm]")
      lines.append("\\fill[black] (0,0) rectangle (\(side),\(side));")
      for run in runs(image) {
        lines.append(
          "\\fill[white!\((100 * Double(run.grey) / 15).text(decimals: 0))!black] "
            + "(\(run.start),\(run.row)) rectangle (\(run.start + run.length),\(run.row + 1));")
      }
      lines.append(
        "\\node[below, font=\\scriptsize] at (\(Double(side) / 2),\(side)) {\(LaTeX.prose(image.caption))};")
      lines.append("\\end{scope}")
    }
    lines.append("\\end{tikzpicture}")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ImageFigure: Figure {}
