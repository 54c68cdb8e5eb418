import Arithmetic
import Evaluation
import Formulas
import Training
import Transformers

/// What the theory says about a trained network, beside what was measured of it.
public struct ExperimentBounds: Sendable {
  /// The bounds at one distance from `w*`.
  public struct Distance: Sendable {
    public let radius: Rational
    public let study: SampleSizeStudy
    /// Bounds that hold for every sample on the ball of this radius; `nil` where none are derived for the network.
    public let ball: BallBoundEvaluation?
  }

  /// The bounds at `w*` itself; `nil` where none are derived for the network.
  public let center: BallBoundEvaluation?
  /// By radius, ascending.
  public let distances: [Distance]
  /// Why there are no derived bounds; empty where there are.
  public let limitation: String

  /// - Parameters:
  ///   - weights: `w*`.
  ///   - tolerances: those for which sample sizes are asked.
  /// - Errors: those of evaluation.
  public init(
    _ training: NetworkTraining, at weights: [Double], _ measurement: ExperimentMeasurement,
    _ plan: ExperimentConfiguration.Measurements
  ) throws {
    let instance = try LayerInstance(training, at: weights)
    let radii = Set(plan.radii).sorted()
    let balls = try instance.map { try BallBoundEvaluation.bounds(of: $0, radii: [0] + radii) }
    center = balls?.first
    limitation =
      instance == nil
      ? "Bounds are derived for a single head with the mean square as loss; this network is another, so that numbers below "
        + "that are called measured are no bounds, and neither is what follows from them." : ""
    distances = try radii.enumerated().map { index, radius in
      let ball = balls?[index + 1]
      let numbers = Self.numbers(measurement, radius, center: balls?.first, ball, plan)
      let measured = measurement.increments.first { $0.radius == radius }?.means
      let study = try SampleSizeStudy(
        numbers, tolerances: plan.tolerances, measured: measured,
        subject:
          "trained weights moved by r = \(Double(radius).text(significantDigits: 3)), \(measurement.count) samples")
      return Distance(radius: radius, study: study, ball: ball)
    }
  }

  /// At least the distance of a sample's gradient from the mean over any of the others: the sum of the two largest distances
  /// from the mean over all others.
  static func gap(_ distances: [Double]) -> Double { distances.sorted().suffix(2).reduce(0, +) }

  private static func numbers(
    _ measurement: ExperimentMeasurement, _ radius: Rational, center: BallBoundEvaluation?,
    _ ball: BallBoundEvaluation?,
    _ plan: ExperimentConfiguration.Measurements
  ) -> SampleSizeNumbers {
    var numbers = SampleSizeNumbers(failure: plan.risk)
    numbers.radius = .init(radius)
    numbers.lossBound = measurement.losses.max().flatMap { .init(measured: $0) }
    numbers.lossGap = .init(measured: LossSummary.gap([measurement.losses]))
    numbers.gradientGap = .init(measured: Self.gap(measurement.gradientGaps))
    numbers.hessianBound =
      center.map { .init($0.hessianBound, .derived) }
      ?? measurement.largestHessianNorm.flatMap { .init(measured: $0) }
    numbers.ballHessianBound = ball.map { .init($0.hessianBound, .derived) }
    let means = measurement.increments.first { $0.radius == radius }?.means
    numbers.lossSupremum =
      ball.map { .init($0.lossBound, .derived) } ?? means.flatMap { .init(measured: $0.losses.largest) }
    numbers.variance = means?.losses.variances.max().flatMap { .init(measured: $0) }
    return numbers
  }
}

extension LayerInstance {
  /// The trained network with all its training samples, where it is a single head without output matrix and its loss the mean square;
  /// entries are the floating-point numbers, exactly.
  ///
  /// - Errors: a weight that is not finite.
  init?(_ training: NetworkTraining, at weights: [Double]) throws {
    guard training.network.layers.count == 1, case .head(let kernel, _, _) = training.network.layers[0],
      training.objective.measure == .meanSquare, training.problem.constantLayout.count == 0,
      training.network.parameters.count == 3
    else { return nil }
    func matrix(_ values: some Collection<Double>, _ rows: Int, _ columns: Int) throws -> Matrix<Rational> {
      Matrix(
        rows: rows, columns: columns,
        entries: try values.map { value in
          guard let exact = Rational(exactly: value) else {
            throw EvaluationError.arithmetic(.undefined("\(value) as a fraction"), at: "the trained weights")
          }
          return exact
        })
    }
    let entries = training.problem.layout.entries
    let parts = try entries.map { try matrix(weights[$0.range], $0.rows, $0.columns) }
    let width = parts[0].rows, outputs = parts[2].columns, samples = training.training.samples
    try self.init(
      kernel: kernel, loss: .meanSquare,
      samples: zip(samples.inputs, samples.targets).map { input, target in
        Sample(
          input: try matrix(input, input.count / width, width),
          target: .matrix(try matrix(target, target.count / outputs, outputs)))
      }, heads: [Head(query: parts[0], key: parts[1], value: parts[2])])
  }
}
