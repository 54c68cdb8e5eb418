/// Text from files and arguments made fit for a terminal.
public enum PrintableText {
  /// The text with control characters escaped, shortened to 120 characters.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      if count == 120 { return result + "…" }
      let isPlain = scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x2028
      result += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return result
  }

  /// The escaped text in single quotes.
  public static func quoted(_ text: String) -> String { "'\(escaped(text))'" }
}
