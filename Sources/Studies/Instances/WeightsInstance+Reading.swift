import Arithmetic
import TensorFiles

extension WeightsInstance {
  /// Reads the selected head with its input and target.
  ///
  /// - Errors: `inputMissing` where a file cannot be read; `badData` where a layer, head or tensor does not exist, or the
  ///   shapes of input, weights and target do not fit.
  public init(reading selection: WeightsSelection) throws(FileError) {
    let file = try SafetensorsFile(path: selection.path)
    let catalogue = try AttentionLayerCatalogue(of: file, heads: selection.heads)
    let layer = try catalogue.layer(named: selection.layer)
    let stored = try catalogue.weights(of: layer, head: selection.head)
    let hasBiases = stored.queryBias != nil || stored.keyBias != nil || stored.valueBias != nil
    let weights = hasBiases ? stored.homogeneous : stored
    let input = try Self.matrix(selection.input, in: file, option: "--input")
    guard !input.values.isEmpty, !weights.query.values.isEmpty, !weights.value.values.isEmpty else {
      throw FileError(
        .badData, path: selection.path, reason: "the input or the weights have no entries",
        advice: "give tensors without zero dimensions")
    }
    guard input.columns == stored.modelDimension else {
      throw FileError(
        .badData, path: selection.path,
        reason: "the input \(PrintableText.quoted(selection.input)) has \(input.columns) columns, but layer "
          + "\(PrintableText.quoted(layer.name)) takes \(stored.modelDimension)",
        advice: "give an input that fits (--input)")
    }
    self.layer = layer.name
    head = selection.head
    isHomogeneous = hasBiases
    self.input = Matrix(hasBiases ? Self.homogeneous(input) : input)
    query = Matrix(weights.query)
    key = Matrix(weights.key)
    value = Matrix(weights.value)
    target = try Self.target(selection, in: file, rows: input.rows, columns: weights.valueDimension)
  }

  private static func target(
    _ selection: WeightsSelection, in file: SafetensorsFile, rows: Int, columns: Int
  ) throws(FileError) -> Target {
    switch selection.target {
    case "output": return .output
    case "zero": return .zero
    default:
      let matrix = try matrix(selection.target, in: file, option: "--target")
      guard matrix.rows == rows, matrix.columns == columns else {
        throw FileError(
          .badData, path: selection.path,
          reason: "the target \(PrintableText.quoted(selection.target)) is \(matrix.rows)×\(matrix.columns), but the "
            + "head's output is \(rows)×\(columns)", advice: "give a target of the output's shape (--target)")
      }
      return .matrix(Matrix(matrix))
    }
  }

  /// The tensor of this name in the file, or the one that `FILE:TENSOR` names.
  private static func matrix(
    _ name: String, in file: SafetensorsFile, option: String
  ) throws(FileError) -> StoredMatrix {
    if file.tensor(named: name) == nil, let colon = name.lastIndex(of: ":") {
      let other = try SafetensorsFile(path: String(name[..<colon]))
      return try other.matrix(named: String(name[name.index(after: colon)...]))
    }
    do {
      return try file.matrix(named: name)
    } catch {
      throw FileError(error.kind, path: error.path, reason: error.reason, advice: "\(error.advice) (\(option))")
    }
  }

  private static func homogeneous(_ input: StoredMatrix) -> StoredMatrix {
    var values: [Double] = []
    values.reserveCapacity(input.rows * (input.columns + 1))
    for row in 0..<input.rows {
      values += input.values[(row * input.columns)..<((row + 1) * input.columns)]
      values.append(1)
    }
    return StoredMatrix(rows: input.rows, columns: input.columns + 1, values: values)
  }
}

extension Matrix<Double> {
  /// A matrix read from a file.
  public init(_ stored: StoredMatrix) {
    self.init(rows: stored.rows, columns: stored.columns, entries: stored.values)
  }
}
