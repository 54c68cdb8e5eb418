import ArgumentParser

/// The sizes of a layer, each one number or several, for searches over many of them.
struct SizeRangeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number L of tokens: one, or FIRST:LAST:COUNT.", valueName: "sizes"),
    transform: NumberRange.sizes)
  var length: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d of a token.", valueName: "sizes"),
    transform: NumberRange.sizes)
  var d: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_K of queries and keys.", valueName: "sizes"),
    transform: NumberRange.sizes)
  var dK: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values.", valueName: "sizes"),
    transform: NumberRange.sizes)
  var dV: NumberRange?

  /// The numbers given for each name, others with names of their own among them.
  ///
  /// - Errors: a name that is given twice.
  func given(with others: [NamedSizes] = []) throws -> [String: [Int]] {
    var given: [String: [Int]] = [:]
    let options = [("L", length), ("d", d), ("d_K", dK), ("d_V", dV)].compactMap { name, range in
      range.map { NamedSizes(name: name, range: $0) }
    }
    for option in options + others {
      guard given[option.name] == nil else {
        throw ValidationError("The size '\(option.name)' is given twice: give it once")
      }
      given[option.name] = try option.range.sizes()
    }
    return given
  }
}

/// A size name with the numbers it stands for.
struct NamedSizes {
  let name: String
  let range: NumberRange

  static func parse(_ text: String) throws -> NamedSizes {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw ArgumentProblem("a size has the form NAME=NUMBER or NAME=FIRST:LAST:COUNT, such as m=3")
    }
    return NamedSizes(name: String(text[..<sign]), range: try .sizes(String(text[text.index(after: sign)...])))
  }
}
