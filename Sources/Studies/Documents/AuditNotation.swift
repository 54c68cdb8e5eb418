import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// How the audit prints statements: the Hessian and its blocks by name, everything else written out.
enum AuditNotation {
  /// `𝒟(A)`, `κ_A(G)` and so on.
  static var notation: Notation {
    var notation = PaperNotation.laws
    notation.symbols["ell_new"] = "\\ell_{k+1}"
    notation.symbols["ell_mean"] = "\\bar\\ell_k"
    notation.symbols["H_new"] = "H_{k+1}"
    notation.symbols["H_mean"] = "\\bar H_k"
    notation.symbols["S_new"] = "S_{k+1}"
    notation.symbols["S_mean"] = "\\bar S_k"
    notation.symbols["Delta_Q"] = "\\Delta_Q"
    notation.symbols["Delta_K"] = "\\Delta_K"
    notation.symbols["Delta_V"] = "\\Delta_V"
    return notation
  }

  /// The same with names for the parts of a claim.
  static func notation(for claim: Claim) -> Notation {
    var notation = notation
    for part in claim.names {
      let name = Formula.symbol("part \(part.text)", part.formula.shape.rows, part.formula.shape.columns)
      notation.abbreviations[part.formula] = name
      notation.symbols["part \(part.text)"] = latex(part.text)
    }
    return notation
  }

  /// `H_o(Q,K)` as `H_{\mathrm o}(Q,K)`, `ell_1(w)` as `\ell_1(w)`.
  private static func latex(_ name: String) -> String {
    if name == "F - Y" { return name }
    let base = name.prefix { $0 != "(" }
    switch base {
    case "H_o", "H_f":
      let arguments = name.dropFirst(base.count).replacing("sigma", with: "\\sigma")
      return "{H_{\\mathrm \(base.suffix(1))}\(arguments)}"
    default:
      let arguments = name.dropFirst(base.count).replacing("*", with: "^*")
      return "{\(Notation.paper.latex(ofName: String(base)))\(arguments)}"
    }
  }
}
