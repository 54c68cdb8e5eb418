import Formulas

extension Proof {
  /// The proof in plain text: the formula after each group of steps with the laws used, or every single step.
  ///
  /// - Parameter everyStep: whether to show each step alone, with what it replaced.
  /// - Errors: the first step that does not follow.
  public func text(_ rules: [Rule.ID: Rule], everyStep: Bool = false) throws -> String {
    try text(rules, everyStep: everyStep, heading: title, path: [])
  }

  private func text(_ rules: [Rule.ID: Rule], everyStep: Bool, heading: String, path: [Int]) throws -> String {
    var parts: [String] = []
    for (index, lemma) in lemmas.enumerated() {
      let number = path + [index + 1]
      let heading = "Lemma \(number.map { "\($0)" }.joined(separator: ".")): \(lemma.title)"
      parts.append(try lemma.text(rules, everyStep: everyStep, heading: heading, path: number))
    }
    var lines = [heading, "  \(judgement)", ""]
    lines += everyStep ? try stepLines(rules, path) : try stageLines(rules, path)
    parts.append(lines.joined(separator: "\n") + "\n")
    return parts.joined(separator: "\n")
  }

  private func stageLines(_ rules: [Rule.ID: Rule], _ path: [Int]) throws -> [String] {
    var outline = try ProofOutline(self, rules)
    outline.mergeInvisibleStages(from: judgement.left) { $0.description }
    var lines = ["    \(judgement.left)"]
    for stage in outline.stages {
      var reason = stage.laws.map { Proof.text($0, path) }.joined(separator: ", ")
      if !stage.bookkeeping.isEmpty {
        reason +=
          (reason.isEmpty ? "" : "; ") + "bookkeeping: "
          + stage.bookkeeping.map { Proof.text($0, path) }.joined(separator: ", ")
      }
      lines.append("  \(stage.relation.rawValue) \(stage.formula)")
      lines.append("      [\(reason)]")
    }
    return lines
  }

  private func stepLines(_ rules: [Rule.ID: Rule], _ path: [Int]) throws -> [String] {
    var lines: [String] = []
    let width = "\(steps.count)".count
    try replaySteps(rules) { replayed in
      let use = ProofOutline.Use(justification: replayed.step.justification, direction: replayed.step.direction)
      let number = TerminalText.padded("\(lines.count / 2 + 1)", to: width, isRight: true)
      lines.append("  \(number). \(Proof.text(ProofOutline.Counted(use: use, count: 1), path))")
      let indentation = String(repeating: " ", count: width + 4)
      lines.append("\(indentation)\(replayed.replaced) \(replayed.relation.rawValue) \(replayed.replacement)")
    }
    return lines + ["  Result: \(judgement.right)"]
  }

  private static func text(_ counted: ProofOutline.Counted, _ path: [Int]) -> String {
    var name: String
    switch counted.use.justification {
    case .rule(let id): name = id.rawValue
    case .lemma(let index): name = "Lemma \((path + [index + 1]).map { "\($0)" }.joined(separator: "."))"
    case .arithmetic: name = "arithmetic of coefficients"
    }
    if counted.use.direction == .backward { name += " ←" }
    return counted.count == 1 ? name : "\(name) ×\(counted.count)"
  }
}
