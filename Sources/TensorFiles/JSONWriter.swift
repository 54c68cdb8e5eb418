/// Writes JSON values, the same value always as the same text.
public struct JSONWriter: Hashable, Sendable {
  /// How the text is laid out.
  public enum Layout: Hashable, Sendable {
    /// One line without spaces.
    case compact
    /// Two spaces of indentation; an array without arrays or objects in it stands on one line.
    case pretty
  }

  /// How the text is laid out.
  public let layout: Layout

  /// A writer of one layout.
  public init(_ layout: Layout = .compact) { self.layout = layout }

  /// The JSON text of a value, without a newline at its end.
  ///
  /// - Precondition: the text of every number is a JSON number.
  public func text(_ value: JSONValue) -> String {
    var text = ""
    write(value, indentation: 0, to: &text)
    return text
  }

  private func write(_ value: JSONValue, indentation: Int, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let number):
      precondition(JSONValue.isNumber(number), "\(number.quoted) is not a JSON number")
      text += number
    case .string(let string): writeString(string, to: &text)
    case .array(let elements):
      let isFlat = elements.allSatisfy { $0.elements == nil && $0.members == nil }
      write(elements, "[", "]", isOneLine: isFlat, indentation, to: &text) { element, indentation, text in
        write(element, indentation: indentation, to: &text)
      }
    case .object(let members):
      write(members, "{", "}", isOneLine: members.isEmpty, indentation, to: &text) { member, indentation, text in
        writeString(member.key, to: &text)
        text += layout == .pretty ? ": " : ":"
        write(member.value, indentation: indentation, to: &text)
      }
    }
  }

  private func write<Item>(
    _ items: [Item], _ open: String, _ close: String, isOneLine: Bool, _ indentation: Int, to text: inout String,
    _ writeItem: (Item, Int, inout String) -> Void
  ) {
    let breaksLines = layout == .pretty && !isOneLine
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += layout == .pretty && isOneLine ? ", " : "," }
      if breaksLines { text += "\n" + String(repeating: "  ", count: indentation + 1) }
      writeItem(item, indentation + 1, &text)
    }
    if breaksLines { text += "\n" + String(repeating: "  ", count: indentation) }
    text += close
  }

  private func writeString(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: CustomStringConvertible {
  /// The JSON text on one line.
  public var description: String { JSONWriter(.compact).text(self) }

  /// The JSON text with two spaces of indentation.
  public var prettyDescription: String { JSONWriter(.pretty).text(self) }
}
