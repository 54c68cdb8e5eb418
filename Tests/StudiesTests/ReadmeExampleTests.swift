import AttentionHessian
import Testing

/// The example of the README, compiled and run; the README must show exactly these lines.
@Suite struct ReadmeExampleTests {
  @Test func runs() throws {
    // example:begin
    let layer = SelfAttention(.softmax)  // F = A X W_V
    let derivation = HessianDerivation(Objective(layer))  // of ℓ = ‖F − Y‖_F²/(L d_V)
    let (query, value) = (layer.parameters[0], layer.parameters[2])
    let block = derivation.block(value, query)  // ∂²ℓ/∂W_V∂W_Q, derived with its proof
    print(block.outerProduct)  // 2/(L d_V √d_K)·(M_1ᵀ ⊗ W_Vᵀ Xᵀ) 𝒟(A) (X ⊗ X W_K)
    print(block.functional.latex())  // the other part, typeset
    try block.proof.replay(derivation.rules)  // every step again, without the engine

    let sizes = LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 5)
    let exact = try derivation.randomPoint(sizes, as: Formal<Rational>.self, seed: 1)
    print(try BlockCheck(derivation, at: exact).holds(block))  // true: equals ∂∂ℓ by dual numbers, over ℚ
    print(try BlockVerification(.init(.softmax, sizes: sizes)).holds)  // true: all blocks, both routes, five ways

    var floats = try derivation.randomPoint(sizes, as: Double.self, seed: 1)
    for abbreviation in derivation.objective.abbreviations { try floats.define(abbreviation.definition) }
    print(try block.total.value(in: floats))  // the 15×12 block as numbers

    let norms = BoundEvaluation.Input(dataNorm: 1, weightNorm: 2, sequenceLength: 4, keyWidth: 4, valueWidth: 4)
    let bound = try BoundEvaluation(norms)  // at zero residual
    print(try bound.printed.upper, try bound.derived.upper.decimal(significantDigits: 6, rounding: .up))
    // example:end
    #expect("\(block.outerProduct)" == "2/(L d_V √d_K)·(M_1ᵀ ⊗ W_Vᵀ Xᵀ) 𝒟(A) (X ⊗ X W_K)")
    #expect(try block.total.value(in: floats).rows == 15)
    #expect(try bound.printed.upper == Rational(1, over: 2))
  }

  @Test func isWhatTheReadmeShows() throws {
    let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let source = try FileInput.readText(#filePath), readme = try FileInput.readText("/\(here)/README.md")
    let lines = source.lines(between: "    // example:begin", and: "    // example:end").map { $0.dropFirst(4) }
    let shown = readme.lines(between: "<!-- example:begin -->", and: "<!-- example:end -->")
    #expect(!lines.isEmpty)
    #expect(shown.map(String.init) == ["```swift", "import AttentionHessian", ""] + lines.map(String.init) + ["```"])
  }
}

extension String {
  fileprivate func lines(between first: String, and last: String) -> [Substring] {
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: Substring(first)), let end = lines.firstIndex(of: Substring(last)) else {
      return []
    }
    return Array(lines[(start + 1)..<end])
  }
}
