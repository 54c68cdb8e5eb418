import Arithmetic
import Testing

@Suite struct DoubleBallSpectralNormTests {
  static let shapes = [(1, 1), (1, 4), (3, 1), (2, 2), (3, 5), (6, 4), (20, 33)]

  @Test(arguments: shapes) func enclosesTheNormTightly(rows: Int, columns: Int) throws {
    var generator = SplitMix64(seed: UInt64(rows * 100 + columns))
    for scale in [1, 0x1p-400, 0x1p400] {
      let matrix = Matrix(rows: rows, columns: columns) { _, _ in scale * Double.random(using: &generator) }
      let norm = try DoubleBall.spectralNorm(of: matrix.map { DoubleBall($0) })
      let exact = try Ball.spectralNorm(of: matrix.map { Ball(exactly: $0) ?? .zero })
      #expect(try norm.ball(precision: 128).contains(exact))
      #expect(norm.radius <= 1e-11 * norm.midpoint)
    }
  }

  @Test func holdsForEveryMatrixInTheBalls() throws {
    var generator = SplitMix64(seed: 3)
    let center = Matrix(rows: 4, columns: 3) { _, _ in Double.random(using: &generator) }
    let norm = try DoubleBall.spectralNorm(of: center.map { DoubleBall($0, radius: 0.125) })
    for _ in 0..<200 {
      let inside = center.map { $0 + (Double.random(using: &generator) < 0 ? -0.125 : 0.125) }
      let value = try Double.spectralNorm(of: inside)
      #expect(abs(value - norm.midpoint) <= norm.radius)
    }
  }

  @Test func repeatedAndZeroSingularValues() throws {
    #expect(try DoubleBall.spectralNorm(of: .zero(rows: 3, columns: 2)).isZero)
    let norm = try DoubleBall.spectralNorm(of: .identity(7))
    #expect(abs(norm.midpoint - 1) <= norm.radius && norm.radius < 1e-13)
    let unknown = Matrix(rows: 2, columns: 2) { _, _ in DoubleBall(1, radius: .infinity) }
    #expect(throws: ArithmeticError.self) { try DoubleBall.spectralNorm(of: unknown) }
  }
}
