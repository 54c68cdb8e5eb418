import Formulas

extension Formula {
  /// The formula in LaTeX, on one line, for mathematics mode.
  public func latex(_ notation: Notation = .paper) -> String { Typesetter(notation).whole(self).latex }

  /// The formula in LaTeX, broken into lines of at most `width` em where its form allows.
  ///
  /// Lines are broken between terms, then between factors, then inside brackets; continuation lines are indented.
  /// Large blocks of a matrix that does not fit get names, explained on the lines that follow.
  public func latexLines(_ notation: Notation = .paper, width: Double = LaTeX.lineWidth) -> [String] {
    LineBreaker.lines(of: Typesetter(notation).whole(self), width: width)
  }

  /// The estimated width in em of the formula on one line.
  public func latexWidth(_ notation: Notation = .paper) -> Double { Typesetter(notation).whole(self).width }
}

extension Relation {
  /// `=` or `\le`.
  public var latex: String {
    switch self {
    case .equal: "="
    case .atMost: "\\le"
    }
  }
}

extension Judgement {
  /// The statement in LaTeX on one line, for mathematics mode.
  public func latex(_ notation: Notation = .paper) -> String {
    let typesetter = Typesetter(notation)
    return "\(typesetter.whole(left).latex) \(relation.latex) \(typesetter.whole(right).latex)"
  }

  /// The statement broken into lines of at most `width` em: on one line if it fits, otherwise each side apart.
  public func latexLines(_ notation: Notation = .paper, width: Double = LaTeX.lineWidth) -> [String] {
    latexLines(Typesetter(notation), width: width)
  }

  func latexLines(_ typesetter: Typesetter, width: Double) -> [String] {
    let (left, right) = (typesetter.whole(left), typesetter.whole(right))
    var breaker = LineBreaker(width: width)
    breaker.place(left, level: 0)
    if breaker.lines.count == 1, left.width + GlyphWidths.relation + right.width <= width || left.width < width / 4 {
      breaker.append(" \(relation.latex) ")
      breaker.place(right, level: 2)
      breaker.explainBlocks()
      return breaker.latex
    }
    breaker.explainBlocks()
    return breaker.latex
      + LineBreaker.lines(of: right, width: width, indentation: 1, prefix: "{} \(relation.latex) ", level: 3)
  }
}

extension LaTeX {
  /// The width in em that displayed formulas keep to.
  public static let lineWidth = 37.0
}
