import Formulas
import MatrixCalculus
import Transformers
import Typesetting

extension KernelDocument {
  /// The layer and its loss, the conventions of vectorisation and differentiation, and the table of notation.
  func appendConventions(to document: inout LaTeXDocument) {
    document.subsection("The layer and its loss")
    document.append(
      "The data are $\(symbol(objective.model.input))$, one token in each row. The layer and its loss are")
    document.append(paper.display(definitions))
    document.append(
      """
      Throughout, $L$, $d$, $d_K$ and $d_V$ are independent positive sizes, and the data, the parameters and the target are
      arbitrary real matrices. \(hypothesis)
      Formulas print these names wherever their right sides occur, also before a step introduces the name.

      """)
    document.subsection("Conventions")
    document.append(Self.conventions)
    document.append(LaTeX.display(["H(i,j) = \(latex(whole)) = H_{\\mathrm o}(i,j) + H_{\\mathrm f}(i,j),"]))
    document.append(
      LaTeX.display([
        "H_{\\mathrm o}(i,j) = \(latex(split.operands[0])), \\qquad H_{\\mathrm f}(i,j) = \(latex(split.operands[1])),"
      ]))
    document.append(
      """
      the outer-product part, which as a whole matrix is positive semidefinite, and the functional part, which vanishes
      with the residual. The parameters are ordered $Q, K, V$, and $H(j,i) = H(i,j)^{\\top}$.

      """)
    document.subsection("Notation")
    document.table(notationTable)
  }

  private static let conventions = """
    \\begin{itemize}
    \\item $\\operatorname{vec}_r$ stacks the rows of a matrix into one column: entry $(i,j)$ of an $m \\times n$ matrix
      stands at place $(i-1)n + j$. Hence
      $\\operatorname{vec}_r(A G B^{\\top}) = (A \\otimes B) \\operatorname{vec}_r(G)$: against the more common convention of
      stacking columns, the factors of Kronecker products are exchanged.
    \\item $\\partial F/\\partial W = \\partial \\operatorname{vec}_r(F) / \\partial \\operatorname{vec}_r(W)$, an
      $mn \\times pq$ matrix for $F : m \\times n$ and $W : p \\times q$; a second derivative
      $\\partial^2 F/\\partial U\\,\\partial W$ is the Jacobian of $\\partial F/\\partial U$ by $W$.
    \\item $K_{m,n}$ is the permutation with $K_{m,n} \\operatorname{vec}_r(F) = \\operatorname{vec}_r(F^{\\top})$ for
      $F : m \\times n$.
    \\end{itemize}
    The block of two parameters $W_i : p \\times q$ and $W_j$ is the sum of two parts (the Gauss--Newton split):
    """

  // MARK: Definitions

  private var model: any Model { objective.model }

  /// The names of the layer with what they stand for, from the logits to the loss.
  var definitions: [(name: Formula, formula: Formula)] {
    let F = Formula.symbol("F", model.output.shape.rows, model.output.shape.columns)
    var definitions = paper.logits
    let names = objective.abbreviations.map { (name: $0.name, formula: $0.definition.statement.left) }
    definitions += names.filter { name in paper.logits.contains { name.formula.operands.first == $0.formula } }
    definitions.append((F, model.output))
    definitions += names.filter { name in !definitions.contains { $0.name == name.name } }
    definitions.append((.symbol("ell", 1, 1), objective.loss))
    return definitions
  }

  private var hypothesis: String {
    switch kernel {
    case .softmax:
      "Of $A$ nothing is used but that it is a softmax, row by row."
    case .gaussian:
      "The exponential is taken entry by entry; $T_{ij} = -\\lVert q_i - k_j \\rVert^2 / (2\\sqrt{d_K})$ for the rows "
        + "$q_i$ of $X W_Q$ and $k_j$ of $X W_K$."
    case .linear: "The output is a polynomial of degree one in each of the three parameters."
    }
  }

  // MARK: The split

  private static let rowSymbol = Symbol("W_i", Shape("p", "q")), columnSymbol = Symbol("W_j", Shape("u", "v"))
  private var whole: Formula {
    Formula.symbol("ell", 1, 1).jacobian(.symbol(Self.rowSymbol)).jacobian(.symbol(Self.columnSymbol))
  }
  /// The right side of the split for this loss, with unnamed parameters.
  private var split: Formula {
    let U = Formula.symbol(Self.rowSymbol), W = Formula.symbol(Self.columnSymbol)
    let shape = objective.residual.shape
    let squares = objective.loss.replacing([objective.residual: .variable("R", shape.rows, shape.columns)])
    var derivation = Derivation(squares.jacobian(U).jacobian(W))
    derivation.apply(SecondOrderLaws.gaussNewton)
    return derivation.current
  }

  // MARK: The table

  private func latex(_ formula: Formula) -> String { formula.latex(notation) }
  private func symbol(_ symbol: Symbol) -> String {
    "\(notation.latex(ofName: symbol.name)) : \(notation.latex(symbol.shape))"
  }

  /// The symbols with their shapes and meanings.
  var notationTable: Table {
    var table = Table(
      name: "notation", caption: "Notation.",
      columns: [
        .init("symbol", alignment: .left), .init("shape", alignment: .left),
        .init("meaning", alignment: .paragraph(24.5)),
      ], isLong: true, notation: notation)
    for (symbol, meaning) in symbols {
      table.append([
        .typeset("$\(notation.latex(ofName: symbol.name))$", text: symbol.name),
        .typeset("$\(notation.latex(symbol.shape))$", text: symbol.shape.description), .typeset(meaning, text: ""),
      ])
    }
    for (operation, shape, meaning) in operations {
      table.append([
        .typeset("$\(operation)$", text: ""), .typeset(shape.isEmpty ? "" : "$\(shape)$", text: ""),
        .typeset(meaning, text: ""),
      ])
    }
    return table
  }

  private var symbols: [(Symbol, String)] {
    var rows = [(model.input, "data, one token in each row")]
    let meanings = ["W_Q": "query weights", "W_K": "key weights", "W_V": "value weights"]
    rows += model.parameters.map { ($0, meanings[$0.name] ?? "weights") }
    rows.append((objective.target, "target"))
    let seed = routes[0].derivation.seedSymbol
    for (index, definition) in definitions.enumerated() {
      guard case .symbol(let symbol) = definition.name.operator else { continue }
      rows.append((symbol, "\(Self.meaning[symbol.name] ?? "a name"), equation~\\eqref{eq:definition:\(index)}"))
    }
    rows.append((seed, "any matrix of the shape of the output, held fixed in derivatives"))
    return rows
  }

  private static let meaning = [
    "T": "logits", "A": "attention weights, rows $a_i$", "F": "output of the layer", "R": "residual",
    "M_1": "first moments of the rows of $X$ under the weights", "ell": "loss",
    "E_Q": "the logits' derivative, $\\sqrt{d_K}\\, \\partial T/\\partial W_Q$",
    "E_K": "the logits' derivative, $\\sqrt{d_K}\\, \\partial T/\\partial W_K$",
  ]

  private var operations: [(latex: String, shape: String, meaning: String)] {
    let A = Formula.symbol("A", "L", "L"), G = Formula.variable("G", "L", "L"), L = Size("L")
    let square = notation.latex(Shape(L * L, L * L))
    var rows: [(String, String, String)] = []
    if kernel == .softmax {
      rows = [
        (
          latex(RowwiseFunctions.softmaxJacobian(A)), square,
          "block diagonal, block $i$ is $\\operatorname{diag}(a_i) - a_i a_i^{\\top}$; in the laws, for any matrix "
            + "in place of $A$, written $\\mathcal{D}(A)$"
        ),
        (
          latex(RowwiseFunctions.center(A, G)), notation.latex(A.shape),
          "centred product with $G : L \\times L$: row $i$ is $(\\operatorname{diag}(a_i) - a_i a_i^{\\top})\\, g_i$"
        ),
        (
          latex(RowwiseFunctions.thirdMoment(A, G)), square,
          "block diagonal, block $i$ is $\\operatorname{diag}(p_i) - p_i a_i^{\\top} - a_i p_i^{\\top}$ with $p_i$ row "
            + "$i$ of $\\mathcal{C}_A(G)$: the third central cross-moment under $a_i$, contracted with $g_i$"
        ),
      ]
    }
    rows += [
      ("\\otimes,\\ \\odot", "", "Kronecker product; product entry by entry"),
      ("\\operatorname{vec}_r,\\ \\operatorname{diag}", "", "rows stacked; the diagonal matrix of a column"),
      ("I_n,\\ \\mathbf{1}_{m \\times n}", "", "identity; the matrix of ones"),
      ("K_{m,n}", "mn \\times mn", "commutation matrix"),
      (
        "\\nabla_W \\langle G, F \\rangle", "p \\times q",
        "pullback of $G$ by $F$ for $W : p \\times q$: the matrix with $\\operatorname{vec}_r(\\nabla_W \\langle G, F "
          + "\\rangle) = (\\partial F/\\partial W)^{\\top} \\operatorname{vec}_r(G)$"
      ),
      (
        "(\\operatorname{vec}_r(G)^{\\top} \\otimes I_r)\\, \\frac{\\partial B}{\\partial W}", "r \\times pq",
        "contraction of $\\partial B/\\partial W$ for $B : mn \\times r$, $G : m \\times n$; $G$ is not differentiated"
      ),
    ]
    return rows
  }
}
