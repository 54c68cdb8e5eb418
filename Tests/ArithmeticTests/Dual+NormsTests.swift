import Arithmetic
import Testing

@Suite struct DualNormsTests {
  @Test func theTangentIsTheDerivative() throws {
    var generator = SplitMix64(seed: 5)
    for (rows, columns) in [(3, 3), (2, 4), (4, 1), (1, 1)] {
      let matrix = Matrix<Dual<Double>>.random(rows: rows, columns: columns, using: &generator)
      let norm = try Dual.spectralNorm(of: matrix)
      func value(_ t: Double) throws -> Double {
        try Double.spectralNorm(of: matrix.map { $0.value + t * $0.tangent })
      }
      let expected = (try value(1e-6) - value(-1e-6)) / 2e-6
      #expect(abs(norm.value - (try value(0))) <= 1e-14)
      #expect(abs(norm.tangent - expected) <= 1e-8, "\(rows)×\(columns)")
    }
  }

  @Test func aDoubleSingularValueHasNoDerivative() throws {
    var identity = Matrix<Dual<Double>>.identity(2)
    #expect(try Dual.spectralNorm(of: identity) == .one)
    identity[0, 0] = Dual(1, tangent: 1)
    #expect(throws: ArithmeticError.self) { try Dual.spectralNorm(of: identity) }
    let zero = Matrix<Dual<Double>>(Dual(0, tangent: 1))
    #expect(throws: ArithmeticError.self) { try Dual.spectralNorm(of: zero) }
    #expect(throws: ArithmeticError.self) { try Dual.spectralNorm(of: Matrix<Dual<Rational>>.identity(2)) }
  }
}
