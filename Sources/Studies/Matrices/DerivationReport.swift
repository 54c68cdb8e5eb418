import Formulas
import MatrixCalculus
import TensorFiles
import Transformers
import Typesetting

/// Derived blocks in print: closed forms and, if wanted, their proofs, as text, LaTeX or JSON.
public struct DerivationReport: Sendable {
  public let derivation: HessianDerivation
  public let blocks: [HessianBlock]
  /// Whether the proofs are shown.
  public let steps: Bool

  public init(_ derivation: HessianDerivation, blocks: [HessianBlock], steps: Bool) {
    self.derivation = derivation
    self.blocks = blocks
    self.steps = steps
  }

  private var objective: Objective { derivation.objective }

  private func name(_ part: String, _ block: HessianBlock) -> String {
    "\(part)(\(block.row.name), \(block.column.name))"
  }

  /// The names that the closed forms use.
  private var definitions: [Judgement] { objective.abbreviations.map(\.definition.statement) }

  // MARK: Text

  /// Plain text, each step of the proofs with its law.
  ///
  /// - Errors: the first step that does not follow.
  public func text() throws -> String {
    var text = "\(objective.model.heading), \(derivation.route.rawValue)\n"
    text += "F = \(objective.model.output)\n"
    text += "ℓ = \(objective.loss)\n\n"
    for definition in definitions { text += "\(definition.right) := \(definition.left)\n" }
    for block in blocks {
      text += "\n\(name("H_o", block)) = \(block.outerProduct)\n"
      text += "\(name("H_f", block)) = \(block.functional)\n"
      text += "(\(block.proof.totalSteps) steps)\n"
      if steps { text += "\n" + (try block.proof.text(derivation.rules, everyStep: true)) }
    }
    return text
  }

  // MARK: LaTeX

  /// A LaTeX document with the closed forms and, if wanted, the proofs.
  ///
  /// - Errors: the first step that does not follow.
  public func latex() throws -> String {
    var document = LaTeXDocument(
      title: "The loss Hessian of \(objective.model.subject)",
      provenance: "hessian derive \(objective.model.option) --route \(derivation.route.rawValue)")
    document.section("Definitions")
    for definition in definitions { document.display(Judgement(definition.right, .equal, definition.left)) }
    for block in blocks {
      document.section("The block of \(block.row.name) and \(block.column.name)")
      document.paragraph("The outer-product part and the functional part:")
      document.display(block.outerProduct)
      document.display(block.functional)
      if steps { document.append(try block.proof.latex(derivation.rules)) }
    }
    return document.latex
  }

  // MARK: JSON

  /// One object with every block in plain text and LaTeX.
  ///
  /// - Errors: the first step that does not follow.
  public func json() throws -> JSONValue {
    var objects: [JSONValue] = []
    for block in blocks { objects.append(try json(block)) }
    return [
      "schema": "hessian.derive/1", objective.model.kind: .string(objective.model.kindName),
      "route": .string(derivation.route.rawValue), "output": .string(objective.model.output.description),
      "loss": .string(objective.loss.description),
      "definitions": .array(
        definitions.map {
          ["name": .string($0.right.description), "formula": .string($0.left.description)]
        }),
      "blocks": .array(objects),
    ]
  }

  private func json(_ block: HessianBlock) throws -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("row", .string(block.row.name)), .init("column", .string(block.column.name)),
      .init("outer", Self.json(block.outerProduct)), .init("functional", Self.json(block.functional)),
      .init("step_count", .integer(block.proof.totalSteps)),
    ]
    if steps { members.append(.init("proof", try json(block.proof))) }
    return .object(members)
  }

  private func json(_ proof: Proof) throws -> JSONValue {
    var lemmas: [JSONValue] = []
    for lemma in proof.lemmas { lemmas.append(try json(lemma)) }
    var steps: [JSONValue] = []
    try proof.replaySteps(derivation.rules) { replayed in
      steps.append([
        "law": .string(Self.law(replayed.step.justification)), "direction": .string(replayed.step.direction.rawValue),
        "from": .string(replayed.replaced.description), "relation": .string(replayed.relation.rawValue),
        "to": .string(replayed.replacement.description),
      ])
    }
    return [
      "title": .string(proof.title), "statement": .string(proof.judgement.description), "lemmas": .array(lemmas),
      "steps": .array(steps),
    ]
  }

  private static func json(_ formula: Formula) -> JSONValue {
    ["text": .string(formula.description), "latex": .string(formula.latex())]
  }

  private static func law(_ justification: Justification) -> String {
    switch justification {
    case .rule(let id): id.rawValue
    case .lemma(let index): "lemma \(index + 1)"
    case .arithmetic: "arithmetic"
    }
  }
}
