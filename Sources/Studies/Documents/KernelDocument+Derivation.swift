import Formulas
import MatrixCalculus
import Transformers
import Typesetting

extension KernelDocument {
  /// The lemmas of one route, each proven once, then both parts of every block.
  func appendDerivation(
    _ derivation: HessianDerivation, _ blocks: [HessianBlock], to document: inout LaTeXDocument
  ) throws {
    var printer = RoutePrinter(document: document, derivation: derivation, notation: notation, stated: statedLaws)
    let parameters = derivation.objective.model.parameters
    printer.document.append(Self.overview(derivation.route))
    printer.document.subsection("Jacobians")
    for proof in derivation.logitJacobians {
      guard let W = parameters.first(where: { proof.judgement.left.operands.last == .symbol($0) }) else { continue }
      try printer.append(
        proof, "lemma", "Logits by $\(notation.latex(ofName: W.name))$", "logits:\(W.shortName)")
    }
    for W in parameters {
      guard let proof = derivation.jacobians[W] else { continue }
      try printer.append(proof, "lemma", "Residual by $\(notation.latex(ofName: W.name))$", "jacobian:\(W.shortName)")
    }
    if derivation.route == .gradientFirst {
      printer.document.subsection("Gradients")
      for W in parameters {
        guard let proof = derivation.gradients[W] else { continue }
        try printer.append(proof, "lemma", "Gradient by $\(notation.latex(ofName: W.name))$", "gradient:\(W.shortName)")
      }
    }
    try appendTransposes(used: blocks, with: &printer)
    for block in blocks { try append(block, with: &printer) }
    document = printer.document
  }

  /// The normal forms of transposed names that the proofs recognise.
  private func appendTransposes(used blocks: [HessianBlock], with printer: inout RoutePrinter) throws {
    var used: Set<Judgement> = []
    func visit(_ proof: Proof) {
      used.insert(proof.judgement)
      proof.lemmas.forEach(visit)
    }
    blocks.map(\.proof).forEach(visit)
    let transposes = objective.abbreviations.filter { used.contains($0.transposed.judgement) }
    guard !transposes.isEmpty else { return }
    printer.document.subsection("Transposes of names")
    for abbreviation in transposes {
      let name = abbreviation.name.latex(notation)
      try printer.append(
        abbreviation.transposed, "lemma", "$\(name)$ transposed", "transpose:\(name.filter(\.isLetter))")
    }
  }

  private func append(_ block: HessianBlock, with printer: inout RoutePrinter) throws {
    let pair = Self.pair(block, notation)
    printer.document.append("\\subsection[The block (\(pair.filter { $0 != "$" }))]{The block $(\(pair))$}")
    let label = "\(block.row.shortName)-\(block.column.shortName)"
    let second = "\\partial^2 R/\\partial \(block.row.name)\\,\\partial \(block.column.name)"
    for lemma in block.functionalProof.lemmas {
      try printer.append(lemma, "lemma", "$\(second)$, contracted with $G$", "contraction:\(label)")
    }
    try printer.append(
      block.outerProductProof, "proposition", "Outer-product part $\(Self.blockName(block, .outer, notation))$",
      "outer:\(label)")
    try printer.append(
      block.functionalProof, "proposition", "Functional part $\(Self.blockName(block, .functional, notation))$",
      "functional:\(label)")
    try printer.append(block.proof, "theorem", "Block $(\(pair))$", "block:\(label)")
  }

  private static func overview(_ route: Route) -> String {
    switch route {
    case .jacobianFirst:
      """
      The residual is differentiated by each parameter, its Jacobian once more under a fixed contraction with $G$. Each
      proof is a chain of equal formulas; beside each stands its number, the law that leads to it, and how many steps of
      bookkeeping went with it, which are named below the chain. An arrow marks a law that is used from right to left.

      """
    case .gradientFirst:
      """
      The gradient $\\nabla_{W_i} \\langle G, R \\rangle$ is derived first, for any $G$ of the shape of the output. It is
      linear in $G$, with the transposed Jacobian as its matrix, which gives the outer-product part; its derivative by
      $W_j$ at constant $G$ gives the functional part. No derivative of a Jacobian is formed.

      """
    }
  }
}

/// Appends proofs to a document, remembering where each was stated.
private struct RoutePrinter {
  var document: LaTeXDocument
  let derivation: HessianDerivation
  let notation: Notation
  var references: ProofReferences

  init(document: LaTeXDocument, derivation: HessianDerivation, notation: Notation, stated: [Rule]) {
    (self.document, self.derivation, self.notation) = (document, derivation, notation)
    references = ProofReferences(laws: Set(stated.map(\.id)))
  }

  /// States and proves, unless that was done before in this part of the document.
  mutating func append(_ proof: Proof, _ environment: String, _ title: String, _ name: String) throws {
    guard references.lemmas[proof.judgement] == nil else { return }
    let label = "\(derivation.route == .jacobianFirst ? "j" : "g"):\(name)"
    document.append(
      try proof.latex(
        derivation.rules, environment: environment, label: label, title: title, notation: notation,
        references: references))
    references.lemmas[proof.judgement] =
      "\(environment.prefix(1).uppercased())\(environment.dropFirst())~\\ref{\(label)}"
  }
}
