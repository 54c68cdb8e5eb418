import Formulas
import MatrixCalculus
import Transformers

/// The attempt to prove a printed identity by the laws: both sides brought to the same normal form.
enum IdentityProof {
  /// A proof of the statement, where both sides have the same normal form.
  static func of(_ claim: Claim) -> Proof? {
    for form in Form.allCases { if let proof = proof(of: claim, form) { return proof } }
    return nil
  }

  /// What both sides are brought to.
  private enum Form: CaseIterable {
    /// Common factors of the terms of sums pulled out.
    case factored
    /// Sums multiplied out.
    case expanded

    var rules: RuleSet {
      switch self {
      case .factored: RuleSet(Laws.normalization.rules + [ScalingLaws.scaleAddScale])
      case .expanded: Laws.expansion
      }
    }
  }

  private static func proof(of claim: Claim, _ form: Form) -> Proof? {
    let (left, right) = (claim.statement.left, claim.statement.right)
    let sides = [(left, "The left side of \(claim.id)"), (right, "The right side of \(claim.id)")].map {
      normalForm($0, form, $1)
    }
    guard sides[0].judgement.right == sides[1].judgement.right else { return nil }
    let lemmas = sides.filter { !$0.steps.isEmpty }
    var steps: [DerivationStep] = []
    for (index, lemma) in lemmas.enumerated() {
      let isRight = lemma.judgement.left == right && (index == 1 || sides[0].steps.isEmpty)
      steps.append(DerivationStep(.lemma(index), isRight ? .backward : .forward, at: .root, Substitution()))
    }
    return Proof(title: claim.title, claim.statement, steps: steps, lemmas: lemmas)
  }

  /// The formula with derivatives carried out, in a form.
  private static func normalForm(_ formula: Formula, _ form: Form, _ title: String) -> Proof {
    var derivation = Derivation(formula)
    derivation.normalize(Laws.calculus)
    derivation.normalize(form.rules)
    return derivation.proof(title)
  }
}
