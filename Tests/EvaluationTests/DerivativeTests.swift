import Arithmetic
import Evaluation
import Formulas
import Testing

/// `∂` as dual numbers against derivatives known by hand, nested to the third order.
@Suite struct DerivativeTests {
  private let x = Formula.symbol("x", 1, 1), y = Formula.symbol("y", 1, 1)

  private func at<S: Scalar>(_ a: S, _ b: S) -> Environment<S> {
    Environment(sizes: [:], values: [x.symbols[0]: Matrix(a), y.symbols[0]: Matrix(b)])
  }

  /// `f = x³y² + x/y` at (2, 3), exactly.
  @Test func rationalDerivativesOfAllOrders() throws {
    let f = x.power(3) * y.power(2) + x * y.inverse
    let point = at(Rational(2), Rational(3))
    func value(_ formula: Formula) throws -> Rational { try formula.value(in: point).scalar }
    #expect(try value(f) == Rational(72) + Rational(2, over: 3))
    #expect(try value(f.jacobian(x)) == Rational(108) + Rational(1, over: 3))
    #expect(try value(f.jacobian(y)) == Rational(48) - Rational(2, over: 9))
    #expect(try value(f.jacobian(x).jacobian(x)) == 108)
    #expect(try value(f.jacobian(x).jacobian(y)) == Rational(72) - Rational(1, over: 9))
    #expect(try value(f.jacobian(y).jacobian(x)) == Rational(72) - Rational(1, over: 9))
    #expect(try value(f.jacobian(y).jacobian(y)) == Rational(16) + Rational(4, over: 27))
    #expect(try value(f.jacobian(x).jacobian(x).jacobian(x)) == 54)
    #expect(try value(f.jacobian(x).jacobian(y).jacobian(y)) == Rational(24) + Rational(2, over: 27))
  }

  @Test func transcendentalDerivatives() throws {
    let point = at(0.7, 2.5)
    let f = (x * y).mapped(.exponential) * x.squareRoot
    let (a, b) = (0.7, 2.5), e = 5.7546026760057307, root = 0.83666002653407556
    let expected: [(Formula, Double)] = [
      (f, e * root), (f.jacobian(y), a * e * root), (f.jacobian(x), e * (b * root + 0.5 / root)),
      (f.jacobian(y).jacobian(y), a * a * e * root),
      (f.jacobian(x).jacobian(x), e * (b * b * root + b / root - 0.25 / (root * a))),
    ]
    for (formula, value) in expected {
      #expect(abs(try formula.value(in: point).scalar - value) <= 1e-13 * abs(value), "\(formula)")
    }
    #expect(try x.mapped(.positivePart).jacobian(x).value(in: point).scalar == 1)
    #expect(try (-x).mapped(.positivePart).jacobian(x).value(in: point).scalar == 0)
  }

  /// Derivatives of each elementwise function against central differences of its values.
  @Test(arguments: Primitive.allCases) func elementwiseDerivatives(primitive: Primitive) throws {
    let f = x.mapped(primitive), h = 1e-5
    for a in [0.3, 1.7] {
      func value(_ formula: Formula, _ a: Double) throws -> Double { try formula.value(in: at(a, 0)).scalar }
      let difference = try (value(f, a + h) - value(f, a - h)) / (2 * h)
      #expect(try abs(value(f.jacobian(x), a) - difference) <= 1e-7, "\(primitive) at \(a)")
      let second = try (value(f.jacobian(x), a + h) - value(f.jacobian(x), a - h)) / (2 * h)
      #expect(try abs(value(f.jacobian(x).jacobian(x), a) - second) <= 1e-7 * max(1, abs(second)), "\(primitive)″")
    }
  }

  @Test func valuesOfElementwiseFunctions() throws {
    let expected: [(Primitive, Double, Double)] = [
      (.logarithm, 2.5, 0.91629073187415506), (.normalDistribution, 1, 0.84134474606854293),
      (.normalDistribution, -8, 6.2209605742717861e-16), (.normalDensity, 1, 0.24197072451914337), (.step, 2, 1),
      (.step, 0, 0), (.step, -2, 0),
    ]
    for (primitive, a, value) in expected {
      let found = try x.mapped(primitive).value(in: at(a, 0)).scalar
      #expect(abs(found - value) <= 1e-14 * value, "\(primitive) at \(a): \(found)")
    }
  }

  /// Rows of `∂F/∂W` are entries of `F`, columns those of `W`, both row by row.
  @Test func jacobiansAreRowMajor() throws {
    let A = Formula.symbol("A", 2, 3), W = Formula.symbol("W", 3, 2)
    var generator = SplitMix64(seed: 2)
    var point = Environment<Modular>(sizes: [:])
    try point.draw(A.symbols + W.symbols, using: &generator)
    let value = try A.value(in: point), jacobian = try (A * W).jacobian(W).value(in: point)
    for i in 0..<2 {
      for j in 0..<2 {
        for k in 0..<3 {
          for l in 0..<2 {
            #expect(jacobian[2 * i + j, 2 * k + l] == (j == l ? value[i, k] : 0))
          }
        }
      }
    }
  }

  @Test func derivativesByVariablesAndOfConstants() throws {
    let V = Formula.variable("V", 2, 2), W = Formula.symbol("W", 2, 2)
    var generator = SplitMix64(seed: 2)
    var point = Environment<Modular>(sizes: [:])
    try point.draw(V.variables + W.symbols, using: &generator)
    #expect(try V.jacobian(V).value(in: point) == .identity(4))
    #expect(try W.jacobian(V).value(in: point).isZero)
    #expect(try (V * W).jacobian(V).jacobian(V).value(in: point).isZero)
  }

  /// `vec_r(∇_W⟨G, F⟩) = (∂F/∂W)ᵀ vec_r(G)` and `(vec_r(G)ᵀ ⊗ I) ∂B/∂W`, also where the seed depends on `W`.
  @Test func pullbacksAndContractionsAreTheirDefinitions() throws {
    let W = Formula.symbol("W", 2, 3), X = Formula.symbol("X", 4, 2)
    let F = (X * W).mapped(.exponential) ⊙ (X * W), B = (W.transposed * W).vectorized * .symbol("z", 1, 2)
    let seeds = [Formula.symbol("G", 4, 3), X * W]
    for (k, G) in seeds.enumerated() {
      var generator = SplitMix64(seed: UInt64(k))
      var point = Environment<Formal<Modular>>(sizes: [:])
      try point.draw((F + G).symbols + B.symbols, using: &generator)
      let jacobian = try F.jacobian(W).value(in: point), seed = try G.value(in: point)
      let pullback = try Formula.pullback(F, W, G).value(in: point)
      #expect(pullback.rows == 2 && pullback.columns == 3)
      #expect(pullback.vectorized == jacobian.transposed * seed.vectorized)
      let H = Formula.symbol("H", 3, 3), derivative = try B.jacobian(W).value(in: point)
      try point.draw(H.symbols, using: &generator)
      let row = try H.value(in: point).vectorized.transposed
      let contraction = try Formula.contraction(H, B, W).value(in: point)
      #expect(contraction == row.kronecker(.identity(2)) * derivative)
      for i in 0..<2 {
        for j in 0..<6 {
          let entry = (0..<9).reduce(Formal<Modular>.zero) { $0 + row[0, $1] * derivative[2 * $1 + i, j] }
          #expect(contraction[i, j] == entry)
        }
      }
    }
  }
}
