import Formulas
import MatrixCalculus

extension TheoremTwo {
  static let slides = Citation("petrov2025slides", "Theorem 2")
  static let proofCitation = Citation("petrov2025slides", "Theorem 2, proof")
  private static let later = Citation("transformerhessian2025", "sufficient sample size")

  /// The printed bound for the losses of the layer, and what is claimed of quadratic losses and of sample sizes.
  public static let claims: [Claim] =
    [
      layer, changeOfMean, uniform, quadratic, model, meanMinimiser, sampleSize, firstCriterion, secondCriterion,
    ]
    + criterionSizes

  // MARK: Steps, for scalars and quadratic losses

  private static let k1 = Formula.size(Size("k") + 1).inverse
  private static let new = Formula.symbol("ell_new", 1, 1), mean = Formula.symbol("ell_mean", 1, 1)
  private static let g = Formula.symbol("g", "n", 1), delta = Formula.symbol("delta", "n", 1)
  private static let newHessian = Formula.symbol("H_new", "n", "n"), meanHessian = Formula.symbol("H_mean", "n", "n")
  static let half = Formula.integer(2).inverse
  private static let two = Formula.integer(2)
  private static let largestLoss = Formula.maximum([new.norm(), mean.norm()])
  private static let largestHessian = Formula.maximum([newHessian.norm(), meanHessian.norm()])
  private static let quadraticTerm = half * (delta.transposed * (newHessian - meanHessian) * delta)
  private static let quadraticReading =
    "losses with their second-order Taylor polynomials at w*: by Taylor's theorem this is exact when `H_{k+1}` and the mean Hessian "
    + "are Hessians at points between w* and w"

  /// `L_{k+1} − L_k = (ℓ_{k+1} − L_k)/(k + 1)`.
  private static let changeOfMean = Claim(
    id: "P4.a", title: "what one more sample changes", kind: .identity, citation: slides,
    reading: "the mean is that of the first k losses, `ℓ_{k+1}` is the loss of the next sample",
    statement: k1 * (.size("k") * mean + new) - mean ==> k1 * (new - mean))

  /// With a bound on the losses at `w` itself nothing else is needed.
  private static let uniform = Claim(
    id: "P4.b", title: "with a bound on the losses at every point", kind: .inequality, citation: slides,
    reading: "the bound on the loss read as one at w, not only at w*: then the term with M is not needed",
    statement: Judgement((k1 * (new - mean)).norm(), .atMost, k1 * two * largestLoss))

  private static let quadratic = Claim(
    id: "P4.c", title: "for quadratic losses with one minimiser", kind: .inequality, citation: slides,
    hypotheses: ["w* is a stationary point of every sample's loss"], reading: quadraticReading,
    statement: Judgement(
      (k1 * (new - mean + quadraticTerm)).norm(), .atMost,
      k1 * (two * largestLoss + largestHessian * delta.norm().power(2))))

  /// The printed bound where `w*` minimises only the mean loss: the new sample's gradient is dropped.
  private static let meanMinimiser = Claim(
    id: "P4.e", title: "the first-order term is dropped", kind: .inequality, citation: proofCitation,
    hypotheses: ["w* is a stationary point of the mean loss, not of every sample's loss"],
    reading: quadraticReading + "; the gradient of the new sample stays", replacement: "P4.m1",
    statement: Judgement(
      (k1 * (new - mean + g.transposed * delta + quadraticTerm)).norm(), .atMost,
      k1 * (two * largestLoss + largestHessian * delta.norm().power(2))))

  private static let firstCriterion = Claim(
    id: "P4.m1", title: "effect of one more sample, with its gradient", kind: .inequality, citation: later,
    hypotheses: ["w* is a stationary point of the mean loss"], reading: quadraticReading,
    statement: Judgement(
      (k1 * (new - mean + g.transposed * delta + quadraticTerm)).norm(), .atMost,
      k1 * (two * largestLoss + g.norm() * delta.norm() + largestHessian * delta.norm().power(2))))

  // MARK: The mean square over Gaussian weights

  private static let sigma = Formula.symbol("sigma", 1, 1)

  /// For `f = c + gᵀδ + ½ δᵀBδ` with symmetric `B` and `δ ~ N(0, σ²I)`:
  /// `E f² = c² + σ²‖g‖² + σ² c tr B + ¼ σ⁴ ((tr B)² + 2‖B‖_F²)`.
  private static let secondCriterion: Claim = {
    let B = newHessian - meanHessian, c = new - mean, square = sigma.power(2)
    let trace = Formula.identity("n").vectorized.transposed * B.vectorized
    let moments =
      c * c + square * (g.transposed * g) + square * c * trace
      + Formula.integer(4).inverse * square * square * (trace * trace + two * (B.vectorized.transposed * B.vectorized))
    let n = Formula.size("n"), deviation = sigma.norm()
    return Claim(
      id: "P4.m2", title: "mean square effect of one more sample over Gaussian weights", kind: .inequality,
      citation: later,
      hypotheses: ["w is Gaussian with mean w* and covariance `σ²I`", "w* is a stationary point of the mean loss"],
      reading:
        "for quadratic losses, whose mean square has the closed form on the left where the Hessians are symmetric",
      statement: Judgement(
        (k1 * k1 * moments).norm(), .atMost,
        k1 * k1
          * (.integer(12) * largestLoss.power(2) + .integer(3) * deviation.power(2) * g.norm().power(2)
            + .integer(3) * deviation.power(4) * (n * n + two * n) * largestHessian.power(2))))
  }()

  // MARK: Sample sizes

  private static let tolerated = Formula.symbol(tolerance).norm(), spare = Formula.symbol("t", 1, 1).norm()
  private static let top = Formula.symbol("N", 1, 1).norm()

  /// `N/(k + 1) ≤ ε` for every `k = N/ε − 1 + t`, `t ≥ 0`.
  private static let sampleSize = existence(
    "P4.kstar", "the least number of samples k*", slides, "k + 1 = N/ε + t with t at least 0, N = `2ℓ + Mr²`")

  private static let criterionSizes = [
    existence(
      "P4.m1star", "the sufficient number of samples m_1^*", later, "m + 1 at least N/ε, written N/ε + t"),
    existence(
      "P4.m2star", "the sufficient number of samples m_2^*", later, "`(m + 1)²` at least N/ε, written N/ε + t"),
  ]

  private static func existence(
    _ id: String, _ title: String, _ citation: Citation, _ reading: String
  ) -> Claim {
    Claim(
      id: id, title: title, kind: .existence, citation: citation,
      hypotheses: ["ε positive, N not negative: the absolute values of free numbers"], reading: reading,
      statement: Judgement(top * (top * tolerated.inverse + spare).inverse, .atMost, tolerated))
  }
}
