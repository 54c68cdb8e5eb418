import Arithmetic
import Testing

@Suite struct DefinitenessTests {
  private func definiteness(_ rows: [[Rational]]) -> Definiteness {
    Definiteness(ofSymmetric: Matrix(rows: rows.count, columns: rows.count) { rows[$0][$1] })
  }

  @Test func smallCases() {
    #expect(definiteness([]) == .positiveDefinite)
    #expect(definiteness([[1]]) == .positiveDefinite && definiteness([[0]]) == .positiveSemidefinite)
    #expect(definiteness([[-1]]) == .indefinite)
    #expect(
      definiteness([[0, 1], [1, 0]]) == .indefinite && definiteness([[0, 0], [0, 1]]) == .positiveSemidefinite)
    #expect(definiteness([[2, 1, 0], [1, 2, 1], [0, 1, 2]]) == .positiveDefinite)
    #expect(definiteness([[1, 1, 0], [1, 1, 1], [0, 1, 1]]) == .indefinite)
    #expect(definiteness([[1, 1], [1, 1]]) == .positiveSemidefinite)
  }

  /// `BᵀB` is semidefinite, definite where `B` has full rank, and indefinite once less than its smallest eigenvalue.
  @Test func gramMatrices() throws {
    var generator = SplitMix64(seed: 6)
    for sample in 0..<40 {
      let b = Matrix<Rational>(rows: 3, columns: 5) { _, _ in Rational.random(using: &generator) }
      #expect(Definiteness(ofSymmetric: b.transposed * b) == .positiveSemidefinite, "sample \(sample)")
      let gram = b * b.transposed
      #expect(Definiteness(ofSymmetric: gram) == .positiveDefinite, "sample \(sample)")
      let trace = Matrix<Rational>.identity(3).scaled(by: gram.trace)
      #expect(Definiteness(ofSymmetric: gram - trace) == .indefinite, "sample \(sample)")
      let tiny = try Matrix<Rational>.identity(5).scaled(by: Rational(10).power(-60))
      #expect(Definiteness(ofSymmetric: b.transposed * b - tiny) == .indefinite, "sample \(sample)")
    }
  }

  /// `[[√2, 1], [1, √2/2]]` is singular; less `10⁻⁴⁰` it is indefinite.
  @Test func matricesWithRoots() throws {
    let root = try RadicalSum(2).squareRoot(), half = RadicalSum(Rational(1, over: 2))
    let m = Matrix<RadicalSum>(rows: 2, columns: 2, entries: [root, .one, .one, root * half])
    #expect(try Definiteness(ofSymmetric: m) == .positiveSemidefinite)
    let tiny = Matrix<RadicalSum>.identity(2).scaled(by: RadicalSum(try Rational(10).power(-40)))
    #expect(try Definiteness(ofSymmetric: m + tiny) == .positiveDefinite)
    #expect(try Definiteness(ofSymmetric: m - tiny) == .indefinite)
  }
}
