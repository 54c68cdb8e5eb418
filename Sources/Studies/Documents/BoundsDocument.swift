import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// The derived bounds of the blocks' spectral norms and of the whole Hessian, with their proofs, as a LaTeX document.
struct BoundsDocument {
  /// The bounds of one kernel in chosen norms.
  private struct Section {
    let bound: HessianBound
    let notation: Notation
    let name: String

    init(_ model: SelfAttention, _ families: Set<AllowedNorms.Family>, _ name: String) throws {
      let objective = Objective(model)
      notation = PaperNotation(objective).notation
      bound = try HessianBound(
        HessianDerivation(objective), allowing: AllowedNorms(families), at: RandomLayers.witnesses(for: objective))
      self.name = name
    }

    /// The blocks on and above the diagonal; of several heads those of the first, with itself and with the second.
    var blocks: [HessianBound.Block] {
      let objective = bound.derivation.objective, parameters = objective.model.parameters
      let rows = parameters.count / (objective.attention?.heads ?? 1)
      return (0..<rows).flatMap { i in parameters[i...].map { bound.block(parameters[i], $0) } }
    }
  }

  private let kernels: [Section]
  private let refinements: [Section]
  private let heads: Section
  private let inNumbers: DerivedBound
  private let statedLaws: [Rule]

  init() throws {
    kernels = try AttentionKernel.allCases.map { try Section(SelfAttention($0), [.residual], $0.rawValue) }
    refinements = try [
      Section(SelfAttention(.softmax), [.residual, .attention, .products, .distances], "distances"),
      Section(SelfAttention(.softmax), Set(AllowedNorms.Family.allCases), "moments"),
    ]
    heads = try Section(SelfAttention(.softmax, heads: 2), [.residual], "heads")
    inNumbers = try DerivedBound.derived(.targetNorm)
    let used = Set(
      (kernels + refinements).flatMap { $0.blocks.flatMap { $0.outerProduct.rulesUsed + $0.functional.rulesUsed } })
    statedLaws = Laws.norms.filter { used.contains($0.id) && $0.weight == .substantive }
  }

  /// The document.
  ///
  /// - Errors: the first step that does not follow.
  func latex() throws -> String {
    var document = LaTeXDocument(
      title: "Bounds of the loss Hessian of self-attention", subtitle: "Derived in norms of the data and the weights",
      provenance: Documents.provenance("derivations", "Bounds of all blocks, for each kernel."),
      references: Bibliography.references(citedBy: statedLaws, and: ["ormaniec2024", "horn2012"]))
    document.append(Self.introduction)
    for section in kernels { appendBounds(section, Self.title(section.bound), to: &document) }
    appendWhole(to: &document)
    document.section("Sharper bounds for softmax")
    document.append(Self.refinementText)
    for (section, title) in zip(refinements, ["Products and distances", "Moments under the attention"]) {
      document.subsection(title)
      document.append(equations(section))
    }
    document.section("Several heads")
    document.append(
      "For $F = \\sum_h A^{(h)} X W_V^{(h)} W_O^{(h)}$ with softmax weights, written for two heads: the blocks of the first "
        + "head with itself and with the second. Functional parts between heads are zero.")
    document.append(equations(heads))
    document.section("Proofs")
    document.append(
      """
      Each proof is a chain of equal or growing numbers, of which the laws are named at the right and stated below. The
      closed forms that the chains begin with are those of \\texttt{softmax.tex}, \\texttt{gaussian.tex} and
      \\texttt{linear.tex}.

      """)
    for section in kernels + refinements.suffix(1) { try appendProofs(section, to: &document) }
    document.section("The laws")
    for law in statedLaws { document.append(law.latex(PaperNotation.laws)) }
    return document.latex
  }

  private static let introduction = """
    \\begin{abstract}
    \\noindent For one head of self-attention and the mean square loss we bound the spectral norms of the parts $H_o$ and
    $H_f$ of all blocks of the Hessian, and of the whole. Every bound is derived by a program from laws about norms, each of
    which is stated with its reason, and every step of every proof is checked.
    \\end{abstract}
    \\noindent $\\lVert \\cdot \\rVert_2$ is the spectral norm, $\\lVert \\cdot \\rVert_F$ that of Frobenius, $\\lVert \\cdot
    \\rVert_{2,\\infty}$ the length of the longest row, $\\lVert \\cdot \\rVert_{\\infty}$ the largest absolute row sum, and
    $\\lVert \\cdot \\rVert_{\\max}$ the largest absolute entry. The spread of the rows is measured by
    $\\operatorname{diam}(B)$, the largest distance of two rows, and $\\operatorname{range}(B)$, the largest difference of
    two entries of the same row. The closed forms of the blocks~\\cite{ormaniec2024} are derived in the documents for each
    kernel, whose notation is used. Where a bound is a minimum, which of its operands is least depends on the layer; more
    bounds of the same kind exist, and all of them hold.

    """

  private static let refinementText = """
    The norm of a product of matrices is at most the product of their norms, and often far below it. Bounds in norms of
    $XW_Q$, $XW_K$, $XW_V$ and $AX$ are never above those in norms of single matrices. As 𝒟 and $\\kappa$ do not change when
    the same row is added to all tokens, only distances of tokens matter beside them.

    """.replacing("𝒟", with: "$\\mathcal{D}$")

  private static func title(_ bound: HessianBound) -> String {
    switch bound.derivation.objective.attention?.kernel {
    case .softmax: "Softmax weights"
    case .gaussian: "Gaussian weights"
    case .linear: "Linear weights"
    case nil: "A network"
    }
  }

  private func appendBounds(_ section: Section, _ title: String, to document: inout LaTeXDocument) {
    document.section(title)
    document.append("In norms of single matrices and of the residual $R = F - Y$:")
    document.append(equations(section))
  }

  /// `‖H_o(Q,K)‖₂ ≤ …` and `‖H_f(Q,K)‖₂ ≤ …`, those that are zero left out.
  private func equations(_ section: Section) -> String {
    LaTeX.display(
      section.blocks.flatMap { block in
        [(KernelDocument.Part.outer, block.outerProduct), (.functional, block.functional)]
          .filter { $0.1.judgement.right != .integer(0) }
          .map { part, proof in
            var notation = section.notation
            notation.symbols["block"] = "{\(KernelDocument.blockName(block.block, part, notation))}"
            let shape = proof.judgement.left.operands[0].shape
            let statement = Judgement(
              Formula.symbol("block", shape.rows, shape.columns).norm(), .atMost, proof.judgement.right)
            return (
              KernelDocument.label("eq:\(section.name)", block.block, part.rawValue),
              statement.latexLines(notation, width: PaperNotation.numberedWidth)
            )
          }
      })
  }

  private func appendWhole(to document: inout LaTeXDocument) {
    document.section("The whole Hessian")
    document.append(
      """
      The norm of a block is at most the sum of the bounds of its parts, and the norm of a matrix of blocks at most that of
      the matrix of the norms of its blocks~\\cite{horn2012}: with $b_{ij}$ the bound of the block of $W_i$ and $W_j$,
      \\[ \\lVert H \\rVert_2 \\le \\lambda_{\\max} \\begin{pmatrix} b_{QQ} & b_{QK} & b_{QV} \\\\ b_{KQ} & b_{KK} & b_{KV} \\\\
      b_{VQ} & b_{VK} & b_{VV} \\end{pmatrix}. \\]
      In numbers, for softmax under the hypotheses $\\lVert X \\rVert_2 \\le x$, $\\lVert W_Q \\rVert_2 \\le q$, $\\lVert W_K
      \\rVert_2 \\le k$, $\\lVert W_V \\rVert_2 \\le v$ and $\\lVert Y \\rVert_F \\le y$ alone, at any such weights:
      """)
    let names = ["Q", "K", "V"]
    document.append(
      LaTeX.display(
        names.indices.flatMap { i in
          names[i...].compactMap { column in
            inNumbers.block(names[i], column).map { bound in
              let name = Formula.symbol("b", 1, 1)
              var notation = Notation.paper
              notation.symbols["b"] = "b_{\(names[i])\(column)}"
              let lines = Judgement(name, .atMost, bound).latexLines(notation, width: PaperNotation.numberedWidth)
              return ("eq:numbers:\(names[i])-\(column)", lines.map { $0.replacing("\\le", with: "=") })
            }
          }
        }))
  }

  private func appendProofs(_ section: Section, to document: inout LaTeXDocument) throws {
    let isRefined = section.name == refinements.last?.name
    document.subsection(
      isRefined ? "Softmax weights, moments under the attention" : Self.title(section.bound))
    for block in section.blocks {
      for (part, proof) in [(KernelDocument.Part.outer, block.outerProduct), (.functional, block.functional)]
      where proof.judgement.right != .integer(0) {
        document.append(
          try proof.latex(
            section.bound.rules, environment: "proposition",
            label: KernelDocument.label("\(section.name):proof", block.block, part.rawValue),
            title: "$\(KernelDocument.blockName(block.block, part, section.notation))$", notation: section.notation,
            references: ProofReferences(laws: Set(statedLaws.map(\.id)))))
      }
    }
  }
}
