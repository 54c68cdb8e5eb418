import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// How formulas look in the generated documents.
struct PaperNotation {
  let objective: Objective
  /// The logits of each head and the name they are printed by; none where the weights are the logits.
  let logits: [(name: Formula, formula: Formula)]

  init(_ objective: Objective) {
    self.objective = objective
    let names = objective.abbreviations.compactMap { Self.logitsName($0.name) }
    logits = zip(names, objective.model.logits).map { (.symbol($0, $1.shape.rows, $1.shape.columns), $1) }
  }

  /// The notation of laws, which hold for any matrices: `𝒟(A)`, `𝒞_A(G)`, `κ_A(G)`.
  static let laws = Notation(functions: [
    RowwiseFunctions.softmaxJacobian.name: { operands, _ in .enclosed(prefix: "\\mathcal{D}", operands) },
    RowwiseFunctions.center.name: { operands, latex in
      .enclosed(prefix: "\\mathcal{C}_{\(latex(operands[0]))}", [operands[1]])
    },
    RowwiseFunctions.thirdMoment.name: { operands, latex in
      .enclosed(prefix: "\\kappa_{\(latex(operands[0]))}", [operands[1]])
    },
    NormalizationFunctions.inverseDeviation.name: { operands, latex in
      .enclosed(prefix: "\\delta_{\(latex(operands[1]))}", [operands[0]])
    },
    NormalizationFunctions.layerNorm.name: { operands, latex in
      .enclosed(prefix: "\\mathcal{N}_{\(latex(operands[1]))}", [operands[0]])
    },
    NormalizationFunctions.jacobian.name: { operands, latex in
      .enclosed(prefix: "\\mathcal{N}'_{\(latex(operands[1]))}", [operands[0]])
    },
    NormalizationFunctions.product.name: { operands, latex in
      .enclosed(prefix: "\\mathcal{P}_{\(latex(operands[2]))}", [operands[0], operands[1]])
    },
    NormalizationFunctions.secondDerivative.name: { operands, latex in
      .enclosed(prefix: "\\mathcal{N}''_{\(latex(operands[2]))}", [operands[0], operands[1]])
    },
  ])

  /// The notation of derivations: `T`, `A`, `R`, `ℓ` and so on print by name wherever they occur, and `𝒟(A)` as `∂A/∂T`.
  var notation: Notation {
    var notation = Self.laws
    notation.functions[RowwiseFunctions.softmaxJacobian.name] = { operands, latex in
      guard case .symbol(let symbol) = operands[0].operator, let logits = Self.logitsName(operands[0]) else {
        return .enclosed(prefix: "\\mathcal{D}", operands)
      }
      let T = Formula.symbol(logits, symbol.shape.rows, symbol.shape.columns)
      return "\\frac{\\partial \(latex(operands[0]))}{\\partial \(latex(T))}"
    }
    notation.symbols["ell"] = "\\ell"
    notation.abbreviations[objective.loss] = .symbol("ell", 1, 1)
    for (name, formula) in logits { notation.abbreviations[formula] = name }
    for abbreviation in objective.abbreviations {
      notation.abbreviations[abbreviation.definition.statement.left] = abbreviation.name
      let transposed = abbreviation.transposed.judgement
      if transposed.right.operator == .sum { notation.abbreviations[transposed.right] = transposed.left }
    }
    return notation
  }

  /// Numbered definitions, labelled `eq:definition:0` and so on.
  func display(_ definitions: [(name: Formula, formula: Formula)]) -> String {
    LaTeX.display(
      definitions.enumerated().map { index, definition in
        let statement = Judgement(definition.name, .equal, definition.formula)
        return ("eq:definition:\(index)", statement.latexLines(notation, width: Self.numberedWidth))
      })
  }

  /// The room in em for a formula with an equation number.
  static let numberedWidth = 38.5

  /// `T` for `A`, `T^1` for `A^1`.
  private static func logitsName(_ weights: Formula) -> String? {
    guard case .symbol(let symbol) = weights.operator, symbol.name == "A" || symbol.name.hasPrefix("A^") else {
      return nil
    }
    return "T" + symbol.name.dropFirst()
  }
}
