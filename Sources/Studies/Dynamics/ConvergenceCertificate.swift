import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A guarantee, before any step is taken, that gradient descent on `f = ½ Σ_i ‖F_i − Y_i‖_F²` converges linearly to zero loss.
///
/// Let `β ≥ β_0/2` and `‖∇²f‖₂ ≤ L` on the ball of radius `ρ = 4√(f_0/β_0)` around the initial weights, and `η = 1/L`. Then
/// all steps stay in the ball and `f(M_t) ≤ (1 − ηβ_0/2)ᵗ f(M_0)`: along a step that has not left the ball, `f` falls by at
/// least `η/2 ‖∇f‖²` times its length, and with `‖∇f‖² ≥ β_0 f` the root of `f` by at least `√β_0/4` times the distance
/// covered, which therefore stays below `4√(f_0/β_0)` as long as `f` is positive.
/// - Rounding: every number is enclosed and rounded to the safe side.
public struct ConvergenceCertificate: Sendable {
  /// Why there is none, or what is guaranteed.
  public enum Outcome: Hashable, Sendable {
    /// With the step size at most `1/smoothness`, `f(M_t) ≤ (1 − ηβ/2)ᵗ f(M_0)`, or without the half where `β` is constant.
    case certified(smoothness: Rational)
    /// In words.
    case unavailable(String)
  }

  /// At most `σ²_min(Bᵀ)` and `σ²_min(W_O)`.
  public let featureValue: Rational
  public let outputValue: Rational
  /// At least `f(M_0)`.
  public let loss: Rational
  /// `ρ`, at least `4√(f_0/β_0)`; zero where `β` is constant, since only the values are trained.
  public let radius: Rational
  /// At least what `σ_min(Bᵀ)` can change in the ball, and at most what it may.
  public let change: Rational
  public let room: Rational
  public let outcome: Outcome
  /// What part of `β_0` stays: 1, or one half.
  public let share: Rational

  /// At most `β_0`.
  public var dominance: Rational { featureValue * outputValue }

  /// The step size `1/L` and the factor `1 − ηβ_0/2` of one step, rounded up; `nil` where there is no certificate.
  public var rate: (stepSize: Double, factor: Rational)? {
    guard case .certified(let smoothness) = outcome else { return nil }
    let step = Double(smoothness).isFinite ? (1 / Double(smoothness)).nextDown : 0
    guard let size = Rational(exactly: step), step > 0 else { return nil }
    return (step, Rational(1) - size * dominance * share)
  }

  /// - Errors: `BoundSearch.Failure` where no bound is derived for the kernel; those of evaluation.
  public init(_ descent: LayerDescent, precision: Int = 128) throws {
    self = try Ball.withWorkingPrecision(precision) { try Self.make(descent) }
  }

  private init(
    _ feature: Rational, _ output: Rational, _ loss: Rational, _ outcome: Outcome, radius: Rational = 0,
    change: Rational = 0, room: Rational = 0, share: Rational = 1
  ) {
    (featureValue, outputValue, self.loss, self.outcome) = (feature, output, loss, outcome)
    (self.radius, self.change, self.room, self.share) = (radius, change, room, share)
  }

  private static func make(_ descent: LayerDescent) throws -> ConvergenceCertificate {
    let instance = descent.instance, start = descent.start
    var rows: [[Matrix<Ball>]] = [], loss = Ball.zero
    for sample in instance.samples.indices {
      let evaluator = Evaluator(try descent.environment(sample, at: start) { Ball(exactly: $0) })
      rows.append(try instance.model.features.map { try evaluator.value(of: $0) })
      loss = loss + (try evaluator.value(of: descent.objective.loss).scalar)
    }
    let count = instance.samples.count * instance.sizes().sequenceLength
    guard count <= largestRows else {
      return ConvergenceCertificate(
        0, 0, rounded(try loss.upper, up: true),
        .unavailable("Nn = \(count) rows are more than \(largestRows), too many to enclose singular values"))
    }
    let B = Matrix.blocks(rows), lossBound = rounded(try loss.upper, up: true)
    let feature = B.rows <= B.columns ? try leastEigenvalue(of: B * B.transposed) : 0
    let output = try outputValue(instance)
    func unavailable(_ reason: String) -> ConvergenceCertificate {
      ConvergenceCertificate(feature, output, lossBound, .unavailable(reason))
    }
    guard descent.trained.contains("W_V") else { return unavailable("the values are not trained") }
    if descent.trained.contains("W_O") { return unavailable("the output matrix is trained, which moves β") }
    guard B.rows <= B.columns else {
      return unavailable("HD = \(B.columns) is less than Nn = \(B.rows), so that β = 0")
    }
    guard feature.sign > 0 else { return unavailable("the least singular value of B is not shown to be positive") }
    guard output.sign > 0 else { return unavailable("the columns of an output matrix are not shown to be independent") }
    if descent.trained == ["W_V"] {
      // f is quadratic with the Hessian `Σ (B_h ⊗ W_O^hᵀ)ᵀ(B_h ⊗ W_O^hᵀ)`, and B stays.
      let smoothness = try (B.spectralNorm().power(2) * outputNorm(instance).power(2)).upper
      return ConvergenceCertificate(
        feature, output, lossBound, .certified(smoothness: rounded(smoothness, up: true)))
    }
    let radius = rounded(
      try (Ball(Rational(16) * lossBound * (try (feature * output).reciprocal()))).squareRoot().upper, up: true)
    let change = try featureChange(descent, radius: radius)
    let root = try Ball(feature).squareRoot()
    let room = rounded(try (root - root * Ball(Rational(1, over: 2)).squareRoot()).lower, up: false)
    let outcome: Outcome
    if change <= room {
      let bound = try BallBoundEvaluation.bounds(
        of: instance, radii: [radius], by: HessianDerivation(descent.objective))[0]
      outcome = .certified(smoothness: rounded(Rational(instance.samples.count) * bound.hessianBound, up: true))
    } else {
      outcome = .unavailable("within reach, the radius, β may fall below β_0/2")
    }
    return ConvergenceCertificate(
      feature, output, lossBound, outcome, radius: radius, change: change, room: room, share: Rational(1, over: 2))
  }

  /// The most rows `Nn` of features whose singular values are enclosed.
  static let largestRows = 400

  // MARK: Numbers

  private static func rounded(_ value: Rational, up: Bool) -> Rational {
    Rational(exactly: up ? value.roundedUp : value.roundedDown) ?? value
  }

  /// At most the least eigenvalue of a positive semidefinite matrix in the balls; zero where nothing better is shown.
  static func leastEigenvalue(of gram: Matrix<Ball>) throws -> Rational {
    let estimate = try LinearAlgebra.symmetricEigenvalues(of: gram.map { DoubleBall($0).midpoint }).min() ?? 0
    guard estimate > 0 else { return 0 }
    for part in [1 - 1e-12, 1 - 1e-9, 1 - 1e-6, 0.999, 0.9, 0.5, 0.1] {
      guard let value = Rational(exactly: estimate * part) else { continue }
      let shifted = gram - Matrix.identity(gram.rows).scaled(by: Ball(value))
      if PositiveDefiniteness.isProven(of: shifted) { return value }
    }
    return 0
  }

  private static func outputValue(_ instance: LayerInstance) throws -> Rational {
    try instance.headOutputs.map { $0.map { Ball($0) } }.map { part in
      part.rows >= part.columns ? try leastEigenvalue(of: part.transposed * part) : 0
    }.min() ?? 1
  }

  private static func outputNorm(_ instance: LayerInstance) throws -> Ball {
    try instance.headOutputs.map { try $0.map { Ball($0) }.spectralNorm() }.reduce(nil as Ball?) { largest, norm in
      try largest.map { try Ball.maximum($0, norm) } ?? norm
    } ?? .one
  }

  /// At least `‖B(M) − B(M_0)‖_F` on the ball: the root of `Σ_i max_h (‖∂B_ih/∂W_Q‖² + ‖∂B_ih/∂W_K‖²)`, times the radius.
  private static func featureChange(_ descent: LayerDescent, radius: Rational) throws -> Rational {
    let instance = descent.instance, sizes = instance.sizes().assignment
    let bound = try FeatureBound(instance.kernel)
    let moved = ["W_Q", "W_K"].map { descent.trained.contains($0) }
    guard moved.contains(true) else { return 0 }
    var total = Rational.zero
    for sample in instance.samples.indices {
      var largest = Rational.zero
      for head in instance.heads {
        var values: [Symbol: Rational] = [BallBound.radius: radius]
        for number in bound.numbers {
          let matrix =
            number.matrix.name == "X"
            ? instance.samples[sample].input : number.matrix.name == "W_Q" ? head.query : head.key
          let point = Environment<Ball>(sizes: sizes, values: [number.matrix: matrix.map { Ball($0) }])
          values[number.symbol] = rounded(
            try Formula.symbol(number.matrix).norm(number.norm).value(in: point).scalar.upper, up: true)
        }
        var square = Rational.zero
        for (formula, isMoved) in zip(bound.bounds, moved) where isMoved {
          let value = try Quantity(formula, sizes: sizes, values: values).upper
          square = square + rounded(value * value, up: true)
        }
        largest = max(largest, square)
      }
      total = rounded(total + largest, up: true)
    }
    return rounded(try Ball(total).squareRoot().upper * radius, up: true)
  }
}

extension Matrix<Ball> {
  fileprivate func spectralNorm() throws(ArithmeticError) -> Ball { try Ball.spectralNorm(of: self) }
}

extension LayerInstance {
  /// The rows of `W_O` that multiply each head's output; none where there is no `W_O`.
  ///
  /// - Shapes: `d_V×o` each.
  var headOutputs: [Matrix<Rational>] {
    guard let matrix = outputMatrix else { return [] }
    let height = heads[0].value.columns
    return heads.indices.map { head in
      matrix.submatrix(rows: (head * height)..<((head + 1) * height), columns: 0..<matrix.columns)
    }
  }
}
