import CTraining

/// The optimiser Adam, with weight decay apart from the gradient.
///
/// - Source: [kingma2015, Algorithm 1]; [loshchilov2019, Algorithm 2].
struct Adam: Hashable, Sendable {
  /// The running means of the gradient and of its squares.
  var mean: [Double]
  var square: [Double]
  /// The number of steps taken.
  var steps = 0

  init(count: Int) {
    mean = [Double](repeating: 0, count: count)
    square = mean
  }

  /// Moves the weights against the gradient, which is taken times `scale`.
  ///
  /// - Precondition: as many weights and entries of the gradient as the optimiser was made for.
  mutating func step(
    _ weights: inout [Double], _ gradient: UnsafeBufferPointer<Double>, scale: Double = 1, rate: Double,
    _ plan: TrainingPlan
  ) {
    let count = mean.count
    precondition(weights.count == count && gradient.count == count, "\(gradient.count) entries, \(count) weights")
    guard let gradient = gradient.baseAddress else { return }
    steps += 1
    var step = training_adam(
      scale: scale, beta1: plan.beta1, beta2: plan.beta2, correction1: 1 - power(plan.beta1, steps),
      correction2: 1 - power(plan.beta2, steps), rate: rate, epsilon: plan.epsilon,
      keep: 1 - rate * plan.weightDecay)
    training_adam_step(&step, &weights, &mean, &square, gradient, Int64(count))
  }

  /// `xⁿ` by multiplications alone, so that it is the same everywhere.
  private func power(_ x: Double, _ n: Int) -> Double {
    var (result, base, left) = (1.0, x, n)
    while left > 0 {
      if left & 1 == 1 { result *= base }
      base *= base
      left >>= 1
    }
    return result
  }
}

/// The root that floating-point numbers have, not the partial one of scalars.
func root<Number: FloatingPoint>(_ x: Number) -> Number { x.squareRoot() }
