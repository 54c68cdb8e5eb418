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

  /// Moves the weights against the gradient.
  mutating func step(_ weights: inout [Double], _ gradient: [Double], rate: Double, _ plan: TrainingPlan) {
    steps += 1
    let (b1, b2, epsilon) = (plan.beta1, plan.beta2, plan.epsilon)
    let (c1, c2) = (1 - power(b1, steps), 1 - power(b2, steps))
    let decay = 1 - rate * plan.weightDecay
    for k in weights.indices {
      let g = gradient[k]
      mean[k] = b1 * mean[k] + (1 - b1) * g
      square[k] = b2 * square[k] + (1 - b2) * g * g
      weights[k] = decay * weights[k] - rate * (mean[k] / c1) / (root(square[k] / c2) + epsilon)
    }
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
