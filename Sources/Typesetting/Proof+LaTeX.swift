import Formulas

extension Proof {
  /// The proof in LaTeX: its lemmas, its statement, and the chain of formulas, each with the laws that lead to it.
  ///
  /// Bookkeeping steps are counted beside the formula and named after the chain; ``text(_:everyStep:)`` shows them all.
  /// The result uses the environment `numbered` and the commands `\step` and `\bookkeeping` of ``LaTeXDocument``.
  /// - Parameters:
  ///   - heading: what the statement is called, such as `Theorem 1`; lemmas are numbered below it.
  ///   - width: the room for formulas in em.
  ///   - references: what the document states elsewhere: lemmas are not proven again, names of laws link.
  /// - Errors: the first step that does not follow.
  public func latex(
    _ rules: [Rule.ID: Rule], heading: String = "Proposition", notation: Notation = .paper,
    width: Double = LaTeX.lineWidth, references: ProofReferences = ProofReferences()
  ) throws -> String {
    let printer = ProofPrinter(rules: rules, notation: notation, width: width, references: references)
    return try printer.latex(self, heading: heading, path: [])
  }

  /// The same with the statement in a numbered environment of the document, such as `lemma`, and a label to refer to.
  ///
  /// - Parameter title: LaTeX that replaces the title.
  /// - Errors: the first step that does not follow.
  public func latex(
    _ rules: [Rule.ID: Rule], environment: String, label: String, title: String? = nil, notation: Notation = .paper,
    width: Double = LaTeX.lineWidth, references: ProofReferences = ProofReferences()
  ) throws -> String {
    let printer = ProofPrinter(rules: rules, notation: notation, width: width, references: references)
    return try printer.latex(
      self, title: title, label: "\\label{\(label)}", begin: "\\begin{\(environment)}", end: "\\end{\(environment)}", path: [])
  }
}

/// Typesets proofs with one memory of the formulas they share.
private struct ProofPrinter {
  let rules: [Rule.ID: Rule]
  let width: Double
  let references: ProofReferences
  let typesetter: Typesetter

  init(rules: [Rule.ID: Rule], notation: Notation, width: Double, references: ProofReferences) {
    (self.rules, self.width, self.references) = (rules, width, references)
    typesetter = Typesetter(notation)
  }

  func latex(_ proof: Proof, heading: String, path: [Int]) throws -> String {
    try latex(proof, begin: "\\begin{numbered}{\(LaTeX.escape(heading))}", end: "\\end{numbered}", path: path)
  }

  func latex(
    _ proof: Proof, title: String? = nil, label: String = "", begin: String, end: String, path: [Int]
  ) throws -> String {
    var parts: [String] = []
    for (index, lemma) in proof.lemmas.enumerated() where references.lemmas[lemma.judgement] == nil {
      let number = path + [index + 1]
      parts.append(try latex(lemma, heading: "Lemma \(ProofPrinter.text(number))", path: number))
    }
    var outline = try ProofOutline(proof, rules)
    outline.mergeInvisibleStages(from: proof.judgement.left) { typesetter.typeset($0).latex }
    let title = title ?? LaTeX.escape(proof.title)
    parts.append(
      "\(begin)\(title.isEmpty ? "" : "[{\(title)}]")\(label)\n" + LaTeX.display(proof.judgement.latexLines(typesetter, width: width)) + "\n\(end)")
    parts.append("\\begin{proof}")
    parts.append(proof.steps.isEmpty ? "Both sides are the same formula." : chain(outline, proof, path: path))
    parts.append("\\end{proof}")
    return parts.joined(separator: "\n") + "\n"
  }

  /// The formulas one below the other, at the right the laws that lead to each; after them, what was bookkeeping.
  private func chain(_ outline: ProofOutline, _ proof: Proof, path: [Int]) -> String {
    var rows = lines(proof.judgement.left, relation: nil)
    var bookkeeping: [String] = []
    for (index, stage) in outline.stages.enumerated() {
      var formula = lines(stage.formula, relation: stage.relation)
      let shown = stage.laws + stage.bookkeeping.filter { isDefinition($0.use) }
      let hidden = stage.bookkeeping.filter { !isDefinition($0.use) }
      var laws = shown.map { name($0, proof, path: path) }.joined(separator: ", ")
      if !hidden.isEmpty {
        let count = hidden.reduce(0) { $0 + $1.count }
        laws += laws.isEmpty ? "bookkeeping, \(count)" : " $+$ \(count)"
        bookkeeping.append("(\(index + 1)) " + hidden.map { name($0, proof, path: path) }.joined(separator: ", "))
      }
      formula[formula.count - 1] += " \\tag*{\\step{\(index + 1)}{\(laws)}}"
      rows += formula
    }
    let display = "\\begin{align*}\n" + rows.map { "  & \($0)" }.joined(separator: " \\\\\n") + "\n\\end{align*}"
    return bookkeeping.isEmpty ? display : "\(display)\n\\bookkeeping{\(bookkeeping.joined(separator: "; "))}"
  }

  private func lines(_ formula: Formula, relation: Relation?) -> [String] {
    LineBreaker.lines(
      of: typesetter.typeset(formula), width: width, prefix: relation.map { "\($0.latex) " } ?? "",
      level: relation == nil ? 1 : 2)
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
      if references.laws.contains(id) { name = "\\hyperlink{\(LaTeX.target(id))}{\(name)}" }
    case .arithmetic:
      name = "arithmetic"
    }
    if counted.use.direction == .backward { name += "\\,$\\leftarrow$" }
    return counted.count == 1 ? name : "\(name)\\,$\\times$\\,\(counted.count)"
  }

  private static func text(_ path: [Int]) -> String { path.map { "\($0)" }.joined(separator: ".") }
}
