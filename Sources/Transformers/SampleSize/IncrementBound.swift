import Formulas
import MatrixCalculus

/// A bound `|L_{k+1}(w) − L_k(w)| ≤ N/(k + 1)` of what one more sample changes, with its proof from stated hypotheses.
///
/// - Holds: at every `w` with `‖w − w*‖₂ ≤ r` under the hypotheses, which the proof names; whether they are true of a model
///   is another matter, and what the audit of the claims P4 decides.
public struct IncrementBound: Sendable {
  /// Which numerator.
  public enum Version: String, CaseIterable, Hashable, Sendable {
    /// `N = 2 𝓛 + M r²` of the slides.
    case printed
    /// `N_1 = 2 M_ℓ + M_g r + M_H r²` of the later paper.
    case withGradient = "with-gradient"
    /// `N = a + γ r + M_B r²`: first-order term and remainder kept.
    case rigorous
    /// `N = sup ℓ`: no derivative at all.
    case hessianFree = "hessian-free"
  }

  public let version: Version
  /// What is assumed, as rules of status hypothesis, in the order in which the proof uses them.
  public let hypotheses: [Rule]
  /// `|L_{k+1}(w) − L_k(w)| ≤ N/(k + 1)`.
  public let proof: Proof
  /// The rules that the proof may use.
  public let rules: [Rule.ID: Rule]
  /// `N`, a sum of terms or a single one.
  public let numerator: Formula

  /// The terms of `N`.
  public var terms: [Formula] { numerator.kind == .sum ? numerator.operands : [numerator] }

  /// The bound of a version; derived once.
  public static func derived(_ version: Version) -> IncrementBound {
    switch version {
    case .printed: printed
    case .withGradient: withGradient
    case .rigorous: rigorous
    case .hessianFree: hessianFree
    }
  }

  // MARK: Symbols

  /// `sup ℓ`, a bound on the losses, which are at least 0, at `w` itself.
  public static let lossSupremum = Symbol("ell_sup", .scalar)
  /// `a ≥ |ℓ_{k+1}(w*) − L_k(w*)|`.
  public static let lossGap = Symbol("a", .scalar)
  /// `γ ≥ ‖∇ℓ_{k+1}(w*) − ∇L_k(w*)‖₂`.
  public static let gradientGap = Symbol("gamma", .scalar)
  /// `M_B ≥ ‖∇²ℓ_i‖₂` on the whole ball.
  public static let ballHessianBound = Symbol("M_B", .scalar)
  /// `M_ℓ ≥ ℓ_i(w*)`, `M_g ≥ ‖∇ℓ_{k+1}(w*)‖₂` and `M_H ≥ ‖∇²ℓ_i‖₂` of the later paper.
  public static let largestLoss = Symbol("M_ell", .scalar)
  public static let largestGradient = Symbol("M_g", .scalar)
  public static let largestHessian = Symbol("M_H", .scalar)

  private static let printed = IncrementBound(
    .printed, about: IncrementHypotheses(remainder: false),
    {
      [
        $0.noGradient($0.newGradient), $0.noGradient($0.meanGradient), $0.loss($0.newLoss, TheoremTwo.lossBound),
        $0.loss($0.meanLoss, TheoremTwo.lossBound), $0.hessian($0.newHessian, TheoremTwo.hessianBound),
        $0.hessian($0.meanHessian, TheoremTwo.hessianBound), $0.distance,
      ]
    })
  private static let withGradient = IncrementBound(
    .withGradient, about: IncrementHypotheses(remainder: true),
    {
      [
        $0.noGradient($0.meanGradient), $0.loss($0.newLoss, largestLoss), $0.loss($0.meanLoss, largestLoss),
        $0.gradient($0.newGradient, largestGradient), $0.hessian($0.newHessian, largestHessian),
        $0.hessian($0.meanHessian, largestHessian), $0.distance,
      ]
    })
  private static let rigorous = IncrementBound(
    .rigorous, about: IncrementHypotheses(remainder: true),
    {
      [
        $0.loss($0.lossDifference, lossGap), $0.gradient($0.newGradient - $0.meanGradient, gradientGap),
        $0.hessian($0.newHessian, ballHessianBound), $0.hessian($0.meanHessian, ballHessianBound), $0.distance,
      ]
    })
  private static let hessianFree = IncrementBound(lossesBetweenZeroAnd: lossSupremum)
}

// MARK: Derivations

extension IncrementBound {
  private static let one = Formula.size(Size("k") + 1).inverse

  /// `L_{k+1}(w) − L_k(w)` with `L_{k+1} = (k L_k + ℓ_{k+1})/(k + 1)`, rewritten as `(ℓ_{k+1}(w) − L_k(w))/(k + 1)`.
  private static func start(_ layout: IncrementHypotheses) -> BoundDerivation {
    let mean = (layout.mean.scaled(by: .size("k")) + layout.new).scaled(by: one)
    var derivation = BoundDerivation((mean - layout.mean).norm())
    guard let step = MeanLaws.meanStep.match(derivation.current.operands[0]) else {
      preconditionFailure("the law of the mean of one more fits the increment")
    }
    derivation.apply(MeanLaws.meanStep, at: Position([0]), step.0)
    return derivation
  }

  private init(
    _ version: Version, about layout: IncrementHypotheses, _ assumptions: (IncrementHypotheses) -> [Rule]
  ) {
    let all = IncrementHypotheses.numbered(layout.models + assumptions(layout))
    let definitions = version == .rigorous ? [layout.lossDefinition] : []
    var derivation = Self.start(layout)
    for model in all.prefix(layout.models.count) { derivation.apply(model, .forward) }
    derivation.apply(
      lemma: layout.rearrangement(derivation.current.operands[0].operands[1]), at: Position([0, 1]))
    for definition in definitions { derivation.apply(definition, .forward) }
    derivation.boundNorms(by: Array(all.dropFirst(layout.models.count)))
    (self.version, hypotheses) = (version, all)
    proof = derivation.proof("What one more sample changes, \(version.rawValue)")
    rules = (all + definitions).reduce(into: MeanLaws.byID) { $0[$1.id] = $1 }
    numerator = Self.numerator(of: derivation.current)
  }

  private init(lossesBetweenZeroAnd supremum: Symbol) {
    let layout = IncrementHypotheses(remainder: false)
    let losses = [layout.new, layout.mean]
    let all = IncrementHypotheses.numbered(
      losses.map { layout.nonNegative($0) } + losses.map { layout.loss($0, supremum) })
    var derivation = Self.start(layout)
    for (rule, path) in zip(all, [[0, 1, 0], [0, 1, 1, 1]]) {
      derivation.apply(rule, at: Position(path), Substitution())
    }
    derivation.boundNorms(by: Array(all.dropFirst(losses.count)))
    (version, hypotheses) = (.hessianFree, all)
    proof = derivation.proof("What one more sample changes, \(Version.hessianFree.rawValue)")
    rules = hypotheses.reduce(into: MeanLaws.byID) { $0[$1.id] = $1 }
    numerator = Self.numerator(of: derivation.current)
  }

  /// What is left of a product without the factor `1/(k + 1)`.
  private static func numerator(of bound: Formula) -> Formula {
    guard bound.kind == .product, let place = bound.operands.firstIndex(of: one) else {
      preconditionFailure("\(bound) is no multiple of \(one)")
    }
    var factors = bound.operands
    factors.remove(at: place)
    return factors.count == 1 ? factors[0] : .product(factors)
  }
}
