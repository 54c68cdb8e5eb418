import AttentionHessian
import Formulas
import Testing

@testable import Studies

@Suite struct GrowthStudyTests {
  static let scales = (0..<5).compactMap { try? Rational(exactly: ["1e-4", "3e-4", "1e-3", "3e-3", "1e-2"][$0]) }

  static func study(
    _ kernel: AttentionKernel, length: Int, draws: Int = 2, scalesTarget: Bool = false
  ) throws -> GrowthStudy {
    try GrowthStudy(
      kernel: kernel, sizes: LayerSizes(sequenceLength: length, width: 3, keyWidth: 2, valueWidth: 4), scales: scales,
      draws: draws, seed: 7, scalesTarget: scalesTarget)
  }

  /// The powers of MATH.md's conditions: at least three tokens, a fixed target.
  static let softmax: [String: Int?] = [
    "H_o(V,V)": 2, "H_o(V,Q)": 4, "H_o(V,K)": 4, "H_o(Q,Q)": 6, "H_o(Q,K)": 6, "H_o(K,K)": 6, "H_f(V,V)": nil,
    "H_f(V,Q)": 3, "H_f(V,K)": 3, "H_f(Q,Q)": 5, "H_f(Q,K)": 3, "H_f(K,K)": 5, "H(V,V)": 2, "H(V,Q)": 3, "H(V,K)": 3,
    "H(Q,Q)": 5, "H(Q,K)": 3, "H(K,K)": 5,
  ]
  static let linear: [String: Int?] = [
    "H_o(V,V)": 6, "H_o(V,Q)": 6, "H_o(V,K)": 6, "H_o(Q,Q)": 6, "H_o(Q,K)": 6, "H_o(K,K)": 6, "H_f(V,V)": nil,
    "H_f(V,Q)": 3, "H_f(V,K)": 3, "H_f(Q,Q)": nil, "H_f(Q,K)": 3, "H_f(K,K)": nil, "H(V,V)": 6, "H(V,Q)": 3,
    "H(V,K)": 3, "H(Q,Q)": 6, "H(Q,K)": 3, "H(K,K)": 6,
  ]

  /// The rows whose exact or measured power is not the expected one.
  static func surprises(_ study: GrowthStudy, _ expected: [String: Int?]) -> [String] {
    study.rows.filter { row in
      guard let power = expected[row.block.description] else { return true }
      guard let power else { return row.exponent != .zero || row.fit != nil }
      guard let fit = row.fit, let local = row.localSlope else { return true }
      return row.exponent != .power(power) || abs(fit.slope - Double(power)) > 0.1
        || abs(local - Double(power)) > 0.1
    }.map(\.block.description)
  }

  @Test(arguments: [3, 4]) func softmaxAttention(length: Int) throws {
    let study = try Self.study(.softmax, length: length)
    #expect(study.rows.count == 18)
    #expect(Self.surprises(study, Self.softmax).isEmpty)
    #expect(study.rows.allSatisfy { $0.confirmsPrinted != false && $0.agrees != false })
    #expect(study.rows.filter { $0.confirmsPrinted == true }.count == 4)
  }

  @Test(arguments: [3, 4]) func linearAttention(length: Int) throws {
    let study = try Self.study(.linear, length: length)
    #expect(Self.surprises(study, Self.linear).isEmpty)
    #expect(study.rows.filter { $0.confirmsPrinted == true }.map(\.block.description) == ["H_o(Q,Q)"])
  }

  /// With two tokens the third central moment of near-uniform attention vanishes to leading order.
  @Test func twoTokensAreAnException() throws {
    let expected = Self.softmax.merging(["H_f(Q,Q)": 7, "H_f(K,K)": 7, "H(Q,Q)": 6, "H(K,K)": 6]) { $1 }
    let study = try Self.study(.softmax, length: 2)
    #expect(Self.surprises(study, expected).isEmpty)
    #expect(study.rows.filter { $0.confirmsPrinted == false }.map(\.block.description) == ["H_f(Q,Q)"])
  }

  /// With the target scaled like the output, the residual is proportional to the scale.
  @Test func aScaledTargetIsAnException() throws {
    let functional = ["H_f(V,Q)": 4, "H_f(V,K)": 4, "H_f(Q,Q)": 6, "H_f(Q,K)": 4, "H_f(K,K)": 6]
    let total = ["H(V,Q)": 4, "H(V,K)": 4, "H(Q,Q)": 6, "H(Q,K)": 4, "H(K,K)": 6]
    let study = try Self.study(.softmax, length: 3, scalesTarget: true)
    #expect(study.targetPower == 1)
    #expect(Self.surprises(study, Self.softmax.merging(functional) { $1 }.merging(total) { $1 }).isEmpty)
    #expect(try Self.study(.linear, length: 3, draws: 1, scalesTarget: true).targetPower == 3)
  }

  /// The Gaussian kernel's logits are quadratic in each weight, which adds a term to the functional blocks.
  @Test func gaussianAttention() throws {
    let study = try Self.study(.gaussian, length: 3)
    let powers = study.rows.filter { $0.block.part == .functional }.map(\.exponent)
    #expect(powers == [.zero, .power(3), .power(3), .power(3), .power(3), .power(3)])
    #expect(study.rows.allSatisfy { $0.agrees != false })
  }

  /// The wrong part in a block's place changes its power, and its slope with it.
  @Test func aWrongBlockIsCaught() throws {
    let sizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 1, valueWidth: 2)
    let instance = try LayerInstance.random(.softmax, sizes: sizes, seed: 1)
    let derivation = HessianDerivation(instance.objective)
    func study(_ change: (GrowthBlock) -> GrowthBlock) throws -> GrowthStudy {
      try GrowthStudy(
        [instance], subject: "", scales: Self.scales, scalesTarget: false, fitLimit: 1, field: .rational,
        progress: { _, _ in }, changing: change)
    }
    #expect(Self.surprises(try study { $0 }, Self.softmax).isEmpty)
    let wrong = try study { block in
      guard block.description == "H_f(Q,Q)" else { return block }
      let outer = derivation.block(block.row, block.column).outerProduct
      return GrowthBlock(row: block.row, column: block.column, part: block.part, formula: outer)
    }
    #expect(Self.surprises(wrong, Self.softmax) == ["H_f(Q,Q)"])
    let row = try #require(wrong.rows.first { $0.block.description == "H_f(Q,Q)" })
    #expect(row.confirmsPrinted == false)
    #expect(abs(try #require(row.fit).slope - 6) < 0.1)
  }

  /// The leading powers of the derived blocks are those of `∂∂ℓ`, which shares no code with the derivation.
  @Test func thePowersAreThoseOfTheSecondDerivative() throws {
    let sizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 1, valueWidth: 1)
    let instance = try LayerInstance.random(.softmax, sizes: sizes, seed: 2)
    let objective = instance.objective
    let scaling = GrowthScaling(
      data: TruncatedSeries<Rational>(1, power: 1), target: .one, image: { TruncatedSeries(constant: $0) })
    let evaluator = Evaluator(try instance.environment(of: objective, sample: 0, scaling: scaling))
    let study = try GrowthStudy([instance], subject: "", scales: Self.scales)
    for row in study.rows where row.block.part == .both {
      let hessian = objective.loss.jacobian(.symbol(row.block.row)).jacobian(.symbol(row.block.column))
      #expect(try evaluator.value(of: hessian).order() == row.exponent?.power, "\(row.block)")
    }
  }

  /// Norms over balls are those of the closed forms in floating point, where that is accurate.
  @Test func normsAgreeWithFloatingPoint() throws {
    let sizes = LayerSizes(sequenceLength: 4, width: 3, keyWidth: 2, valueWidth: 3)
    let instance = try LayerInstance.random(.softmax, sizes: sizes, seed: 9)
    let study = try GrowthStudy([instance], subject: "", scales: [1, 2], fitLimit: 2)
    let evaluation = LossEvaluation(instance, as: Double.self)
    for row in study.rows {
      let norm = try LinearAlgebra.largestSingularValue(
        of: evaluation.block(row.block.row, row.block.column, row.block.part))
      #expect(abs((row.norms[0] ?? 0) - norm) <= 1e-10 * norm, "\(row.block)")
    }
  }

  /// Cancellation far beyond what floating point could bear.
  @Test func tinyScalesStayAccurate() throws {
    let study = try GrowthStudy(
      kernel: .softmax, sizes: LayerSizes(sequenceLength: 2, width: 2, keyWidth: 1, valueWidth: 2),
      scales: [Rational(exactly: "1e-19"), Rational(exactly: "1e-18")], draws: 1)
    let row = try #require(study.rows.first { $0.block.description == "H_f(Q,Q)" })
    #expect(abs(try #require(row.fit).slope - 7) < 1e-9)
  }

  @Test func theSameSeedGivesTheSameOutput() throws {
    let first = try Self.study(.softmax, length: 3), second = try Self.study(.softmax, length: 3)
    #expect(first.text == second.text && first.json().text == second.json().text)
    #expect(first.files(provenance: "p") == second.files(provenance: "p"))
    let other = try GrowthStudy(scales: Self.scales, draws: 2, seed: 8)
    #expect(other.rows[0].norms != (try GrowthStudy(scales: Self.scales, draws: 2, seed: 9)).rows[0].norms)
  }

  @Test func halfWidthsOfRoundingErrorsAreNotPrinted() throws {
    let text = try Self.study(.linear, length: 3).text
    #expect(text.contains("< 1e-9") && !text.contains("e-15") && !text.contains("e-16"))
  }

  @Test func theTextSaysWhatThereIs() throws {
    let study = try Self.study(.softmax, length: 3)
    #expect(study.text.contains("≡ 0: zero at every scale: H_f(V,V)."))
    #expect(study.text.contains("5 scales from 1e-4 to 0.01"))
    #expect(study.table.rows.count == 18 && study.normTable.columns.count == 18)
    #expect(study.figure.panels.map(\.curves.count) == [6, 6])
    #expect(study.files(provenance: "p").map(\.path).contains("growth-softmax.svg"))
  }

  /// A target that is the output has no residual; one token has no attention to change.
  @Test func degenerateInstances() throws {
    let sizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 1, valueWidth: 2)
    let drawn = try LayerInstance.random(.softmax, sizes: sizes, seed: 4)
    let exact = try LayerInstance(
      kernel: .softmax, samples: [.init(input: drawn.samples[0].input, target: .output)], heads: drawn.heads)
    let study = try GrowthStudy([exact], subject: "", scales: Self.scales)
    #expect(study.rows.filter { $0.block.part == .functional }.allSatisfy { $0.exponent == .zero && $0.fit == nil })
    let single = try Self.study(.softmax, length: 1)
    let key = try #require(single.rows.first { $0.block.description == "H_o(Q,Q)" })
    #expect(key.exponent == .above(10) && key.fit == nil)
    #expect(single.text.contains("> 10"))
  }

  /// Where attention saturates, norms fall below what can be measured: they are left out, and said to be.
  @Test func whatCannotBeMeasuredIsLeftOut() throws {
    let study = try GrowthStudy(scales: [1, 10000], draws: 1, fitLimit: 10000)
    let row = try #require(study.rows.first { $0.block.description == "H_o(Q,Q)" })
    #expect(row.exponent == .power(6) && row.fit == nil && row.norms[0] != nil && row.norms[1] == nil)
    #expect(study.text.contains("Not measured at every scale"))
  }

  /// Both fields give the same powers.
  @Test func theFieldsAgree() throws {
    let sizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 2, valueWidth: 2)
    let instance = try LayerInstance.random(.gaussian, sizes: sizes, seed: 6)
    let powers = try [ExponentField.rational, .primeField].map { field in
      try GrowthStudy([instance], subject: "", scales: Self.scales, field: field).rows.map(\.exponent)
    }
    #expect(powers[0] == powers[1])
    #expect(GrowthStudy.field(for: sizes) == .rational)
  }

  /// A head of the real layer with its first tokens: the coordinates change no norm.
  @Test func aTrainedHead() throws {
    let path =
      String(#filePath.dropLast("/Tests/StudiesTests/GrowthStudyTests.swift".count))
      + "/Examples/albert-attention.safetensors"
    let selection = WeightsSelection(path: path, head: 2, target: "zero")
    let study = try GrowthStudy(selection, tokens: 2, scales: [Rational(1, over: 1000), Rational(1, over: 100)])
    #expect(study.sizes.width == 2 && study.field == .primeField)
    let power = study.rows.first { $0.block.description == "H_f(Q,Q)" }?.exponent
    #expect(power == .power(8), "two tokens and a residual that is proportional to the scale")
    #expect(throws: GrowthError.self) { try GrowthStudy(selection, tokens: 54) }
  }

  @Test func badInputIsRefused() throws {
    let one = Rational(1, over: 1000)
    func message(_ body: () throws -> GrowthStudy) -> String {
      do {
        _ = try body()
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(message { try GrowthStudy(scales: []) }.contains("no data scale"))
    #expect(message { try GrowthStudy(scales: [one]) }.contains("single"))
    #expect(message { try GrowthStudy(scales: [one, one]) }.contains("twice"))
    #expect(message { try GrowthStudy(scales: [0, one]) }.contains("not above 0"))
    #expect(message { try GrowthStudy(scales: [-1, one]) }.contains("not above 0"))
    #expect(message { try GrowthStudy(scales: [one, Rational(exactly: "1e30")]) }.contains("outside"))
    #expect(message { try GrowthStudy(scales: [1, 2]) }.contains("no data scale is at most 1/100"))
    #expect(message { try GrowthStudy(scales: [one, 2]) }.contains("only one"))
    #expect(message { try GrowthStudy(draws: 0) }.contains("draws"))
    let huge = LayerSizes(sequenceLength: 3, width: 1_000_000_000, keyWidth: 1_000_000_000, valueWidth: 1)
    #expect(message { try GrowthStudy(sizes: huge) }.contains("more than 256"))
    let long = LayerSizes(sequenceLength: 17, width: 1, keyWidth: 1, valueWidth: 1)
    #expect(message { try GrowthStudy(sizes: long) }.contains("17 tokens"))
    let both = LayerSizes(sequenceLength: 16, width: 16, keyWidth: 16, valueWidth: 1)
    #expect(message { try GrowthStudy(sizes: both) }.contains("together more than 16384"))
    #expect(message { try GrowthStudy([], subject: "") }.contains("no instance"))
  }
}
