import Formulas
import Transformers
import Typesetting

extension KernelDocument {
  /// The closed forms of all blocks, each a numbered equation, and how they are checked.
  func appendResults(to document: inout LaTeXDocument) {
    let blocks = routes[0].blocks
    document.append(
      "With the names of equations~\\eqref{eq:definition:0}--\\eqref{eq:definition:\(definitions.count - 1)}, the "
        + "outer-product parts are")
    document.append(LaTeX.display(blocks.map { Self.equation($0, .outer, $0.outerProduct, notation) }))
    document.append("and the functional parts are")
    document.append(LaTeX.display(blocks.map { Self.equation($0, .functional, $0.functional, notation) }))
    document.statement(
      "remark", title: "How this is checked",
      latex: """
        A program replays every step of every proof in this document from the statements of the laws and evaluates both
        sides of the step at random points of the prime field with $2^{61}-1$ elements, where exponentials are treated as
        independent unknowns; a false identity passes such a test with a probability that the degrees of its two sides
        bound~\\cite{schwartz1980,zippel1979}. Every block is compared with $\\partial^2 \\ell / \\partial W_i\\, \\partial
        W_j$ evaluated by second-order dual numbers, which use none of the laws: exactly over that field and over the
        rationals, and by finite differences. The table \\texttt{tables/verification.tex} gives sizes, points and
        probabilities.
        """)
  }

  enum Part: String { case outer = "o", functional = "f" }

  /// `H_o(Q,K) = …` with its label.
  static func equation(
    _ block: HessianBlock, _ part: Part, _ formula: Formula, _ notation: Notation
  ) -> (label: String, lines: [String]) {
    var notation = notation
    notation.symbols["block"] = "{\(blockName(block, part, notation))}"
    let statement = Judgement(.symbol("block", formula.shape.rows, formula.shape.columns), .equal, formula)
    return (label("eq", block, part.rawValue), statement.latexLines(notation, width: PaperNotation.numberedWidth))
  }

  /// `H_o(Q,K)`.
  static func blockName(_ block: HessianBlock, _ part: Part, _ notation: Notation) -> String {
    "H_{\\mathrm \(part.rawValue)}(\(pair(block, notation)))"
  }

  /// `Q,K`.
  static func pair(_ block: HessianBlock, _ notation: Notation) -> String {
    [block.row, block.column].map { notation.latex(ofName: $0.shortName) }.joined(separator: ",")
  }

  /// A label for references, such as `eq:o:Q-K`.
  static func label(_ kind: String, _ block: HessianBlock, _ part: String) -> String {
    "\(kind):\(part):\(block.row.shortName)-\(block.column.shortName)"
  }
}
