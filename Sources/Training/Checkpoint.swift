import Contraction
import TensorFiles

/// A training's state in a safetensors file, from which it goes on bit for bit.
public enum Checkpoint {
  /// The matrices of an optimiser's running means are stored under the names of the weights with these in front.
  private static let kinds = ["", "adam.mean.", "adam.square."]

  /// Writes the state whole or not at all.
  ///
  /// - Parameters:
  ///   - constants: weights that are not trained, stored so that the file holds the whole network.
  ///   - identity: what the state belongs to; ``read(_:identity:layout:)`` asks for the same.
  /// - Errors: as for `SafetensorsWriter.write(to:)`.
  public static func write(
    _ state: TrainingState, layout: ParameterLayout, constants: (values: [Double], layout: ParameterLayout),
    identity: String, to path: String
  ) throws(FileError) {
    var writer = SafetensorsWriter(metadata: [
      ("format", "hessian.checkpoint/1"), ("identity", identity), ("step", String(state.step)),
      ("epoch_loss", String(state.epoch.loss.bitPattern)), ("epoch_correct", String(state.epoch.correct)),
    ])
    for (kind, values) in zip(kinds, [state.weights, state.optimizer.mean, state.optimizer.square]) {
      for entry in layout.entries {
        writer.add(
          kind + entry.symbol.name, shape: [entry.rows, entry.columns], values: Array(values[entry.range]))
      }
    }
    for entry in constants.layout.entries {
      writer.add(
        entry.symbol.name, shape: [entry.rows, entry.columns], values: Array(constants.values[entry.range]))
    }
    try writer.write(to: path)
  }

  /// Reads a state.
  ///
  /// - Errors: `inputMissing`; `badData` where the file is no checkpoint, belongs to something else, or has matrices of
  ///   other shapes, which it names.
  public static func read(
    _ path: String, identity: String, layout: ParameterLayout
  ) throws(FileError) -> TrainingState {
    let file = try SafetensorsFile(path: path)
    func offence(_ reason: String, _ advice: String) -> FileError {
      FileError(.badData, path: path, reason: reason, advice: advice)
    }
    guard file.metadata("format") == "hessian.checkpoint/1", let step = file.metadata("step").flatMap({ Int($0) }),
      let bits = file.metadata("epoch_loss").flatMap({ UInt64($0) }), step >= 0,
      let correct = file.metadata("epoch_correct").flatMap({ Int($0) })
    else {
      throw offence("it is no checkpoint of a training", "give a checkpoint that 'hessian experiment' has written")
    }
    guard file.metadata("identity") == identity else {
      throw offence("it belongs to another configuration", "give another output folder, or remove the checkpoint")
    }
    var values: [[Double]] = []
    for kind in kinds { values.append(try vector(kind, layout, file)) }
    var state = TrainingState(weights: values[0])
    (state.optimizer.mean, state.optimizer.square) = (values[1], values[2])
    (state.step, state.optimizer.steps) = (step, step)
    (state.epoch.loss, state.epoch.correct) = (Double(bitPattern: bits), correct)
    return state
  }

  private static func vector(
    _ kind: String, _ layout: ParameterLayout, _ file: SafetensorsFile
  ) throws(FileError) -> [Double] {
    var vector: [Double] = []
    for entry in layout.entries { vector += try matrix(kind + entry.symbol.name, entry, file) }
    return vector
  }

  /// A tensor's elements, row by row.
  ///
  /// - Errors: `badData` where it is not of the entry's shape.
  static func matrix(
    _ name: String, _ entry: ParameterLayout.Entry, _ file: SafetensorsFile
  ) throws(FileError) -> [Double] {
    let matrix = try file.matrix(named: name)
    guard matrix.rows == entry.rows, matrix.columns == entry.columns else {
      throw FileError(
        .badData, path: file.path,
        reason: "tensor '\(name)' is \(matrix.rows)×\(matrix.columns), the network has \(entry.rows)×\(entry.columns)",
        advice: "give a file of the same network")
    }
    return matrix.values
  }
}
