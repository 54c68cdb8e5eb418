import Formulas

/// The printed parts of a name.
struct PrintedName {
  /// The letter with its subscript.
  var base: String
  /// What stands in the exponent; empty when nothing does.
  var superscript: String

  var latex: String { superscript.isEmpty ? base : "\(base)^{\(superscript)}" }
}

extension Notation {
  /// The LaTeX of a name in plain notation: `W_Q^1` becomes `W_Q^{(1)}`, `X_max` becomes `X_{\max}`.
  public func latex(ofName name: String) -> String { printed(name).latex }

  /// The LaTeX of a size: `2 d d_K + d d_V`.
  public func latex(_ size: Size) -> String {
    if size.monomials.isEmpty { return "0" }
    return size.monomials.map { latex($0) }.joined(separator: " + ")
  }

  func latex(_ monomial: Size.Monomial) -> String {
    var parts: [String] = monomial.coefficient == 1 && !monomial.names.isEmpty ? [] : ["\(monomial.coefficient)"]
    var index = 0
    while index < monomial.names.count {
      let name = monomial.names[index]
      let exponent = monomial.names[index...].prefix { $0 == name }.count
      let printed = printed(name)
      switch (exponent, printed.superscript.isEmpty) {
      case (1, _): parts.append(printed.latex)
      case (_, true): parts.append("\(printed.base)^{\(exponent)}")
      case (_, false): parts.append("(\(printed.latex))^{\(exponent)}")
      }
      index += exponent
    }
    return parts.joined(separator: " ")
  }

  func printed(_ name: String) -> PrintedName {
    if let given = symbols[name] { return Notation.separated(given) }
    var rest = Substring(name)
    var marks: [String] = []
    while let last = rest.last, last == "*" || last == "'", rest.count > 1 {
      marks.insert(last == "*" ? "*" : "\\prime", at: 0)
      rest = rest.dropLast()
    }
    var superscript = ""
    if let caret = rest.firstIndex(of: "^") {
      superscript = Notation.superscript(rest[rest.index(after: caret)...])
      rest = rest[..<caret]
    }
    let pieces = rest.split(separator: "_", omittingEmptySubsequences: true)
    var base = Notation.letter(pieces.first ?? "")
    var subscripts = pieces.dropFirst().map { Notation.index($0) }
    if let first = pieces.first, let split = Notation.letterWithNumber(first) {
      base = split.letter
      subscripts.insert(split.number, at: 0)
    }
    if !subscripts.isEmpty {
      let text = subscripts.joined(separator: ",")
      base += text.utf8.count == 1 ? "_\(text)" : "_{\(text)}"
    }
    return PrintedName(base: base, superscript: marks.joined() + superscript)
  }

  /// Takes a caller's LaTeX apart at its outermost `^`, so that a transpose can join the exponent.
  static func separated(_ latex: String) -> PrintedName {
    var depth = 0
    var index = latex.startIndex
    while index < latex.endIndex {
      switch latex[index] {
      case "{": depth += 1
      case "}": depth -= 1
      case "^" where depth == 0:
        let base = String(latex[..<index])
        var exponent = latex[latex.index(after: index)...]
        if exponent.first == "{", exponent.last == "}" { exponent = exponent.dropFirst().dropLast() }
        if exponent.contains("_") || base.isEmpty { return PrintedName(base: "{\(latex)}", superscript: "") }
        return PrintedName(base: base, superscript: String(exponent))
      default: break
      }
      index = latex.index(after: index)
    }
    return PrintedName(base: latex, superscript: "")
  }

  private static func superscript(_ text: Substring) -> String {
    if text.isEmpty { return "" }
    if text == "+" || text == "-" || text == "*" { return String(text) }
    // Braces hold an exponent together, as in `W^{2,1}`.
    if text.count > 2, text.first == "{", text.last == "}" { return superscript(text.dropFirst().dropLast()) }
    return "(\(index(text)))"
  }

  private static func letterWithNumber(_ text: Substring) -> (letter: String, number: String)? {
    guard let first = text.first, first.isASCII, first.isLetter, text.count > 1,
      text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return (String(first), String(text.dropFirst()))
  }

  private static func letter(_ text: Substring) -> String {
    if text.count == 1, let only = text.first { return character(only) }
    if text.isEmpty { return "\\square" }
    if let command = commands[String(text)] { return command }
    return "\\mathrm{\(plain(text))}"
  }

  private static func index(_ text: Substring) -> String {
    if text.count == 1, let only = text.first { return character(only) }
    if text.contains(",") { return text.split(separator: ",").map { index($0) }.joined(separator: ",") }
    if let command = commands[String(text)] ?? operators[String(text)] { return command }
    if text.allSatisfy({ $0.isASCII && $0.isNumber }) { return String(text) }
    if text.count <= 3, text.allSatisfy({ $0.isASCII && $0.isUppercase }) { return String(text) }
    return "\\mathrm{\(plain(text))}"
  }

  private static func plain(_ text: Substring) -> String {
    text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      ? String(text) : "\\text{\(LaTeX.escape(String(text)))}"
  }

  /// A name of several letters as an operator name, a single character as itself; primes stay behind.
  static func latex(ofFunction name: String) -> String {
    if name.count == 1, let only = name.first { return character(only) }
    // A derivative keeps its primes behind the name.
    if let prime = ["″": "''", "′": "'"].first(where: { name.hasSuffix($0.key) }) {
      return latex(ofFunction: String(name.dropLast())) + prime.value
    }
    let isPlain = name.allSatisfy { $0.isASCII && $0.isLetter }
    return "\\operatorname{\(isPlain ? name : "\\text{\(LaTeX.escape(name))}")}"
  }

  private static func character(_ character: Character) -> String {
    if character.isASCII, character.isLetter || character.isNumber { return String(character) }
    if let command = unicode[character] { return command }
    if let scalar = character.unicodeScalars.first, let letter = UInt8(exactly: Int(scalar.value) - 0x1D49C + 65),
      (65...90).contains(letter)
    {
      return "\\mathcal{\(UnicodeScalar(letter))}"
    }
    return "\\text{\(LaTeX.escape(String(character)))}"
  }

  private static let greek = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
  ]
  private static let commands: [String: String] = {
    var table = [
      "ell": "\\ell", "infty": "\\infty", "infinity": "\\infty", "inf": "\\infty", "epsilon": "\\varepsilon",
    ]
    for name in greek where table[name] == nil { table[name] = "\\" + name }
    return table
  }()
  private static let operators = ["max": "\\max", "min": "\\min"]
  private static let unicode: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "ζ": "\\zeta", "η": "\\eta",
    "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi",
    "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau", "υ": "\\upsilon", "φ": "\\phi", "χ": "\\chi", "ψ": "\\psi",
    "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Υ": "\\Upsilon", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega", "ℓ": "\\ell", "∞": "\\infty",
    "∂": "\\partial", "∇": "\\nabla", "𝓛": "\\mathcal{L}", "ℒ": "\\mathcal{L}", "X̃": "\\tilde X", "W̃": "\\tilde W",
    "*": "*",
  ]
}
