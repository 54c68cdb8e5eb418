import Formulas

/// A derivation in progress: a formula that is rewritten step by step, every step recorded.
public struct Derivation {
  public let start: Formula
  public private(set) var current: Formula
  public private(set) var steps: [DerivationStep] = []
  public private(set) var lemmas: [Proof] = []

  /// Formulas that stood here, so that equal ones are the same node.
  private let table: FormulaTable

  /// - Parameter table: may be shared by one derivation after another.
  public init(_ start: Formula, in table: FormulaTable = FormulaTable()) {
    self.table = table
    let start = table.representative(of: start)
    (self.start, current) = (start, start)
  }

  /// The proof that the start equals what it has become.
  public func proof(_ title: String) -> Proof {
    Proof(title: title, Judgement(start, .equal, current), steps: steps, lemmas: lemmas)
  }

  /// Applies a rule at a position with a given substitution.
  ///
  /// - Precondition: the rule applies there.
  public mutating func apply(
    _ rule: Rule, _ direction: DerivationStep.Direction = .forward, at position: Position = .root,
    _ substitution: Substitution
  ) {
    guard case .success(let judgement) = rule.instance(substitution) else {
      preconditionFailure("\(rule.id) does not apply to \(current)")
    }
    let (from, to) = direction == .forward ? (judgement.left, judgement.right) : (judgement.right, judgement.left)
    precondition(
      current[position] == from, "\(rule.id) needs \(from), found \(current[position].map(\.description) ?? "nothing")")
    replace(at: position, with: to)
    steps.append(DerivationStep(.rule(rule.id), direction, at: position, substitution))
  }

  /// Applies a rule at a position, matching it.
  public mutating func apply(_ rule: Rule, at position: Position = .root) {
    guard let part = current[position], let (substitution, _) = rule.match(part) else {
      preconditionFailure("\(rule.id) does not match \(current[position].map(\.description) ?? "nothing")")
    }
    apply(rule, at: position, substitution)
  }

  /// Replaces every occurrence of the lemma's left side, its variables instantiated, by its right side.
  public mutating func apply(lemma: Proof, _ instances: [Symbol: Formula] = [:]) {
    let substitution = Substitution(formulas: instances)
    guard case .success(let left) = substitution.instance(of: lemma.judgement.left),
      case .success(let right) = substitution.instance(of: lemma.judgement.right)
    else { preconditionFailure("the lemma \(lemma.title) does not accept its instances") }
    let index = remember(lemma)
    let shared = table.representative(of: left)
    var used = false
    var absent: Set<Formula> = []
    while let position = current.position(of: shared, path: [], &absent) {
      replace(at: position, with: right)
      steps.append(DerivationStep(.lemma(index), at: position, substitution))
      used = true
    }
    precondition(used, "the lemma \(lemma.title) is not used: \(left) does not occur in \(current)")
  }

  /// Rewrites with the rules, outermost first and left to right, until none applies; coefficients become canonical.
  ///
  /// Bookkeeping goes first, so that every substantive step starts from a tidy formula, then the lemmas.
  public mutating func normalize(_ rules: RuleSet, using lemmas: [Proof] = []) {
    var known = NormalForms(rules)
    normalize(&known, using: lemmas)
  }

  /// The same with the rules of `known`, which remembers the formulas that are in normal form.
  mutating func normalize(_ known: inout NormalForms, using lemmas: [Proof] = []) {
    // Formulas in which a lemma does not occur, for each lemma.
    var absent = [Set<Formula>](repeating: [], count: lemmas.count)
    let parts = lemmas.map { table.representative(of: $0.judgement.left) }
    var path: [Int] = []
    while true {
      let bookkeeping = findRedex(current, &path, known.rules, .bookkeeping, &known.tidy)
      if bookkeeping == nil,
        let index = lemmas.indices.first(where: {
          current.position(of: parts[$0], path: [], &absent[$0]) != nil
        })
      {
        apply(lemma: lemmas[index])
        continue
      }
      guard let redex = bookkeeping ?? findRedex(current, &path, known.rules, .substantive, &known.normal) else {
        return
      }
      path.removeAll(keepingCapacity: true)
      replace(at: redex.step.position, with: redex.replacement)
      steps.append(redex.step)
    }
  }

  /// Gives names to parts wherever they occur, also transposed; each abbreviation in turn.
  public mutating func fold(_ abbreviations: [Abbreviation]) {
    for abbreviation in abbreviations {
      let definition = abbreviation.definition
      let unnamed = table.representative(of: definition.statement.left)
      var absent: Set<Formula> = []
      while let position = current.position(of: unnamed, path: [], &absent) {
        apply(definition, at: position, Substitution())
      }
      let transposed = abbreviation.transposed.judgement
      let unnamedTranspose = table.representative(of: transposed.right)
      guard current.position(of: unnamedTranspose) != nil else { continue }
      let index = remember(abbreviation.transposed)
      absent = []
      while let position = current.position(of: unnamedTranspose, path: [], &absent) {
        replace(at: position, with: transposed.left)
        steps.append(DerivationStep(.lemma(index), .backward, at: position, Substitution()))
      }
    }
  }

  /// The index of a lemma among those used, added where it is new.
  private mutating func remember(_ lemma: Proof) -> Int {
    if let index = lemmas.firstIndex(where: { $0.judgement == lemma.judgement }) { return index }
    lemmas.append(lemma)
    return lemmas.count - 1
  }

  private mutating func replace(at position: Position, with part: Formula) {
    switch current.replacing(at: position, with: part) {
    case .success(let next): current = table.representative(of: next)
    case .failure(let error): preconditionFailure("a law changed a shape: \(error)")
    }
  }
}

extension Formula {
  /// Where a formula first occurs, as a subformula or as a run of operands.
  public func position(of part: Formula) -> Position? {
    var absent: Set<Formula> = []
    return position(of: part, path: [], &absent)
  }

  /// The same, with the formulas in which the part is known not to occur: one tree holds the same formula many times.
  fileprivate func position(of part: Formula, path: [Int], _ absent: inout Set<Formula>) -> Position? {
    if self == part { return Position(path) }
    guard mayContain(part), !operands.isEmpty, !absent.contains(self) else { return nil }
    if isAssociative, kind == part.kind, operands.count > part.operands.count {
      let count = part.operands.count
      for start in 0...(operands.count - count) where operands[start..<(start + count)].elementsEqual(part.operands) {
        return Position(path, run: start..<(start + count))
      }
    }
    for (i, operand) in operands.enumerated() {
      if let found = operand.position(of: part, path: path + [i], &absent) { return found }
    }
    absent.insert(self)
    return nil
  }
}

/// The normal forms of formulas by the rules of a set: what one normalisation finds out serves the next.
struct NormalForms {
  let rules: RuleSet
  /// Formulas without a redex of bookkeeping.
  fileprivate var tidy: Set<Formula> = []
  /// Formulas without a substantive redex.
  fileprivate var normal: Set<Formula> = []
  private var forms: [Formula: Formula] = [:]

  init(_ rules: RuleSet) { self.rules = rules }

  /// The normal form of a formula. A transpose is carried inside by one step and the transposes that this leaves are looked
  /// up: products of the same factors share those of their ends.
  mutating func form(of formula: Formula, in table: FormulaTable) -> Formula {
    let formula = table.representative(of: formula)
    if tidy.contains(formula), normal.contains(formula) { return formula }
    if let known = forms[formula] { return known }
    var start = formula
    if formula.kind == .transpose,
      let redex = rootRedex(formula, [], rules, .bookkeeping) ?? rootRedex(formula, [], rules, .substantive)
    {
      start = redex.replacement
      if start.operands.contains(where: { $0.kind == .transpose }) {
        start = Formula(
          start.operator, start.operands.map { $0.kind == .transpose ? form(of: $0, in: table) : $0 })
      }
    }
    var derivation = Derivation(start, in: table)
    derivation.normalize(&self)
    forms[formula] = derivation.current
    return derivation.current
  }
}

/// A place where a rule applies.
private struct Redex {
  let step: DerivationStep
  let replacement: Formula
}

/// The first redex in the formula, which stands at `path` in the whole; what has none is remembered in `normal`.
private func findRedex(
  _ formula: Formula, _ path: inout [Int], _ rules: RuleSet, _ weight: Rule.Weight, _ normal: inout Set<Formula>
) -> Redex? {
  if normal.contains(formula) { return nil }
  if let redex = rootRedex(formula, path, rules, weight) { return redex }
  for (i, operand) in formula.operands.enumerated() {
    path.append(i)
    if let redex = findRedex(operand, &path, rules, weight, &normal) { return redex }
    path.removeLast()
  }
  normal.insert(formula)
  return nil
}

private func rootRedex(_ formula: Formula, _ path: [Int], _ rules: RuleSet, _ weight: Rule.Weight) -> Redex? {
  if weight == .bookkeeping, formula.kind == .scale, let coefficient = Coefficient(formula.operands[0])?.formula,
    coefficient != formula.operands[0]
  {
    let step = DerivationStep.arithmetic(formula.operands[0], coefficient, at: Position(path + [0]))
    return Redex(step: step, replacement: coefficient)
  }
  for rule in rules.candidates(for: formula, weight) {
    if formula.isAssociative, formula.operands.count > rule.statement.left.operands.count {
      guard let found = rule.firstMatch(in: formula) else { continue }
      return Redex(
        step: DerivationStep(.rule(rule.id), at: Position(path, run: found.run), found.substitution),
        replacement: found.judgement.right)
    } else if let found = rule.match(formula) {
      return Redex(step: DerivationStep(.rule(rule.id), at: Position(path), found.0), replacement: found.1.right)
    }
  }
  return nil
}
