import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// The derivation of all blocks of the loss Hessian of one attention head, as a LaTeX document.
struct KernelDocument {
  let kernel: AttentionKernel
  let objective: Objective
  let notation: Notation
  let paper: PaperNotation
  /// By route, the derivation with its blocks.
  let routes: [(derivation: HessianDerivation, blocks: [HessianBlock])]
  /// The substantive laws that the proofs use, which the document states.
  let statedLaws: [Rule]

  init(_ kernel: AttentionKernel) {
    self.kernel = kernel
    objective = Objective(SelfAttention(kernel))
    paper = PaperNotation(objective)
    notation = paper.notation
    routes = [Route.jacobianFirst, .gradientFirst].map { [objective] route in
      let derivation = HessianDerivation(objective, route: route)
      return (derivation, derivation.blocks())
    }
    let used = Set(routes.flatMap { $0.blocks.flatMap(\.proof.rulesUsed) })
    statedLaws = Laws.all.filter { used.contains($0.id) && $0.weight == .substantive }
  }

  /// The document.
  ///
  /// - Errors: the first step that does not follow.
  func latex() throws -> String {
    var document = LaTeXDocument(
      title: "The loss Hessian of self-attention", subtitle: Self.subtitle(kernel),
      provenance: Documents.provenance("derivations", "All blocks for the kernel \(kernel.rawValue), by both routes."),
      references: Bibliography.references(citedBy: statedLaws, and: Self.cited))
    document.append(introduction)
    document.section("Conventions and notation")
    appendConventions(to: &document)
    document.section("The nine blocks")
    appendResults(to: &document)
    document.section("Derivation, Jacobian first")
    try appendDerivation(routes[0].derivation, routes[0].blocks, to: &document)
    document.section("Derivation, gradient first")
    try appendDerivation(routes[1].derivation, routes[1].blocks, to: &document)
    document.section("The laws")
    document.append(
      """
      The proofs use \(statedLaws.count) laws of substance, stated here for any matrices of the given shapes, and laws of \
      bookkeeping (transposes, Kronecker products, scalar factors, zeros and identities), which the catalogue
      \\texttt{laws.tex} states.

      """)
    for law in statedLaws { document.append(law.latex(PaperNotation.laws)) }
    return document.latex
  }

  private static let cited = ["vaswani2017", "schwartz1980", "zippel1979", "magnus2019", "ormaniec2024"]

  private static func subtitle(_ kernel: AttentionKernel) -> String {
    switch kernel {
    case .softmax: "One head with softmax weights"
    case .gaussian: "One head with Gaussian weights, without normalisation"
    case .linear: "One head with linear weights"
    }
  }

  private var introduction: String {
    """
    \\begin{abstract}
    \\noindent For one head of self-attention \(Self.description(kernel)) and the mean square loss we derive all nine blocks
    of the Hessian by the query, key and value weights, in closed form and from the forward formula alone. Every step is
    one application of a named law. Each block is derived twice: by differentiating the Jacobian of the output, and by
    differentiating the gradient of the loss.
    \\end{abstract}
    """
  }

  private static func description(_ kernel: AttentionKernel) -> String {
    switch kernel {
    case .softmax: "with softmax weights~\\cite{vaswani2017}"
    case .gaussian: "whose weights are a Gaussian of the distance between query and key, not normalised over the keys,"
    case .linear: "whose weights are the logits themselves, without softmax,"
    }
  }
}
