import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Bounds of a layer's Hessian and loss that hold for every one of its samples at every point of a ball of weights.
///
/// - Rounding: every norm of the data and of the weights at the centre is enclosed and rounded up, and so are the bounds.
public struct BallBoundEvaluation: Sendable {
  /// A number that the bounds are written in.
  public struct Norm: Hashable, Sendable {
    public let number: BallBound.Number
    /// For the data and the target the largest over all samples; for a weight at the centre.
    public let value: Rational
  }

  /// `r`.
  public let radius: Rational
  public let norms: [Norm]
  /// The bounds as formulas, with their proofs.
  public let bound: BallBound
  /// `M_B`: at least `‖∇²ℓ_i(w)‖₂` for every sample and every `w` with `‖w − w*‖₂ ≤ r`.
  public let hessianBound: Rational
  /// At least `ℓ_i(w)`, likewise.
  public let lossBound: Rational

  /// Bounds at several radii, which share what is enclosed at the centre.
  ///
  /// - Parameters:
  ///   - radii: at least one, none negative.
  ///   - derivation: of the Hessian by the weights that move in the ball; by default by all of them.
  ///   - threads: the most at a time; as many as there are cores by default.
  /// - Errors: `SampleSizeError` for a negative radius; `BoundSearch.Failure` where no bound is derived for the layer's
  ///   kernel; those of evaluation.
  public static func bounds(
    of instance: LayerInstance, radii: [Rational], by derivation: HessianDerivation? = nil, threads: Int? = nil
  ) throws -> [BallBoundEvaluation] {
    for radius in radii where radius.sign < 0 {
      throw SampleSizeError(quantity: "radius", mustBe: "at least 0", value: radius)
    }
    let derivation = derivation ?? DerivedHessian(of: instance).derivation
    let numbers = BallBound.numbers(of: derivation.objective)
    let values = try norms(numbers, instance, derivation.objective, threads)
    let norms = zip(numbers, values).map { Norm(number: $0, value: $1) }
    let sizes = Set(instance.samples.indices.map { instance.sizes(ofSample: $0).sequenceLength }).sorted().map {
      length in
      instance.samples.indices.first { instance.sizes(ofSample: $0).sequenceLength == length }
        .map { instance.sizes(ofSample: $0).assignment } ?? [:]
    }
    let largest = radii.max() ?? 0
    let witnesses = [sizes[0], sizes[sizes.count - 1]].flatMap { sizes in
      [Rational.zero, largest].map { (sizes: sizes, values: witness(values) + [Double($0)]) }
    }
    let bound = try BallBound(derivation, at: witnesses)
    return try radii.map { try BallBoundEvaluation(bound, norms, radius: $0, sizes: sizes) }
  }

  /// - Parameter radius: not negative.
  public init(_ instance: LayerInstance, radius: Rational, threads: Int? = nil) throws {
    self = try Self.bounds(of: instance, radii: [radius], threads: threads)[0]
  }

  private init(_ bound: BallBound, _ norms: [Norm], radius: Rational, sizes: [[String: Int]]) throws {
    var values = Dictionary(uniqueKeysWithValues: norms.map { ($0.number.symbol, $0.value) })
    values[BallBound.radius] = radius
    func largest(_ formula: Formula) throws -> Rational {
      try sizes.map { try Self.roundedUp(Quantity(formula, sizes: $0, values: values).upper) }.max() ?? 0
    }
    (self.bound, self.norms, self.radius) = (bound, norms, radius)
    hessianBound = try largest(bound.hessianBound)
    lossBound = try largest(bound.lossBound)
  }

  /// The values where the bounds are to be sharp; none is far below the others, for sums would hide it from the search.
  private static func witness(_ values: [Rational]) -> [Double] {
    let least = max((values.map { Double($0) }.max() ?? 0) / 64, 1e-100)
    return values.map { max(Double($0), least) }
  }

  /// Up to the next floating-point number, so that fractions stay short.
  private static func roundedUp(_ value: Rational) -> Rational { Rational(exactly: value.roundedUp) ?? value }

  // MARK: Norms

  /// The largest value of each number over the samples, rounded up.
  private static func norms(
    _ numbers: [BallBound.Number], _ instance: LayerInstance, _ objective: Objective, _ threads: Int?
  ) throws -> [Rational] {
    let weights = Set(objective.model.parameters + objective.model.constants)
    let all = try parallelMap(Array(instance.samples.indices), threads: threads) { sample -> [Rational] in
      let point = try instance.environment(of: objective, sample: sample, as: Ball.self)
      let exact = Evaluator(point)
      let fast = Evaluator(
        Environment(sizes: point.sizes, values: point.values.mapValues { $0.map { DoubleBall($0) } }))
      return try numbers.map { number in
        if sample > 0, weights.contains(number.matrix) { return 0 }
        let norm = Formula.symbol(number.matrix).norm(number.norm)
        if let value = try? fast.value(of: norm).scalar.magnitudeBound, let bound = Rational(exactly: value) {
          return bound
        }
        return roundedUp(try exact.value(of: norm).scalar.upper)
      }
    }
    return numbers.indices.map { i in all.map { $0[i] }.max() ?? 0 }
  }
}
