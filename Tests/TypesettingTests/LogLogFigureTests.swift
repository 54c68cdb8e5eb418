import Foundation
import Testing

@testable import Typesetting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct LogLogFigureTests {
  static func sample() -> LogLogFigure {
    let abscissas = [1e-4, 1e-3, 1e-2]
    func curve(_ name: String, _ power: Int, _ style: Int) -> LogLogFigure.Curve {
      LogLogFigure.Curve(
        "`\(name)`", note: "`σ\(power)`, slope \(power).00", style: style,
        abscissas.map { x in (0..<power).reduce(1.0) { value, _ in value * x } })
    }
    return LogLogFigure(
      title: "Growth & decay", subtitle: "d_K = 2, <5 draws>", summary: "Two panels.", abscissaLabel: "scale σ",
      valueLabel: "norm", abscissas: abscissas,
      panels: [
        .init("outer H_o", [curve("V,V", 2, 0), curve("Q,Q", 6, 1), curve("Q,K", 6, 2)]),
        .init("functional H_f", [curve("V,Q", 3, 1), .init("zero", style: 0, [0, nil, -1])]),
      ])
  }

  @Test func isWellFormedAndDeterministic() {
    let svg = Self.sample().svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(svg == Self.sample().svg())
    #expect(svg.contains("Growth &amp; decay") && svg.contains("&lt;5 draws&gt;"))
    // Twelve points with a title each, the figure's own, and nothing of the curve without positive values.
    #expect(svg.ranges(of: "<title").count == 13)
    #expect(!svg.contains("zero") && !svg.contains("nan") && !svg.contains("inf"))
    #expect(!svg.contains("`") && svg.contains("d<tspan"))
  }

  @Test func pointsLieInsideTheirPanel() {
    let figure = Self.sample(), geometry = LogLogGeometry(figure)
    #expect((geometry.values.lowest, geometry.values.highest) == (-24, -4))
    #expect(geometry.y(-24) == geometry.bottom && geometry.y(-4) == geometry.top)
    for panel in figure.panels.indices {
      let left = geometry.left(panel)
      #expect(geometry.x(1e-4, left) == left && abs(geometry.x(1e-2, left) - left - geometry.panelWidth) < 1e-9)
      #expect(left + geometry.panelWidth < geometry.width)
    }
    #expect(geometry.left(0) + geometry.panelWidth < geometry.left(1))
  }

  @Test func labelsAreMovedApartByAsLittleAsPossible() {
    #expect(LabelPlacement.separated([10, 100], gap: 5) == [10, 100])
    #expect(LabelPlacement.separated([50, 50], gap: 10) == [45, 55])
    let places = LabelPlacement.separated([3, 0, 1, 90], gap: 10)
    #expect(
      zip([places[1], places[2], places[0], places[3]], [places[2], places[0], places[3]]).allSatisfy {
        $1 - $0 >= 10 - 1e-9
      })
    #expect(abs((places[0] + places[1] + places[2]) / 3 - 4.0 / 3) < 1e-9)
    #expect(LabelPlacement.separated([], gap: 1).isEmpty)
  }

  @Test func printsPGFPlots() {
    let latex = Self.sample().pgfplots(provenance: "hessian growth")
    #expect(latex.hasPrefix("% hessian growth\n% Two panels.\n"))
    #expect(latex.ranges(of: "\\addplot").count == 4)
    #expect(latex.ranges(of: "\\nextgroupplot").count == 2)
    #expect(latex.contains("xmin=1e-4, xmax=1e-2,\n  ymin=1e-24, ymax=1e-4"))
    #expect(latex.contains("$H_{f}$") || latex.contains("$H_f$"))
  }

  /// With a linear axis zero is an abscissa, ticks are round numbers, and exponential decay is a straight line.
  @Test func abscissasCanBeLinear() {
    let steps = [0.0, 50, 100], values: [Double?] = [1, 1e-3, 1e-6]
    let figure = LogLogFigure(
      title: "t", abscissaLabel: "step", valueLabel: "f", abscissas: steps, isLinearAcross: true,
      panels: [.init("", [.init("c", style: 0, values)])])
    let geometry = LogLogGeometry(figure), left = geometry.left(0)
    #expect(geometry.x(0, left) == left && abs(geometry.x(50, left) - left - geometry.panelWidth / 2) < 1e-9)
    #expect(figure.abscissaAxis.ticks.map(\.value) == [0, 20, 40, 60, 80, 100])
    #expect(figure.svg().contains(">40<"))
    let latex = figure.pgfplots(provenance: "x")
    #expect(latex.contains("  ymode=log") && !latex.contains("xmode=log") && latex.contains("xmin=0, xmax=1.00000e2"))
    #expect(latex.contains("(0,1.00000e0)"))
  }

  @Test func survivesStrangeInput() {
    let empty = LogLogFigure(
      title: "", abscissaLabel: "", valueLabel: "", abscissas: [], panels: [.init("", [])])
    #expect(empty.svg().hasSuffix("</svg>\n") && empty.pgfplots(provenance: "").contains("groupplot"))
    let odd = LogLogFigure(
      title: "a\u{1}b", abscissaLabel: "x", valueLabel: "y", abscissas: [1e-300, 1e300],
      panels: [.init(String(repeating: "long ", count: 60), [.init("c", style: 9, [.infinity, .nan])])])
    #expect(XMLParser(data: Data(odd.svg().utf8)).parse())
    #expect(!odd.svg().lowercased().contains("nan"))
  }
}
