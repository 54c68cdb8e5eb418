import Formulas
import MatrixCalculus

/// What the bounds of one more sample's effect are about, and what may be assumed of it: the loss of the new sample and the
/// mean loss at `w` and at `w*`, their gradients and Hessians, and `δ = w − w*`.
///
/// - Shapes: losses 1×1; gradients and `δ` `n×1`; Hessians `n×n`.
struct IncrementHypotheses {
  /// `ℓ_{k+1}(w)`, `L_k(w)`.
  let new = Formula.symbol("ell_{k+1}(w)", 1, 1), mean = Formula.symbol("L_k(w)", 1, 1)
  /// `ℓ_{k+1}(w*)`, `L_k(w*)`.
  let newLoss = Formula.symbol("ell_{k+1}", 1, 1), meanLoss = Formula.symbol("L_k", 1, 1)
  let newGradient = Formula.symbol("g_{k+1}", "n", 1), meanGradient = Formula.symbol("g_k", "n", 1)
  let newHessian: Formula, meanHessian: Formula
  let delta = Formula.symbol("delta", "n", 1)
  /// `Δ_ℓ := ℓ_{k+1}(w*) − L_k(w*)`.
  let lossDifference = Formula.symbol("Delta_ell", 1, 1)
  /// Whether the Hessians are the averages of Taylor's theorem, not their values at `w*`.
  let hasRemainder: Bool

  /// - Parameter remainder: whether the remainder is kept.
  init(remainder: Bool) {
    hasRemainder = remainder
    let name = remainder ? "B" : "H"
    (newHessian, meanHessian) = (.symbol("\(name)_{k+1}", "n", "n"), .symbol("\(name)_k", "n", "n"))
  }

  // MARK: Hypotheses

  /// `ℓ(w) = ℓ(w*) + δᵀg + ½ δᵀBδ` for the new sample and for the mean.
  var models: [Rule] {
    [(new, newLoss, newGradient, newHessian), (mean, meanLoss, meanGradient, meanHessian)].map {
      let (value, loss, gradient, hessian) = $0
      return hypothesis(
        hasRemainder
          ? "Taylor's theorem: B is an average of the Hessians between the centre and w, with weight `2 (1 - t)` at the part t of the way."
          : "The second-order Taylor polynomial at the centre in place of the loss: the remainder is left out.",
        value ==> loss + delta.transposed * gradient
          + (delta.transposed * hessian * delta).scaled(by: Formula.integer(2).inverse))
    }
  }

  /// The name of the difference of the losses at `w*`.
  var lossDefinition: Rule {
    Rule("definition Delta_ell", .definition) { newLoss - meanLoss ==> lossDifference }
  }

  /// The gradient vanishes.
  func noGradient(_ gradient: Formula) -> Rule {
    hypothesis("The centre is a stationary point.", gradient.norm() ≤ .integer(0))
  }

  /// `|loss| ≤ bound`.
  func loss(_ loss: Formula, _ bound: Symbol) -> Rule {
    hypothesis("Given.", loss.norm() ≤ .symbol(bound))
  }

  /// `‖gradient‖₂ ≤ bound`.
  func gradient(_ gradient: Formula, _ bound: Symbol) -> Rule {
    hypothesis("Given.", gradient.norm() ≤ .symbol(bound))
  }

  /// `‖hessian‖₂ ≤ bound`.
  func hessian(_ hessian: Formula, _ bound: Symbol) -> Rule {
    hypothesis(
      hasRemainder ? "Given on the whole ball, so that it holds for averages." : "Given at the centre.",
      hessian.norm() ≤ .symbol(bound))
  }

  /// `‖δ‖₂ ≤ r`.
  var distance: Rule { hypothesis("Given.", delta.norm() ≤ .symbol(TheoremTwo.radius)) }

  /// `ℓ = |ℓ|`.
  func nonNegative(_ loss: Formula) -> Rule {
    hypothesis("Losses are at least 0.", loss ==> loss.norm())
  }

  /// A rule that is named where it is put in order.
  private func hypothesis(_ reason: String, _ statement: Judgement) -> Rule {
    Rule("hypothesis", .hypothesis, because: reason) { statement }
  }

  /// The rules with the names `hypothesis 1`, `hypothesis 2` and so on.
  static func numbered(_ rules: [Rule]) -> [Rule] {
    rules.enumerated().map { index, rule in
      Rule(Rule.ID(rawValue: "hypothesis \(index + 1)"), .hypothesis, because: rule.justification) { rule.statement }
    }
  }

  // MARK: Rearrangement

  /// Losses with losses, gradients with gradients and Hessians with Hessians.
  ///
  /// - Precondition: the difference of the two models.
  func rearrangement(_ difference: Formula) -> Proof {
    let half = Formula.integer(2).inverse
    let sorted = Formula.sum([
      newLoss - meanLoss, delta.transposed * (newGradient - meanGradient),
      (delta.transposed * (newHessian - meanHessian) * delta).scaled(by: half),
    ])
    guard let proof = Derivation.equality(of: difference, and: sorted, title: "Terms of equal order together") else {
      preconditionFailure("the terms of \(difference) are not those of \(sorted)")
    }
    return proof
  }
}
