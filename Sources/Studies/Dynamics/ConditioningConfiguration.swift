import Arithmetic
import TensorFiles
import Transformers

/// Of which attention layers the singular values are measured: a configuration file's content.
public struct ConditioningConfiguration: Hashable, Sendable {
  /// Random layers: every kernel, scale, length and depth in turn, the others at their first value.
  public struct Family: Hashable, Sendable {
    /// `D`, the width of the tokens and of the values.
    public var width: Int
    public var keyWidth: Int
    public var kernels: [AttentionKernel]
    /// Of `W_Q` and `W_K`.
    public var scales: [Rational]
    public var lengths: [Int]
    public var depths: [Int]
    public var draws: Int
    public var seed: UInt64
  }

  /// Gradient descent on a last linear map, and on a whole transformer layer.
  public struct Descent: Hashable, Sendable {
    public var steps: Int
    public var depths: [Int]
    public var samples: Int
    public var hidden: Int
  }

  /// A trained layer with its input.
  public struct RealLayer: Hashable, Sendable {
    /// As written, relative to the configuration's folder.
    public var file: String
    public var layer: String?
    public var heads: Int?
    public var input: String
  }

  public var name: String
  public var family: Family
  public var descent: Descent
  public var realLayer: RealLayer?
  public var source: JSONValue
  public var folder: String
}

extension ConditioningConfiguration: StudyConfiguration {
  public static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> ConditioningConfiguration {
    let fields = try InstanceFields(
      json, at: "",
      allowing: ["$schema", "version", "name", "description", "family", "descent", "layer"])
    try InstanceReader.checkVersion(fields["version"])
    let inner = try fields.required("family").fields([
      "width", "key", "kernels", "scales", "lengths", "depths", "draws", "seed",
    ])
    let descent = try fields.required("descent").fields(["steps", "depths", "samples", "hidden"])
    var layer: RealLayer?
    if let real = try fields.optional("layer")?.fields(["file", "layer", "heads", "input"]) {
      layer = RealLayer(
        file: try real.required("file").text(), layer: try real.optional("layer")?.text(),
        heads: try real.optional("heads")?.whole(1...4096),
        input: try real.optional("input")?.text() ?? "hidden_states")
    }
    return ConditioningConfiguration(
      name: try fields.required("name").name(),
      family: Family(
        width: try inner.required("width").whole(1...2048), keyWidth: try inner.required("key").whole(1...2048),
        kernels: try inner.optional("kernels")?.choices(AttentionKernel.allCases) ?? AttentionKernel.allCases,
        scales: try inner.required("scales").rationals(ConvergenceConfiguration.scaleRange),
        lengths: try inner.required("lengths").wholes(1...4096), depths: try inner.required("depths").wholes(1...64),
        draws: try inner.optional("draws")?.whole(1...10_000) ?? 11, seed: try inner.optional("seed")?.seed() ?? 1),
      descent: Descent(
        steps: try descent.required("steps").whole(10...1_000_000),
        depths: try descent.required("depths").wholes(1...6),
        samples: try descent.optional("samples")?.whole(1...1024) ?? 4,
        hidden: try descent.optional("hidden")?.whole(1...4096) ?? 32),
      realLayer: layer, source: json, folder: folder)
  }
}
