import Arithmetic
import TensorFiles
import Transformers

/// Which models are set side by side: a configuration file's content.
public struct ComparisonConfiguration: Hashable, Sendable {
  public struct Model: Hashable, Sendable {
    public var name: String
    public var layers: [Layer]
  }

  public var name: String
  public var models: [Model]
  /// `L` and `d`.
  public var tokens: Int
  public var width: Int
  public var loss: Loss
  public var draws: Int
  public var seed: UInt64
  /// The scale of the data at which exponents for small data are measured, against half of it.
  public var smallScale: Rational
  public var source: JSONValue
  public var folder: String
}

extension ComparisonConfiguration: StudyConfiguration {
  public static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> ComparisonConfiguration {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "$schema", "version", "name", "description", "models", "tokens", "width", "loss", "draws", "seed",
        "small_scale",
      ])
    try InstanceReader.checkVersion(fields["version"])
    var models: [Model] = []
    for element in try fields.required("models").elements() {
      let inner = try element.fields(["name", "network"])
      let name = try inner.required("name").text()
      guard !models.contains(where: { $0.name == name }) else {
        throw InstanceError(
          inner.path("name"), "there are two models \(PrintableText.quoted(name))", advice: "give each its own name")
      }
      models.append(Model(name: name, layers: try StudyReader.layers(try inner.required("network"))))
    }
    let loss = try fields.optional("loss")?.choice(Loss.squares) ?? .meanSquare
    return ComparisonConfiguration(
      name: try fields.required("name").name(), models: models, tokens: try fields.required("tokens").whole(1...64),
      width: try fields.required("width").whole(1...64), loss: loss,
      draws: try fields.optional("draws")?.whole(1...1000) ?? 11, seed: try fields.optional("seed")?.seed() ?? 1,
      smallScale: try fields.optional("small_scale")?.positive() ?? Rational(1, over: 256), source: json, folder: folder
    )
  }
}
