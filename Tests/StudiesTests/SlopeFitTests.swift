import AttentionHessian
import Testing

@testable import Studies

@Suite struct SlopeFitTests {
  /// Against the tables: two-sided 95 % points of Student's distribution.
  @Test(arguments: [
    (1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (10, 2.22814), (30, 2.04227), (999, 1.96234),
  ])
  func studentsDistribution(freedom: Int, quantile: Double) {
    #expect(abs(StudentDistribution(freedom: freedom).twoSided95 - quantile) < 1e-4)
  }

  @Test func aStraightLineIsFoundExactly() throws {
    let fit = SlopeFit(abscissas: [0, 1, 2, 5], curves: [[1, 4, 7, 16], [-2, 1, 4, 13]])
    #expect(abs(fit.slope - 3) < 1e-12)
    #expect(try #require(fit.halfWidth) < 1e-12)
    #expect(fit.slopes.count == 2)
  }

  /// The slope and standard error of a textbook regression: x = 1…5, y = 2, 4, 5, 4, 5 has slope 0.6 and standard error
  /// √0.08 with three degrees of freedom.
  @Test func theIntervalFollowsFromTheResiduals() throws {
    let fit = SlopeFit(abscissas: [1, 2, 3, 4, 5], curves: [[2, 4, 5, 4, 5]])
    #expect(abs(fit.slope - 0.6) < 1e-12)
    #expect(abs(try #require(fit.halfWidth) - 3.18245 * 0.2828427) < 1e-4)
  }

  @Test func theIntervalFollowsFromTheDraws() throws {
    let fit = SlopeFit(abscissas: [0, 1], curves: [[0, 1], [0, 3]])
    #expect(fit.slope == 2)
    // Slopes 1 and 3: the standard error of their mean is 1.
    #expect(abs(try #require(fit.halfWidth) - 12.7062) < 1e-3)
    #expect(SlopeFit(abscissas: [0, 1], curves: [[0, 1]]).halfWidth == nil)
  }
}
