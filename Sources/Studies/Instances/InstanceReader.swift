import Arithmetic
import TensorFiles
import Transformers

/// Reads an instance from JSON, naming the place of every offence.
enum InstanceReader {
  static func instance(_ json: JSONValue) throws(InstanceError) -> LayerInstance {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "version", "kernel", "loss", "samples", "X", "Y", "W_Q", "W_K", "W_V", "heads", "W_O",
      ])
    try checkVersion(fields["version"])
    let kernel = try choice(fields.require("kernel"), "kernel", AttentionKernel.allCases)
    let loss = try fields["loss"].map { value throws(InstanceError) in try choice(value, "loss", Loss.squares) }
    return try LayerInstance(
      kernel: kernel, loss: loss ?? .meanSquare, samples: samples(fields), heads: heads(fields),
      outputMatrix: try fields["W_O"].map { value throws(InstanceError) in try matrix(value, "W_O") })
  }

  static func checkVersion(_ version: JSONValue?) throws(InstanceError) {
    guard let version, version.integer != 1 else { return }
    throw InstanceError(
      "version", "\(version.numberText ?? version.kindName) is not a known version", advice: "write 1")
  }

  static func choice<Choice: RawRepresentable<String>>(
    _ value: JSONValue, _ path: String, _ choices: [Choice]
  ) throws(InstanceError) -> Choice {
    let names = choices.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    guard let text = value.stringValue else {
      throw InstanceError(path, "\(value.kindName) stands where a name is expected", advice: "give one of \(names)")
    }
    guard let choice = Choice(rawValue: text) else {
      let nearest = NearestName.of(text, in: choices.map(\.rawValue)).map { "did you mean \"\($0)\"? " } ?? ""
      throw InstanceError(
        path, "\(PrintableText.quoted(text)) is not known", advice: nearest + "give one of \(names)")
    }
    return choice
  }

  // MARK: Samples and heads

  private static func samples(_ fields: InstanceFields) throws(InstanceError) -> [LayerInstance.Sample] {
    guard let list = fields["samples"] else { return [try sample(fields)] }
    for key in ["X", "Y"] where fields[key] != nil {
      throw InstanceError(key, "it stands beside \"samples\"", advice: "give either samples or one X and Y")
    }
    var samples: [LayerInstance.Sample] = []
    for (index, element) in try elements(list, "samples", of: "samples").enumerated() {
      samples.append(try sample(try InstanceFields(element, at: "samples[\(index)]", allowing: ["X", "Y"])))
    }
    return samples
  }

  private static func sample(_ fields: InstanceFields) throws(InstanceError) -> LayerInstance.Sample {
    let input = try matrix(fields.require("X"), fields.path("X"))
    let target = try fields.require("Y")
    if target == "F" { return LayerInstance.Sample(input: input, target: .output) }
    if target.elements == nil {
      throw InstanceError(
        fields.path("Y"), "\(target.kindName) stands where a matrix is expected",
        advice: "give an array of rows, or \"F\" for the layer's own output")
    }
    return LayerInstance.Sample(input: input, target: .matrix(try matrix(target, fields.path("Y"))))
  }

  private static func heads(_ fields: InstanceFields) throws(InstanceError) -> [LayerInstance.Head] {
    guard let list = fields["heads"] else { return [try head(fields)] }
    for key in ["W_Q", "W_K", "W_V"] where fields[key] != nil {
      throw InstanceError(key, "it stands beside \"heads\"", advice: "give either heads or single matrices")
    }
    var heads: [LayerInstance.Head] = []
    for (index, element) in try elements(list, "heads", of: "heads").enumerated() {
      let names = ["W_Q", "W_K", "W_V"]
      heads.append(try head(try InstanceFields(element, at: "heads[\(index)]", allowing: names)))
    }
    return heads
  }

  private static func head(_ fields: InstanceFields) throws(InstanceError) -> LayerInstance.Head {
    func weight(_ name: String) throws(InstanceError) -> Matrix<Rational> {
      try matrix(fields.require(name), fields.path(name))
    }
    return LayerInstance.Head(query: try weight("W_Q"), key: try weight("W_K"), value: try weight("W_V"))
  }

  // MARK: Matrices

  static func matrix(_ value: JSONValue, _ path: String) throws(InstanceError) -> Matrix<Rational> {
    var entries: [Rational] = []
    var width: Int?
    let rows = try elements(value, path, of: "rows")
    for (i, row) in rows.enumerated() {
      let numbers = try elements(row, "\(path)[\(i)]", of: "numbers")
      if let width, width != numbers.count {
        throw InstanceError(
          "\(path)[\(i)]", "the row has \(numbers.count) entries, but the first has \(width)",
          advice: "give every row the same number of entries")
      }
      width = numbers.count
      for (j, number) in numbers.enumerated() { entries.append(try rational(number, "\(path)[\(i)][\(j)]")) }
    }
    return Matrix(rows: rows.count, columns: width ?? 0, entries: entries)
  }

  private static func elements(
    _ value: JSONValue, _ path: String, of what: String
  ) throws(InstanceError) -> [JSONValue] {
    guard let elements = value.elements else {
      throw InstanceError(
        path, "\(value.kindName) stands where an array is expected", advice: "give an array of \(what)")
    }
    guard !elements.isEmpty else {
      throw InstanceError(path, "the array is empty", advice: "give \(what), at least one")
    }
    return elements
  }

  static func rational(_ value: JSONValue, _ path: String) throws(InstanceError) -> Rational {
    let forms = "write a number or a string such as \"-3/4\", \"0.25\" or \"1e-3\""
    guard let text = value.numberText ?? value.stringValue else {
      throw InstanceError(path, "\(value.kindName) stands where a number is expected", advice: forms)
    }
    do {
      return try Rational(exactly: text)
    } catch {
      throw InstanceError(path, "\(PrintableText.quoted(error.text)) \(error.reason)", advice: forms)
    }
  }
}

/// The members of an object, each known and standing once.
struct InstanceFields {
  private let json: JSONValue
  private let place: String

  init(_ json: JSONValue, at place: String, allowing keys: [String]) throws(InstanceError) {
    self.json = json
    self.place = place
    guard let members = json.members else {
      throw InstanceError(
        place, "\(json.kindName) stands where an object is expected",
        advice: "give an object with \(keys.joined(separator: ", "))")
    }
    if let key = json.firstDuplicateKey {
      throw InstanceError(place, "the key \(PrintableText.quoted(key)) stands twice", advice: "remove one")
    }
    for member in members where !keys.contains(member.key) {
      throw Self.unknown(member.key, place, keys)
    }
  }

  subscript(key: String) -> JSONValue? { json[key] }

  func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  func require(_ key: String) throws(InstanceError) -> JSONValue {
    if let value = json[key] { return value }
    throw InstanceError(place, "there is no \"\(key)\"", advice: "add it")
  }

  private static func unknown(_ key: String, _ place: String, _ keys: [String]) -> InstanceError {
    if key == "layers", keys.contains("kernel") {
      return InstanceError(
        place, "\"layers\", a model of several layers, is not supported", advice: "describe one layer")
    }
    let known = "the keys are \(keys.joined(separator: ", "))"
    let advice = NearestName.of(key, in: keys).map { "did you mean \"\($0)\"? (\(known))" } ?? known
    return InstanceError(place, "the key \(PrintableText.quoted(key)) is unknown", advice: advice)
  }
}
