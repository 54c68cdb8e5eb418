import AttentionHessian

/// A block of the Hessian as it is named on the command line: `Q,K`, with several heads `Q1,K2`.
struct BlockName: Hashable {
  let row: String
  let column: String

  static func parse(_ text: String) throws -> BlockName {
    let parts = BracedList.parts(text)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw ArgumentProblem("a block is named by two matrices, such as Q,K")
    }
    return BlockName(row: parts[0], column: parts[1])
  }

  /// The two matrices among a model's parameters.
  func symbols(in parameters: [Symbol]) throws -> (row: Symbol, column: Symbol) {
    (try symbol(row, in: parameters), try symbol(column, in: parameters))
  }

  private func symbol(_ name: String, in parameters: [Symbol]) throws -> Symbol {
    let found = parameters.first { symbol in
      [symbol.name, symbol.name.filter { $0 != "^" }, Self.plain(symbol), Self.short(symbol)].contains {
        $0.lowercased() == name.lowercased()
      }
    }
    if let found { return found }
    let names = parameters.map(Self.short).joined(separator: ", ")
    throw CommandError(
      "there is no matrix \(PrintableText.quoted(name)) in the layer", hint: "name two of \(names) (--block)",
      status: .usage)
  }

  /// `Q^1` for `W_Q^1`.
  private static func plain(_ symbol: Symbol) -> String {
    symbol.name.hasPrefix("W_") ? String(symbol.name.dropFirst(2)) : symbol.name
  }

  /// `Q1` for `W_Q^1`.
  static func short(_ symbol: Symbol) -> String {
    String((symbol.name.hasPrefix("W_") ? symbol.name.dropFirst(2) : Substring(symbol.name)).filter { $0 != "^" })
  }
}
