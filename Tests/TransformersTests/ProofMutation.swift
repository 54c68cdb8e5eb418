import Arithmetic
import Formulas

/// One thing changed in a proof or in one of its lemmas.
enum ProofMutation: CaseIterable {
  case droppedStep, repeatedStep, swappedSteps, wrongEnd, wrongStart, changedPath, changedRun, extremePosition,
    changedRule
  case reversed, changedLemma, missingLemma, unboundVariable, exchangedFormula, capturedVariable, changedSize,
    extremeSize
  case changedArithmetic, negated, inequality, definitionInside

  /// Whether no such mutant can be a proof.
  var isAlwaysWrong: Bool {
    switch self {
    case .wrongEnd, .wrongStart, .extremePosition, .missingLemma, .negated, .reversed, .capturedVariable,
      .definitionInside:
      true
    default: false
    }
  }

  /// Whether the statement stays what it was.
  var keepsJudgement: Bool {
    switch self {
    case .wrongEnd, .wrongStart, .negated, .inequality: false
    default: true
    }
  }

  /// The mutant, or `nil` where the proof has nothing of the kind.
  func apply(to proof: Proof, using generator: inout SplitMix64) -> Proof? {
    if !proof.lemmas.isEmpty, keepsJudgement, self != .changedLemma, self != .missingLemma, self != .capturedVariable,
      proof.steps.isEmpty || generator.uniform(below: 4) > 0
    {
      let index = generator.uniform(below: proof.lemmas.count)
      guard let lemma = apply(to: proof.lemmas[index], using: &generator) else { return nil }
      var lemmas = proof.lemmas
      lemmas[index] = lemma
      return Proof(title: proof.title, proof.judgement, steps: proof.steps, lemmas: lemmas)
    }
    return changed(proof, &generator)
  }

  private func changed(_ proof: Proof, _ generator: inout SplitMix64) -> Proof? {
    let judgement = proof.judgement
    switch self {
    case .wrongEnd, .negated: return with(proof, Judgement(judgement.left, .equal, -judgement.right))
    case .wrongStart: return with(proof, Judgement(judgement.left + judgement.left, .equal, judgement.right))
    case .inequality:
      guard judgement.left.shape == .scalar else {
        return with(proof, Judgement(judgement.left.norm(), .atMost, judgement.right.norm()))
      }
      return with(proof, Judgement(judgement.left, .atMost, judgement.right))
    case .missingLemma:
      return proof.lemmas.isEmpty
        ? nil : Proof(title: "mutant", judgement, steps: proof.steps, lemmas: Array(proof.lemmas.dropLast()))
    default: break
    }
    guard let index = index(in: proof, &generator) else { return nil }
    var steps = proof.steps
    switch self {
    case .droppedStep: steps.remove(at: index)
    case .repeatedStep: steps.insert(steps[index], at: index)
    case .swappedSteps:
      guard index + 1 < steps.count else { return nil }
      steps.swapAt(index, index + 1)
    case .definitionInside:
      guard let id = proof.rulesUsed.first(where: { $0.rawValue.hasPrefix("definition") }) else { return nil }
      steps.insert(DerivationStep(.rule(id), at: .root, Substitution(sizes: ["d_K": 1])), at: index)
    default:
      guard let step = changed(steps[index], proof, &generator) else { return nil }
      steps[index] = step
    }
    return Proof(title: "mutant", judgement, steps: steps, lemmas: proof.lemmas)
  }

  private func with(_ proof: Proof, _ judgement: Judgement) -> Proof {
    Proof(title: "mutant", judgement, steps: proof.steps, lemmas: proof.lemmas)
  }

  /// A step that this can be done to.
  private func index(in proof: Proof, _ generator: inout SplitMix64) -> Int? {
    let fitting = proof.steps.indices.filter { i in
      let step = proof.steps[i]
      switch (self, step.justification) {
      case (.changedLemma, .lemma), (.capturedVariable, .lemma), (.changedArithmetic, .arithmetic): return true
      case (.changedLemma, _), (.capturedVariable, _), (.changedArithmetic, _): return false
      case (.unboundVariable, _), (.exchangedFormula, _): return !step.substitution.formulas.isEmpty
      case (.changedSize, _), (.extremeSize, _): return !step.substitution.sizes.isEmpty
      default: return true
      }
    }
    return fitting.isEmpty ? nil : fitting[generator.uniform(below: fitting.count)]
  }

  private func changed(_ step: DerivationStep, _ proof: Proof, _ generator: inout SplitMix64) -> DerivationStep? {
    var justification = step.justification, direction = step.direction
    var path = step.position.path, run = step.position.run
    var substitution = step.substitution
    switch self {
    case .changedPath:
      switch generator.uniform(below: 3) {
      case 0: path.append(generator.uniform(below: 3))
      case 1 where !path.isEmpty: path.removeLast()
      default:
        guard !path.isEmpty else { return nil }
        path[generator.uniform(below: path.count)] += generator.uniform(below: 2) == 0 ? 1 : -1
      }
    case .changedRun:
      let start = generator.uniform(below: 5) - 1
      run = start..<(start + generator.uniform(below: 4))
    case .extremePosition:
      switch generator.uniform(below: 3) {
      case 0: path.append(.min)
      case 1: path = [.max] + path
      default: run = .min ..< .max
      }
    case .changedRule:
      let used = proof.rulesUsed
      guard !used.isEmpty else { return nil }
      justification = .rule(used[generator.uniform(below: used.count)])
    case .reversed: direction = direction == .forward ? .backward : .forward
    case .changedLemma: justification = .lemma([-1, proof.lemmas.count, .max, .min, 0][generator.uniform(below: 5)])
    case .unboundVariable: substitution.formulas[symbol(in: substitution, &generator)] = nil
    case .exchangedFormula:
      let a = symbol(in: substitution, &generator), b = symbol(in: substitution, &generator)
      guard a != b else { return nil }
      (substitution.formulas[a], substitution.formulas[b]) = (substitution.formulas[b], substitution.formulas[a])
    case .capturedVariable:
      // A matrix put where the lemma differentiates, or the matrix by which it does.
      let judgement = proof.lemmas.first?.judgement
      let symbols = (judgement?.left.symbols ?? []) + (judgement?.left.variables ?? [])
      guard
        let found = symbols.first(where: {
          judgement?.left.differentiates(.variable($0.name, $0.shape.rows, $0.shape.columns)) == true
        })
      else {
        guard let lemma = proof.lemmas.first, let symbol = symbols.first else { return nil }
        justification = .lemma(proof.lemmas.count)
        substitution.formulas[symbol] = lemma.judgement.left
        break
      }
      substitution.formulas[found] = .symbol(found)
    case .changedSize, .extremeSize:
      let names = substitution.sizes.keys.sorted()
      let name = names[generator.uniform(below: names.count)]
      let ordinary: [Size] = [0, 1, 7, "d", "L", Size("L") + 1],
        extreme: [Size] = [Size(.max), Size(.max) * 2, Size(.max) + Size(.max)]
      let choices = self == .changedSize ? ordinary : extreme
      substitution.sizes[name] = choices[generator.uniform(below: choices.count)]
    case .changedArithmetic:
      let symbol = symbol(in: substitution, &generator)
      guard let formula = substitution.formulas[symbol] else { return nil }
      substitution.formulas[symbol] =
        [formula * .integer(2), -formula, formula * .size(0), Formula.integer(0).inverse][generator.uniform(below: 4)]
    default: return nil
    }
    return DerivationStep(justification, direction, at: Position(path, run: run), substitution)
  }

  private func symbol(in substitution: Substitution, _ generator: inout SplitMix64) -> Symbol {
    let symbols = substitution.formulas.keys.sorted { $0.name < $1.name }
    return symbols[generator.uniform(below: symbols.count)]
  }
}
