import Formulas

/// A word with its arguments in parentheses and the label before it, such as `heads: 2`.
struct LayerTerm {
  let label: String?
  let word: String
  let arguments: [LayerTerm]
}

/// Takes the text of layers apart.
struct LayerTextReader {
  private let characters: [Character]
  private var index = 0

  init(_ text: String) { characters = Array(text) }

  /// Terms separated by commas, up to the end or to a closing parenthesis.
  mutating func terms(isNested: Bool, depth: Int = 0) throws(LayerTextError) -> [LayerTerm] {
    guard depth < 32 else { throw .malformed("parentheses are nested too deeply") }
    var terms: [LayerTerm] = []
    while true {
      terms.append(try term(depth))
      skipSpaces()
      if index == characters.count {
        if isNested { throw .malformed("a closing parenthesis is missing at the end") }
        return terms
      }
      switch characters[index] {
      case ",": index += 1
      case ")" where isNested:
        index += 1
        return terms
      default:
        throw .malformed(
          "\"\(characters[index])\" stands where a comma is expected, after \"\(terms.last?.word ?? "")\"")
      }
    }
  }

  private mutating func term(_ depth: Int) throws(LayerTextError) -> LayerTerm {
    var word = try self.word(), label: String?
    skipSpaces()
    if index < characters.count, characters[index] == ":" {
      index += 1
      label = word
      word = try self.word()
      skipSpaces()
    }
    guard index < characters.count, characters[index] == "(" else {
      return LayerTerm(label: label, word: word, arguments: [])
    }
    index += 1
    return LayerTerm(label: label, word: word, arguments: try terms(isNested: true, depth: depth + 1))
  }

  private mutating func word() throws(LayerTextError) -> String {
    skipSpaces()
    let start = index
    while index < characters.count, isWord(characters[index], from: start) { index += 1 }
    guard index > start else {
      let found = index < characters.count ? "\"\(characters[index])\" stands" : "the text ends"
      throw .malformed("\(found) where a word or a number is expected")
    }
    return String(characters[start..<index])
  }

  private mutating func skipSpaces() {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
  }

  /// Whether a character goes on with the word that begins at `start`; a number may have a point or a stroke in it.
  private func isWord(_ character: Character, from start: Int) -> Bool {
    if character == "_" || character == "-" || character.isLetter || character.isNumber { return true }
    return index > start && characters[start].isNumber && (character == "." || character == "/")
  }
}

/// The arguments of a layer, taken one by one, in order or by label.
struct LayerArguments {
  private let word: String
  private var rest: [LayerTerm]

  init(_ term: LayerTerm) { (word, rest) = (term.word, term.arguments) }

  private mutating func take(_ label: String, example: String) throws(LayerTextError) -> String {
    let index = rest.firstIndex { $0.label == label } ?? rest.firstIndex { $0.label == nil }
    guard let index else { throw .malformed("\(word) needs \(label), such as \(label): \(example)") }
    let term = rest.remove(at: index)
    guard term.arguments.isEmpty else {
      throw .malformed("\(word) takes a word or a number for \(label), not \"\(term.word)(…)\"")
    }
    return term.word
  }

  /// A number or a name.
  mutating func size(_ label: String) throws(LayerTextError) -> Size {
    let text = try take(label, example: "8")
    guard let first = text.first, first.isNumber || first == "-" else { return Size(text) }
    return Size(try Self.positive(text, "\(label) of \(word)"))
  }

  mutating func number(_ label: String) throws(LayerTextError) -> Int {
    try Self.positive(try take(label, example: "2"), "\(label) of \(word)")
  }

  private static func positive(_ text: String, _ what: String) throws(LayerTextError) -> Int {
    guard let number = Int(text), number > 0, number <= 1 << 32 else {
      throw .malformed("\(what) must be a whole number above zero, not \"\(text)\"")
    }
    return number
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ kind: String, _ choices: [Choice]
  ) throws(LayerTextError) -> Choice {
    let names = choices.map(\.rawValue), text = try take(kind, example: names[0])
    guard let choice = Choice(rawValue: text) else { throw .unknown(text, kind: kind, valid: names) }
    return choice
  }

  /// Whether the word is among the arguments.
  mutating func flag(_ name: String) throws(LayerTextError) -> Bool {
    guard let index = rest.firstIndex(where: { $0.label == nil && $0.word == name && $0.arguments.isEmpty }) else {
      if let other = rest.first(where: { $0.label == nil }) {
        throw .unknown(other.word, kind: "argument of \(word)", valid: [name])
      }
      return false
    }
    rest.remove(at: index)
    return true
  }

  /// Takes a word without a label away, where it is among the arguments.
  mutating func takes(word: String) -> Bool {
    guard let index = rest.firstIndex(where: { $0.label == nil && $0.word == word && $0.arguments.isEmpty }) else {
      return false
    }
    rest.remove(at: index)
    return true
  }

  /// A positive number with its label, such as `epsilon: 1e-5`.
  mutating func fraction(
    _ label: String, orElse usual: PositiveFraction
  ) throws(LayerTextError) -> PositiveFraction {
    guard rest.contains(where: { $0.label == label }) else { return usual }
    let text = try take(label, example: "1e-5")
    guard let number = PositiveFraction(text) else {
      throw .malformed(
        "\(label) of \(word) must be a positive number of at most 15 digits, such as 1e-5 or 1/1000, not \"\(text)\"")
    }
    return number
  }

  /// Checks that nothing is left.
  func finish() throws(LayerTextError) {
    guard let extra = rest.first else { return }
    throw .malformed("\(word) does not take \"\(extra.label.map { $0 + ": " } ?? "")\(extra.word)\"")
  }
}
