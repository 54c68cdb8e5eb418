extension JSONValue {
  /// The value of a JSON text, read strictly.
  ///
  /// Refused are: invalid UTF-8, a byte-order mark, comments, trailing commas, superfluous zeros, raw control
  /// characters, unpaired surrogates, text after the value, and nesting deeper than the options allow.
  ///
  /// - Errors: the first offence, with its line and column.
  /// - Source: RFC 8259.
  public init(
    parsing bytes: UnsafeRawBufferPointer, options: JSONParsingOptions = JSONParsingOptions()
  ) throws(JSONParseError) {
    var parser = JSONParser(bytes: bytes, options: options)
    self = try parser.document()
  }

  /// The value of a JSON text in UTF-8, read strictly.
  public init(parsing bytes: [UInt8], options: JSONParsingOptions = JSONParsingOptions()) throws(JSONParseError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(JSONParseError) in try JSONValue(parsing: buffer, options: options) }
    }
    self = try result.get()
  }

  /// The value of a JSON text, read strictly.
  public init(parsing text: String, options: JSONParsingOptions = JSONParsingOptions()) throws(JSONParseError) {
    try self.init(parsing: Array(text.utf8), options: options)
  }

  /// Whether a text is a number by the grammar of RFC 8259, such as `-1.5e3` (but not `01`, `+1`, `.5`, `1.` or `NaN`).
  public static func isNumber(_ text: String) -> Bool {
    let value = try? JSONValue(parsing: text)
    return value == .number(text)
  }
}
