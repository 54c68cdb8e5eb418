import Formulas

/// A chain of equalities and inequalities in progress, every step recorded.
public struct BoundDerivation {
  public let start: Formula
  public private(set) var current: Formula
  public private(set) var steps: [DerivationStep] = []
  public private(set) var lemmas: [Proof] = []

  public init(_ start: Formula) { (self.start, current) = (start, start) }

  /// The proof that the start is at most what it has become.
  public func proof(_ title: String) -> Proof {
    Proof(title: title, Judgement(start, .atMost, current), steps: steps, lemmas: lemmas)
  }

  /// Applies a rule at a position.
  ///
  /// - Precondition: the rule applies there.
  public mutating func apply(
    _ rule: Rule, _ direction: DerivationStep.Direction = .forward, at position: Position, _ substitution: Substitution
  ) {
    guard case .success(let judgement) = rule.instance(substitution) else {
      preconditionFailure("\(rule.id) does not apply to \(current)")
    }
    let (from, to) = direction == .forward ? (judgement.left, judgement.right) : (judgement.right, judgement.left)
    precondition(current[position] == from, "\(rule.id) needs \(from)")
    replace(at: position, with: to)
    steps.append(DerivationStep(.rule(rule.id), direction, at: position, substitution))
  }

  /// Replaces the left side of a lemma at a position by its right side, or of an equality the right side by the left.
  ///
  /// - Precondition: that side stands there; only an equality is used backward.
  public mutating func apply(
    lemma: Proof, _ direction: DerivationStep.Direction = .forward, at position: Position
  ) {
    let judgement = lemma.judgement
    let (from, to) = direction == .forward ? (judgement.left, judgement.right) : (judgement.right, judgement.left)
    precondition(direction == .forward || judgement.relation == .equal, "the lemma \(lemma.title) has one direction")
    precondition(current[position] == from, "the lemma \(lemma.title) is not about what stands there")
    let index = lemmas.firstIndex { $0.judgement == judgement } ?? lemmas.count
    if index == lemmas.count { lemmas.append(lemma) }
    replace(at: position, with: to)
    steps.append(DerivationStep(.lemma(index), direction, at: position, Substitution()))
  }

  /// Replaces every occurrence of a definition's name by what it stands for, or back.
  public mutating func apply(_ definition: Rule, _ direction: DerivationStep.Direction) {
    let statement = definition.statement
    let from = direction == .forward ? statement.left : statement.right
    while let position = current.position(of: from) { apply(definition, direction, at: position, Substitution()) }
  }

  /// Brings a matrix at a position to normal form; without effect where it has it.
  mutating func normalize(at position: Position) {
    guard let part = current[position] else { return }
    var derivation = Derivation(part)
    derivation.normalize(Laws.normalization)
    append(derivation.steps, at: position, rules: Laws.byID)
  }

  /// Applies steps that are given relative to a position.
  ///
  /// - Precondition: what they make of the part does not merge with its surroundings before the last step.
  mutating func append(_ relative: [DerivationStep], at position: Position, rules: [Rule.ID: Rule]) {
    for step in relative {
      let place = Position(position.path + step.position.path, run: step.position.run)
      switch step.justification {
      case .rule(let id):
        guard let rule = rules[id] else { preconditionFailure("there is no rule \(id)") }
        apply(rule, step.direction, at: place, step.substitution)
      case .arithmetic:
        guard let canonical = step.substitution.formulas[Justification.arithmeticSides.1] else {
          preconditionFailure("an arithmetic step names both sides")
        }
        replace(at: place, with: canonical)
        steps.append(DerivationStep(.arithmetic, at: place, step.substitution))
      case .lemma: preconditionFailure("a lemma has an index in its own derivation")
      }
    }
  }

  /// Applies the steps of another derivation, of the part that stands at a position.
  ///
  /// - Precondition: the part is what the other starts from; it rests on the rules, and the operator above the part does not
  ///   merge with its bound.
  public mutating func append(
    _ other: BoundDerivation, at position: Position, rules: [Rule.ID: Rule] = Laws.byID
  ) {
    precondition(current[position] == other.start, "the derivation is about another number")
    append(other.steps, at: position, rules: rules)
  }

  /// Brings every term to its canonical form, inside minima first.
  public mutating func canonicalize() { canonicalize(current, []) }

  private mutating func canonicalize(_ formula: Formula, _ path: [Int]) {
    if formula.kind == .norm, formula.shape == .scalar, formula.operands[0].shape != .scalar {
      // The entries of a matrix of numbers.
      guard formula.operands[0].kind == .blocks else { return }
      for (i, entry) in formula.operands[0].operands.enumerated() { canonicalize(entry, path + [0, i]) }
      return
    }
    if formula.kind != .norm, formula.kind != .map {
      for i in formula.operands.indices {
        // Canonical factors change the places of those after them, so each is looked up again.
        guard let operand = current[Position(path)]?.operands[safely: i] else { break }
        if operand.kind != .map { canonicalize(operand, path + [i]) }
      }
    }
    dropZeroTerms(path)
    guard let now = current[Position(path)], now.kind != .sum, now.kind != .minimum, now.kind != .maximum,
      let canonical = Coefficient(now)?.formula, canonical != now
    else { return }
    steps.append(.arithmetic(now, canonical, at: Position(path)))
    replace(at: Position(path), with: canonical)
  }

  private mutating func dropZeroTerms(_ path: [Int]) {
    let zero = Formula.integer(0)
    while let sum = current[Position(path)], sum.kind == .sum, let i = sum.operands.firstIndex(of: zero) {
      let rule = i == 0 ? ScalingLaws.zeroAddNumber : ScalingLaws.addZeroNumber
      let run = i == 0 ? 0..<2 : i - 1..<i + 1
      let position = sum.operands.count == 2 ? Position(path) : Position(path, run: run)
      guard let part = current[position], let (substitution, _) = rule.match(part) else { return }
      apply(rule, at: position, substitution)
    }
  }

  private mutating func replace(at position: Position, with part: Formula) {
    switch current.replacing(at: position, with: part) {
    case .success(let next): current = next
    case .failure(let error): preconditionFailure("a law changed a shape: \(error)")
    }
  }
}

extension Array {
  /// The element with this index, if there is one.
  fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
