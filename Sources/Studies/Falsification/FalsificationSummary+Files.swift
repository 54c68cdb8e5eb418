import Arithmetic
import Evaluation
import TensorFiles

extension FalsificationSummary {
  private static let schema = "hessian.falsify/1"

  /// The summary as JSON; reading it gives an equal one.
  public var json: JSONValue {
    [
      "schema": .string(Self.schema), "claim": .string(subject), "refuted": .boolean(isRefuted),
      "certified_ratio": certifiedRatio.map { .string($0) } ?? .null, "seed": .integer(seed),
      "starts": .integer(starts),
      "iterations": .integer(iterations), "ceiling": .double(ceiling), "interrupted": .boolean(isInterrupted),
      "scales": .array(RatioMaximization.scaleWidths.map { .string("10^(±\($0))") }),
      "searched": .array(
        rows.map { row in
          [
            "sizes": .object(row.sizes.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
            "starts": .integer(row.starts), "evaluations": .integer(row.evaluations),
            "ratio_estimate": row.ratio.map { .double($0) } ?? .null,
          ]
        }),
      "tried": .string(tried),
    ]
  }

  /// Reads a summary file, strictly.
  ///
  /// - Errors: `inputMissing` where there is no such file; `badData` naming the offence.
  public init(contentsOf path: String) throws(FileError) {
    let json = try FileInput.readJSON(path)
    do {
      try self.init(json: json)
    } catch {
      throw FileError(.badData, path: path, reason: error.problem, advice: error.advice)
    }
  }

  /// The summary that a JSON value describes.
  public init(json: JSONValue) throws(InstanceError) {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "schema", "claim", "refuted", "certified_ratio", "seed", "starts", "iterations", "ceiling", "interrupted",
        "scales",
        "searched", "tried",
      ])
    guard try fields.require("schema").stringValue == Self.schema else {
      throw InstanceError("schema", "it is not the form \"\(Self.schema)\"", advice: "search again")
    }
    subject = try Self.require(fields, "claim", "a string", \.stringValue)
    seed = try Self.require(fields, "seed", "a whole number", \.unsignedInteger)
    starts = try Self.require(fields, "starts", "a whole number", \.integer)
    iterations = try Self.require(fields, "iterations", "a whole number", \.integer)
    ceiling = try Self.require(fields, "ceiling", "a number", \.doubleValue)
    isInterrupted = try Self.require(fields, "interrupted", "true or false", \.booleanValue)
    isRefuted = try Self.require(fields, "refuted", "true or false", \.booleanValue)
    certifiedRatio = try Self.optional(fields, "certified_ratio", "a string or null", \.stringValue)
    var rows: [Row] = []
    for (index, element) in try Self.require(fields, "searched", "an array", \.elements).enumerated() {
      rows.append(try Self.row(element, "searched[\(index)]"))
    }
    self.rows = rows
  }

  private static func row(_ json: JSONValue, _ place: String) throws(InstanceError) -> Row {
    let fields = try InstanceFields(json, at: place, allowing: ["sizes", "starts", "evaluations", "ratio_estimate"])
    var sizes: [String: Int] = [:]
    for member in try require(fields, "sizes", "an object", \.members) {
      guard let size = member.value.integer else {
        throw InstanceError(
          "\(fields.path("sizes")).\(PrintableText.escaped(member.key))", "it is no size", advice: "give a whole number"
        )
      }
      sizes[member.key] = size
    }
    let text = try fields.require("ratio_estimate")
    return Row(
      sizes: sizes,
      ratio: text == "inf" ? .infinity : try optional(fields, "ratio_estimate", "a number or null", \.doubleValue),
      starts: try require(fields, "starts", "a whole number", \.integer),
      evaluations: try require(fields, "evaluations", "a whole number", \.integer))
  }

  private static func optional<Value>(
    _ fields: InstanceFields, _ key: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(InstanceError) -> Value? {
    if try fields.require(key) == .null { return nil }
    return try require(fields, key, kind, read)
  }

  private static func require<Value>(
    _ fields: InstanceFields, _ key: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(InstanceError) -> Value {
    let json = try fields.require(key)
    guard let value = read(json) else {
      throw InstanceError(fields.path(key), "\(json.kindName) stands where \(kind) is expected", advice: "give \(kind)")
    }
    return value
  }
}
