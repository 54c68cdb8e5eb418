import Arithmetic
import TensorFiles
import Transformers

extension BoundTightness {
  /// What the study's file is called among the committed witnesses.
  public static let fileName = "tightness.json"
  private static let schema = "hessian.tightness/1"

  /// The study as JSON; reading it gives the same points.
  public var json: JSONValue {
    [
      "schema": .string(Self.schema), "seed": .integer(seed), "starts": .integer(starts),
      "interrupted": .boolean(isInterrupted),
      "bounds": .array(
        entries.map { entry in
          [
            "bound": .string(entry.statement.id), "searched": .array(entry.rows.map(\.json)),
            "witness": entry.witness?.json ?? .null,
          ]
        }),
    ]
  }

  /// Reads a study's file, strictly; nothing is searched, and nothing in it is believed before it is certified.
  ///
  /// - Errors: `inputMissing` where there is no such file; `badData` naming the place in the file; those of the derivation
  ///   of the bounds.
  public init(contentsOf path: String) throws {
    let json = try FileInput.readJSON(path)
    do {
      try self.init(json: json)
    } catch let error as InstanceError {
      throw FileError(.badData, path: path, reason: error.problem, advice: error.advice)
    }
  }

  /// The study that a JSON value describes.
  ///
  /// - Errors: `InstanceError` naming the place; those of the derivation of the bounds.
  public init(json: JSONValue) throws {
    let fields = try InstanceFields(json, at: "", allowing: ["schema", "seed", "starts", "interrupted", "bounds"])
    guard try fields.require("schema").stringValue == Self.schema else {
      throw InstanceError("schema", "it is not the form \"\(Self.schema)\"", advice: "search again (hessian tightness)")
    }
    let list = try fields.require("bounds", "an array", \.elements)
    var known: [String: TightnessStatement] = [:]
    for kernel in AttentionKernel.allCases
    where list.contains(where: { ($0["bound"]?.stringValue ?? "").hasPrefix("\(kernel.rawValue) ") }) {
      for statement in try TightnessStatement.all(kernel) { known[statement.id] = statement }
    }
    var entries: [Entry] = []
    for (index, element) in list.enumerated() {
      entries.append(try Self.entry(element, "bounds[\(index)]", known))
    }
    self.init(
      seed: try fields.require("seed", "a whole number", \.unsignedInteger),
      starts: try fields.require("starts", "a whole number", \.integer),
      isInterrupted: try fields.require("interrupted", "true or false", \.booleanValue), entries: entries)
  }

  private static func entry(
    _ json: JSONValue, _ place: String, _ known: [String: TightnessStatement]
  ) throws(InstanceError) -> Entry {
    let fields = try InstanceFields(json, at: place, allowing: ["bound", "searched", "witness"])
    let id = try fields.require("bound", "a string", \.stringValue)
    guard let statement = known[id] else {
      throw InstanceError(
        fields.path("bound"), "there is no bound \(PrintableText.quoted(id))",
        advice: "search again (hessian tightness)")
    }
    var rows: [FalsificationSummary.Row] = []
    for (index, element) in try fields.require("searched", "an array", \.elements).enumerated() {
      rows.append(try .init(json: element, at: "\(fields.path("searched"))[\(index)]"))
    }
    let witness = try fields.require("witness")
    return Entry(
      statement: statement, rows: rows,
      witness: witness == .null
        ? nil : try ClaimWitness(subject: id, statement: statement.judgement, json: witness))
  }
}
