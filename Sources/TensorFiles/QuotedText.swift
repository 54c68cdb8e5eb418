extension String {
  /// The text in single quotes, fit for one line of an error message: control characters escaped, long text shortened.
  ///
  /// Names come from files and may hold anything, escape sequences of a terminal included.
  var quoted: String {
    var text = "'"
    var count = 0
    for scalar in unicodeScalars {
      if count == 120 {
        text += "…"
        break
      }
      let isPlain = scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x2028
      text += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
      count += 1
    }
    return text + "'"
  }
}

extension Sequence where Element == String {
  /// The texts quoted and joined by commas, at most twelve of them.
  var quotedList: String {
    var shown: [String] = []
    var hidden = 0
    for text in self {
      if shown.count < 12 { shown.append(text.quoted) } else { hidden += 1 }
    }
    return shown.joined(separator: ", ") + (hidden > 0 ? " and \(hidden) more" : "")
  }
}
