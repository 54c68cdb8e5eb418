/// What justifies a step.
public enum Justification: Hashable, Sendable {
  case rule(Rule.ID)
  /// The lemma with this index in the proof.
  case lemma(Int)
  /// Equality of two coefficients, decided by their canonical forms; the substitution names them `s` and `t`.
  case arithmetic

  /// The names of the two coefficients in the substitution of an arithmetic step.
  public static let arithmeticSides = (Symbol("s", .scalar), Symbol("t", .scalar))
}

extension DerivationStep {
  /// The step that replaces a coefficient by an equal one.
  public static func arithmetic(_ s: Formula, _ t: Formula, at position: Position) -> DerivationStep {
    let (left, right) = Justification.arithmeticSides
    return DerivationStep(.arithmetic, at: position, Substitution(formulas: [left: s, right: t]))
  }
}

/// One replacement in a derivation: enough to be replayed by instantiating, comparing and replacing, without a matcher.
public struct DerivationStep: Hashable, Sendable {
  public enum Direction: String, Hashable, Sendable { case forward, backward }

  public let justification: Justification
  public let direction: Direction
  public let position: Position
  public let substitution: Substitution

  public init(
    _ justification: Justification, _ direction: Direction = .forward, at position: Position,
    _ substitution: Substitution
  ) {
    (self.justification, self.direction, self.position, self.substitution) = (
      justification, direction, position, substitution
    )
  }
}

/// A statement with the chain of single named steps that leads from its left side to its right side.
///
/// Variables in the statement are universally quantified: a lemma holds for every matrix in their place, provided it
/// is not differentiated in the statement.
public struct Proof: Sendable {
  /// What is proven, as a reader would call it.
  public let title: String
  public let judgement: Judgement
  public let steps: [DerivationStep]
  public let lemmas: [Proof]

  public init(title: String, _ judgement: Judgement, steps: [DerivationStep], lemmas: [Proof] = []) {
    (self.title, self.judgement, self.steps, self.lemmas) = (title, judgement, steps, lemmas)
  }
}

/// Why a proof is not one.
public enum ProofError: Error, Sendable, CustomStringConvertible {
  case unknownRule(Rule.ID, step: Int)
  case unknownLemma(Int, step: Int)
  case notApplicable(String, step: Int)
  case misplaced(expected: Formula, found: Formula?, step: Int)
  /// A lemma was used with a matrix in a place where the lemma differentiates.
  case captured(Symbol, step: Int)
  case notMonotone(step: Int)
  /// A definition or hypothesis, or a lemma that rests on one, was used inside a derivative by a symbol that occurs in it,
  /// or to replace the symbol of differentiation itself.
  case differentiated(step: Int)
  case wrongEnd(Formula, expected: Formula)

  public var description: String {
    switch self {
    case .unknownRule(let id, let step): "step \(step): there is no rule \(id)"
    case .unknownLemma(let index, let step): "step \(step): there is no lemma \(index)"
    case .notApplicable(let reason, let step): "step \(step): \(reason)"
    case .misplaced(let expected, let found, let step):
      "step \(step): the rule needs \(expected), the formula has \(found.map(\.description) ?? "nothing") there"
    case .captured(let symbol, let step): "step \(step): the lemma differentiates \(symbol), which may not be replaced"
    case .notMonotone(let step): "step \(step): an inequality is used where the formula is not monotone"
    case .differentiated(let step):
      "step \(step): what holds only at the point is used inside a derivative by a symbol that occurs in it"
    case .wrongEnd(let end, let expected): "the steps end at \(end), not at \(expected)"
    }
  }
}

extension Proof {
  /// One replayed step: the whole formula before and after, and the two sides that were exchanged.
  public struct ReplayedStep: Sendable {
    public let step: DerivationStep
    public let relation: Relation
    public let before: Formula
    public let after: Formula
    /// The part that was replaced and what it became.
    public let replaced: Formula
    public let replacement: Formula
  }

  /// Replays every step, and those of all lemmas, from the statements of the rules alone.
  ///
  /// - Errors: the first step that does not follow. Total: a malformed proof is an error, never a trap.
  public func replay(_ rules: [Rule.ID: Rule], visit: (ReplayedStep) throws -> Void = { _ in }) throws {
    for lemma in lemmas { try lemma.replay(rules) }
    try replaySteps(rules, visit: visit)
  }

  /// Replays the steps of this proof, taking its lemmas as proven.
  public func replaySteps(_ rules: [Rule.ID: Rule], visit: (ReplayedStep) throws -> Void = { _ in }) throws {
    var current = judgement.left
    let nonNegative = nonNegativeSymbols(rules)
    for (index, step) in steps.enumerated() {
      let instance = try instance(of: step, index, rules)
      let (from, to) = step.direction == .forward ? (instance.left, instance.right) : (instance.right, instance.left)
      guard let found = current[step.position], found == from else {
        throw ProofError.misplaced(expected: from, found: current[step.position], step: index)
      }
      guard let bases = current.bases(along: step.position),
        !bases.contains(where: { from.contains($0) || to.contains($0) }) || !isPointwise(step, rules)
      else { throw ProofError.differentiated(step: index) }
      if instance.relation == .atMost {
        guard judgement.relation == .atMost, step.direction == .forward,
          current.isMonotone(along: step.position, assuming: nonNegative)
        else {
          throw ProofError.notMonotone(step: index)
        }
      }
      switch current.replacing(at: step.position, with: to) {
      case .failure(let error): throw ProofError.notApplicable(error.description, step: index)
      case .success(let next):
        try visit(
          ReplayedStep(
            step: step, relation: instance.relation, before: current, after: next, replaced: from, replacement: to))
        current = next
      }
    }
    guard current == judgement.right else { throw ProofError.wrongEnd(current, expected: judgement.right) }
  }

  /// The symbols that a hypothesis used here bounds something non-negative by, and which are therefore non-negative.
  private func nonNegativeSymbols(_ rules: [Rule.ID: Rule]) -> Set<Formula> {
    var symbols: Set<Formula> = []
    for id in rulesUsed {
      guard let rule = rules[id], rule.status == .hypothesis, rule.statement.relation == .atMost,
        case .symbol = rule.statement.right.operator, rule.statement.left.isManifestlyNonNegative
      else { continue }
      symbols.insert(rule.statement.right)
    }
    return symbols
  }

  private func instance(of step: DerivationStep, _ index: Int, _ rules: [Rule.ID: Rule]) throws -> Judgement {
    switch step.justification {
    case .rule(let id):
      guard let rule = rules[id] else { throw ProofError.unknownRule(id, step: index) }
      switch rule.instance(step.substitution) {
      case .success(let judgement): return judgement
      case .failure(let error): throw ProofError.notApplicable(error.description, step: index)
      }
    case .arithmetic:
      let (left, right) = Justification.arithmeticSides
      guard let s = step.substitution.formulas[left], let t = step.substitution.formulas[right],
        let canonical = Coefficient(s), canonical == Coefficient(t)
      else { throw ProofError.notApplicable("the two coefficients are not equal", step: index) }
      return Judgement(s, .equal, t)
    case .lemma(let number):
      guard lemmas.indices.contains(number) else { throw ProofError.unknownLemma(number, step: index) }
      let lemma = lemmas[number].judgement
      for symbol in step.substitution.formulas.keys.sorted(by: { $0.name < $1.name }) {
        let variable = Formula.variable(symbol.name, symbol.shape)
        if lemma.left.differentiates(variable) || lemma.right.differentiates(variable) {
          throw ProofError.captured(symbol, step: index)
        }
      }
      let substitution = Substitution(formulas: step.substitution.formulas)
      switch (substitution.instance(of: lemma.left), substitution.instance(of: lemma.right)) {
      case (.success(let left), .success(let right)): return Judgement(left, lemma.relation, right)
      case (.failure(let error), _), (_, .failure(let error)):
        throw ProofError.notApplicable(error.description, step: index)
      }
    }
  }

  /// Whether a step holds at the point only, so that its sides may have different derivatives there.
  private func isPointwise(_ step: DerivationStep, _ rules: [Rule.ID: Rule]) -> Bool {
    switch step.justification {
    case .rule(let id): rules[id]?.status != .law
    case .lemma(let number): lemmas[number].rulesUsed.contains { rules[$0]?.status != .law }
    case .arithmetic: false
    }
  }

  /// The rules that are used, here and in the lemmas, in order of first use.
  public var rulesUsed: [Rule.ID] {
    var used: [Rule.ID] = []
    func visit(_ proof: Proof) {
      proof.lemmas.forEach(visit)
      for case .rule(let id) in proof.steps.map(\.justification) where !used.contains(id) { used.append(id) }
    }
    visit(self)
    return used
  }

  /// The number of steps including those of the lemmas.
  public var totalSteps: Int { steps.count + lemmas.reduce(0) { $0 + $1.totalSteps } }
}

extension Formula {
  /// The symbols or variables by which the part at the position is differentiated; `nil` when it is one of them itself.
  func bases(along position: Position) -> [Formula]? {
    var current = self
    var bases: [Formula] = []
    for i in position.path {
      switch (current.operator, i) {
      case (.jacobian, 1), (.pullback, 1), (.contraction, 2): return nil
      case (.jacobian, 0), (.pullback, 0): bases.append(current.operands[1])
      case (.contraction, 1): bases.append(current.operands[2])
      default: break
      }
      guard current.operands.indices.contains(i) else { return bases }
      current = current.operands[i]
    }
    return bases
  }

  /// Whether the whole grows with the part at the position: every ancestor is a sum, product, scaling, maximum or minimum
  /// of numbers that are not negative, or a norm of a matrix of them, which grows with its entries.
  func isMonotone(along position: Position, assuming nonNegative: Set<Formula> = []) -> Bool {
    func isNonNegative(_ formula: Formula) -> Bool { formula.isManifestlyNonNegative(assuming: nonNegative) }
    var current = self
    for (depth, i) in position.path.enumerated() {
      switch current.operator {
      case .sum, .product, .scale, .maximum, .minimum, .blocks:
        // A matrix of numbers grows entry by entry only under the norm above it.
        if current.kind == .blocks, depth == 0 { return false }
        guard current.operands.allSatisfy(isNonNegative) else { return false }
      case .map(.squareRoot):
        guard isNonNegative(current.operands[0]) else { return false }
      case .norm(let norm) where norm.growsWithEntries:
        guard i == 0, current.operands[0].kind == .blocks, current.operands[0].operands.allSatisfy(isNonNegative)
        else { return false }
      default: return false
      }
      guard current.operands.indices.contains(i) else { return false }
      current = current.operands[i]
    }
    return position.run == nil || current.operands.allSatisfy(isNonNegative)
  }

  /// Whether the form alone shows that this number is at least zero.
  public var isManifestlyNonNegative: Bool { isManifestlyNonNegative(assuming: []) }

  /// The same, for symbols that are known not to be negative.
  func isManifestlyNonNegative(assuming nonNegative: Set<Formula>) -> Bool {
    guard shape == .scalar else { return false }
    func areNonNegative(_ formulas: [Formula]) -> Bool {
      formulas.allSatisfy { $0.isManifestlyNonNegative(assuming: nonNegative) }
    }
    switch self.operator {
    case .norm, .size: return true
    case .symbol: return nonNegative.contains(self)
    case .integer(let n): return n >= 0
    case .map(.positivePart), .map(.step), .map(.normalDistribution), .map(.normalDensity): return true
    case .map(.logarithm): return false
    case .map(.exponential), .map(.reciprocal), .map(.squareRoot), .map(.reciprocalSquareRoot):
      return areNonNegative(operands)
    case .sum, .product, .scale, .maximum, .minimum: return areNonNegative(operands)
    default: return false
    }
  }
}
