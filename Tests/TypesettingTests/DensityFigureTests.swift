import Foundation
import Testing

@testable import Typesetting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct DensityFigureTests {
  static func sample(errors: Bool = true, marks: [Double] = [-0.5, 1.75], scale: Double = 1) -> DensityFigure {
    let points = (0...40).map { index -> DensityFigure.Point in
      let t = Double(index) / 10 - 2
      return .init(
        t * scale, density: index == 20 ? 10 / scale : 1e-30, error: errors ? 0.5 / scale : 0,
        cumulative: index < 20 ? -1e-17 : 1)
    }
    return DensityFigure(
      title: "Density & share", subtitle: "d_K = 2\n<one probe>", summary: "A spike.", abscissaLabel: "eigenvalue λ",
      densityLabel: "density", cumulativeLabel: "share", points: points, marks: marks.map { $0 * scale },
      floor: 1e-4 / scale)
  }

  @Test func isWellFormedAndDeterministic() {
    let svg = Self.sample().svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(svg == Self.sample().svg())
    #expect(svg.contains("Density &amp; share") && svg.contains("&lt;one probe&gt;"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    // A title for each mark and the figure's own.
    #expect(svg.ranges(of: "<title").count == 3)
  }

  @Test func theBandIsDrawnWhereThereAreErrors() {
    #expect(
      Self.sample().svg().ranges(of: "<polygon").count == Self.sample(errors: false).svg().ranges(of: "<polygon").count
        + 1)
    #expect(Self.sample().pgfplots(provenance: "a test").contains("fill opacity=0.25"))
    #expect(!Self.sample(errors: false).pgfplots(provenance: "a test").contains("fill opacity=0.25"))
  }

  @Test func nothingLiesBelowTheFloor() {
    let figure = Self.sample()
    #expect(figure.curve.allSatisfy { $0.y >= 1e-4 } && figure.lower.allSatisfy { $0.y >= 1e-4 })
    #expect((figure.densities.lowest, figure.densities.highest) == (-4, 2))
  }

  @Test func marksOutsideAreLeftOut() {
    #expect(Self.sample(marks: [-3, 0, 5, .nan]).marks == [0])
    #expect(!Self.sample(marks: []).pgfplots(provenance: "").contains("only marks"))
  }

  @Test(arguments: [1e-200, 1e-9, 1, 1e7, 1e200]) func everyScaleIsDrawn(scale: Double) {
    let figure = Self.sample(scale: scale), svg = figure.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(!svg.contains("nan") && !svg.contains("inf") && figure.abscissas.ticks.count >= 3)
  }

  @Test(arguments: [
    (-2.0, 2.0, ["-2.0", "-1.5", "-1.0", "-0.5", "0.0", "0.5", "1.0", "1.5", "2.0"]),
    (0, 7, ["0", "1", "2", "3", "4", "5", "6", "7"]),
    (0, 0.003, ["0.0000", "0.0005", "0.0010", "0.0015", "0.0020", "0.0025", "0.0030"]),
    (-1e-9, 3e-9, ["-1.0e-9", "-5e-10", "0", "5e-10", "1.0e-9", "1.5e-9", "2.0e-9", "2.5e-9", "3.0e-9"]),
    (0, 2e6, ["0", "5e5", "1.0e6", "1.5e6", "2.0e6"]),
  ])
  func ticksAreRound(low: Double, high: Double, labels: [String]) {
    let axis = LinearAxis(low, high)
    #expect(axis.ticks.map(axis.label) == labels)
    #expect(axis.fraction(low) == 0 && axis.fraction(high) == 1)
  }

  @Test func equalEndsAreMovedApart() {
    for value in [0.0, 5, -1e300] {
      let axis = LinearAxis(value, value)
      #expect(axis.lowest < value && axis.highest > value && axis.step > 0)
    }
  }
}
