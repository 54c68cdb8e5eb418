import TensorFiles

/// The epochs of a training as JSON lines, one object each.
public enum TrainingLog {
  /// The text of some epochs, with a line feed after each.
  public static func text(_ records: [EpochRecord]) -> String {
    records.map { json($0).description + "\n" }.joined()
  }

  private static func json(_ record: EpochRecord) -> JSONValue {
    [
      "epoch": .integer(record.epoch), "step": .integer(record.step), "rate": .double(record.rate),
      "loss": .double(record.loss), "accuracy": .double(record.accuracy),
      "held_out_loss": record.heldOutLoss.map { .double($0) } ?? .null,
      "held_out_accuracy": record.heldOutAccuracy.map { .double($0) } ?? .null,
    ]
  }

  /// The epochs of a log, up to a step: what a training that goes on from there keeps.
  ///
  /// - Errors: `inputMissing`; `badData` naming the line that is no epoch.
  public static func read(_ path: String, upTo step: Int) throws(FileError) -> [EpochRecord] {
    var records: [EpochRecord] = []
    for (index, line) in try FileInput.readText(path).split(separator: "\n").enumerated() {
      guard let json = try? JSONValue(parsing: String(line)), let record = record(json) else {
        throw FileError(
          .badData, path: path, reason: "line \(index + 1) is no epoch of a training",
          advice: "remove the file, or give another output folder")
      }
      if record.step <= step { records.append(record) }
    }
    return records
  }

  private static func record(_ json: JSONValue) -> EpochRecord? {
    guard let epoch = json["epoch"]?.integer, let step = json["step"]?.integer, let rate = json["rate"]?.doubleValue,
      let loss = json["loss"]?.doubleValue, let accuracy = json["accuracy"]?.doubleValue
    else { return nil }
    return EpochRecord(
      epoch: epoch, step: step, rate: rate, loss: loss, accuracy: accuracy,
      heldOutLoss: json["held_out_loss"]?.doubleValue, heldOutAccuracy: json["held_out_accuracy"]?.doubleValue)
  }
}
