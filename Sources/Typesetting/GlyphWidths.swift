/// Rough widths of LaTeX mathematics in em of the surrounding text, for breaking lines before TeX sees them.
enum GlyphWidths {
  /// The factor from text size to script size.
  static let script = 0.72
  /// A binary operator such as `+` or `⊗` with the space around it.
  static let binary = 1.25
  /// A relation with the space around it.
  static let relation = 1.4
  static let comma = 0.45
  static let parenthesis = 0.4
  /// A delimiter tall enough for a fraction.
  static let tallParenthesis = 0.75
  /// The space that a fraction keeps on its two sides, and the excess of its bar.
  static let fraction = 0.26

  /// The estimated width of a piece of LaTeX mathematics.
  static func width(of latex: String) -> Double {
    var scanner = Scanner(text: Array(latex.unicodeScalars))
    return scanner.sequence(until: nil)
  }

  private struct Scanner {
    let text: [Unicode.Scalar]
    var position = 0

    mutating func sequence(until end: Unicode.Scalar?) -> Double {
      var total = 0.0
      while position < text.count {
        if let end, text[position] == end {
          position += 1
          break
        }
        total += item()
      }
      return total
    }

    mutating func item() -> Double {
      let scalar = text[position]
      position += 1
      switch scalar {
      case "{": return sequence(until: "}")
      case "}", " ", "\n": return 0
      case "_", "^": return position < text.count ? script * item() : 0
      case "\\": return command()
      case "+", "-": return binary
      case "=", "<", ">": return relation
      case "(", ")", "[", "]": return parenthesis
      case ",", ";", ":": return comma
      case "|", "!", ".", "/": return 0.4
      case "0"..."9": return 0.5
      default: return letters[scalar] ?? 0.6
      }
    }

    mutating func command() -> Double {
      var name = ""
      while position < text.count, text[position].properties.isAlphabetic, text[position].isASCII {
        name.unicodeScalars.append(text[position])
        position += 1
      }
      if name.isEmpty, position < text.count {
        name.unicodeScalars.append(text[position])
        position += 1
      }
      switch name {
      case "frac", "tfrac", "dfrac":
        let above = argument()
        return max(above, argument()) + fraction
      case "sqrt": return argument() + 0.85
      case "operatorname", "mathrm", "text", "mathit", "mathbf", "mathcal", "textsf", "textrm", "tilde", "hat", "bar":
        return argument() * 1.02
      default: return commands[name] ?? 0.6
      }
    }

    mutating func argument() -> Double {
      while position < text.count, text[position] == " " { position += 1 }
      return position < text.count ? item() : 0
    }
  }

  private static let letters: [Unicode.Scalar: Double] = [
    "A": 0.75, "B": 0.80, "C": 0.78, "D": 0.85, "E": 0.79, "F": 0.77, "G": 0.79, "H": 0.91, "I": 0.51, "J": 0.65,
    "K": 0.92, "L": 0.68, "M": 1.07, "N": 0.91, "O": 0.78, "P": 0.77, "Q": 0.79, "R": 0.76, "S": 0.67, "T": 0.72,
    "U": 0.79, "V": 0.80, "W": 1.08, "X": 0.90, "Y": 0.80, "Z": 0.75, "a": 0.53, "b": 0.43, "c": 0.43, "d": 0.52,
    "e": 0.47, "f": 0.60, "g": 0.51, "h": 0.58, "i": 0.35, "j": 0.47, "k": 0.55, "l": 0.32, "m": 0.88, "n": 0.60,
    "o": 0.49, "p": 0.50, "q": 0.48, "r": 0.48, "s": 0.47, "t": 0.36, "u": 0.57, "v": 0.52, "w": 0.74, "x": 0.57,
    "y": 0.53, "z": 0.51, "*": 0.5, "'": 0.3,
  ]

  private static let commands: [String: Double] = [
    "otimes": binary, "odot": binary, "cdot": 0.75, "times": binary, "pm": binary, "top": 0.78, "partial": 0.58,
    "nabla": 0.83, "lVert": 0.5, "rVert": 0.5, "Vert": 0.5, "langle": 0.4, "rangle": 0.4, "left": 0.2, "right": 0.2,
    "bigl": 0.06, "bigr": 0.06, "Bigl": 0.2, "Bigr": 0.2, "max": 1.9, "min": 1.7, "exp": 1.6, "log": 1.3, "infty": 1.0,
    "ell": 0.42, "le": relation, "leq": relation, "ge": relation, "quad": 1, "qquad": 2, ",": 0.17, ";": 0.28,
    "!": -0.17, " ": 0.3, "prime": 0.4, "varepsilon": 0.47, "alpha": 0.64, "rho": 0.52, "kappa": 0.58, "tau": 0.55,
    "sigma": 0.6, "lambda": 0.58, "mu": 0.6, "omega": 0.66, "square": 0.8, "cdots": 1.4, "dots": 1.2, "{": 0.5,
    "}": 0.5,
  ]
}
