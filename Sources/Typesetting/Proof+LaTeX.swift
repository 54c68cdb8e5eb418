import Formulas

extension Proof {
  /// The proof in LaTeX: its lemmas, its statement, and the chain of formulas, each with the laws that lead to it.
  ///
  /// Bookkeeping steps are counted in a remark; ``text(_:everyStep:)`` shows them all. The result uses the environment
  /// `numbered` of ``LaTeXDocument``.
  /// - Parameters:
  ///   - heading: what the statement is called, such as `Theorem 1`; lemmas are numbered below it.
  ///   - width: the room for formulas in em.
  ///   - contextLines: a formula of more lines than this is not repeated after each step; only the part that changed is
  ///     shown, before and after. The last formula is shown in full.
  ///   - linksLaws: whether the document states the rules, so that their names can link there.
  /// - Errors: the first step that does not follow.
  public func latex(
    _ rules: [Rule.ID: Rule], heading: String = "Proposition", notation: Notation = .paper,
    width: Double = LaTeX.lineWidth, contextLines: Int = 6, linksLaws: Bool = false
  ) throws -> String {
    let printer = ProofPrinter(
      rules: rules, notation: notation, width: width, contextLines: contextLines, linksLaws: linksLaws)
    return try printer.latex(self, heading: heading, path: [])
  }
}

/// Typesets proofs with one memory of the formulas they share.
private struct ProofPrinter {
  let rules: [Rule.ID: Rule]
  let width: Double
  let contextLines: Int
  let linksLaws: Bool
  let typesetter: Typesetter

  init(rules: [Rule.ID: Rule], notation: Notation, width: Double, contextLines: Int, linksLaws: Bool) {
    (self.rules, self.width, self.contextLines, self.linksLaws) = (rules, width, contextLines, linksLaws)
    typesetter = Typesetter(notation)
  }

  func latex(_ proof: Proof, heading: String, path: [Int]) throws -> String {
    var parts: [String] = []
    for (index, lemma) in proof.lemmas.enumerated() {
      let number = path + [index + 1]
      parts.append(try latex(lemma, heading: "Lemma \(ProofPrinter.text(number))", path: number))
    }
    var outline = try ProofOutline(proof, rules)
    outline.mergeInvisibleStages(from: proof.judgement.left) { typesetter.whole($0).latex }
    let title = proof.title.isEmpty ? "" : "[{\(LaTeX.prose(proof.title, typesetter.notation))}]"
    parts.append(
      "\\begin{numbered}{\(LaTeX.escape(heading))}\(title)\n"
        + LaTeX.display(proof.judgement.latexLines(typesetter, width: width)) + "\n\\end{numbered}")
    parts.append("\\begin{proof}")
    if proof.steps.isEmpty {
      parts.append("Both sides are the same formula.")
    } else {
      parts.append(LaTeX.display(lines(proof.judgement.left, relation: nil)))
      var before = proof.judgement.left
      for (index, stage) in outline.stages.enumerated() {
        let isLast = index == outline.stages.count - 1
        let (isPart, shown) = display(stage, before: before, isLast: isLast)
        parts.append(caption(stage, number: index + 1, path: path) + (isPart ? ", inside the formula:" : ""))
        parts.append("\\nopagebreak\n" + shown)
        before = stage.formula
      }
    }
    parts.append("\\end{proof}")
    return parts.joined(separator: "\n") + "\n"
  }

  /// The whole formula after a stage, or, where that is long, the part that changed.
  private func display(_ stage: ProofOutline.Stage, before: Formula, isLast: Bool) -> (isPart: Bool, latex: String) {
    let whole = lines(stage.formula, relation: stage.relation)
    if isLast || whole.count <= contextLines { return (false, LaTeX.display(whole)) }
    let (old, new) = before.changedPart(from: stage.formula)
    let part = lines(old, relation: nil) + lines(new, relation: stage.relation)
    return old == before || part.count >= whole.count ? (false, LaTeX.display(whole)) : (true, LaTeX.display(part))
  }

  private func lines(_ formula: Formula, relation: Relation?) -> [String] {
    LineBreaker.lines(
      of: typesetter.whole(formula), width: width, prefix: relation.map { "\($0.latex) " } ?? "",
      level: relation == nil ? 1 : 2)
  }

  private func caption(_ stage: ProofOutline.Stage, number: Int, path: [Int]) -> String {
    var text = "\\par\\noindent (\(number))\\enspace "
    text += stage.laws.map { name($0, path: path) }.joined(separator: ", ")
    if !stage.bookkeeping.isEmpty {
      let list = stage.bookkeeping.map { name($0, path: path) }.joined(separator: ", ")
      text +=
        (stage.laws.isEmpty ? "" : " ") + "{\\footnotesize "
        + (stage.laws.isEmpty ? "bookkeeping: \(list)" : "(bookkeeping: \(list))") + "}"
    }
    return text
  }

  private func name(_ counted: ProofOutline.Counted, path: [Int]) -> String {
    var name: String
    switch counted.use.justification {
    case .lemma(let index):
      name = "Lemma~\(ProofPrinter.text(path + [index + 1]))"
    case .rule(let id):
      name = LaTeX.lawName(id.rawValue)
      if linksLaws { name = "\\hyperlink{\(LaTeX.target(id))}{\(name)}" }
    case .arithmetic:
      name = "arithmetic of coefficients"
    }
    if counted.use.direction == .backward { name += "\\,$\\leftarrow$" }
    return counted.count == 1 ? name : "\(name)\\,$\\times$\\,\(counted.count)"
  }

  private static func text(_ path: [Int]) -> String { path.map { "\($0)" }.joined(separator: ".") }
}
