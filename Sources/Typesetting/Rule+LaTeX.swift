import Formulas

extension Rule {
  /// The rule as an entry of a lemma catalogue: its name, its statement, the shapes of its matrices, its conditions and
  /// why it holds. Proofs in the same document can link to it.
  public func latex(_ notation: Notation = .paper, width: Double = LaTeX.lineWidth) -> String {
    let remark = [status == .law ? nil : status.rawValue, weight == .bookkeeping ? "bookkeeping" : nil]
      .compactMap { $0 }.joined(separator: ", ")
    var lines = [
      "\\par\\medskip\\pagebreak[2]\\noindent\\hypertarget{\(LaTeX.target(id))}{\\textbf{\(LaTeX.lawName(id.rawValue))}}"
    ]
    if !remark.isEmpty { lines[0] += " \\hfill {\\footnotesize \(remark)}" }
    lines.append("\\nopagebreak")
    lines.append(LaTeX.display(statement.latexLines(notation.literal, width: width)))
    lines.append("\\noindent " + explanation(notation.literal))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The shapes of the matrices, the conditions, the reason and the source, as LaTeX text.
  private func explanation(_ notation: Notation) -> String {
    var sentences: [String] = []
    let shapes = shapeList(notation)
    if !shapes.isEmpty { sentences.append("For \(shapes)" + (conditions.isEmpty ? "." : ",")) }
    if !conditions.isEmpty {
      let list = conditions.map { $0.latex(notation) }.joined(separator: " and ")
      sentences.append((shapes.isEmpty ? "Where " : "where ") + list + ".")
    }
    if !justification.isEmpty { sentences.append(LaTeX.sentence(justification, notation)) }
    if let citation { sentences.append("See~\(citation.latex).") }
    return sentences.joined(separator: " ")
  }

  /// `$A : m \times n$, …`, the variables of a law or the symbols of a definition.
  public func shapeList(_ notation: Notation = .paper) -> String {
    let left = statement.left
    let right = statement.right
    var found = status == .law ? left.variables : left.symbols
    for symbol in status == .law ? right.variables : right.symbols where !found.contains(symbol) {
      found.append(symbol)
    }
    return found.map { "$\(notation.latex(ofName: $0.name)) : \(notation.latex($0.shape))$" }.joined(separator: ", ")
  }
}

extension Rule.Condition {
  func latex(_ notation: Notation) -> String {
    switch self {
    case .independent(let formula, let variable):
      "$\(formula.latex(notation))$ does not depend on $\(variable.latex(notation))$"
    case .nonNegative(let number): "$\(number.latex(notation)) \\ge 0$"
    }
  }
}

extension Citation {
  /// `\cite[place]{key}`; needs the key in the document's bibliography.
  public var latex: String {
    locator.isEmpty ? "\\cite{\(key)}" : "\\cite[{\(LaTeX.escape(locator))}]{\(key)}"
  }
}

extension Notation {
  /// The LaTeX of a shape: `m \times n`.
  public func latex(_ shape: Shape) -> String { "\(latex(shape.rows)) \\times \(latex(shape.columns))" }
}

extension LaTeX {
  /// The name of the place in a document where a rule is stated.
  static func target(_ id: Rule.ID) -> String {
    "law:" + id.rawValue.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
  }

  /// Text with a capital letter and a full stop.
  static func sentence(_ text: String, _ notation: Notation) -> String {
    let escaped = prose(text, notation)
    guard let first = escaped.first else { return "" }
    let end = escaped.last.map { ".!?".contains($0) } ?? true
    return (first.isLetter ? first.uppercased() + escaped.dropFirst() : escaped) + (end ? "" : ".")
  }
}
