import Arithmetic
import TensorFiles

/// Values of a configuration, each checked where it stands.
extension ExperimentReader {
  static func text(_ value: JSONValue, _ path: String) throws(InstanceError) -> String {
    guard let text = value.stringValue, !text.isEmpty else {
      throw InstanceError(path, "\(value.kindName) stands where a text is expected", advice: "give a text in quotes")
    }
    return text
  }

  /// A name that can also name a folder.
  static func name(_ fields: InstanceFields) throws(InstanceError) -> String {
    let path = fields.path("name"), name = try text(try fields.require("name"), path)
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_ ".unicodeScalars.contains(scalar))
    }
    guard isPlain, name.utf8.count <= 60, name.first != " ", name.last != " " else {
      throw InstanceError(
        path, "\(PrintableText.quoted(name)) cannot name a folder", advice: "use letters, digits, hyphens and spaces")
    }
    return name
  }

  static func list(_ value: JSONValue?, _ path: String) throws(InstanceError) -> [JSONValue] {
    guard let value else { return [] }
    guard let elements = value.elements else {
      throw InstanceError(path, "\(value.kindName) stands where an array is expected", advice: "give an array: […]")
    }
    return elements
  }

  static func names(_ value: JSONValue, _ path: String) throws(InstanceError) -> Set<String> {
    var names: Set<String> = []
    for (index, element) in try list(value, path).enumerated() { names.insert(try text(element, "\(path)[\(index)]")) }
    guard !names.isEmpty else { throw InstanceError(path, "the array is empty", advice: "name at least one weight") }
    return names
  }

  static func whole(_ value: JSONValue, _ path: String, _ range: ClosedRange<Int>) throws(InstanceError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = value.integer, range.contains(number) else {
      throw InstanceError(path, "\(value.numberText ?? value.kindName) is not \(expected)", advice: "give \(expected)")
    }
    return number
  }

  static func seed(_ fields: InstanceFields, _ key: String) throws(InstanceError) -> UInt64 {
    guard let value = fields[key] else { return 1 }
    guard let seed = value.unsignedInteger else {
      throw InstanceError(
        fields.path(key), "\(value.numberText ?? value.kindName) is no seed", advice: "give a whole number from 0")
    }
    return seed
  }

  static func real(_ value: JSONValue, _ path: String, _ range: ClosedRange<Double>) throws(InstanceError) -> Double {
    guard let number = value.doubleValue, range.contains(number) else {
      throw InstanceError(
        path, "\(value.numberText ?? value.kindName) is no number from \(range.lowerBound) to \(range.upperBound)",
        advice: "give a number in this range")
    }
    return number
  }

  /// A number above zero, exactly as written.
  static func positive(_ value: JSONValue, _ path: String) throws(InstanceError) -> Rational {
    let number = try InstanceReader.rational(value, path)
    guard number.sign > 0 else {
      throw InstanceError(path, "\(number) is not above 0", advice: "give a number above 0")
    }
    return number
  }
}
