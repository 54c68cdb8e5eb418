/// A JSON value whose objects keep the order of their keys.
public indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Written with 17 significant digits, which identify the `Double`; a value that is not finite becomes a string.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// The value as JSON text, two spaces per level.
  public var text: String {
    var text = ""
    write(to: &text, indentation: 0)
    return text
  }

  private func write(to text: inout String, indentation: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value):
      text +=
        value.isFinite
        ? DecimalNumeral.formatted("%.17g", value)
        : JSON.quoted(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    case .string(let value): text += JSON.quoted(value)
    case .array(let values):
      JSON.write(values, open: "[", close: "]", to: &text, indentation) { value, text, level in
        value.write(to: &text, indentation: level)
      }
    case .object(let pairs):
      JSON.write(pairs, open: "{", close: "}", to: &text, indentation) { pair, text, level in
        text += JSON.quoted(pair.key) + ": "
        pair.value.write(to: &text, indentation: level)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], open: String, close: String, to text: inout String, _ indentation: Int,
    element: (Element, inout String, Int) -> Void
  ) {
    text += open
    for (index, value) in elements.enumerated() {
      text += (index > 0 ? ",\n" : "\n") + String(repeating: "  ", count: indentation + 1)
      element(value, &text, indentation + 1)
    }
    if !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
    text += close
  }

  /// A string in quotation marks, escaped.
  public static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
