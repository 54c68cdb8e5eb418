import Arithmetic
import Formulas
import Transformers
import Typesetting

/// How the numbers and formulas of sample sizes are written.
enum SampleSizeNotation {
  /// The symbols of the theory of sample sizes.
  static let notation: Notation = {
    var notation = PaperNotation.laws
    for (name, latex) in symbols { notation.symbols[name] = latex }
    return notation
  }()

  private static let symbols: [(String, String)] = [
    ("ell_max", "\\mathcal{L}"), ("ell_sup", "\\sup\\ell"), ("M_ell", "M_{\\ell}"), ("gamma", "\\gamma"),
    ("sigma", "\\sigma"), ("lambda", "\\lambda"), ("delta", "\\delta"), ("epsilon", "\\varepsilon"),
    ("ell_{k+1}(w)", "{\\ell_{k+1}(w)}"), ("L_k(w)", "{L_k(w)}"), ("ell_{k+1}", "\\ell_{k+1}"), ("L_k", "L_k"),
    ("g_{k+1}", "g_{k+1}"), ("g_k", "g_k"), ("B_{k+1}", "B_{k+1}"), ("B_k", "B_k"), ("H_{k+1}", "H_{k+1}"),
    ("H_k", "H_k"),
  ]

  /// A formula in plain characters, powers with digits above the line.
  static func text(_ formula: Formula) -> String {
    guard formula.kind == .product else { return plain(formula) }
    var parts: [(factor: Formula, power: Int)] = []
    for factor in formula.operands {
      if let last = parts.last, last.factor == factor {
        parts[parts.count - 1].power += 1
      } else {
        parts.append((factor, 1))
      }
    }
    return parts.map { plain($0.factor) + ($0.power > 1 ? superscript($0.power) : "") }.joined(separator: " ")
  }

  private static func plain(_ formula: Formula) -> String {
    guard case .symbol(let symbol) = formula.operator else {
      return formula.description.replacing("epsilon", with: "ε").replacing("lambda", with: "λ")
    }
    let names = [
      "ell_max": "𝓛", "ell_sup": "sup ℓ", "M_ell": "M_ℓ", "gamma": "γ", "sigma": "σ", "lambda": "λ", "delta": "δ",
      "epsilon": "ε",
    ]
    return names[symbol.name] ?? symbol.name
  }

  private static func superscript(_ power: Int) -> String {
    String("\(power)".map { digit in Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[digit.wholeNumberValue ?? 0] })
  }

  /// A fraction where it is short, its decimal where it is not.
  static func number(_ value: Rational) -> String {
    let fraction = value.description
    return fraction.utf8.count <= 16 ? fraction : "≈ " + value.decimal(significantDigits: 6, rounding: .nearest)
  }

  /// The same after a sign of equality, or of nearness.
  static func short(_ value: Rational) -> String {
    let text = number(value)
    return text.hasPrefix("≈") ? text : "= \(text)"
  }

  /// A whole number in full as far as it can be read.
  static func whole(_ value: Rational) -> String {
    let text = value.description
    return text.utf8.count <= 24 ? text : "≈ " + value.decimal(significantDigits: 6, rounding: .nearest)
  }
}
