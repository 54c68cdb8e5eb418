extension LaTeX {
  /// Text as ``escape(_:)`` makes it, with names such as `W_Q` and `X_max` and what stands between backquotes, such as
  /// `(A ⊗ B)ᵀ vec_r(G)`, set as mathematics.
  public static func prose(_ text: String, _ notation: Notation = .paper) -> String {
    var result = ""
    for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      result += index % 2 == 1 ? "$\(mathematics(part, notation))$" : words(part, notation)
    }
    return result
  }

  /// Text with names as mathematics.
  private static func words(_ text: Substring, _ notation: Notation) -> String {
    var result = ""
    var plain = ""
    var rest = text
    while let first = rest.first {
      let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_^*".contains($0)) }
      if word.isEmpty {
        plain.append(first)
        rest = rest.dropFirst()
        continue
      }
      if isName(word) {
        result += escape(plain) + "$\(notation.latex(ofName: String(word)))$"
        plain = ""
      } else {
        plain += word
      }
      rest = rest.dropFirst(word.count)
    }
    return result + escape(plain)
  }

  /// Whether a word is one letter with an index.
  private static func isName(_ word: Substring) -> Bool {
    guard let first = word.first, first.isLetter, word.dropFirst().first == "_", let last = word.last else {
      return false
    }
    return last != "_" && !word.contains("__")
  }

  /// A formula in plain notation, such as `vec_r(AᵀGB)`, for mathematics mode.
  private static func mathematics(_ text: Substring, _ notation: Notation) -> String {
    var result = ""
    var rest = text
    while let first = rest.first {
      if first == "ᵀ" {
        result += "^{\\top}"
        rest = rest.dropFirst()
      } else if superscripts[first] != nil {
        let digits = rest.prefix { superscripts[$0] != nil }
        result += "^{\(digits.compactMap { superscripts[$0] }.joined())}"
        rest = rest.dropFirst(digits.count)
      } else if first.isASCII, first.isLetter {
        var word = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
        while word.last == "_" { word = word.dropLast() }
        if word == "vec_r" || word == "diag" {
          result += word == "diag" ? "\\operatorname{diag}" : "\\operatorname{vec}_r"
        } else if ["min", "max", "log"].contains(word) {
          result += "\\\(word) "
        } else {
          result += word.contains("_") ? notation.latex(ofName: String(word)) : String(word)
        }
        rest = rest.dropFirst(word.count)
      } else if first == "_", case let index = rest.dropFirst().prefix(while: { $0.isASCII && $0.isLetter }),
        index.count > 1
      {
        result += "_{\\mathrm{\(index)}}"
        rest = rest.dropFirst(index.count + 1)
      } else if first == "*", let last = result.last, last.isLetter {
        result += "^{*}"
        rest = rest.dropFirst()
      } else {
        // An index keeps its underscore and braces, a minus sign is one already.
        result += "_{} -|".contains(first) ? String(first) : escape(String(first))
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static let superscripts: [Character: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    "ᵗ": "t",
  ]
}
