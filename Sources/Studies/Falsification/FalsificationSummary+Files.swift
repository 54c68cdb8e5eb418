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
      "searched": .array(rows.map(\.json)),
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
    subject = try fields.require("claim", "a string", \.stringValue)
    seed = try fields.require("seed", "a whole number", \.unsignedInteger)
    starts = try fields.require("starts", "a whole number", \.integer)
    iterations = try fields.require("iterations", "a whole number", \.integer)
    ceiling = try fields.require("ceiling", "a number", \.doubleValue)
    isInterrupted = try fields.require("interrupted", "true or false", \.booleanValue)
    isRefuted = try fields.require("refuted", "true or false", \.booleanValue)
    certifiedRatio = try fields.optional("certified_ratio", "a string or null", \.stringValue)
    var rows: [Row] = []
    for (index, element) in try fields.require("searched", "an array", \.elements).enumerated() {
      rows.append(try Row(json: element, at: "searched[\(index)]"))
    }
    self.rows = rows
  }
}

extension FalsificationSummary.Row {
  var json: JSONValue {
    [
      "sizes": .object(sizes.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
      "starts": .integer(starts), "evaluations": .integer(evaluations),
      "ratio_estimate": ratio.map { .double($0) } ?? .null,
    ]
  }

  init(json: JSONValue, at place: String) throws(InstanceError) {
    let fields = try InstanceFields(json, at: place, allowing: ["sizes", "starts", "evaluations", "ratio_estimate"])
    var sizes: [String: Int] = [:]
    for member in try fields.require("sizes", "an object", \.members) {
      guard let size = member.value.integer else {
        throw InstanceError(
          "\(fields.path("sizes")).\(PrintableText.escaped(member.key))", "it is no size", advice: "give a whole number"
        )
      }
      sizes[member.key] = size
    }
    let text = try fields.require("ratio_estimate")
    self.init(
      sizes: sizes,
      ratio: text == "inf" ? .infinity : try fields.optional("ratio_estimate", "a number or null", \.doubleValue),
      starts: try fields.require("starts", "a whole number", \.integer),
      evaluations: try fields.require("evaluations", "a whole number", \.integer))
  }
}

extension InstanceFields {
  /// The value of a key, of some kind.
  func require<Value>(
    _ key: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(InstanceError) -> Value {
    let json = try require(key)
    guard let value = read(json) else {
      throw InstanceError(path(key), "\(json.kindName) stands where \(kind) is expected", advice: "give \(kind)")
    }
    return value
  }

  /// The value of a key that has to be there but may be null.
  func optional<Value>(
    _ key: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(InstanceError) -> Value? {
    if try require(key) == .null { return nil }
    return try require(key, kind, read)
  }
}
