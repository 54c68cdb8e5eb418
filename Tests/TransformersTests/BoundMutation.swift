import Arithmetic
import Formulas
import MatrixCalculus

/// One fault planted in the proof of a bound.
enum BoundMutation: CaseIterable {
  /// The claimed bound made smaller.
  case smallerConstant, smallerBound, droppedTerm, smallerNorm, zeroBound
  /// A step changed.
  case changedLaw, changedPosition, droppedStep, repeatedStep, swappedSteps, reversedStep, changedCoefficient,
    changedSubstitution, changedSize
  /// The statement or a lemma's statement changed in its relation or its sides.
  case equality, exchangedSides, lemmaAsEquality, lemmaExchanged, lemmaSmaller
  /// The whole chain moved to a place where the formula is not monotone.
  case negated, divided, subtracted, underUnknownFactor, exponentiated, inDifference, inSeminorm, besideNegative

  /// Whether no such mutant of a proof with a strict chain can be a proof.
  var isAlwaysWrong: Bool {
    switch self {
    case .smallerConstant, .smallerBound, .droppedTerm, .smallerNorm, .zeroBound, .equality, .exchangedSides, .negated,
      .divided, .subtracted, .underUnknownFactor, .exponentiated, .inDifference, .inSeminorm, .besideNegative:
      true
    default: false
    }
  }

  /// Whether the mutant claims what the proof did.
  var keepsJudgement: Bool {
    switch self {
    case .changedLaw, .changedPosition, .droppedStep, .repeatedStep, .swappedSteps, .reversedStep, .changedCoefficient,
      .changedSubstitution, .changedSize, .lemmaAsEquality, .lemmaExchanged, .lemmaSmaller:
      true
    default: false
    }
  }

  /// The mutant, or `nil` where the proof has nothing of the kind.
  func apply(to proof: Proof, laws: [Rule.ID], using generator: inout SplitMix64) -> Proof? {
    let (left, right) = (proof.judgement.left, proof.judgement.right)
    func claiming(_ judgement: Judgement) -> Proof? {
      judgement == proof.judgement
        ? nil : Proof(title: "mutant", judgement, steps: proof.steps, lemmas: proof.lemmas)
    }
    func claiming(oneOf smaller: [Formula]) -> Proof? {
      smaller.isEmpty ? nil : claiming(left ≤ smaller[generator.uniform(below: smaller.count)])
    }
    func moved(_ path: [Int], _ context: (Formula) -> Formula) -> Proof? { proof.moved(to: path, in: context) }
    let other = Formula.symbol("other", 3, 5).norm(), number = Formula.symbol("number", 1, 1)
    switch self {
    case .smallerConstant: return claiming(oneOf: right.variants { $0.smallerConstants })
    case .smallerBound: return claiming(left ≤ .integer(9) * Formula.integer(10).inverse * right)
    case .droppedTerm: return claiming(oneOf: right.variants { $0.withoutATerm })
    case .smallerNorm: return claiming(oneOf: right.variants { $0.smallerNorms })
    case .zeroBound: return claiming(left ≤ .integer(0))
    case .equality: return claiming(left ==> right)
    case .exchangedSides: return claiming(right ≤ left)
    case .negated: return moved([1]) { $0.scaled(by: .integer(-1)) }
    case .divided: return moved([0]) { $0.inverse }
    case .subtracted: return moved([1, 1]) { other - $0 }
    case .underUnknownFactor: return moved([1]) { $0.scaled(by: number) }
    case .exponentiated: return moved([0]) { $0.mapped(.exponential) }
    case .inDifference: return moved([0]) { .maximum([$0, other - number]) }
    case .inSeminorm: return moved([0, 0, 0]) { Formula.blocks([[$0, other]]).transposed.norm(.diameter) }
    case .besideNegative: return moved([1]) { .minimum([.integer(-1), $0]) }
    case .lemmaAsEquality, .lemmaExchanged, .lemmaSmaller: return withLemma(proof, &generator)
    default: return withStep(proof, laws, &generator)
    }
  }

  private func withLemma(_ proof: Proof, _ generator: inout SplitMix64) -> Proof? {
    let candidates = proof.lemmas.indices.filter { proof.lemmas[$0].judgement.relation == .atMost }
    guard !candidates.isEmpty else { return nil }
    var lemmas = proof.lemmas
    let index = candidates[generator.uniform(below: candidates.count)], lemma = lemmas[index]
    let (left, right) = (lemma.judgement.left, lemma.judgement.right)
    let judgement: Judgement =
      switch self {
      case .lemmaAsEquality: left ==> right
      case .lemmaExchanged: right ≤ left
      default: left ≤ .integer(1) * Formula.integer(2).inverse * right
      }
    lemmas[index] = Proof(title: lemma.title, judgement, steps: lemma.steps, lemmas: lemma.lemmas)
    return Proof(title: "mutant", proof.judgement, steps: proof.steps, lemmas: lemmas)
  }

  private func withStep(_ proof: Proof, _ laws: [Rule.ID], _ generator: inout SplitMix64) -> Proof? {
    guard !proof.steps.isEmpty else { return nil }
    var steps = proof.steps
    let index = generator.uniform(below: steps.count), step = steps[index]
    var (justification, direction, substitution) = (step.justification, step.direction, step.substitution)
    var (path, run) = (step.position.path, step.position.run)
    switch self {
    case .droppedStep: steps.remove(at: index)
    case .repeatedStep: steps.insert(step, at: index)
    case .swappedSteps:
      guard index + 1 < steps.count, steps[index] != steps[index + 1] else { return nil }
      steps.swapAt(index, index + 1)
    default:
      switch self {
      case .changedLaw: justification = .rule(laws[generator.uniform(below: laws.count)])
      case .reversedStep: direction = direction == .forward ? .backward : .forward
      case .changedPosition:
        switch generator.uniform(below: 4) {
        case 0: path.append(generator.uniform(below: 3))
        case 1 where !path.isEmpty: path.removeLast()
        case 2:
          let start = generator.uniform(below: 4)
          run = start..<(start + generator.uniform(below: 4))
        default:
          guard !path.isEmpty else { return nil }
          path[generator.uniform(below: path.count)] += [1, -1, 100][generator.uniform(below: 3)]
        }
      case .changedCoefficient, .changedSubstitution:
        let symbols = substitution.formulas.keys.sorted { $0.name < $1.name }
        guard !symbols.isEmpty, self == .changedSubstitution || justification == .arithmetic else { return nil }
        let symbol = symbols[generator.uniform(below: symbols.count)]
        guard let formula = substitution.formulas[symbol] else { return nil }
        let changes: [Formula] = [
          formula.scaled(by: .integer(2)), -formula, formula.transposed, .zero(formula.shape), .symbol("other", 3, 5),
          formula.scaled(by: Formula.integer(2).inverse), formula + formula,
        ]
        substitution.formulas[symbol] = changes[generator.uniform(below: changes.count)]
      case .changedSize:
        let names = substitution.sizes.keys.sorted()
        guard !names.isEmpty else { return nil }
        substitution.sizes[names[generator.uniform(below: names.count)]] =
          [0, 1, "d", "L", Size(.max) * 2][generator.uniform(below: 5)]
      default: return nil
      }
      let changed = DerivationStep(justification, direction, at: Position(path, run: run), substitution)
      guard changed != step else { return nil }
      steps[index] = changed
    }
    return Proof(title: "mutant", proof.judgement, steps: steps, lemmas: proof.lemmas)
  }
}

extension Proof {
  /// The same steps inside a larger formula, at a path.
  func moved(to path: [Int], in context: (Formula) -> Formula) -> Proof {
    Proof(
      title: "moved", context(judgement.left) ≤ context(judgement.right),
      steps: steps.map { step in
        DerivationStep(
          step.justification, step.direction, at: Position(path + step.position.path, run: step.position.run),
          step.substitution)
      }, lemmas: lemmas)
  }
}

extension Formula {
  /// The formulas in which one part has been exchanged by one of its variants; norms of matrices are parts as a whole.
  fileprivate func variants(_ change: (Formula) -> [Formula]) -> [Formula] {
    var found = change(self)
    if kind == .norm, operands[0].kind != .blocks { return found }
    for (i, operand) in operands.enumerated() {
      for variant in operand.variants(change) {
        var changed = operands
        changed[i] = variant
        if case .success(let formula) = Formula.applied(self.operator, changed) { found.append(formula) }
      }
    }
    return found.filter { $0 != self }
  }

  fileprivate var smallerConstants: [Formula] {
    switch self.operator {
    case .integer(let n) where n > 1: [.integer(n - 1)]
    case .map(.reciprocal):
      switch operands[0].operator {
      case .integer(let n): [Formula.integer(n + 1).inverse]
      case .size(let n): [Formula.size(n * 2).inverse]
      default: []
      }
    default: []
    }
  }

  fileprivate var withoutATerm: [Formula] {
    guard kind == .sum else { return [] }
    return operands.indices.map { i in .sum(operands.enumerated().filter { $0.offset != i }.map(\.element)) }
  }

  fileprivate var smallerNorms: [Formula] {
    guard kind == .norm else { return [] }
    return switch self.operator {
    case .norm(.frobenius): [operands[0].norm()]
    case .norm(.spectral): [operands[0].norm(.largestRow)]
    case .norm(.largestRow): [operands[0].norm(.largestEntry)]
    default: []
    }
  }
}
