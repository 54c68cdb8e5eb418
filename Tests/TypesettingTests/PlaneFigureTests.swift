import Foundation
import Testing

@testable import Typesetting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PlaneFigureTests {
  static func sample(
    _ style: PlaneFigure.Style, points: Int = 9, panels: Int = 2, model: Bool = true,
    _ value: (Double, Double) -> Double = { $0 * $0 + 2 * $1 * $1 }
  ) -> PlaneFigure {
    let coordinates = (0..<points).map { 4 * Double($0) / Double(points - 1) - 2 }
    func grid(_ value: (Double, Double) -> Double) -> [[Double]] {
      coordinates.map { b in coordinates.map { value($0, b) } }
    }
    return PlaneFigure(
      title: "Loss & plane", subtitle: "all `W_Q`\n<two> lines", summary: "A bowl.", abscissaLabel: "along u",
      ordinateLabel: "along v", valueLabel: "loss", modelLabel: "model", coordinates: coordinates,
      panels: (0..<panels).map {
        .init(
          "panel \($0)", notes: ["a note"], values: grid(value),
          model: model ? grid { 1.1 * $0 * $0 + 2 * $1 * $1 } : [])
      }, style: style)
  }

  @Test(arguments: [PlaneFigure.Style.contours, .surface]) func isWellFormedAndDeterministic(_ style: PlaneFigure.Style)
  {
    let svg = Self.sample(style).svg(), parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(svg == Self.sample(style).svg())
    #expect(svg.contains("Loss &amp; plane") && svg.contains("&lt;two&gt;") && svg.contains("A bowl."))
    #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("`"))
    #expect(svg.ranges(of: "a note").count == 2)
  }

  @Test func theModelIsDashedAtTheSameLevels() throws {
    let figure = Self.sample(.contours, points: 41, panels: 1), svg = figure.svg()
    let plain = Self.sample(.contours, points: 41, panels: 1, model: false).svg()
    // One line of the legend, and the model's contours.
    let count = figure.scale.levels.reduce(0) { $0 + GridContours(figure.panels[0].model).lines(at: $1).count }
    #expect(count > 5 && svg.ranges(of: "stroke-dasharray").count == count + 1)
    #expect(!plain.contains("stroke-dasharray"))
    // Contours of a bowl are ellipses: at level 2 through (0, 1), from the left side of the panel to its right.
    let line = try #require(GridContours(figure.panels[0].values).lines(at: 2).first)
    let ends = line.map { figure.coordinate($0.x) }
    #expect(abs((ends.max() ?? 0) - sqrt(2)) < 0.01 && abs((ends.min() ?? 0) + sqrt(2)) < 0.01)
  }

  @Test func panelsShareTheirLevels() {
    let coordinates = [-1.0, 0, 1]
    func panel(_ scale: Double) -> PlaneFigure.Panel {
      .init("", values: coordinates.map { b in coordinates.map { scale * ($0 * $0 + b * b) } })
    }
    let figure = PlaneFigure(
      title: "", abscissaLabel: "", ordinateLabel: "", valueLabel: "", modelLabel: "", coordinates: coordinates,
      panels: [panel(1), panel(10)], style: .contours)
    #expect(figure.scale.levels.first == 0 && figure.scale.levels.last == 20)
  }

  @Test func squaresAreDrawnFromTheBack() {
    let figure = Self.sample(.surface, points: 5, panels: 1, model: false), geometry = PlaneGeometry(figure)
    #expect(figure.svg().ranges(of: "<polygon").count == 16)
    // Farther points of the floor are drawn higher up, and heights upwards.
    let near = geometry.project(-1, -1, 0, 0), far = geometry.project(1, 1, 0, 0), high = geometry.project(-1, -1, 1, 0)
    #expect(near.depth < far.depth && near.y > far.y && high.y < near.y && high.depth == near.depth)
    let first = figure.svg().firstMatch(of: /<polygon points="([0-9.]+),([0-9.]+)/)
    let back = geometry.project(0.5, 0.5, figure.scale.fraction(figure.panels[0].values[3][3]), geometry.left(0))
    #expect(
      first.map { String($0.1) } == SVGText.pixels(back.x) && first.map { String($0.2) } == SVGText.pixels(back.y))
  }

  @Test func theModelLeavesTheScaleNowhere() {
    let figure = Self.sample(.surface, points: 17, panels: 1), model = figure.panels[0].model
    let lines = figure.modelLines(model, 16)
    #expect(!lines.isEmpty)
    for point in lines.joined() { #expect((0...1).contains(figure.scale.place(model[point.row][point.column]))) }
  }

  @Test func printsPGFPlots() {
    let contours = Self.sample(.contours).pgfplots(provenance: "hessian landscape")
    #expect(contours.hasPrefix("% hessian landscape\n% A bowl.\n"))
    #expect(contours.ranges(of: "\\nextgroupplot").count == 2 && contours.contains("dashed, planeLevel"))
    #expect(!contours.contains("contour gnuplot"))
    let surface = Self.sample(.surface).pgfplots(provenance: "hessian landscape")
    #expect(surface.ranges(of: "\\addplot3[surf").count == 2 && surface.contains("mesh/rows=9"))
    let points = surface.split(separator: "coordinates {")[1].split(separator: "};")[0].ranges(of: "(").count
    #expect(points == 81)
  }

  @Test(arguments: [PlaneFigure.Style.contours, .surface]) func survivesStrangeNumbers(_ style: PlaneFigure.Style) {
    for value in [
      { (_: Double, _: Double) in 0.0 }, { a, _ in a > 1 ? .infinity : a }, { _, _ in .nan }, { a, b in exp(300 * a) },
    ]
      as [(Double, Double) -> Double]
    {
      let svg = Self.sample(style, value).svg()
      #expect(XMLParser(data: Data(svg.utf8)).parse())
      #expect(!svg.lowercased().contains("nan,") && !svg.contains(",inf") && !svg.contains("∞,"))
      #expect(Self.sample(style, value).pgfplots(provenance: "").contains("groupplot"))
    }
  }

  /// What is not finite is a hole, and no plateau at the highest level.
  @Test func surfacesHaveHoles() {
    let text = Self.sample(.surface, panels: 1, model: false) { a, b in a == 2 && b == 2 ? .infinity : a * a + b * b }
      .pgfplots(provenance: "")
    #expect(text.contains("(2.0000,2.0000,nan)") && text.ranges(of: "nan").count == 1)
    #expect(text.contains("unbounded coords=jump"))
  }

  @Test func coarseMeshesKeepTheEnds() {
    #expect(PlaneFigure.mesh(41, atMost: 21) == Array(stride(from: 0, through: 40, by: 2)))
    #expect(PlaneFigure.mesh(5, atMost: 33) == [0, 1, 2, 3, 4])
    for points in 2...50 {
      let mesh = PlaneFigure.mesh(points, atMost: 9)
      #expect(mesh.first == 0 && mesh.last == points - 1 && mesh.count <= 9 && Set(mesh).count == mesh.count)
    }
  }
}

@Suite struct ImageFigureTests {
  static func sample() -> ImageFigure {
    ImageFigure(
      title: "Images <1>", subtitle: "two", summary: "Two images.", side: 3,
      images: [
        .init(caption: "0", values: [0, 0, 0, 1, 1, 0.2, 0, 0, 0]),
        .init(caption: "1", values: [.nan, 2, -1, 0, 0, 0, 1, 1, 1]),
      ])
  }

  @Test func runsAreRuns() {
    let figure = Self.sample()
    #expect(
      figure.runs(figure.images[0]).map { [$0.grey, $0.row, $0.start, $0.length] } == [[15, 1, 0, 2], [3, 1, 2, 1]])
    #expect(
      figure.runs(figure.images[1]).map { [$0.grey, $0.row, $0.start, $0.length] } == [[15, 0, 1, 1], [15, 2, 0, 3]])
  }

  @Test func isDrawn() {
    let svg = Self.sample().svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse() && svg == Self.sample().svg())
    #expect(svg.contains("Images &lt;1&gt;") && svg.ranges(of: "<path").count == 3)
    let latex = Self.sample().pgfplots(provenance: "hessian landscape")
    #expect(latex.hasPrefix("% hessian landscape\n") && latex.ranges(of: "\\fill[white!").count == 4)
  }
}
