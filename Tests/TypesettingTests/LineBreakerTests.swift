import Formulas
import Testing

@testable import Typesetting

@Suite struct LineBreakerTests {
  @Test(arguments: [20.0, 26, 34, 60]) func keepsToTheWidth(width: Double) {
    let lines = ToyLaws.long.latexLines(width: width)
    #expect(lines.count > 1)
    for line in lines { #expect(GlyphWidths.width(of: line) <= width + 1.5, "\(line)") }
  }

  @Test func losesNothing() {
    func letters(_ text: String) -> String {
      var text = text
      for token in [
        "\\left", "\\right", "\\bigl", "\\bigr", "\\Bigl", "\\Bigr", "\\qquad", "\\quad", "\\cdot", "{}", " ", "\n",
      ] {
        text = text.replacing(token, with: "")
      }
      return text
    }
    for width in stride(from: 10.0, through: 100, by: 3) {
      #expect(letters(ToyLaws.long.latexLines(width: width).joined()) == letters(ToyLaws.long.latex()), "\(width)")
    }
  }

  @Test func breaksAtTermsFirst() {
    let term = Sample.A * Sample.X * Sample.V
    let lines = Formula.sum(Array(repeating: term, count: 6) + [-Sample.F]).latexLines(width: 12)
    #expect(lines[0] == "A X W_V + A X W_V")
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("{} + ") || $0.hasPrefix("{} - ") })
  }

  @Test func breaksInsideBracketsOnlyWhenItMust() {
    let term = Sample.A * Sample.X * Sample.V
    let inner = Formula.sum(Array(repeating: term, count: 5))
    let lines = (Sample.A * inner).latexLines(width: 14)
    #expect(lines.count > 1)
    #expect(lines[0].contains("\\bigl("))
    #expect(lines.last?.hasSuffix("\\bigr)") == true)
    #expect(!lines.joined().contains("\\left"))
  }

  @Test func namesLargeBlocks() {
    let zero = Formula.zero(ToyLaws.long.shape)
    let lines = Formula.blocks([[ToyLaws.long, zero], [zero, ToyLaws.long]]).latexLines(width: 30)
    #expect(lines[0] == "\\begin{pmatrix} \\mathcal{B}_{11} & 0 \\\\ 0 & \\mathcal{B}_{22} \\end{pmatrix}")
    #expect(lines[1].hasPrefix("\\text{with } \\mathcal{B}_{11} = "))
    #expect(lines.filter { $0.hasPrefix("\\text{and } \\mathcal{B}_{22} = ") }.count == 1)
  }

  @Test func breaksStatementsAtTheRelation() {
    let judgement = Judgement(ToyLaws.long, .equal, ToyLaws.long)
    let lines = judgement.latexLines(width: 30)
    #expect(lines.filter { $0.contains(" = ") }.count == 1)
    #expect(Judgement(Sample.F, .equal, Sample.Y).latexLines() == ["F = Y"])
  }
}
