import AttentionHessian
import Testing

@testable import hessian

@Suite struct NumberRangeTests {
  @Test func oneNumberIsExact() throws {
    #expect(try NumberRange("3/4").points == [Rational(3, over: 4)])
    #expect(try NumberRange("1e-3").points == [Rational(1, over: 1000)])
    #expect(try NumberRange("-0.1").points == [Rational(-1, over: 10)])
  }

  @Test func evenStepsAreExact() throws {
    #expect(try NumberRange("1:2:11").points == (10...20).map { Rational($0, over: 10) })
    #expect(try NumberRange("2:1:3").points == [2, Rational(3, over: 2), 1])
    #expect(try NumberRange("5:5:1").points == [5])
  }

  @Test func evenRatiosHaveExactEndsAndShortDecimals() throws {
    let points = try NumberRange("0.1:10:50log").points
    #expect(points.count == 50)
    #expect(points.first == Rational(1, over: 10) && points.last == 10)
    for (a, b) in zip(points, points.dropFirst()) { #expect(abs(Double(b) / Double(a) - 1.0985411419875584) < 1e-12) }
    #expect(
      try NumberRange("1:100:3log").points[1] == Rational(exactly: "\(Double(try NumberRange("1:100:3log").points[1]))")
    )
    #expect(try NumberRange("1:2:2log").points == [1, 2])
  }

  @Test(arguments: [
    "", "abc", "nan", "inf", "1:2", "1:2:3:4", "1:2:0", "1:2:-1", "1:2:1", "1:2:x", "0:1:5log", "-1:1:5log", "1:2:log",
    "1::3", "1:2:99999999999999999999", "1:2:100000000", "1/0", "1e999999", "0x10", " 1",
  ])
  func whatIsNoRangeIsRefused(text: String) {
    #expect(throws: ArgumentProblem.self) { try NumberRange(text) }
  }

  @Test func signsAndSizesAreChecked() throws {
    #expect(try NumberRange.nonNegative("0").points == [0])
    #expect(throws: ArgumentProblem.self) { try NumberRange.nonNegative("-1:1:3") }
    #expect(throws: ArgumentProblem.self) { try NumberRange.positive("0:1:3") }
    #expect(try NumberRange.sizes("1:64:64").points.count == 64)
    for text in ["0", "-3", "1.5", "1:2:3", "1000000001"] {
      #expect(throws: ArgumentProblem.self) { try NumberRange.sizes(text) }
    }
  }
}
