import AttentionHessian
import Testing

@Suite struct BoundEvaluationTests {
  private typealias Input = BoundEvaluation.Input
  private let one = Rational(1)

  private func isExact(_ quantity: Quantity, _ value: Rational) -> Bool { quantity == .exact(value) }
  private func isEnclosure(_ quantity: Quantity) -> Bool { if case .enclosure = quantity { true } else { false } }

  @Test func exactWhereTheRootsAre() throws {
    let bounds = try BoundEvaluation(
      Input(
        dataNorm: 3, weightNorm: 5, sequenceLength: 2, keyWidth: 9, valueWidth: 13, residual: .norm(7),
        shufflingNorm: 11))
    // c = 1/13, √d_K = 3.
    let c = Rational(1, over: 13), outer = c * Rational(625 * 729, over: 9),
      functional = c * Rational(7 * 125 * 243, over: 9)
    let value = c * Rational(81 * 25, over: 3) + c * Rational(7 * 11 * 27 * 5, over: 3)
    let last = outer + functional + c * Rational(7 * 5 * 27 * 11, over: 3)
    #expect(bounds.entries.map(\.block) == ["V,V", "Q,Q", "V,Q", "Q,K"])
    for (entry, expected) in zip(bounds.entries, [c * 9, outer + functional, value, last]) {
      #expect(isExact(entry.value, expected), "\(entry.block)")
    }
    #expect(isExact(bounds.printed, last) && bounds.maximal == [3])
    #expect(isExact(bounds.residualNorm, 7))
    #expect(isExact(bounds.entries[1].terms[0], outer) && isExact(bounds.entries[1].terms[1], functional))
  }

  @Test func enclosedElsewhere() throws {
    let bounds = try BoundEvaluation(Input(dataNorm: 1, weightNorm: 1, sequenceLength: 2, keyWidth: 2, valueWidth: 2))
    #expect(isExact(bounds.entries[0].value, Rational(1, over: 2)))
    #expect(isEnclosure(bounds.entries[2].value))
    // 1/(2√2).
    #expect(try bounds.entries[2].value.lower * bounds.entries[2].value.lower <= Rational(1, over: 8))
    #expect(try bounds.entries[2].value.upper * bounds.entries[2].value.upper >= Rational(1, over: 8))
    #expect(try bounds.entries[2].value.upper - bounds.entries[2].value.lower < Rational(1, over: 1_000_000_000))
    #expect(bounds.maximal == [0])
  }

  @Test func everyEntryMayBeMaximal() throws {
    let bounds = try BoundEvaluation(Input(dataNorm: 1, weightNorm: 1, sequenceLength: 3, keyWidth: 1, valueWidth: 4))
    #expect(bounds.maximal == [0, 1, 2, 3])
    #expect(isExact(bounds.printed, Rational(1, over: 6)))
  }

  @Test func theResidualFromTheTarget() throws {
    let bounds = try BoundEvaluation(
      Input(
        dataNorm: 3, weightNorm: 6, valueNorm: 5, sequenceLength: 4, keyWidth: 4, valueWidth: 1,
        residual: .targetNorm(7)))
    #expect(isExact(bounds.residualNorm, 2 * 3 * 5 + 7))
    let zero = try BoundEvaluation(Input(dataNorm: 3, weightNorm: 5, sequenceLength: 4, keyWidth: 4, valueWidth: 1))
    #expect(isExact(zero.residualNorm, 0))
    #expect(isExact(zero.entries[1].terms[1], 0))
  }

  /// The derived bound encloses what floating point computes, and is the norm of its blocks.
  @Test func theDerivedBound() throws {
    let input = Input(
      dataNorm: Rational(3, over: 2), weightNorm: 2, queryNorm: Rational(1, over: 2), keyNorm: 2,
      valueNorm: Rational(5, over: 4),
      sequenceLength: 3, keyWidth: 5, valueWidth: 2, residual: .norm(Rational(7, over: 10)),
      attentionNorm: Rational(6, over: 5))
    let bounds = try BoundEvaluation(input)
    #expect(bounds.blocks.map { "\($0.row)\($0.column)" } == ["QQ", "QK", "QV", "KK", "KV", "VV"])
    let values: [Symbol: Matrix<Double>] = [
      DerivedBound.dataNorm: Matrix(1.5), DerivedBound.queryNorm: Matrix(0.5), DerivedBound.keyNorm: Matrix(2),
      DerivedBound.valueNorm: Matrix(1.25), DerivedBound.attentionNorm: Matrix(1.2),
      DerivedBound.residualNorm: Matrix(0.7),
    ]
    let whole = try DerivedBound.derived(.norm, isAttentionNormGiven: true).formula
    let point = Environment<Double>(sizes: ["L": 3, "d_K": 5, "d_V": 2], values: values)
    for (formula, quantity) in bounds.blocks.map({ ($0.formula, $0.value) }) + [(whole, bounds.derived)] {
      let estimate = try formula.value(in: point).scalar
      #expect(abs(try quantity.upper.roundedUp - estimate) <= 1e-12 * estimate)
      #expect(abs(try quantity.lower.roundedDown - estimate) <= 1e-12 * estimate)
    }
    let greater = try BoundEvaluation(
      Input(dataNorm: 2, weightNorm: 2, sequenceLength: 3, keyWidth: 5, valueWidth: 2, residual: .norm(1)))
    #expect(try greater.derived.lower > bounds.derived.upper)
  }

  @Test func refusalsNameTheNumber() {
    let minus = Rational(-1, over: 3)
    let refused: [(Input, String)] = [
      (Input(dataNorm: minus, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: 1), "X_max"),
      (Input(dataNorm: 1, weightNorm: minus, sequenceLength: 1, keyWidth: 1, valueWidth: 1), "W_max"),
      (Input(dataNorm: 1, weightNorm: 1, queryNorm: minus, sequenceLength: 1, keyWidth: 1, valueWidth: 1), "W_Q"),
      (Input(dataNorm: 1, weightNorm: 1, keyNorm: 2, sequenceLength: 1, keyWidth: 1, valueWidth: 1), "W_K"),
      (Input(dataNorm: 1, weightNorm: 1, valueNorm: minus, sequenceLength: 1, keyWidth: 1, valueWidth: 1), "W_V"),
      (
        Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: 1, residual: .norm(minus)),
        "R_max"
      ),
      (
        Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: 1, residual: .targetNorm(minus)),
        "Y"
      ),
      (Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: 1, shufflingNorm: minus), "S_max"),
      (Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: 1, attentionNorm: minus), "α"),
      (Input(dataNorm: 1, weightNorm: 1, sequenceLength: 0, keyWidth: 1, valueWidth: 1), "L"),
      (Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: -4, valueWidth: 1), "d_K"),
      (Input(dataNorm: 1, weightNorm: 1, sequenceLength: 1, keyWidth: 1, valueWidth: .min), "d_V"),
    ]
    for (input, name) in refused {
      #expect { try BoundEvaluation(input) } throws: { ($0 as? BoundInputError)?.description.contains(name) ?? false }
    }
  }

  @Test func hugeSizesAreErrorsOrValues() {
    let huge = Input(dataNorm: 1, weightNorm: 1, sequenceLength: .max, keyWidth: .max, valueWidth: .max)
    #expect(throws: EvaluationError.self) { try BoundEvaluation(huge) }
  }

  @Test func zeroNormsAreLegal() throws {
    let bounds = try BoundEvaluation(Input(dataNorm: 0, weightNorm: 0, sequenceLength: 1, keyWidth: 1, valueWidth: 1))
    #expect(isExact(bounds.printed, 0))
    #expect(try bounds.derived.lower <= 0 && bounds.derived.upper >= 0)
  }
}
