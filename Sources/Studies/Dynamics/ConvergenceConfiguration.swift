import Arithmetic
import TensorFiles
import Transformers

/// Which layers gradient descent is run on, and what is held against the path: a configuration file's content.
public struct ConvergenceConfiguration: Hashable, Sendable {
  /// Where the problems come from.
  public enum Problems: Hashable, Sendable {
    /// A seeded family, at several widths `D`.
    case family(SeededFamily, widths: [Int])
    /// One instance, with another kernel in its place where one is asked for; the path relative to the folder.
    case instance(String)
  }

  /// How `‖∇_{W_Q} f‖` at random weights is compared between kernels.
  public struct Vanishing: Hashable, Sendable {
    /// Of `W_Q` and `W_K`.
    public var scales: [Rational]
    public var lengths: [Int]
    public var draws: Int
  }

  public var name: String
  public var problems: Problems
  public var kernels: [AttentionKernel]
  /// The kinds of weights that are trained, one list for each series of runs.
  public var trained: [[String]]
  public var steps: Int
  /// `η` as a part of `1/‖∇²f(M_0)‖₂`.
  public var stepShare: Double
  /// Whether runs with a certificate are repeated with the certified step size.
  public var runsCertified: Bool
  public var vanishing: Vanishing?
  /// The file's text, and the folder that paths are relative to.
  public var source: JSONValue
  public var folder: String
}

extension ConvergenceConfiguration: StudyConfiguration {
  public static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> ConvergenceConfiguration {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "$schema", "version", "name", "description", "family", "instance", "kernels", "train", "descent", "vanishing",
      ])
    try InstanceReader.checkVersion(fields["version"])
    let descent = try InstanceFields(
      fields["descent"] ?? .object([]), at: fields.path("descent"), allowing: ["steps", "step", "certified"])
    let share = try descent.optional("step")?.real(1e-6...1.99) ?? 0.5
    return ConvergenceConfiguration(
      name: try fields.required("name").name(), problems: try problems(fields),
      kernels: try fields.optional("kernels")?.choices(AttentionKernel.allCases) ?? [.softmax, .gaussian],
      trained: try trained(fields), steps: try descent.optional("steps")?.whole(1...1_000_000) ?? 1000,
      stepShare: share, runsCertified: try descent.optional("certified")?.flag() ?? false,
      vanishing: try vanishing(fields), source: json, folder: folder)
  }

  private static func problems(_ fields: InstanceFields) throws(InstanceError) -> Problems {
    if let path = fields.optional("instance") {
      guard fields["family"] == nil else {
        throw InstanceError("family", "it stands beside \"instance\"", advice: "give one of them")
      }
      return .instance(try path.text())
    }
    let inner = try fields.required("family").fields([
      "samples", "tokens", "key", "value", "heads", "outputs", "widths", "data_scale", "target_scale", "weight_scale",
      "value_scale", "output_scale", "seed",
    ])
    func size(_ key: String, _ otherwise: Int? = nil) throws(InstanceError) -> Int {
      if let otherwise, inner[key] == nil { return otherwise }
      return try inner.required(key).whole(1...4096)
    }
    func scale(_ key: String) throws(InstanceError) -> Double { try inner.optional(key)?.real(1e-12...1e12) ?? 1 }
    var family = SeededFamily(
      samples: try size("samples"), tokens: try size("tokens"), keyWidth: try size("key"),
      valueWidth: try size("value"), heads: try size("heads", 1), outputs: try size("outputs", 1))
    (family.dataScale, family.targetScale) = (try scale("data_scale"), try scale("target_scale"))
    (family.weightScale, family.valueScale) = (try scale("weight_scale"), try scale("value_scale"))
    family.outputScale = try scale("output_scale")
    family.seed = try inner.optional("seed")?.seed() ?? 1
    let widths = try inner.required("widths").wholes(1...4096)
    for (index, width) in widths.enumerated() where family.entries(width: width) > Double(mostEntries) {
      throw InstanceError(
        inner.path("widths[\(index)]"), "samples and weights have more than \(mostEntries) entries together",
        advice: "give smaller sizes")
    }
    return .family(family, widths: widths)
  }

  /// The most entries that data and weights have together, exact fractions all of them.
  private static let mostEntries = 1 << 20
  /// Scales with which nothing overflows or vanishes.
  static let scaleRange = Rational(1, over: 1_000_000_000_000)...Rational(1_000_000_000_000)

  private static func trained(_ fields: InstanceFields) throws(InstanceError) -> [[String]] {
    let known = ["W_Q", "W_K", "W_V", "W_O"]
    guard let field = fields.optional("train") else { return [["W_Q", "W_K", "W_V"]] }
    var lists: [[String]] = []
    for element in try field.elements() {
      let names = try element.names()
      for name in names.sorted() where !known.contains(name) {
        throw InstanceError(
          element.path, "there is no weight \(PrintableText.quoted(name))",
          advice: "the weights are \(known.joined(separator: ", "))")
      }
      try element.add(known.filter { names.contains($0) }, to: &lists)
    }
    return lists
  }

  private static func vanishing(_ fields: InstanceFields) throws(InstanceError) -> Vanishing? {
    guard let inner = try fields.optional("vanishing")?.fields(["scales", "lengths", "draws"]) else { return nil }
    guard fields["family"] != nil else {
      throw InstanceError("vanishing", "there is no family to draw from", advice: "give a \"family\"")
    }
    return Vanishing(
      scales: try inner.required("scales").rationals(scaleRange).sorted(),
      lengths: try inner.required("lengths").wholes(1...1024).sorted(),
      draws: try inner.optional("draws")?.whole(1...10_000) ?? 10)
  }
}
