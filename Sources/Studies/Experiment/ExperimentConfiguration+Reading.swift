import Arithmetic
import Formulas
import TensorFiles
import Training
import Transformers

extension ExperimentConfiguration: StudyConfiguration {
  public static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> ExperimentConfiguration {
    try StudyReader.configuration(json, folder: folder)
  }
}

/// Reads configurations, naming the place of every offence.
enum StudyReader {
  static func configuration(_ json: JSONValue, folder: String) throws(InstanceError) -> ExperimentConfiguration {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "$schema", "version", "name", "description", "data", "network", "loss", "train", "optimizer", "minimization",
        "ablations", "measurements",
      ])
    try InstanceReader.checkVersion(fields["version"])
    let network = try variant(fields, name: "network")
    var ablations: [ExperimentConfiguration.Variant] = []
    for element in try fields.optional("ablations")?.list() ?? [] {
      let inner = try element.fields(["name", "network", "train"])
      let name = try inner.required("name").name()
      guard name != "network", !ablations.contains(where: { $0.name == name }) else {
        throw InstanceError(inner.path("name"), "there are two networks \"\(name)\"", advice: "give each its own name")
      }
      ablations.append(try variant(inner, name: name, otherwise: network))
    }
    return ExperimentConfiguration(
      name: try fields.required("name").name(), data: try data(fields), loss: try loss(fields), network: network,
      ablations: ablations, plan: try plan(fields),
      minimization: try fields.optional("minimization")?.whole(0...100_000) ?? 0,
      measurements: try measurements(fields), source: json, folder: folder)
  }

  // MARK: Networks

  private static func variant(
    _ fields: InstanceFields, name: String, otherwise main: ExperimentConfiguration.Variant? = nil
  ) throws(InstanceError) -> ExperimentConfiguration.Variant {
    let layers: [Layer]
    if let main, fields["network"] == nil {
      layers = main.layers
    } else {
      layers = try self.layers(try fields.required("network"))
    }
    let (training, start) = try self.training(fields, otherwise: main)
    return ExperimentConfiguration.Variant(name: name, layers: layers, training: training, start: start)
  }

  /// Layers in an array of texts.
  static func layers(_ field: ConfigurationField) throws(InstanceError) -> [Layer] {
    var layers: [Layer] = []
    for element in try field.list() {
      let text = try element.text()
      do throws(LayerTextError) {
        layers += try Layer.parse(list: text)
      } catch {
        throw InstanceError(element.path, error.problem, advice: error.advice)
      }
    }
    return layers
  }

  private static func training(
    _ fields: InstanceFields, otherwise main: ExperimentConfiguration.Variant?
  ) throws(InstanceError) -> (Transformers.Training, String?) {
    guard let field = fields.optional("train") else { return (main?.training ?? .all, main?.start) }
    let inner = try field.fields(["only", "low_rank", "from"])
    let start = try inner.optional("from")?.text(), only = try inner.optional("only")?.names()
    guard let adapters = inner.optional("low_rank") else { return (only.map { .only($0) } ?? .all, start) }
    let low = try adapters.fields(["rank", "alpha", "of"])
    let rank = try low.required("rank").whole(1...4096)
    return (
      .lowRank(
        rank: Size(rank), alpha: try low.optional("alpha")?.whole(1...4096) ?? rank,
        of: try low.optional("of")?.names() ?? ["W_Q", "W_V"], also: only ?? []), start
    )
  }

  // MARK: Data, loss and optimiser

  static func loss(_ fields: InstanceFields) throws(InstanceError) -> Loss {
    let loss = try fields.required("loss").choice(Loss.allCases)
    if loss == .halfSumSquare {
      throw InstanceError(
        "loss", "half-sum-square is no mean over samples", advice: "give mean-square or cross-entropy")
    }
    return loss
  }

  static func plan(_ fields: InstanceFields) throws(InstanceError) -> TrainingPlan {
    let inner = try fields.required("optimizer").fields([
      "epochs", "batch", "rate", "final_rate", "warm_up", "beta1", "beta2", "epsilon", "weight_decay", "clip", "seed",
    ])
    func number(_ key: String, _ range: ClosedRange<Double>) throws(InstanceError) -> Double? {
      try inner.optional(key)?.real(range)
    }
    guard let rate = try number("rate", 0...1e6), rate > 0 else {
      throw InstanceError(inner.path("rate"), "there is no rate above 0", advice: "give one, such as 1e-3")
    }
    let plan = TrainingPlan(
      epochs: try inner.required("epochs").whole(1...1_000_000),
      batch: try inner.required("batch").whole(1...1_000_000), rate: rate,
      finalRate: try number("final_rate", 0...1) ?? 0, warmUp: try number("warm_up", 0...1e6) ?? 0,
      beta1: try number("beta1", 0...0.999999) ?? 0.9, beta2: try number("beta2", 0...0.9999999) ?? 0.999,
      epsilon: try number("epsilon", 1e-300...1) ?? 1e-8, weightDecay: try number("weight_decay", 0...1e6) ?? 0,
      clip: try number("clip", 1e-300...1e300), seed: try inner.optional("seed")?.seed() ?? 1)
    guard plan.warmUp <= Double(plan.epochs) else {
      throw InstanceError(
        inner.path("warm_up"), "a warm-up of \(plan.warmUp) epochs is longer than the training of \(plan.epochs)",
        advice: "give fewer epochs of warm-up, or more epochs")
    }
    return plan
  }

  private static func measurements(
    _ fields: InstanceFields
  ) throws(InstanceError) -> ExperimentConfiguration.Measurements {
    let inner = try InstanceFields(
      fields["measurements"] ?? .object([]), at: fields.path("measurements"),
      allowing: ["permutations", "radii", "directions", "eigenvectors", "epsilon", "delta", "hessian_orders"])
    func count(_ key: String, _ range: ClosedRange<Int>, _ otherwise: Int) throws(InstanceError) -> Int {
      try inner.optional(key)?.whole(range) ?? otherwise
    }
    func positives(_ key: String, _ otherwise: [Rational]) throws(InstanceError) -> [Rational] {
      guard let field = inner.optional(key) else { return otherwise }
      var numbers: [Rational] = []
      for element in try field.list() { try element.add(try element.positive(), to: &numbers) }
      return numbers
    }
    let risk = try inner.optional("delta")?.positive()
    guard (risk ?? Rational(0)) < Rational(1) else {
      throw InstanceError(inner.path("delta"), "a probability is below 1", advice: "give one, such as 0.05")
    }
    let hundredth = Rational(1, over: 100)
    return ExperimentConfiguration.Measurements(
      permutations: try count("permutations", 1...10_000, 100),
      radii: try positives("radii", [hundredth, hundredth * Rational(10), Rational(1)]),
      randomDirections: try count("directions", 0...1000, 2), eigenvectors: try count("eigenvectors", 0...100, 1),
      tolerances: try positives(
        "epsilon", [hundredth * Rational(10), hundredth, hundredth * hundredth * Rational(10)]),
      risk: risk ?? hundredth * Rational(5), hessianOrders: try count("hessian_orders", 0...1000, 3))
  }
}
