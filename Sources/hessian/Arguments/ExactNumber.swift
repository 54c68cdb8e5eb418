import ArgumentParser
import AttentionHessian

/// A number given on the command line, read exactly: `12`, `0.25`, `1e-3` or `3/4`.
struct ExactNumber: Hashable {
  let value: Rational

  /// Any rational number.
  static func any(_ text: String) throws -> ExactNumber { ExactNumber(value: try parse(text)) }

  /// A number that is at least zero.
  static func nonNegative(_ text: String) throws -> ExactNumber {
    let number = try any(text)
    guard number.value.sign >= 0 else { throw ArgumentProblem("it is negative; give a number that is at least 0") }
    return number
  }

  /// A number above zero.
  static func positive(_ text: String) throws -> ExactNumber {
    let number = try any(text)
    guard number.value.sign > 0 else {
      throw ArgumentProblem("it is \(number.value.isZero ? "zero" : "negative"); give a number above 0")
    }
    return number
  }

  static func parse(_ text: String) throws -> Rational {
    do {
      return try Rational(exactly: text)
    } catch {
      // "ten" has an e, but is no power of ten.
      let isNumeric = text.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      throw ArgumentProblem(
        "it \(isNumeric || text.isEmpty ? error.reason : "is not a number"); write an integer (12), a decimal (0.25), a power of ten (1e-3) or a fraction (3/4)"
      )
    }
  }
}
