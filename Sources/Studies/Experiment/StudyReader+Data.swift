import TensorFiles
import Training

/// The data of a configuration.
extension StudyReader {
  static func data(_ fields: InstanceFields) throws(InstanceError) -> TrainingTask.Data {
    let field = try fields.required("data")
    let inner = try field.fields([
      "file", "pathfinder", "text", "patch", "positions", "shift", "held_out", "split_seed",
    ])
    let given = ["file", "pathfinder", "text"].filter { inner[$0] != nil }
    guard given.count == 1 else {
      throw InstanceError(
        field.path, given.isEmpty ? "there is no data" : "\(given.joined(separator: " and ")) stand together",
        advice: "give one of \"file\" (images), \"pathfinder\" and \"text\"")
    }
    let isText = given == ["text"]
    for key in ["patch", "positions", "shift"] where isText && inner[key] != nil {
      throw InstanceError(inner.path(key), "it is for images, not for texts", advice: "remove it")
    }
    return TrainingTask.Data(
      source: try source(inner),
      tokens: ImageTokens(
        patch: isText ? 1 : try inner.required("patch").whole(1...256),
        position: try inner.optional("positions")?.choice(ImageTokens.Position.allCases) ?? .none),
      shift: try inner.optional("shift")?.whole(0...8) ?? 0,
      heldOut: try inner.required("held_out").whole(0...1_000_000_000),
      splitSeed: try inner.optional("split_seed")?.seed() ?? 1)
  }

  private static func source(_ fields: InstanceFields) throws(InstanceError) -> TrainingTask.Data.Source {
    if let file = fields.optional("file") { return .images(file: try file.text()) }
    if let task = fields.optional("pathfinder") { return .pathfinder(try pathfinder(task)) }
    let inner = try fields.required("text").fields(["file", "separator", "tokens", "vocabulary"])
    return .texts(
      file: try inner.required("file").text(),
      separator: try inner.optional("separator")?.choice(LabelledTexts.Separator.allCases) ?? .comma,
      tokens: try inner.required("tokens").whole(1...4096),
      vocabulary: try inner.required("vocabulary").whole(1...100_000))
  }

  private static func pathfinder(_ field: ConfigurationField) throws(InstanceError) -> Pathfinder {
    let fields = try field.fields([
      "images", "side", "dashes", "dash", "gap", "turn", "contrast", "distractors", "distractor_dashes", "connected",
      "seed",
    ])
    var task = Pathfinder(count: try fields.required("images").whole(1...1_000_000))
    task.seed = try fields.optional("seed")?.seed() ?? task.seed
    task.side = try fields.optional("side")?.whole(8...256) ?? task.side
    task.dashes = try fields.optional("dashes")?.whole(1...100) ?? task.dashes
    task.dash = try fields.optional("dash")?.real(0.5...100) ?? task.dash
    task.gap = try fields.optional("gap")?.real(0...100) ?? task.gap
    task.turn = try fields.optional("turn")?.real(0...1.6) ?? task.turn
    task.contrast = try fields.optional("contrast")?.real(0...1) ?? task.contrast
    task.distractors = try fields.optional("distractors")?.whole(0...100) ?? task.distractors
    task.distractorDashes = try fields.optional("distractor_dashes")?.whole(1...100) ?? task.distractorDashes
    task.connected = try fields.optional("connected")?.real(0...1) ?? task.connected
    return task
  }
}
