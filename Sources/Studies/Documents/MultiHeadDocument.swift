import Formulas
import Transformers
import Typesetting

/// The closed forms of the blocks of a layer with several heads, as a LaTeX document.
struct MultiHeadDocument {
  let objective: Objective
  let paper: PaperNotation
  let heads: Int

  init(_ kernel: AttentionKernel, heads: Int) {
    objective = Objective(SelfAttention(kernel, heads: heads))
    paper = PaperNotation(objective)
    self.heads = heads
  }

  func latex() -> String {
    let derivation = HessianDerivation(objective, route: .jacobianFirst)
    var document = LaTeXDocument(
      title: "The loss Hessian of self-attention",
      subtitle: "Several heads with an output matrix, written for \(heads)",
      provenance: Documents.provenance("derivations", "The distinct blocks for \(heads) softmax heads."),
      references: Bibliography.references(["ormaniec2024", "vaswani2017"]))
    document.append(
      """
      \\noindent The heads of a layer~\\cite{vaswani2017} stand side by side and are combined by an output matrix
      $W_O$ of $\(heads) d_V$ rows. Written with the block rows $W_O^{(h)} : d_V \\times d_O$ of that matrix, the layer is a
      sum over heads, and its Hessian needs no law beyond those of a single head. Notation is that of
      \\texttt{softmax.tex}: $\\operatorname{vec}_r$ stacks rows, $K_{m,n}$ is the commutation matrix,
      $\\partial A^{(h)}/\\partial T^{(h)}$ is block diagonal with the blocks $\\operatorname{diag}(a_i) - a_i a_i^{\\top}$,
      $\\mathcal{C}_A(G)$ is the centred product and $\\kappa_A(G)$ the third central moment contracted with $G$; compare
      \\cite{ormaniec2024} for a single head.

      """)
    document.section("The layer")
    document.append(paper.display(definitions))
    document.append(
      "The shapes are $X : L \\times d$, $W_Q^{(h)}, W_K^{(h)} : d \\times d_K$, $W_V^{(h)} : d \\times d_V$, "
        + "$W_O^{(h)} : d_V \\times d_O$ and $Y : L \\times d_O$, with independent sizes.\n")
    let parameters = objective.model.parameters
    let perHead = parameters.count / heads
    let first = Array(parameters.prefix(perHead)), second = Array(parameters[perHead..<(2 * perHead)])
    document.section("Blocks within a head")
    document.append(
      "For the first head; those of the others have the same form. Blocks below the diagonal are transposes.")
    document.append(equations(first, first, derivation))
    document.section("Blocks between two heads")
    document.append(
      "Different heads are linked through the residual alone: all functional parts are zero. Blocks not shown follow by "
        + "exchanging the two heads and transposing.")
    document.append(equations(first, second, derivation))
    return document.latex
  }

  /// The blocks of the rows with the columns from the diagonal on, zero functional parts left out.
  private func equations(_ rows: [Symbol], _ columns: [Symbol], _ derivation: HessianDerivation) -> String {
    let blocks = rows.enumerated().flatMap { i, row in columns[i...].map { derivation.block(row, $0) } }
    return LaTeX.display(
      blocks.flatMap { block in
        let outer = [KernelDocument.equation(block, .outer, block.outerProduct, paper.notation)]
        return block.functional.operator == .zero
          ? outer : outer + [KernelDocument.equation(block, .functional, block.functional, paper.notation)]
      })
  }

  /// The names of the first head, the output, the residual and the loss; the other heads' names are alike.
  private var definitions: [(name: Formula, formula: Formula)] {
    let output = objective.model.output
    let names = objective.abbreviations.map { (name: $0.name, formula: $0.definition.statement.left) }
    let isFirst = { (name: Formula) in name.symbols.first.map { $0.name.hasSuffix("^1") } ?? false }
    return paper.logits.filter { isFirst($0.name) }
      + names.filter { isFirst($0.name) }
      + [(.symbol("F", output.shape.rows, output.shape.columns), output)]
      + names.filter { $0.name.symbols.first?.name == "R" } + [(.symbol("ell", 1, 1), objective.loss)]
  }
}
