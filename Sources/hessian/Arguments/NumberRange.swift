import ArgumentParser
import AttentionHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// One number, or several as `FIRST:LAST:COUNT`, evenly spaced, or `FIRST:LAST:COUNTlog`, with even ratios.
///
/// The ends are exact. Evenly spaced points are exact rationals; points of even ratios are the shortest decimals of
/// their floating values.
struct NumberRange: Hashable {
  /// The points, at least one, in order.
  let points: [Rational]

  var isSingle: Bool { points.count == 1 }

  /// The most points of one range.
  static let limit = 10_000_000

  init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 {
      points = [try ExactNumber.parse(text)]
      return
    }
    guard parts.count == 3 else {
      throw ArgumentProblem("a range has the form FIRST:LAST:COUNT or FIRST:LAST:COUNTlog, such as 0.1:10:50log")
    }
    let first = try ExactNumber.parse(parts[0])
    let last = try ExactNumber.parse(parts[1])
    let isLogarithmic = parts[2].hasSuffix("log")
    let count = try Self.count(isLogarithmic ? String(parts[2].dropLast(3)) : parts[2])
    if count == 1, first != last {
      throw ArgumentProblem("a range of one point has two different ends; give at least 2 points")
    }
    points = isLogarithmic ? try Self.evenRatios(first, last, count) : Self.evenSteps(first, last, count)
  }

  /// All points at least zero.
  static func nonNegative(_ text: String) throws -> NumberRange {
    let range = try NumberRange(text)
    guard range.points.allSatisfy({ $0.sign >= 0 }) else {
      throw ArgumentProblem("it is negative; give a number that is at least 0")
    }
    return range
  }

  /// All points above zero.
  static func positive(_ text: String) throws -> NumberRange {
    let range = try NumberRange(text)
    guard range.points.allSatisfy({ $0.sign > 0 }) else {
      let isNegative = range.points.contains { $0.sign < 0 }
      throw ArgumentProblem("it is \(isNegative ? "negative" : "zero"); give a number above 0")
    }
    return range
  }

  /// All points sizes.
  static func sizes(_ text: String) throws -> NumberRange {
    let range = try NumberRange(text)
    for point in range.points { _ = try PositiveSize.size(point) }
    return range
  }

  /// The points as sizes.
  ///
  /// - Errors: one that is no whole number from 1.
  func sizes() throws -> [Int] { try points.map(PositiveSize.size) }

  private static func count(_ text: String) throws -> Int {
    guard let count = Int(text), (1...limit).contains(count) else {
      throw ArgumentProblem("the number of points is not a whole number from 1 to \(limit)")
    }
    return count
  }

  private static func evenSteps(_ first: Rational, _ last: Rational, _ count: Int) -> [Rational] {
    guard count > 1 else { return [first] }
    return (0..<count).map { first + (last - first) * Rational($0, over: count - 1) }
  }

  private static func evenRatios(_ first: Rational, _ last: Rational, _ count: Int) throws -> [Rational] {
    guard first.sign > 0, last.sign > 0 else {
      throw ArgumentProblem("a range of even ratios has an end that is not above 0; leave out 'log' for even steps")
    }
    guard count > 1 else { return [first] }
    let (low, ratio) = (Double(first), Double(try last.divided(by: first)))
    guard low.isNormal, ratio.isNormal, Double(last).isNormal else {
      throw ArgumentProblem("an end is beyond the range of floating point; leave out 'log' for even steps")
    }
    var points = [first]
    for index in 1..<(count - 1) {
      points.append(try Rational(exactly: "\(low * pow(ratio, Double(index) / Double(count - 1)))"))
    }
    return points + [last]
  }
}
