/// A JSON value (RFC 8259) that keeps what other representations lose: the exact text of numbers, and the order and
/// the duplicates of an object's members.
public enum JSONValue: Hashable, Sendable {
  /// The literal `null`.
  case null
  /// The literal `true` or `false`.
  case boolean(Bool)
  /// A number as it is written, such as `1e-3`; see `JSONValue.isNumber(_:)` for what the text may be.
  case number(String)
  /// A text, its escapes resolved.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in the order of the text, duplicates included.
  case object([Member])

  /// One `"key": value` of an object.
  public struct Member: Hashable, Sendable {
    /// The key, its escapes resolved.
    public let key: String
    /// What stands after the colon.
    public let value: JSONValue

    /// A member from its key and value.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// A number of 17 significant digits, which determine the double; a string `"nan"`, `"inf"` or `"-inf"` where JSON
  /// has no number.
  public static func double(_ value: Double) -> JSONValue {
    value.isFinite ? .number(DecimalText.seventeenDigits(value)) : .string(DecimalText.seventeenDigits(value))
  }

  /// A whole number, in full.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// The value `null`.
  public init(nilLiteral: ()) { self = .null }
  /// The value `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number of 17 significant digits.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// An object whose members stand in the order they are written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
