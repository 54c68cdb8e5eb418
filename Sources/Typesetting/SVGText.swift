/// Text in an SVG document.
enum SVGText {
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A generous estimate of the width of a text in a sans-serif face.
  static func width(_ text: String, size: Double) -> Double { Double(TerminalText.width(text)) * size * 0.58 }

  /// The text cut to a width, with an ellipsis.
  static func shortened(_ text: String, to width: Double, size: Double) -> String {
    var shortened = text
    guard self.width(text, size: size) > width else { return text }
    while !shortened.isEmpty, self.width(shortened + "…", size: size) > width { shortened.removeLast() }
    return shortened + "…"
  }

  /// A length in pixels.
  static func pixels(_ value: Double) -> String { value.text(decimals: 2) }

  /// The document's opening tag.
  static func open(width: Double, height: Double) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(pixels(width))\" height=\"\(pixels(height))\" "
      + "viewBox=\"0 0 \(pixels(width)) \(pixels(height))\" role=\"img\" aria-labelledby=\"title desc\" "
      + "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, "
      + "sans-serif\">"
  }

  /// A line of text, and a note in plain black behind it.
  static func element(
    _ content: String, note: String = "", x: Double, y: Double, size: Double, weight: Int = 400,
    color: String = "#1f2328",
    anchor: String = "start"
  ) -> String {
    let style =
      "font-size=\"\(pixels(size))\" fill=\"\(color)\" text-anchor=\"\(anchor)\""
      + (weight == 400 ? "" : " font-weight=\"\(weight)\"")
    let tail =
      note.isEmpty ? "" : "<tspan dx=\"8\" fill=\"#1f2328\" font-weight=\"400\">\(escape(note))</tspan>"
    return "<text x=\"\(pixels(x))\" y=\"\(pixels(y))\" \(style)>\(escape(content))\(tail)</text>"
  }

  /// `10ⁿ` as the label of a tick.
  static func powerOfTen(_ power: Int, x: Double, y: Double, anchor: String) -> String {
    let exponent = power < 0 ? "−\(-power)" : "\(power)"
    return "<text x=\"\(pixels(x))\" y=\"\(pixels(y))\" font-size=\"12\" fill=\"#1f2328\" text-anchor=\"\(anchor)\">"
      + "10<tspan dy=\"-5\" font-size=\"9\">\(exponent)</tspan></text>"
  }

  /// The text without the backquotes that mark mathematics for LaTeX.
  static func plain(_ text: String) -> String { text.filter { $0 != "`" } }

  /// A line of text in which `d_K` is set with an index.
  static func indexed(
    _ content: String, x: Double, y: Double, size: Double, weight: Int = 400, color: String = "#1f2328",
    anchor: String = "start"
  ) -> String {
    let line = element(
      plain(content), x: x, y: y, size: size, weight: weight, color: color, anchor: anchor)
    let drop = pixels(size * 0.22)
    return line.replacing(/\b([A-Za-z])_([A-Za-z])\b/) { match in
      "\(match.1)<tspan dy=\"\(drop)\" font-size=\"\(pixels(size * 0.72))\">\(match.2)</tspan>"
        + "<tspan dy=\"-\(drop)\">\u{200B}</tspan>"
    }
  }
}
