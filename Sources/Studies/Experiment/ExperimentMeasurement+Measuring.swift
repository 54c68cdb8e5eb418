import Arithmetic
import Training

extension ExperimentMeasurement {
  /// Measures.
  ///
  /// - Parameters:
  ///   - samples: the training samples, none of them moved.
  ///   - weights: `w*`.
  ///   - progress: told what is being measured, and how far it has come; what it throws ends the work.
  /// - Errors: those of evaluation.
  public init(
    _ samples: SampleLosses, at weights: [Double], _ plan: ExperimentConfiguration.Measurements, seed: UInt64,
    progress: (_ done: Int, _ of: Int, String) throws -> Void = { _, _, _ in }
  ) throws {
    let count = samples.samples.count, all = Array(0..<count)
    (self.count, weightNorm) = (count, Self.norm(weights))
    losses = try samples.losses(at: weights)
    (gradientNorm, sampleGradientNorms, gradientGaps) = try Self.gradients(samples, weights)
    // Directions.
    let random = LayerSampleSizes.directions(plan.randomDirections, weights.count, seed: seed)
    var directions = random.enumerated().map { (Direction.random($0), $1) }
    var spectrum: Lanczos.Extremes?
    if plan.eigenvectors > 0 {
      let mean = SampleHessian.mean(samples, all, at: weights)
      let options = Lanczos.Options(.residual(1e-3), nearZero: 1e-2, products: 400, seed: seed)
      spectrum = try Lanczos.extremes(of: mean, count: plan.eigenvectors, options) { products in
        try progress(products, 0, "products for the eigenvectors of the mean Hessian")
      }
    }
    eigenvalues = spectrum?.largest.map(\.value) ?? []
    isSpectrumConverged = spectrum?.converged ?? true
    directions += (spectrum?.largest ?? []).enumerated().map { (Direction.eigenvector($0), $1.vector) }
    hessianGaps = try Self.hessianGaps(samples, weights, plan.hessianOrders, seed: seed, progress)
    // Points.
    var increments = [try Self.increments([losses], radius: 0, isRandom: true, plan, seed)],
      expansions: [Expansion] = []
    var base: [(slopes: [Double], curvatures: [Double])] = []
    for (_, direction) in directions { base.append(try Self.derivatives(samples, weights, direction)) }
    for (done, radius) in plan.radii.enumerated() {
      try progress(done, plan.radii.count, "of the distances from the trained weights")
      var points: [(direction: Direction, losses: [Double])] = []
      for (index, (direction, vector)) in directions.enumerated() {
        let r = Double(radius)
        let moved = try samples.losses(at: zip(weights, vector).map { $0 + r * $1 })
        points.append((direction, moved))
        expansions.append(Self.expansion(losses, moved, base[index], radius, direction))
      }
      for isRandom in [true, false] {
        let some = points.filter { $0.direction.isRandom == isRandom }.map(\.losses)
        if some.isEmpty { continue }
        increments.append(try Self.increments(some, radius: radius, isRandom: isRandom, plan, seed))
      }
    }
    (self.increments, self.expansions) = (increments, expansions)
  }

  private static func increments(
    _ losses: [[Double]], radius: Rational, isRandom: Bool, _ plan: ExperimentConfiguration.Measurements, _ seed: UInt64
  ) throws -> Increments {
    Increments(
      radius: radius, isRandom: isRandom,
      means: try RunningMeans(losses: losses, permutations: plan.permutations, seed: seed))
  }

  // MARK: Derivatives of single samples

  /// Norms of the mean gradient, of each sample's, and of its distance from the mean of the others.
  private static func gradients(
    _ samples: SampleLosses, _ weights: [Double]
  ) throws -> (mean: Double, single: [Double], gaps: [Double]) {
    let all = Array(0..<samples.samples.count), n = Double(all.count)
    let mean = try samples.gradientSum(of: all, at: weights).gradient.map { $0 / n }
    var single: [Double] = [], gaps: [Double] = []
    try samples.forEachGradient(of: all, at: weights) { _, gradient in
      single.append(root(gradient.reduce(0) { $0 + $1 * $1 }))
      gaps.append(root(zip(gradient, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }))
    }
    // The distance from the mean of the others is n/(n − 1) times that from the mean of all.
    return (norm(mean), single, gaps.map { n > 1 ? $0 * n / (n - 1) : 0 })
  }

  /// `∇ℓ_iᵀu` and `uᵀH_i u` of every sample.
  private static func derivatives(
    _ samples: SampleLosses, _ weights: [Double], _ u: [Double]
  ) throws -> (slopes: [Double], curvatures: [Double]) {
    let all = Array(0..<samples.samples.count)
    var slopes: [Double] = []
    try samples.forEachGradient(of: all, at: weights) { _, gradient in slopes.append(dot(gradient, u)) }
    return (slopes, try samples.curvatures(of: all, at: weights, along: u))
  }

  private static func expansion(
    _ start: [Double], _ moved: [Double], _ base: (slopes: [Double], curvatures: [Double]), _ radius: Rational,
    _ direction: Direction
  ) -> Expansion {
    let r = Double(radius)
    let first = base.slopes.map { r * $0 }, second = base.curvatures.map { 0.5 * r * r * $0 }
    let rest = moved.indices.map { moved[$0] - start[$0] - first[$0] - second[$0] }
    return Expansion(
      radius: radius, direction: direction, loss: distance(moved), constant: distance(start),
      gradient: distance(first), hessian: distance(second), remainder: distance(rest))
  }

  /// The mean over all i of the distance of `x_i` from the mean of the others.
  static func distance(_ x: [Double]) -> Double {
    let n = Double(x.count), mean = x.reduce(0, +) / n
    return n > 1 ? x.reduce(0) { $0 + abs($1 - mean) } / (n - 1) : 0
  }

  // MARK: Hessians

  /// The gaps at `k` = 1, 2, 4, … of some orders.
  private static func hessianGaps(
    _ samples: SampleLosses, _ weights: [Double], _ orders: Int, seed: UInt64,
    _ progress: (Int, Int, String) throws -> Void
  ) throws -> [HessianGap] {
    let count = samples.samples.count
    let counts = sequence(first: 1) { $0 * 2 }.prefix { $0 < min(count, 1025) }
    let options = Lanczos.Options(.value(1e-3), products: 200, seed: seed)
    let total = orders * counts.reduce(0, +)
    var gaps: [HessianGap] = [], done = 0
    for index in 0..<orders {
      let order = RunningMeans.order(of: count, seed: seed, index: index)
      for k in counts {
        try progress(done, total, "of the Hessians compared with the mean of those before")
        let gap = try Lanczos.spectralNorm(
          of: SampleHessian.gap(samples, order, after: k, at: weights), options)
        let single = try Lanczos.spectralNorm(
          of: SampleHessian.mean(samples, [order[k]], at: weights), options)
        gaps.append(
          HessianGap(
            order: index, count: k, norm: gap.norm, single: single.norm,
            isConverged: gap.converged && single.converged))
        done += k
      }
    }
    return gaps
  }

  private static func norm(_ vector: [Double]) -> Double { root(vector.reduce(0) { $0 + $1 * $1 }) }

  private static func dot(_ a: UnsafeBufferPointer<Double>, _ b: [Double]) -> Double {
    var sum = 0.0
    for k in b.indices { sum += a[k] * b[k] }
    return sum
  }
}
