extension JSONValue {
  /// What kind of value this is, for messages: "null", "a boolean", "a number", "a string", "an array", "an object".
  public var kindName: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The text of a string, nil for anything else.
  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }

  /// The value of `true` or `false`, nil for anything else.
  public var booleanValue: Bool? { if case .boolean(let value) = self { value } else { nil } }

  /// The exact text of a number, nil for anything else.
  public var numberText: String? { if case .number(let text) = self { text } else { nil } }

  /// The elements of an array, nil for anything else.
  public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members of an object in the order of the file, duplicates included; nil for anything else.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The value of the last member with this key, compared byte for byte; nil if there is none.
  public subscript(key: String) -> JSONValue? {
    members?.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The number as an unsigned integer, if it is written as digits only and fits; `16.0`, `1e1` and `-0` are not.
  public var unsignedInteger: UInt64? {
    guard let text = numberText, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt64(text)
  }

  /// The number as an integer, if it is written as digits after at most a minus sign and fits; `16.0` and `-0` are not.
  public var integer: Int? {
    guard let text = numberText, text != "-0" else { return nil }
    let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    return digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(text) : nil
  }

  /// The double nearest to the number; nil if this is not a number or too large for a double.
  public var doubleValue: Double? {
    guard let text = numberText, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The first key that stands more than once in this object, compared byte for byte; nil if there is none.
  public var firstDuplicateKey: String? {
    guard let members else { return nil }
    var seen: Set<ExactName> = []
    return members.first { !seen.insert(ExactName($0.key)).inserted }?.key
  }
}
