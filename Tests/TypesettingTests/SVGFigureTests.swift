import Formulas
import Foundation
import Testing

@testable import Typesetting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SVGFigureTests {
  static func sample(_ style: SVGFigure.Style = .dots) -> SVGFigure {
    let names = ["M (printed)", "M (repaired)", "measured ‖H‖₂", "term 1", "term 2", "term 3", "term 4"]
    let series = names.enumerated().map { index, name in
      SVGFigure.Series(
        name,
        (0..<8).map { head -> Double? in
          if index == 3, head == 2 { return 0 }
          if index == 4, head == 5 { return nil }
          var value = 3.7e-4
          for _ in 0..<((index * 5 + head * 3) % 11) { value *= 7.3 }
          return value
        })
    }
    return SVGFigure(
      title: "Bounds & measured curvature <per head>", subtitle: "ALBERT layer, L = 53, d = 257; target Y = F",
      valueLabel: "spectral norm (log scale)", categories: (0..<8).map { "head \($0)" }, series: series, style: style)
  }

  private final class Checker: NSObject, XMLParserDelegate {
    var depth = 0
    var elements: [String: Int] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements[name, default: 0] += 1
    }
  }

  @Test(arguments: [SVGFigure.Style.dots, .bars]) func isWellFormed(style: SVGFigure.Style) {
    let svg = Self.sample(style).svg()
    let parser = XMLParser(data: Data(svg.utf8))
    let checker = Checker()
    parser.delegate = checker
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    // 55 marks, of which each has its own title, and the figure's title.
    #expect(checker.elements["title"] == 56)
    #expect(checker.elements["desc"] == 1)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.contains("Bounds &amp; measured curvature &lt;per head&gt;"))
    #expect(svg == Self.sample(style).svg())
  }

  @Test func staysInsideItsFrame() {
    let figure = Self.sample()
    let geometry = SVGGeometry(figure)
    for (index, series) in figure.series.enumerated() {
      for (category, value) in series.values.enumerated() {
        guard let value else { continue }
        #expect(geometry.x(value) >= SVGGeometry.margin && geometry.x(value) <= geometry.right)
        let y = geometry.y(category: category, series: index)
        #expect(y > geometry.top && y < geometry.bottom)
      }
    }
    // The label of the marks at zero keeps clear of the first power of ten.
    #expect(geometry.left - geometry.zero >= 30)
    #expect(geometry.legend.allSatisfy { $0.x < figure.width })
  }

  @Test func marksOfOneCategoryDoNotOverlap() {
    let geometry = SVGGeometry(Self.sample())
    let lanes = (0..<2).flatMap { category in (0..<7).map { geometry.y(category: category, series: $0) } }
    for (above, below) in zip(lanes, lanes.dropFirst()) { #expect(below - above >= 10.8) }
  }

  @Test func placesPowersOfTenOnTicks() {
    let axis = LogarithmicAxis([0.001, 1000])
    #expect((axis.lowest, axis.highest) == (-3, 3))
    #expect(axis.fraction(1) == 0.5)
    #expect(LogarithmicAxis([5, 0]).hasZero)
    #expect(LogarithmicAxis([]).ticks == [0, 1])
    #expect(LogarithmicAxis([1e-200, 1e200]).ticks.count <= 12)
    #expect(LogarithmicAxis([1]).highest == 1)
  }

  @Test func survivesStrangeInput() {
    let empty = SVGFigure(title: "", valueLabel: "", categories: [], series: [])
    #expect(empty.svg().hasSuffix("</svg>\n"))
    let odd = SVGFigure(
      title: "a\u{1}b", valueLabel: "x", categories: [String(repeating: "long ", count: 60)],
      series: [
        .init("s", [.nan]), .init("t", [.infinity]), .init("u", [-1]), .init("v", [Double.leastNonzeroMagnitude]),
      ])
    let svg = odd.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(!svg.lowercased().contains("nan"))
    #expect(svg.contains("≤ 0") && svg.contains("∞") && svg.contains("…"))
  }

  @Test func printsPGFPlots() {
    let latex = Self.sample().pgfplots(provenance: "hessian report")
    #expect(latex.hasPrefix("% hessian report\n% \\usepackage{pgfplots}\n"))
    #expect(latex.ranges(of: "\\addplot").count == 7)
    #expect(latex.contains("% not positive in term 1: head 2"))
    #expect(latex.contains("title={Bounds \\& measured curvature \\textless{}per head\\textgreater{}}"))
  }

  /// Writes the samples; set `TYPESET_SAMPLES` to a folder to look at them.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TYPESET_SAMPLES"] != nil)) func writesSamples() throws {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["TYPESET_SAMPLES"] ?? "")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, style) in [("dots", SVGFigure.Style.dots), ("bars", .bars)] {
      try Self.sample(style).svg().write(
        to: folder.appendingPathComponent("\(name).svg"), atomically: true, encoding: .utf8)
    }
    let document = """
      \\documentclass{article}\\usepackage{amsmath,amssymb,pgfplots}\\pgfplotsset{compat=1.16}
      \\begin{document}
      \(Self.sample().pgfplots(provenance: "sample"))
      \\end{document}
      """
    try document.write(to: folder.appendingPathComponent("plot.tex"), atomically: true, encoding: .utf8)
  }
}
