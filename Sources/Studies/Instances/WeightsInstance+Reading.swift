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
    let storedInput = try Self.matrix(selection.input, in: file, option: "--input")
    let inputs = try Self.sequences(storedInput, selection)
    let input = inputs[0]
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
    others = inputs.dropFirst().map { Matrix(hasBiases ? Self.homogeneous($0) : $0) }
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

  /// The sequences that are made from the stored input.
  private static func sequences(
    _ stored: StoredMatrix, _ selection: WeightsSelection
  ) throws(FileError) -> [StoredMatrix] {
    guard let sequences = selection.sequences else { return [stored] }
    func problem(_ reason: String, _ advice: String) -> FileError {
      FileError(.badData, path: selection.path, reason: reason, advice: advice)
    }
    guard ["output", "zero"].contains(selection.target) else {
      throw problem(
        "the target \(PrintableText.quoted(selection.target)) belongs to the stored input, not to sequences made from it",
        "use --target output or zero with --sequences, --tokens and --synthetic")
    }
    let count = sequences.count, length = sequences.length ?? stored.rows / max(1, count)
    let (needed, overflow) = count.multipliedReportingOverflow(by: length)
    guard count > 0, length > 0, !overflow, sequences.drawnFromSeed != nil || needed <= stored.rows else {
      throw problem(
        "\(count) sequences of \(max(length, 1)) tokens are more than the \(stored.rows) rows of the input",
        "ask for fewer or shorter ones (--sequences, --tokens), or let them be drawn (--synthetic)")
    }
    guard let seed = sequences.drawnFromSeed else {
      return (0..<count).map { index in
        let first = index * length * stored.columns
        return StoredMatrix(
          rows: length, columns: stored.columns,
          values: Array(stored.values[first..<(first + length * stored.columns)]))
      }
    }
    guard Double(needed) * Double(stored.columns) <= 0x1p31, stored.rows > 0 else {
      throw problem("\(needed) tokens are too many to draw", "ask for fewer (--sequences, --tokens)")
    }
    return drawn(stored, count: count, length: length, seed: seed)
  }

  /// Tokens with the mean and the deviation of the stored rows, coordinate by coordinate.
  private static func drawn(_ stored: StoredMatrix, count: Int, length: Int, seed: UInt64) -> [StoredMatrix] {
    let (rows, columns) = (stored.rows, stored.columns)
    var means = [Double](repeating: 0, count: columns), squares = means
    for (index, value) in stored.values.enumerated() { means[index % columns] += value / Double(rows) }
    for (index, value) in stored.values.enumerated() {
      let difference = value - means[index % columns]
      squares[index % columns] += difference * difference / Double(rows)
    }
    let deviations = squares.map { root($0) }
    var generator = SplitMix64(seed: seed)
    // The sum of twelve uniform numbers is near enough to normal, and the same on every machine.
    func normal(using generator: inout SplitMix64) -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
    }
    return (0..<count).map { _ in
      let values = (0..<length * columns).map { index in
        means[index % columns] + deviations[index % columns] * normal(using: &generator)
      }
      return StoredMatrix(rows: length, columns: columns, values: values)
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
