import Formulas
import MatrixCalculus
import Transformers

/// The attempt to prove a printed identity by the laws: both sides brought to the same normal form.
enum IdentityProof {
  /// A proof of the statement, where both sides have the same normal form.
  static func of(_ claim: Claim) -> Proof? {
    let (left, right) = (claim.statement.left, claim.statement.right)
    let sides = [(left, "The left side of \(claim.id)"), (right, "The right side of \(claim.id)")].map {
      normalForm($0, $1)
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

  /// The formula with derivatives carried out and sums multiplied out.
  private static func normalForm(_ formula: Formula, _ title: String) -> Proof {
    var derivation = Derivation(formula)
    derivation.normalize(Laws.calculus)
    derivation.normalize(Laws.expansion)
    return derivation.proof(title)
  }
}
