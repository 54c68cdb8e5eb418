import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import TensorFiles
import Transformers
import Typesetting

/// Derived bounds in print: per part, per block and for the whole Hessian, with their proofs if wanted.
///
/// Which of several bounds is least depends on the numbers: the bounds are minima over those that are sharpest at some
/// random layer, drawn with a fixed seed. That they hold does not depend on the draws.
public struct BoundDerivationReport: Sendable {
  public let bound: HessianBound
  public let families: [AllowedNorms.Family]
  /// The blocks that are shown.
  public let blocks: [HessianBound.Block]
  /// Whether the proofs are shown.
  public let steps: Bool

  /// - Parameter shown: rows and columns of the blocks to show; `nil` for all on and above the diagonal.
  /// - Errors: those of the derivation.
  public init(
    _ derivation: HessianDerivation, families: Set<AllowedNorms.Family>, shown: [(row: Symbol, column: Symbol)]? = nil,
    steps: Bool = false
  ) throws {
    bound = try HessianBound(
      derivation, allowing: AllowedNorms(families), at: RandomLayers.witnesses(for: derivation.objective))
    self.families = AllowedNorms.Family.allCases.filter(families.contains)
    let parameters = derivation.objective.model.parameters
    let all = parameters.indices.flatMap { i in parameters[i...].map { (row: parameters[i], column: $0) } }
    blocks = (shown ?? all).map { [bound] in bound.block($0.row, $0.column) }
    self.steps = steps
  }

  private var objective: Objective { bound.derivation.objective }

  private static func parts(_ block: HessianBound.Block) -> [(name: String, proof: Proof)] {
    let pair = "\(block.block.row.shortName), \(block.block.column.shortName)"
    return [
      ("‖H_o(\(pair))‖₂", block.outerProduct), ("‖H_f(\(pair))‖₂", block.functional), ("‖H(\(pair))‖₂", block.proof),
    ]
  }

  private var allowedText: String {
    let names = families.isEmpty ? "none" : families.map(\.rawValue).joined(separator: ", ")
    return "Allowed: the spectral norm of each matrix; families: \(names)"
  }

  // MARK: Text

  /// Plain text, with the proofs each step with its law.
  ///
  /// - Errors: the first step that does not follow.
  public func text() throws -> String {
    var text = "\(objective.model.heading). \(allowedText).\n"
    for definition in objective.abbreviations.map(\.definition.statement) {
      text += "\(definition.right) := \(definition.left)\n"
    }
    for block in blocks {
      text += "\n"
      for (name, proof) in Self.parts(block) {
        text += "\(name) ≤ \(proof.judgement.right)   (\(proof.totalSteps) steps)\n"
      }
      if steps { text += "\n" + (try block.proof.text(bound.rules, everyStep: true)) }
    }
    text += "\n‖H‖₂ ≤ ‖[b_ij]‖₂, the largest eigenvalue of the matrix of all block bounds   "
    return text + "(\(bound.proof.totalSteps) steps)\n"
  }

  // MARK: LaTeX

  /// A LaTeX document with the bounds and, if wanted, the proofs.
  ///
  /// - Errors: the first step that does not follow.
  public func latex() throws -> String {
    var document = LaTeXDocument(
      title: "Bounds of the loss Hessian of \(objective.model.subject)",
      provenance: "hessian derive --bound \(objective.model.option)")
    document.section("Definitions")
    for definition in objective.abbreviations.map(\.definition.statement) {
      document.display(Judgement(definition.right, .equal, definition.left))
    }
    for block in blocks {
      document.section("The block of \(block.block.row.name) and \(block.block.column.name)")
      document.paragraph("The outer-product part, the functional part and the block:")
      for (_, proof) in Self.parts(block) { document.display(proof.judgement) }
      if steps { document.append(try block.proof.latex(bound.rules)) }
    }
    return document.latex
  }

  // MARK: JSON

  /// One object with every bound in plain text and LaTeX.
  public func json() -> JSONValue {
    [
      "schema": "hessian.derive-bound/1", objective.model.kind: .string(objective.model.kindName),
      "allowed": .array(families.map { .string($0.rawValue) }),
      "definitions": .array(
        objective.abbreviations.map(\.definition.statement).map {
          ["name": .string($0.right.description), "formula": .string($0.left.description)]
        }),
      "blocks": .array(
        blocks.map { block in
          [
            "row": .string(block.block.row.name), "column": .string(block.block.column.name),
            "outer": Self.json(block.outerProduct), "functional": Self.json(block.functional),
            "bound": Self.json(block.proof),
          ]
        }),
      "hessian": Self.json(bound.proof),
    ]
  }

  private static func json(_ proof: Proof) -> JSONValue {
    let right = proof.judgement.right
    return [
      "text": .string(right.description), "latex": .string(right.latex()), "step_count": .integer(proof.totalSteps),
    ]
  }
}

/// Random layers of several scales, at which bounds are to be sharp where no layer is given.
enum RandomLayers {
  static func witnesses(for objective: Objective) throws -> [BoundSearch.Witness] {
    var generator = SplitMix64(seed: 1)
    return try [0.5, 1, 2, 4].map { scale in
      let known = ["L": 5, "d": 4, "d_K": 3, "d_V": 2, "d_O": 3]
      let sizes = Dictionary(uniqueKeysWithValues: objective.sizeNames.map { ($0, known[$0] ?? 3) })
      var point = Environment<Double>(sizes: known.merging(sizes) { $1 })
      let model = objective.model
      for symbol in [model.input, objective.target] + model.parameters + model.constants {
        let rows = try point.number(symbol.shape.rows), columns = try point.number(symbol.shape.columns)
        point[symbol] = Matrix(rows: rows, columns: columns) { _, _ in scale * Double.random(using: &generator) }
      }
      let evaluator = Evaluator(point)
      return { try evaluator.value(of: $0).scalar }
    }
  }
}
