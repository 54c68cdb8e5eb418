import Arithmetic
import Evaluation
import Formulas
import Training
import Transformers

/// Gradient descent on a last linear map `W` behind fixed features `Φ`, with `f = ½‖ΦW − Y‖_F²`.
///
/// At the step size `1/σ_max²` each step multiplies the distance to the nearest minimiser by at most `1 − σ²/σ_max²`, and
/// `f − min f` by at most its square, with σ the least singular value that is not zero: the prediction. What is measured is fitted over
/// the last half of the steps; where `κ²` is far above the number of steps, the slowest direction has not come to the fore,
/// and what is measured is faster.
public struct LinearReadout: Sendable {
  public let kernel: AttentionKernel
  public let depth: Int
  public let hasResidual: Bool
  /// `σ_max/σ`, with the least singular value σ that is not zero.
  public let condition: Double
  /// `σ²/σ_max²`: one less the predicted factor of the distance.
  public let predictedDistance: Double
  /// How fast the distance and `f − min f` fall.
  public let distanceDecay: Decay?
  public let lossDecay: Decay?
  public let steps: Int

  /// One less the predicted factor of the loss, the square of that of the distance.
  public var predictedLoss: Double { predictedDistance * (2 - predictedDistance) }

  init(
    _ configuration: ConditioningConfiguration, _ kernel: AttentionKernel, depth: Int, hasResidual: Bool,
    _ isInterrupted: () -> Bool
  ) throws {
    let family = configuration.family
    let stack = try AttentionStack(
      kernel, residual: hasResidual, tokens: family.lengths[0], scale: family.scales[0], family)
    let features = try stack.output(depth: depth, draw: 0), target = try stack.target(rows: features.rows)
    let values = try SingularValues(of: features)
    let best = try Self.minimiser(features, target, rank: values.rank)
    let rest = target - features * best, least = rest.entries.reduce(0) { $0 + $1 * $1 } / 2
    let ratio = values.largest > 0 ? values.leastPositive / values.largest : 0
    (self.kernel, self.depth, self.hasResidual) = (kernel, depth, hasResidual)
    (condition, predictedDistance) = (ratio > 0 ? 1 / ratio : .infinity, ratio * ratio)

    let model = try Network(
      [.linear(width: 1, bias: false)], tokens: Size(features.rows), width: Size(family.width))
    let problem = try TrainingProblem(Objective(model, measuredBy: .halfSumSquare))
    let losses = SampleLosses(
      problem, SampleSet(inputs: [features.entries], targets: [target.entries], columns: 1), threads: 1)
    var distances: [Double] = []
    var run = DescentRun(
      from: [Double](repeating: 0, count: family.width), stepSize: 1 / (values.largest * values.largest),
      limit: configuration.descent.steps, floor: 1e-11)
    let isFinished = try run.run { weights in
      let (sum, gradient) = try losses.gradientSum(of: [0], at: weights)
      distances.append(root(zip(weights, best.entries).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }))
      return (max(0, sum.loss - least), gradient)
    } isStopped: { _ in
      isInterrupted()
    }
    guard isFinished else { throw StudyInterruption(place: nil) }
    steps = run.steps
    (lossDecay, distanceDecay) = (run.decay, Decay(of: Array(distances.prefix(run.losses.count))))
  }

  /// The minimiser in the row space, where descent from zero stays.
  private static func minimiser(
    _ features: Matrix<Double>, _ target: Matrix<Double>, rank: Int
  ) throws -> Matrix<Double> {
    let singular = try LinearAlgebra.thinSingularValueDecomposition(of: features)
    let coordinates = singular.left.transposed * target
    let scaled = Matrix<Double>(rows: singular.values.count, columns: 1) { i, _ in
      i < rank ? coordinates[i, 0] / singular.values[i] : 0
    }
    return singular.rightTransposed.transposed * scaled
  }
}

/// Gradient descent on all weights of transformer layers, attention and a feed-forward network each, with or without
/// residual connections, for a regression.
public struct LayerTraining: Sendable {
  public let kernel: AttentionKernel
  public let depth: Int
  public let hasResidual: Bool
  /// `κ` of the first attention's output, with its residual connection where there is one, all samples below one another.
  public let condition: Double
  public let weights: Int
  public let run: DescentRun

  init(
    _ configuration: ConditioningConfiguration, _ kernel: AttentionKernel, depth: Int, hasResidual: Bool,
    _ isInterrupted: () -> Bool
  ) throws {
    let family = configuration.family, plan = configuration.descent
    let width = Size(family.width), tokens = Size(family.lengths[0])
    let attention = [Layer.head(kernel, queryKey: .separate(Size(family.keyWidth)), valueWidth: width)]
    let feedForward = Layer.feedForward(.gelu, hidden: Size(plan.hidden), width: width)
    let block = hasResidual ? [.residual(attention), .residual(feedForward)] : attention + feedForward
    let layers = [[Layer]](repeating: block, count: depth).flatMap { $0 } + [.linear(width: 1, bias: false)]
    let network = try Network(layers, tokens: tokens, width: width)
    let objective = Objective(network, measuredBy: .halfSumSquare)
    let problem = try TrainingProblem(objective)
    let stack = RandomStack(network: network, scale: Double(family.scales[0]), seed: family.seed)
    let points = try (0..<plan.samples).map { try stack.environment(draw: 0, sample: $0 + 1) }
    let targets = try (0..<plan.samples).map { try stack.matrix(objective.target, 0, 1, stream: UInt64($0 + 1)) }
    let samples = SampleSet(
      inputs: points.map { $0[network.input]?.entries ?? [] }, targets: targets.map(\.entries), columns: 1)
    let losses = SampleLosses(problem, samples, threads: 1)
    let start = network.parameters.flatMap { points[0][$0]?.entries ?? [] }
    let first = hasResidual ? [block[0]] : attention
    let features = try Network(first, tokens: tokens, width: width).output
    condition = try SingularValues(of: .blocks(points.map { [try features.value(in: $0)] })).condition
    (self.kernel, self.depth, self.hasResidual, weights) = (kernel, depth, hasResidual, start.count)
    let all = Array(0..<plan.samples)
    let map = SampleHessian(
      losses: losses, weights: start, samples: all, coefficients: [Double](repeating: 1, count: all.count))
    let norm = try Lanczos.spectralNorm(of: map, Lanczos.Options(.value(1e-4), products: 400, seed: family.seed)).norm
    var run = DescentRun(from: start, stepSize: norm > 0 ? 0.5 / norm : 0.5, limit: plan.steps)
    let isFinished = try run.run { weights in
      let (sum, gradient) = try losses.gradientSum(of: all, at: weights)
      return (sum.loss, gradient)
    } isStopped: { _ in
      isInterrupted()
    }
    guard isFinished else { throw StudyInterruption(place: nil) }
    self.run = run
  }
}
