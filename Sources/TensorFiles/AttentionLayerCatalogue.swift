/// The attention layers of a weight file, as far as their names follow a usual convention.
public struct AttentionLayerCatalogue: Sendable {
  /// The file the layers are of.
  public let file: SafetensorsFile
  /// The layers in storage order.
  public let layers: [AttentionLayer]
  /// What looks like a layer, but cannot be used as one, in storage order.
  public let rejected: [RejectedAttentionLayer]

  /// Finds the layers of a file.
  ///
  /// The number of heads is `heads` if given, else what the file's metadata say under `heads`, `num_heads` or
  /// `num_attention_heads`.
  ///
  /// - Errors: `badData` where `heads`, or what the metadata say, is not a positive number.
  public init(of file: SafetensorsFile, heads: Int? = nil) throws(FileError) {
    let known = try Self.heads(of: file, given: heads)
    var naming = AttentionLayerNaming(file: file, heads: known)
    naming.recognise()
    self.file = file
    layers = naming.layers
    rejected = naming.rejected
  }

  /// The layer of this name; without a name the only layer there is.
  ///
  /// - Errors: `badData` where there is no such layer; the message lists those there are.
  public func layer(named name: String? = nil) throws(FileError) -> AttentionLayer {
    if let name {
      if let layer = layers.first(where: { ExactName($0.name) == ExactName(name) }) { return layer }
      if let layer = rejected.first(where: { ExactName($0.name) == ExactName(name) }) {
        throw file.badData("layer \(name.quoted) cannot be used: \(layer.reason)", advice: choice)
      }
      throw file.badData("there is no attention layer \(name.quoted)", advice: choice)
    }
    if layers.count == 1 { return layers[0] }
    guard layers.isEmpty else { throw file.badData("there are \(layers.count) attention layers", advice: choice) }
    if let first = rejected.first {
      throw file.badData(
        "no attention layer can be used (\(first.name.quoted): \(first.reason))", advice: "give another file")
    }
    throw file.badData(
      "no attention layer is recognised", advice: "give a file whose tensors are named by a usual convention")
  }

  private var choice: String {
    layers.isEmpty ? "the file has no usable layer" : "name one of \(layers.map(\.name).quotedList) (--layer)"
  }

  private static func heads(of file: SafetensorsFile, given: Int?) throws(FileError) -> Int? {
    if let given {
      if given > 0 { return given }
      throw file.badData("the number of heads is given as \(given)", advice: "give a positive number (--heads)")
    }
    for key in ["heads", "num_heads", "num_attention_heads"] {
      guard let text = file.metadata(key) else { continue }
      if let heads = Int(text), heads > 0 { return heads }
      throw file.badData(
        "the metadata say \(key) = \(text.quoted), which is not a positive number",
        advice: "give the number of heads (--heads)")
    }
    return nil
  }
}
