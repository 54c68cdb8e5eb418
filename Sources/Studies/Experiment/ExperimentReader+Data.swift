import TensorFiles
import Training

/// The data of a configuration.
extension ExperimentReader {
  static func data(_ fields: InstanceFields) throws(InstanceError) -> TrainingTask.Data {
    let inner = try InstanceFields(
      try fields.require("data"), at: fields.path("data"),
      allowing: ["file", "pathfinder", "text", "patch", "positions", "shift", "held_out", "split_seed"])
    let kinds = ["file", "pathfinder", "text"], given = kinds.filter { inner[$0] != nil }
    guard given.count == 1 else {
      let advice = "give one of \"file\" (images), \"pathfinder\" and \"text\""
      throw InstanceError(
        fields.path("data"), given.isEmpty ? "there is no data" : "\(given.joined(separator: " and ")) stand together",
        advice: advice)
    }
    if given == ["text"] {
      for key in ["patch", "positions", "shift"] where inner[key] != nil {
        throw InstanceError(inner.path(key), "it is for images, not for texts", advice: "remove it")
      }
    }
    let position = try inner["positions"].map { value throws(InstanceError) in
      try InstanceReader.choice(value, inner.path("positions"), ImageTokens.Position.allCases)
    }
    let patch = given == ["text"] ? 1 : try whole(try inner.require("patch"), inner.path("patch"), 1...256)
    return TrainingTask.Data(
      source: try source(inner), tokens: ImageTokens(patch: patch, position: position ?? .none),
      shift: try inner["shift"].map { value throws(InstanceError) in
        try whole(value, inner.path("shift"), 0...8)
      } ?? 0,
      heldOut: try whole(try inner.require("held_out"), inner.path("held_out"), 0...1_000_000_000),
      splitSeed: try seed(inner, "split_seed"))
  }

  private static func source(_ fields: InstanceFields) throws(InstanceError) -> TrainingTask.Data.Source {
    if let file = fields["file"] { return .images(file: try text(file, fields.path("file"))) }
    if let json = fields["pathfinder"] { return .pathfinder(try pathfinder(json, fields.path("pathfinder"))) }
    let inner = try InstanceFields(
      try fields.require("text"), at: fields.path("text"), allowing: ["file", "separator", "tokens", "vocabulary"])
    let separator = try inner["separator"].map { value throws(InstanceError) in
      try InstanceReader.choice(value, inner.path("separator"), LabelledTexts.Separator.allCases)
    }
    return .texts(
      file: try text(try inner.require("file"), inner.path("file")), separator: separator ?? .comma,
      tokens: try whole(try inner.require("tokens"), inner.path("tokens"), 1...4096),
      vocabulary: try whole(try inner.require("vocabulary"), inner.path("vocabulary"), 1...100_000))
  }

  private static func pathfinder(_ json: JSONValue, _ path: String) throws(InstanceError) -> Pathfinder {
    let fields = try InstanceFields(
      json, at: path,
      allowing: [
        "images", "side", "dashes", "dash", "gap", "turn", "contrast", "distractors", "distractor_dashes", "connected", "seed",
      ])
    var task = Pathfinder(
      count: try whole(try fields.require("images"), fields.path("images"), 1...1_000_000), seed: try seed(fields, "seed"))
    func count(_ key: String, _ range: ClosedRange<Int>, _ otherwise: Int) throws(InstanceError) -> Int {
      try fields[key].map { value throws(InstanceError) in try whole(value, fields.path(key), range) } ?? otherwise
    }
    func number(_ key: String, _ range: ClosedRange<Double>, _ otherwise: Double) throws(InstanceError) -> Double {
      try fields[key].map { value throws(InstanceError) in try real(value, fields.path(key), range) } ?? otherwise
    }
    task.side = try count("side", 8...256, task.side)
    task.dashes = try count("dashes", 1...100, task.dashes)
    task.dash = try number("dash", 0.5...100, task.dash)
    task.gap = try number("gap", 0...100, task.gap)
    task.turn = try number("turn", 0...1.6, task.turn)
    task.contrast = try number("contrast", 0...1, task.contrast)
    task.distractors = try count("distractors", 0...100, task.distractors)
    task.distractorDashes = try count("distractor_dashes", 1...100, task.distractorDashes)
    task.connected = try number("connected", 0...1, task.connected)
    return task
  }
}
