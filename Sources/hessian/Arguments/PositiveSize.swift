import ArgumentParser
import AttentionHessian

/// A size given on the command line: a whole number from 1 to `limit`.
enum PositiveSize {
  /// Large enough for every model, small enough for products of four sizes to be told apart from overflow.
  static let limit = 1_000_000_000

  static func parse(_ text: String) throws -> Int { try size(ExactNumber.parse(text)) }

  /// Heads are counted from 0.
  static func index(_ text: String) throws -> Int {
    let number = try ExactNumber.parse(text)
    guard let index = number.integer, index >= 0, index <= limit else {
      throw ArgumentProblem("it is not a whole number from 0 to \(limit)")
    }
    return index
  }

  static func size(_ number: Rational) throws -> Int {
    if number.sign <= 0 {
      throw ArgumentProblem("a size is \(number.isZero ? "zero" : "negative"); give a whole number from 1")
    }
    guard number.isInteger else { throw ArgumentProblem("a size is not whole; give a whole number from 1") }
    guard let size = number.integer, size <= limit else {
      throw ArgumentProblem("a size is above \(limit); give a smaller one")
    }
    return size
  }
}
