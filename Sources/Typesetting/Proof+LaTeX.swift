import Formulas

extension Proof {
  /// The proof in LaTeX: its lemmas, its statement, and the chain of formulas, each with the laws that lead to it.
  ///
  /// Bookkeeping steps are counted beside the formula and named after the chain; ``text(_:everyStep:)`` shows them all.
  /// The result uses the environment `numbered` and the commands `\step` and `\bookkeeping` of ``LaTeXDocument``.
  /// - Parameters:
  ///   - heading: what the statement is called, such as `Theorem 1`; lemmas are numbered below it.
  ///   - width: the room for formulas in em.
  ///   - contextLines: a formula of more lines than this is not repeated after each step; only the part that changed is
  ///     shown, before and after. The last formula is shown in full.
  ///   - references: what the document states elsewhere: lemmas are not proven again, names of laws link.
  /// - Errors: the first step that does not follow.
  public func latex(
    _ rules: [Rule.ID: Rule], heading: String = "Proposition", notation: Notation = .paper,
    width: Double = LaTeX.lineWidth, contextLines: Int = 6, references: ProofReferences = ProofReferences()
  ) throws -> String {
    let printer = ProofPrinter(
      rules: rules, width: width, contextLines: contextLines, references: references, typesetter: Typesetter(notation))
    return try printer.latex(self, .text(heading), path: [])
  }

  /// The same with the statement in a numbered environment of the document, such as `lemma`, and a label to refer to.
  ///
  /// - Parameter title: LaTeX that replaces the title.
  /// - Errors: the first step that does not follow.
  public func latex(
    _ rules: [Rule.ID: Rule], environment: String, label: String, title: String? = nil, notation: Notation = .paper,
    width: Double = LaTeX.lineWidth, contextLines: Int = 6, references: ProofReferences = ProofReferences()
  ) throws -> String {
    let printer = ProofPrinter(
      rules: rules, width: width, contextLines: contextLines, references: references, typesetter: Typesetter(notation))
    return try printer.latex(self, .environment(environment, label: label, title: title), path: [])
  }
}

/// Typesets proofs with one memory of the formulas they share.
private struct ProofPrinter {
  /// What the statement is called.
  enum Heading {
    case text(String)
    case environment(String, label: String, title: String?)
  }

  let rules: [Rule.ID: Rule]
  let width: Double
  let contextLines: Int
  let references: ProofReferences
  let typesetter: Typesetter

  func latex(_ proof: Proof, _ heading: Heading, path: [Int]) throws -> String {
    var parts: [String] = []
    for (index, lemma) in proof.lemmas.enumerated() where references.lemmas[lemma.judgement] == nil {
      let number = path + [index + 1]
      parts.append(try latex(lemma, .text("Lemma \(ProofPrinter.text(number))"), path: number))
    }
    var outline = try ProofOutline(proof, rules)
    outline.mergeInvisibleStages(from: proof.judgement.left) { typesetter.whole($0).latex }
    parts.append(statement(proof, heading))
    parts.append("\\begin{proof}")
    parts.append(proof.steps.isEmpty ? "Both sides are the same formula." : chain(outline, proof, path: path))
    parts.append("\\end{proof}")
    return parts.joined(separator: "\n") + "\n"
  }

  private func statement(_ proof: Proof, _ heading: Heading) -> String {
    let title = LaTeX.prose(proof.title, typesetter.notation)
    func optional(_ title: String) -> String { title.isEmpty ? "" : "[{\(title)}]" }
    let begin: String
    let end: String
    switch heading {
    case .text(let text):
      begin = "\\begin{numbered}{\(LaTeX.escape(text))}\(optional(title))"
      end = "\\end{numbered}"
    case .environment(let name, let label, let given):
      begin = "\\begin{\(name)}\(optional(given ?? title))\\label{\(label)}"
      end = "\\end{\(name)}"
    }
    return "\(begin)\n\(LaTeX.display(proof.judgement.latexLines(typesetter, width: width)))\n\(end)"
  }

  /// The formulas one below the other, at the right the laws that lead to each; after them, what was bookkeeping.
  private func chain(_ outline: ProofOutline, _ proof: Proof, path: [Int]) -> String {
    var rows = lines(proof.judgement.left, relation: nil)
    var bookkeeping: [String] = []
    var before = proof.judgement.left
    for (index, stage) in outline.stages.enumerated() {
      var formula = shown(stage, before: before, isLast: index == outline.stages.count - 1)
      let hidden = stage.bookkeeping.filter { !isDefinition($0.use) }
      let laws = (stage.laws + stage.bookkeeping.filter { isDefinition($0.use) }).map { name($0, proof, path: path) }
      var reason = laws.joined(separator: ", ")
      if !hidden.isEmpty {
        let count = hidden.reduce(0) { $0 + $1.count }
        reason += laws.isEmpty ? "bookkeeping, \(count)" : " $+$ \(count)"
        bookkeeping.append("(\(index + 1)) " + hidden.map { name($0, proof, path: path) }.joined(separator: ", "))
      }
      formula[formula.count - 1] += " \\tag*{\\step{\(index + 1)}{\(reason)}}"
      rows += formula
      before = stage.formula
    }
    let display = LaTeX.aligned(rows)
    return bookkeeping.isEmpty ? display : "\(display)\n\\bookkeeping{\(bookkeeping.joined(separator: "; "))}"
  }

  /// The whole formula after a stage, or, where that is long, the part that changed.
  private func shown(_ stage: ProofOutline.Stage, before: Formula, isLast: Bool) -> [String] {
    let whole = lines(stage.formula, relation: stage.relation)
    if isLast || whole.count <= contextLines { return whole }
    let (old, new) = before.changedPart(from: stage.formula)
    guard old != before else { return whole }
    let part = lines(old, prefix: "\\text{inside: } ", level: 2) + lines(new, relation: stage.relation)
    return part.count < whole.count ? part : whole
  }

  private func lines(_ formula: Formula, relation: Relation?) -> [String] {
    lines(formula, prefix: relation.map { "\($0.latex) " } ?? "", level: relation == nil ? 1 : 2)
  }

  private func lines(_ formula: Formula, prefix: String, level: Int) -> [String] {
    LineBreaker.lines(of: typesetter.whole(formula), width: width, prefix: prefix, level: level)
  }

  /// Whether a step gives a name or takes it away, which a reader wants to see.
  private func isDefinition(_ use: ProofOutline.Use) -> Bool {
    if case .rule(let id) = use.justification { rules[id]?.status == .definition } else { false }
  }

  private func name(_ counted: ProofOutline.Counted, _ proof: Proof, path: [Int]) -> String {
    var name: String
    switch counted.use.justification {
    case .lemma(let index):
      let known = proof.lemmas.indices.contains(index) ? references.lemmas[proof.lemmas[index].judgement] : nil
      name = known ?? "Lemma~\(ProofPrinter.text(path + [index + 1]))"
    case .rule(let id):
      name = LaTeX.lawName(id.rawValue)
      if let rule = rules[id], rule.status == .definition {
        name = "definition of $\(typesetter.layout(rule.statement.right).latex)$"
      }
      if references.laws.contains(id) { name = "\\hyperlink{\(LaTeX.target(id))}{\(name)}" }
    case .arithmetic:
      name = "arithmetic"
    }
    if counted.use.direction == .backward { name += "\\,$\\leftarrow$" }
    return counted.count == 1 ? name : "\(name)\\,$\\times$\\,\(counted.count)"
  }

  private static func text(_ path: [Int]) -> String { path.map { "\($0)" }.joined(separator: ".") }
}
