import Arithmetic
import Evaluation
import TensorFiles

/// Gradient descent with a constant step size, and what is known of the loss along its path.
public struct DescentRun: Sendable {
  /// What is measured at some steps.
  public struct Record: Hashable, Sendable {
    public let step: Int
    public let gradientNorm: Double
    /// `‖M_t − M_0‖₂`.
    public let distance: Double
    /// `β`; `nil` where the values are not trained.
    public let dominance: Double?
    /// `γ = λ_min(JJᵀ)`.
    public let tangentDominance: Double
    /// The weights.
    public let weights: [Double]
  }

  /// Why a run ended before its last step.
  public enum End: Hashable, Sendable {
    case finished
    /// The loss is below the floor, a part of the first.
    case atFloor
    /// The loss or the gradient after the last step kept is not finite.
    case diverged(step: Int)
  }

  /// `η`.
  public let stepSize: Double
  /// The most steps.
  public let limit: Int
  /// `f(M_t)` for every step from 0.
  public internal(set) var losses: [Double] = []
  /// `‖∇f(M_t)‖²` for every step from 0.
  public internal(set) var squaredGradients: [Double] = []
  public internal(set) var records: [Record] = []
  public internal(set) var weights: [Double]
  public internal(set) var end: End?

  /// Losses below this part of the first are rounding.
  public let floor: Double

  public init(from start: [Double], stepSize: Double, limit: Int, floor: Double = 1e-20) {
    (weights, self.stepSize, self.limit, self.floor) = (start, stepSize, limit, floor)
  }

  /// The steps at which records are taken, with nearly even ratios and at even distances.
  public static func recorded(upTo limit: Int) -> Set<Int> {
    guard limit > 0 else { return limit == 0 ? [0] : [] }
    let even = stride(from: 0, through: limit, by: max(1, limit / 25))
    return Set(IncrementSlope.evenRatios(upTo: limit) + Array(even))
  }

  /// Goes on to the end, with records of what decides the rate.
  ///
  /// - Parameter isStopped: told the number of steps and asked after each of them.
  /// - Returns: whether the end is reached.
  /// - Errors: those of evaluation.
  public mutating func run(
    _ descent: LayerDescent, isStopped: (_ step: Int) -> Bool = { _ in false }
  ) throws -> Bool {
    let recorded = Self.recorded(upTo: limit)
    return try run(
      descent.gradient,
      recording: { step, weights, norm, isLast in
        guard isLast || recorded.contains(step) else { return nil }
        let square = zip(weights, descent.start).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return Record(
          step: step, gradientNorm: norm, distance: root(square), dominance: try descent.dominance(at: weights),
          tangentDominance: try descent.tangentDominance(at: weights), weights: weights)
      }, isStopped: isStopped)
  }

  /// The same for any function of the weights.
  public mutating func run(
    _ gradient: (_ weights: [Double]) throws -> (loss: Double, gradient: [Double]),
    recording record: (_ step: Int, _ weights: [Double], _ norm: Double, _ isLast: Bool) throws -> Record? = {
      _, _, _, _ in nil
    }, isStopped: (_ step: Int) -> Bool = { _ in false }
  ) throws -> Bool {
    while end == nil {
      let step = losses.count
      let (loss, slope) = try gradient(weights)
      let square = slope.reduce(0) { $0 + $1 * $1 }
      guard loss.isFinite, square.isFinite else {
        end = .diverged(step: step)
        // The last good state: the step before this one.
        weights = previous ?? weights
        break
      }
      losses.append(loss)
      squaredGradients.append(square)
      let isLast = step == limit || loss <= floor * losses[0]
      if let record = try record(step, weights, root(square), isLast) { records.append(record) }
      if isLast {
        end = step == limit ? .finished : .atFloor
        break
      }
      previous = weights
      for i in weights.indices { weights[i] -= stepSize * slope[i] }
      if isStopped(step + 1) { return false }
    }
    return true
  }

  private var previous: [Double]?
}

// MARK: What the path shows

extension DescentRun {
  /// The number of steps that were taken and led to a finite loss.
  public var steps: Int { max(0, losses.count - 1) }

  /// `f_T/f_0`; `nil` where the first loss is zero or not finite.
  public var reduction: Double? {
    guard let first = losses.first, let last = losses.last, first > 0 else { return nil }
    return last / first
  }

  /// The number of steps after which the loss is larger than before.
  public var rises: Int { zip(losses, losses.dropFirst()).count { $0 < $1 } }

  /// How many steps were taken, and why no more.
  public var stepsText: String {
    if case .diverged(let step) = end { "diverged at \(step)" } else { "\(steps)" }
  }

  /// The first step after which the loss is above `factorᵗ f(M_0)`; `nil` where it never is.
  public func firstAbove(_ factor: Double) -> Int? {
    let slack = 1 + 1e-12
    var bound = (losses.first ?? 0) * slack
    for (step, loss) in losses.enumerated() {
      if loss > bound { return step }
      bound *= factor
    }
    return nil
  }

  /// The least `‖∇f‖²/(2 β f)` over the records, with `β` at the same weights: at least 1 but for rounding.
  public func leastRatio(_ constant: (Record) -> Double?) -> Double? {
    records.compactMap { record in
      guard let value = constant(record), value > 0, losses[record.step] > 0 else { return nil }
      return squaredGradients[record.step] / (2 * value * losses[record.step])
    }.min()
  }

  /// The first recorded step that lowers the loss by less than `(1 − ηβ)`, with `β` before the step; `nil` where none does.
  public func firstSlowStep(_ constant: (Record) -> Double?) -> Int? {
    records.first { record in
      guard let value = constant(record), record.step + 1 < losses.count else { return false }
      return losses[record.step + 1] > (1 - stepSize * value) * losses[record.step] * (1 + 1e-12)
    }?.step
  }

  /// `f(M_0) − η Σ ‖∇f(M_r)‖²` less `f(M_t)`, both over `f(M_0)`, at the last step: negative where the printed inequality of
  /// stationarity does not hold. With half the sum it is the descent lemma.
  public func stationaritySlack(share: Double = 1) -> Double {
    guard let first = losses.first, let last = losses.last, first > 0 else { return 0 }
    let sum = squaredGradients.dropLast().reduce(0, +)
    return (first - share * stepSize * sum - last) / first
  }

  /// How fast the loss falls.
  public var decay: Decay? { Decay(of: losses) }

  /// How many recorded steps after the start are certified to have `f(M_t) ≤ factorᵗ f(M_0)`, every number enclosed and the
  /// recorded weights taken as exact; the first step of which it is not shown.
  public func certifiedSteps(
    _ descent: LayerDescent, factor: Rational, precision: Int = 128
  ) throws -> (count: Int, firstNotShown: Int?) {
    try Ball.withWorkingPrecision(precision) {
      var first: Ball?, count = 0
      for record in records {
        var loss = Ball.zero
        for sample in descent.instance.samples.indices {
          let point = try descent.environment(sample, at: record.weights) { Ball(exactly: $0) }
          loss = loss + (try descent.objective.loss.value(in: point).scalar)
        }
        guard let start = first else {
          first = loss
          continue
        }
        let bound = start * Ball(factor).power(record.step)
        guard try loss.upper <= bound.lower else { return (count, record.step) }
        count += 1
      }
      return (count, nil)
    }
  }
}

// MARK: Keeping a run

extension DescentRun {
  /// All that decides how the run goes on, with what it found so far.
  public func state(identity: String) -> JSONValue {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }
    let ending: JSONValue
    switch end {
    case nil: ending = .null
    case .finished: ending = "finished"
    case .atFloor: ending = "at floor"
    case .diverged(let step): ending = ["diverged": .integer(step)]
    }
    return [
      "schema": "hessian.descent/1", "identity": .string(identity), "step_size": .double(stepSize),
      "losses": numbers(losses), "squared_gradients": numbers(squaredGradients), "weights": numbers(weights),
      "previous": previous.map(numbers) ?? .null,
      "end": ending,
      "records": .array(
        records.map { record in
          [
            "step": .integer(record.step), "gradient_norm": .double(record.gradientNorm),
            "distance": .double(record.distance), "beta": record.dominance.map { .double($0) } ?? .null,
            "gamma": .double(record.tangentDominance), "weights": numbers(record.weights),
          ]
        }),
    ]
  }

  /// Takes up what was kept; `nil` where it belongs to another run, or is not whole.
  public init?(_ state: JSONValue, identity: String, limit: Int) {
    func numbers(_ value: JSONValue?) -> [Double]? {
      guard let elements = value?.elements else { return nil }
      let numbers = elements.compactMap(\.extendedDouble)
      return numbers.count == elements.count ? numbers : nil
    }
    guard state["schema"] == "hessian.descent/1", state["identity"]?.stringValue == identity,
      let step = state["step_size"]?.doubleValue, let losses = numbers(state["losses"]),
      let squares = numbers(state["squared_gradients"]), let weights = numbers(state["weights"]),
      let records = state["records"]?.elements, squares.count == losses.count
    else { return nil }
    self.init(from: weights, stepSize: step, limit: limit)
    (self.losses, squaredGradients, previous) = (losses, squares, numbers(state["previous"]))
    guard (previous ?? weights).count == weights.count else { return nil }
    for record in records {
      guard let step = record["step"]?.integer, let norm = record["gradient_norm"]?.doubleValue,
        let distance = record["distance"]?.doubleValue, let gamma = record["gamma"]?.doubleValue,
        let place = numbers(record["weights"]), losses.indices.contains(step), place.count == weights.count
      else { return nil }
      self.records.append(
        Record(
          step: step, gradientNorm: norm, distance: distance, dominance: record["beta"]?.doubleValue,
          tangentDominance: gamma, weights: place))
    }
    switch state["end"] {
    case "finished": end = .finished
    case "at floor": end = .atFloor
    case let ending?: end = ending["diverged"]?.integer.map { .diverged(step: $0) }
    case nil: return nil
    }
  }
}

extension Ball {
  /// The product of so many copies.
  func power(_ exponent: Int) -> Ball {
    var result = Ball.one, square = self, rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      square = square * square
      rest >>= 1
    }
    return result
  }
}
