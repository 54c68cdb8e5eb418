import AttentionHessian

/// The network of an experiment's configuration with its images, as every contestant trains it.
struct TrainingInputs {
  /// As many batches as the timed steps take in turn.
  static let batchCount = 5

  let configuration: ExperimentConfiguration
  let problem: TrainingProblem
  /// What images are chosen by, and weights drawn from.
  let seed: UInt64
  /// The samples of all batches, one batch after the other.
  let samples: SampleSet
  /// Random values of all weights, biases included.
  let weights: [Double]

  let batch: Int

  /// - Parameters:
  ///   - path: the configuration.
  ///   - batch: the number of samples of a batch; the configuration's where none is given.
  ///   - start: a file with all weights; otherwise they are drawn from the seed.
  init(_ path: String, batch: Int? = nil, seed: UInt64 = 1, from start: String? = nil) throws {
    self.seed = seed
    configuration = try ExperimentConfiguration(path: path)
    self.batch = batch ?? configuration.plan.batch
    let all = try ExperimentSamples(configuration)
    let (network, objective) = try all.objective(configuration.network)
    problem = try TrainingProblem(objective)
    let count = Self.batchCount * self.batch
    guard let source = all.images, source.count >= count else {
      throw Refusal("\(path) has fewer than \(count) images")
    }
    let images = source.split(heldOut: count, seed: seed).heldOut
    let rows = try Environment<Double>(sizes: [:]).number(network.output.shape.rows)
    samples = SampleSet(
      images, tokens: configuration.data.tokens, targetRows: rows, brightest: source.brightest,
      classCount: source.classCount)
    var generator = SplitMix64(seed: seed)
    let initial = try InitialWeights(problem, seed: seed, from: start).weights
    weights = start != nil ? initial : initial.map { $0 + 0.1 * Double.random(using: &generator) }
  }

  /// The token matrix of the samples and the number of weights.
  var sizes: Sizes {
    let shape = problem.input.shape
    let environment = Environment<Double>(sizes: [:])
    let rows = (try? environment.number(shape.rows)) ?? 0, columns = (try? environment.number(shape.columns)) ?? 0
    return Sizes(network: problem.layout.count, sequenceLength: rows, width: columns)
  }

  /// The indices of a batch's samples.
  func indices(_ set: Int) -> [Int] {
    let first = set % Self.batchCount * batch
    return Array(first..<(first + batch))
  }

  /// What all contestants' optimisers do: the configuration's, at a fixed rate and without a limit on the gradient.
  var plan: TrainingPlan {
    var plan = configuration.plan
    (plan.epochs, plan.warmUp, plan.finalRate, plan.clip) = (1 << 20, 0, 1, nil)
    return plan
  }

  /// Writes samples, weights under their names and the optimiser's numbers to a safetensors file.
  func write(to path: String, configuration source: String) throws {
    let plan = plan
    var file = SafetensorsWriter(metadata: [
      ("configuration", source), ("seed", String(seed)), ("batch", String(batch)),
      ("parameters", problem.layout.entries.map(\.symbol.name).joined(separator: " ")),
    ])
    for set in 0..<Self.batchCount {
      let indices = indices(set)
      for (name, values) in [("X", samples.inputs), ("Y", samples.targets)] {
        let entries = indices.flatMap { values[$0] }
        file.add("\(name).\(set)", shape: [batch, entries.count / batch], values: entries)
      }
    }
    for entry in problem.layout.entries {
      file.add(entry.symbol.name, shape: [entry.rows, entry.columns], values: Array(weights[entry.range]))
    }
    file.add("width", shape: [1, 1], values: [Double(sizes.width)])
    file.add(
      "optimizer", shape: [1, 5], values: [plan.rate, plan.beta1, plan.beta2, plan.epsilon, plan.weightDecay])
    try file.write(to: path)
  }
}
