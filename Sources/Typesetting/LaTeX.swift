/// LaTeX as text: escaping and small constructions.
public enum LaTeX {
  /// Text made safe for LaTeX: special characters escaped, mathematical characters set as mathematics, ligatures that
  /// would change it broken.
  ///
  /// Characters that the T1 encoding does not have appear as their code point.
  public static func escape(_ text: String) -> String {
    var result = ""
    var previous: Character?
    for character in text {
      if let previous, previous == character, "-<>,'`".contains(character) { result += "{}" }
      result += escaped(character)
      previous = character
    }
    return result
  }

  /// The text in upright letters inside mathematics.
  public static func upright(_ text: String) -> String { "\\textup{\(escape(text))}" }

  /// The text in braces, which keeps siunitx from reading it as a number.
  public static func braced(_ latex: String) -> String { "{\(latex)}" }

  /// A name with underscores, set in sans serif, which may be broken after each underscore.
  public static func lawName(_ name: String) -> String {
    "\\textsf{\(escape(name).split(separator: "\\_", omittingEmptySubsequences: false).joined(separator: "\\_\\allowbreak "))}"
  }

  /// Lines of one display: `\[ … \]` for a single line, `align*` for more, which may be broken across pages.
  public static func display(_ lines: [String]) -> String {
    lines.count > 1 ? aligned(lines) : "\\[ \(lines.first ?? "") \\]"
  }

  /// Lines of one display in `align*`.
  static func aligned(_ lines: [String]) -> String {
    // A minus sign after `&` would be spaced as an operator between two terms.
    let cells = lines.map { "  & " + ($0.hasPrefix("-") ? "{-}" + $0.dropFirst() : $0) }
    return "\\begin{align*}\n" + cells.joined(separator: " \\\\\n") + "\n\\end{align*}"
  }

  /// Equations below one another, each with a number and a label to refer to, each broken into lines.
  public static func display(_ equations: [(label: String, lines: [String])]) -> String {
    let rows = equations.flatMap { equation in
      equation.lines.enumerated().map { index, line in
        "  & \(line) \(index < equation.lines.count - 1 ? "\\notag" : "\\label{\(equation.label)}")"
      }
    }
    return "\\begin{align}\n\(rows.joined(separator: " \\\\\n"))\n\\end{align}"
  }

  /// How tightly LaTeX written by a caller binds: a sum where `+` or `-` stands outside all brackets, a product where
  /// a space separates factors.
  static func binding(of latex: String) -> Layout.Binding {
    var depth = 0
    var isCommand = false
    var binding = Layout.Binding.atom
    for character in latex {
      switch character {
      case "{", "(", "[": depth += 1
      case "}", ")", "]": depth -= 1
      case "+" where depth == 0, "-" where depth == 0: return .sum
      case " " where depth == 0 && !isCommand: binding = .product
      default: break
      }
      isCommand = character == "\\" || (isCommand && character.isLetter)
    }
    return latex.contains("\\otimes") ? min(binding, .kronecker) : binding
  }

  private static func escaped(_ character: Character) -> String {
    if let found = special[character] { return found }
    if character.isASCII {
      return character.isNewline || character == "\t" ? " " : controls(character) ? "" : String(character)
    }
    if character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first {
      // Latin-1 letters and Latin Extended-A have places in T1.
      if (0xC0...0x17F).contains(scalar.value), character.isLetter { return String(character) }
    }
    return character.unicodeScalars.map { "{\\small U+\(padded($0.value))}" }.joined()
  }

  private static func controls(_ character: Character) -> Bool {
    guard let value = character.asciiValue else { return false }
    return value < 32 || value == 127
  }

  private static func padded(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func mathematics(_ latex: String) -> String { "\\ensuremath{\(latex)}" }

  private static let special: [Character: String] = {
    var table: [Character: String] = [
      "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "^": "\\textasciicircum{}",
      "_": "\\_", "%": "\\%", "~": "\\textasciitilde{}", "`": "\\textasciigrave{}", "<": "\\textless{}",
      ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "\\textquotedbl{}", "\u{A0}": "~", "§": "\\S{}", "–": "--",
      "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": "\\dots{}", "°": "\\textdegree{}",
      "©": "\\copyright{}",
      "•": "\\textbullet{}", "€": "\\texteuro{}", "\u{202F}": "\\,", "\u{2009}": "\\,", "ß": "ß",
    ]
    let symbols: [Character: String] = [
      "⊗": "\\otimes", "⊙": "\\odot", "∘": "\\circ", "·": "\\cdot", "×": "\\times", "±": "\\pm", "−": "-",
      "√": "\\surd",
      "∂": "\\partial", "∇": "\\nabla", "‖": "\\Vert", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx",
      "∼": "\\sim",
      "∞": "\\infty", "∈": "\\in", "→": "\\to", "←": "\\leftarrow", "↔": "\\leftrightarrow", "⇒": "\\Rightarrow",
      "↑": "\\uparrow", "↓": "\\downarrow", "∑": "\\sum", "Σ": "\\Sigma", "∏": "\\prod", "⟨": "\\langle",
      "⟩": "\\rangle",
      "½": "\\tfrac12", "¼": "\\tfrac14", "¾": "\\tfrac34", "⌈": "\\lceil", "⌉": "\\rceil", "⌊": "\\lfloor",
      "⌋": "\\rfloor", "ℓ": "\\ell", "ℝ": "\\mathbb R", "ℚ": "\\mathbb Q", "ℤ": "\\mathbb Z", "𝓛": "\\mathcal L",
      "H̄": "\\bar H",
      "⪰": "\\succeq", "∀": "\\forall", "∃": "\\exists", "ᵀ": "^{\\mathsf T}", "⁻": "^{-}", "⁰": "^0", "¹": "^1",
      "²": "^2",
      "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9", "₀": "_0", "₁": "_1", "₂": "_2",
      "₃": "_3", "₄": "_4", "₅": "_5", "₆": "_6", "₇": "_7", "₈": "_8", "₉": "_9", "′": "'", "″": "''",
      "✓": "\\checkmark",
      "✗": "\\times", "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "ζ": "\\zeta",
      "η": "\\eta", "θ": "\\theta", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "µ": "\\mu", "ν": "\\nu", "ξ": "\\xi",
      "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau", "φ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega",
      "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi", "Φ": "\\Phi",
      "Ψ": "\\Psi", "Ω": "\\Omega",
    ]
    for (character, latex) in symbols { table[character] = mathematics(latex) }
    return table
  }()
}
