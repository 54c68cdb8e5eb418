import MatrixCalculus
import Typesetting

/// The catalogue of all laws as a LaTeX document.
enum LawsDocument {
  static func latex() -> String {
    var document = LaTeXDocument(
      title: "The laws of the calculus", subtitle: "A catalogue",
      provenance: Documents.provenance("derivations", "Every law, by group."),
      references: Bibliography.references(citedBy: Laws.all + ElasticityLaws.all))
    let substantive = Laws.all.count { $0.weight == .substantive }
    document.append(
      """
      These are the \(Laws.all.count) laws from which the Hessians are derived: \(substantive) of substance and \
      \(Laws.all.count - substantive) of bookkeeping, which a proof keeps and a printed derivation groups. Each holds for
      all real matrices of the shapes given with it; sizes are arbitrary positive integers. No law mentions attention.
      As in the derivations, $\\operatorname{vec}_r$ stacks rows, $\\partial F/\\partial W = \\partial
      \\operatorname{vec}_r(F)/\\partial \\operatorname{vec}_r(W)$, and $K_{m,n} \\operatorname{vec}_r(F) =
      \\operatorname{vec}_r(F^{\\top})$ for $F : m \\times n$. The functions $\\operatorname{softmax}$, $\\mathcal{D}$,
      $\\mathcal{C}$ and $\\kappa$ act on rows; the laws whose names begin with \\textsf{unfold} define them.

      """)
    for group in Laws.catalogue {
      document.section(group.title)
      for rule in group.rules { document.append(rule.latex(PaperNotation.laws)) }
    }
    document.section("Derivatives of numbers")
    document.append("These are used on bounds alone, for their elasticities; all operands are numbers.\n")
    for rule in ElasticityLaws.all { document.append(rule.latex(PaperNotation.laws)) }
    return document.latex
  }
}
