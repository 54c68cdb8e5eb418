import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// The catalogue of networks: forward formulas, gradients, blocks and bounds of the small ones, and the checks of all.
struct NetworksDocument {
  /// One network with one loss, derived, checked and bounded.
  private struct Entry {
    let example: NetworkExample
    let loss: Loss
    let derivation: HessianDerivation
    let verification: BlockVerification
    let bound: HessianBound

    var objective: Objective { derivation.objective }
  }

  /// Points of F_p for each network and loss.
  private static let points = 4
  private let entries: [Entry]

  init() throws {
    entries = try NetworkCatalogue.examples.flatMap { example in
      try [Loss.meanSquare, .crossEntropy].map { loss in
        let network = try example.network()
        let derivation = HessianDerivation(Objective(network, measuredBy: loss))
        return Entry(
          example: example, loss: loss, derivation: derivation,
          verification: try BlockVerification(
            .init(network, measuredBy: loss, sizes: example.sizes, points: Self.points)),
          bound: try Self.bound(example, derivation))
      }
    }
  }

  /// The bounds of all blocks, of larger networks of those of the first layer.
  private static func bound(_ example: NetworkExample, _ derivation: HessianDerivation) throws -> HessianBound {
    var derivation = derivation
    if derivation.objective.model.parameters.count > 7 {
      let network = try Network(Layer.parse(list: example.layers), training: .only(["layer 1"]))
      derivation = HessianDerivation(Objective(network, measuredBy: derivation.objective.measure))
    }
    let witnesses = try RandomLayers.witnesses(for: derivation.objective)
    return try HessianBound(
      derivation, allowing: AllowedNorms(), at: Array(witnesses.prefix(example.isPrinted ? 4 : 1)))
  }

  /// The document.
  ///
  /// - Errors: a check that cannot be made.
  func latex() throws -> String {
    var document = LaTeXDocument(
      title: "The loss Hessian of networks", subtitle: "A catalogue of layers and losses, derived and checked",
      provenance: Documents.provenance("derivations", "Networks of several layers, with two losses."),
      references: Bibliography.references(["ba2016", "schraudolph2002", "vaswani2017"]))
    document.append(Self.introduction)
    for example in NetworkCatalogue.examples {
      let own = entries.filter { $0.example.title == example.title }
      document.section(example.title)
      document.append("{\\raggedright\\texttt{\(LaTeX.escape(own[0].objective.model.kindName))}\\par}\n\n")
      appendForward(own[0], to: &document)
      guard example.isPrinted else { continue }
      for entry in own { appendBlocks(entry, to: &document) }
    }
    document.section("Checks")
    document.append(Self.checks)
    document.table(table)
    return document.latex
  }

  private static let introduction = """
    \\noindent A network is a formula like a single layer: the data $X$ have a token in each row, $L$ of them, and layers
    follow one another. Its Hessian needs the laws of \\texttt{laws.tex} and no more. With $F$ the output and $Y$ the target,
    the losses are the mean square $\\lVert F - Y \\rVert_F^2$ over the number of entries, with $R = F - Y$, and the softmax
    cross-entropy $-\\frac1m \\langle Y, \\log S \\rangle$ over the $m$ rows of $F$, with $S = \\operatorname{softmax}(F)$ and
    $R = S - Y$; each row of $Y$ is then a distribution, so that $Y 1 1^{\\top} = 1 1^{\\top}$, a hypothesis that is named in
    every proof that uses it. $H_{\\mathrm o}$ is the generalised Gauss--Newton part~\\cite{schraudolph2002}: for the
    cross-entropy with the Jacobian $\\partial S/\\partial F$ between the Jacobians of the network.

    Attention is that of~\\cite{vaswani2017}. $[A]_+$ is $\\max(x, 0)$ of each entry; its derivative is the step function
    where no entry is zero, and formulas for such networks hold there. Layer normalisation $\\mathcal{N}_\\varepsilon(Z)$ divides
    each row of $Z$, less its mean, by $\\sqrt{v + \\varepsilon}$ with its variance $v$~\\cite{ba2016}; $\\delta_\\varepsilon(Z)$ has
    $1/\\sqrt{v + \\varepsilon}$ in all places of the row, $\\mathcal{N}'_\\varepsilon(Z)$ is the Jacobian, block diagonal by rows, applied
    to the rows of $G$ it is $\\mathcal{P}_\\varepsilon(Z, G)$, and the derivative of that by $Z$ is
    $\\mathcal{N}''_\\varepsilon(Z, G)$. $\\operatorname{gelu}(x) = x \\Phi(x)$, with first and
    second derivatives $\\operatorname{gelu}^{\\prime}$ and $\\operatorname{gelu}^{\\prime\\prime}$. Sums that stand as factors are not multiplied out.
    Bounds are in spectral norms of $X$ and of the weights and in norms of $R$.

    """

  private static let checks = """
    Every block, derived by both routes, and its steps: each replayed by the independent checker and both of its sides
    compared at a random point of the field with $2^{61}-1$ elements, where $\\exp$, $\\log$, $\\Phi$ and $\\varphi$ are
    unknowns with declared derivatives and the step function is 0 or 1; the block against $\\partial^2 \\ell$ by second-order
    dual numbers there at \(points) points and at a random rational point; and finite differences of the loss. The ratio is
    the largest $\\lVert H(i,j) \\rVert_2$ over its derived bound at 20 random points, an estimate in floating point; of
    networks with more than seven matrices it is about the blocks of the first layer.

    """

  // MARK: One network

  private func notation(_ entry: Entry) -> Notation {
    var notation = PaperNotation(entry.objective).notation
    for function in [ElementwiseFunctions.geluDerivative, ElementwiseFunctions.geluSecondDerivative] {
      let marks = function == ElementwiseFunctions.geluDerivative ? "\\prime" : "\\prime\\prime"
      notation.functions[function.name] = { operands, _ in
        .enclosed(prefix: "\\operatorname{gelu}^{\(marks)}", operands)
      }
    }
    return notation
  }

  /// The names in the order in which they build on each other, then the output.
  private func appendForward(_ entry: Entry, to document: inout LaTeXDocument) {
    let notation = notation(entry), model = entry.objective.model
    var plain = notation
    plain.abbreviations = [:]
    var named = Derivation(model.output)
    named.fold(model.abbreviations)
    let F = Formula.symbol("F", model.output.shape.rows, model.output.shape.columns)
    let definitions =
      model.abbreviations.map { Judgement($0.name, .equal, $0.definition.statement.left) }
      + [Judgement(F, .equal, named.current)]
    for definition in definitions {
      document.append(LaTeX.display(definition.latexLines(plain, width: PaperNotation.numberedWidth)))
    }
    let trained = model.parameters.map { "$\(notation.latex(ofName: $0.name))$" }.joined(separator: ", ")
    let held = model.constants.map { "$\(notation.latex(ofName: $0.name))$" }.joined(separator: ", ")
    document.append("Trained are \(trained)\(held.isEmpty ? "" : "; held fixed are \(held)").\n\n")
  }

  private func appendBlocks(_ entry: Entry, to document: inout LaTeXDocument) {
    let notation = notation(entry), objective = entry.objective, parameters = objective.model.parameters
    document.subsection(entry.loss == .crossEntropy ? "Softmax cross-entropy" : "Mean square")
    document.append("The gradient, for the gradient $G$ by the output:\n")
    for parameter in parameters {
      guard let lemma = entry.derivation.gradients[parameter] else { continue }
      var folded = Derivation(lemma.judgement.right)
      folded.fold(objective.abbreviations)
      var named = notation
      named.symbols["gradient"] = "{\\nabla_{\(notation.latex(ofName: parameter.name))}}"
      let name = Formula.symbol("gradient", parameter.shape.rows, parameter.shape.columns)
      display(Judgement(name, .equal, folded.current), named, to: &document)
    }
    document.append(
      "The blocks on and above the diagonal, functional parts that are zero left out, and their bounds:\n")
    for (i, row) in parameters.enumerated() {
      for column in parameters[i...] { appendBlock(entry.bound.block(row, column), notation, to: &document) }
    }
  }

  private func appendBlock(_ bound: HessianBound.Block, _ notation: Notation, to document: inout LaTeXDocument) {
    let parts = [
      (KernelDocument.Part.outer, bound.block.outerProduct), (.functional, bound.block.functional),
    ].filter { $0.1.operator != .zero }
    for (part, formula) in parts {
      var named = notation
      named.symbols["block"] = "{\(KernelDocument.blockName(bound.block, part, notation))}"
      let name = Formula.symbol("block", formula.shape.rows, formula.shape.columns)
      display(Judgement(name, .equal, formula), named, to: &document)
    }
    let shape = bound.block.outerProduct.shape
    var named = notation
    named.symbols["block"] = "{H(\(KernelDocument.pair(bound.block, notation)))}"
    let name = Formula.symbol("block", shape.rows, shape.columns)
    display(Judgement(name.norm(), .atMost, bound.bound), named, to: &document)
  }

  private func display(_ statement: Judgement, _ notation: Notation, to document: inout LaTeXDocument) {
    document.append(LaTeX.display(statement.latexLines(notation, width: PaperNotation.numberedWidth)))
  }

  // MARK: The table

  private var table: Table {
    var table = Table(
      name: "networks",
      caption:
        "The networks of this document with both losses. Steps: the longest derivation of a block, Jacobian first "
        + "and gradient first, lemmas included.",
      columns: [
        .init("network", alignment: .paragraph(4.2)), .init("loss", alignment: .left), .init("blocks"),
        .init("steps J"),
        .init("steps G"), .init("steps hold"), .init("equal"), .init("chance", alignment: .left), .init("rational"),
        .init("differences", alignment: .left), .init("ratio", alignment: .left),
      ])
    for entry in entries { table.append(row(entry)) }
    return table
  }

  private func row(_ entry: Entry) -> [Table.Cell] {
    let rows = entry.verification.rows
    let holds = { (method: BlockVerification.Method) in
      Table.Cell.verdict(rows.allSatisfy { !$0.failures.contains(method) }, "")
    }
    let exponent = rows.map(\.failureExponent).max() ?? 0
    let steps = { (route: Route) in Table.Cell.exact("\(rows.compactMap { $0.steps[route] }.max() ?? 0)") }
    let ratio = (try? NetworkMeasurement(entry.bound, sizes: entry.example.sizes).largestRatio) ?? .nan
    return [
      .text(entry.example.title), .text(entry.loss.rawValue), .exact("\(rows.count)"), steps(.jacobianFirst),
      steps(.gradientFirst), holds(.steps), holds(.primeField),
      .typeset("$< 2^{\(exponent)}$", text: "< 2^\(exponent)"), holds(.rational), holds(.finiteDifferences),
      .estimate(ratio, digits: 2),
    ]
  }
}
