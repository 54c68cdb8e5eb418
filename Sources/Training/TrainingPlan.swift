#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How long and how fast to train.
public struct TrainingPlan: Hashable, Sendable {
  /// How often each sample is used.
  public var epochs: Int
  /// The number of samples of one step; the last of an epoch may have fewer.
  public var batch: Int
  /// The largest rate, reached after the warm-up.
  public var rate: Double
  /// The rate at the end, as a part of the largest.
  public var finalRate: Double
  /// The epochs in which the rate rises linearly from zero.
  public var warmUp: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// The part of each weight that is taken away in a step, times the rate [loshchilov2019].
  public var weightDecay: Double
  /// The most that the Euclidean norm of a gradient may be; longer ones are scaled. `nil` for no limit.
  public var clip: Double?
  public var seed: UInt64

  public init(
    epochs: Int, batch: Int, rate: Double, finalRate: Double = 0, warmUp: Double = 0, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0, clip: Double? = nil, seed: UInt64 = 1
  ) {
    (self.epochs, self.batch, self.rate, self.finalRate, self.warmUp) = (epochs, batch, rate, finalRate, warmUp)
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    (self.weightDecay, self.clip, self.seed) = (weightDecay, clip, seed)
  }

  /// The number of steps of one epoch over so many samples.
  public func steps(of count: Int) -> Int { (count + batch - 1) / batch }

  /// The rate of a step, counted from 0: a linear rise, then half a cosine [loshchilov2017].
  public func rate(step: Int, perEpoch: Int) -> Double {
    let rising = warmUp * Double(perEpoch), total = Double(epochs * perEpoch)
    if Double(step) < rising { return rate * Double(step + 1) / max(rising, 1) }
    let part = min(1, (Double(step) - rising) / max(1, total - rising))
    return rate * (finalRate + (1 - finalRate) * 0.5 * (1 + cos(Double.pi * part)))
  }
}
