import Foundation
import Testing

@testable import Typesetting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct LadderFigureTests {
  static func sample(_ values: [Double?] = [2, 20, 200]) -> LadderFigure {
    LadderFigure(
      title: "From & to", subtitle: "head 3, d_K = 2\n<all blocks>", summary: "A chain.", valueLabel: "bound on ‖H‖₂",
      rungs: [
        .init(.start, "‖H‖₂, estimate", latex: "$\\lVert H\\rVert_2$", value: values[0], note: "2"),
        .init(.step, "‖A B‖₂ ≤ ‖A‖₂ ‖B‖₂", latex: "$a \\le b$", value: values[1], note: "× 10 in Q,K"),
        .init(.step, "‖A‖_{2,∞} ≤ ‖A‖_F", latex: "$c \\le d$", value: values[2], note: "× 10"),
        .init(.end, "M", latex: "$M$", value: values[2], note: "200"),
        .init(.comparison, "printed", latex: "printed", value: 50),
      ])
  }

  @Test func isWellFormedAndDeterministic() {
    let svg = Self.sample().svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(svg == Self.sample().svg())
    #expect(svg.contains("From &amp; to") && svg.contains("&lt;all blocks&gt;") && svg.contains("d<tspan"))
    // A title for each rung and the figure's own.
    #expect(svg.ranges(of: "<title").count == 6)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    // Indices are set below the line, but stay as they are in the titles.
    #expect(svg.contains(">2,∞</tspan>") && svg.contains(">F</tspan>") && !svg.contains(">‖A‖_{2,∞} ≤ ‖A‖_F<"))
  }

  /// Each step starts where the chain stood, which a number for comparison does not change.
  @Test func stepsStartWhereTheChainStands() {
    let figure = Self.sample()
    #expect(figure.rungs.indices.map { figure.origin(ofRung: $0) } == [nil, 2, 20, 200, nil])
    let gap = Self.sample([2, nil, 200])
    #expect(gap.origin(ofRung: 2) == 2)
    #expect((figure.axis.lowest, figure.axis.highest) == (0, 3))
  }

  /// Bars are as long as their factors, on the logarithmic axis.
  @Test func barsAreAsLongAsTheirFactors() throws {
    let svg = Self.sample().svg()
    let widths = svg.matches(of: /<rect x="[0-9.]+" y="[0-9.]+" width="([0-9.]+)" height="10"/).map { Double($0.1) }
    #expect(widths.count == 2)
    #expect(abs(try #require(widths[0]) - #require(widths[1])) < 0.02)
  }

  @Test func impossibleValuesDrawNothing() {
    for value in [0.0, -1, .infinity, .nan] {
      let figure = Self.sample([value, 3, 4])
      #expect(figure.rungs[0].value == nil)
      #expect(!figure.svg().contains("nan") && !figure.pgfplots(provenance: "").contains("nan"))
    }
  }

  @Test func pgfplotsHasEveryRung() {
    let tex = Self.sample().pgfplots(provenance: "hessian explain\nsecond line")
    #expect(tex.hasPrefix("% hessian explain\n% second line\n% A chain."))
    #expect(tex.ranges(of: "\\addplot").count == 5)
    #expect(tex.ranges(of: "line width=3pt").count == 2)
    #expect(tex.contains("yticklabels={{$\\lVert H\\rVert_2$},{$a \\le b$},{$c \\le d$},{$M$},{printed}}"))
    #expect(tex.contains("xmin=1e0, xmax=1e3") && tex.contains("y dir=reverse"))
    #expect(tex.filter { $0 == "{" }.count == tex.filter { $0 == "}" }.count)
  }
}
