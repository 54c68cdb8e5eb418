import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import TensorFiles
import Testing
import Transformers

@Suite struct ClaimWitnessTests {
  static let ones = """
    { "version": 1, "claim": "row sum", "sizes": { "m": 2, "n": 1 }, "matrices": { "A": [[1], ["2/2"]] } }
    """

  static func read(_ text: String, _ claim: Claim = ToyClaims.rowSum) throws -> ClaimWitness {
    try ClaimWitness(of: claim, json: try JSONValue(parsing: text))
  }

  static func error(_ text: String, _ claim: Claim = ToyClaims.rowSum) -> InstanceError? {
    do {
      _ = try read(text, claim)
      return nil
    } catch { return error as? InstanceError }
  }

  @Test func aWitnessIsReadAndCertified() throws {
    let witness = try Self.read(Self.ones)
    let certification = try witness.certification()
    #expect(certification.verdict == .refuted)
    let ratio = try certification.ratioLowerBound
    #expect(try #require(ratio) > Rational(14, over: 10))
    #expect(try ClaimWitness(of: ToyClaims.rowSum, json: witness.json).point.values == witness.point.values)
    // A point at which the claim holds is no witness, whatever its file is called.
    let none = try Self.read(Self.ones.replacingFirst("\"2/2\"", with: "0"))
    #expect(try none.certification().verdict != .refuted)
  }

  @Test(arguments: [
    ("\"A\"", "\"B\"", "'B' is unknown"), ("\"matrices\"", "\"matrix\"", "'matrix' is unknown"),
    (", \"matrices\": { \"A\": [[1], [\"2/2\"]] }", "", "no \"matrices\""), ("\"2/2\"", "\"1/0\"", "1/0"),
    ("[[1], [\"2/2\"]]", "[[1, 1]]", "1×2"), ("[[1], [\"2/2\"]]", "[]", "empty"), ("[1]", "[true]", "a boolean"),
    ("[[1], [\"2/2\"]]", "[[1], [1, 1]]", "2 entries"), ("\"n\": 1", "\"n\": 0", "no size"),
    ("\"n\": 1", "\"n\": 1.5", "no size"), ("\"n\": 1", "\"n\": 99999999999999999999", "no size"),
    (", \"n\": 1", "", "no \"n\""), ("\"n\": 1", "\"r\": 1", "'r' is unknown"),
    ("\"row sum\"", "\"P1\"", "not row sum"),
    ("\"row sum\"", "7", "a number"), ("\"version\": 1", "\"version\": 2", "version"),
    ("\"n\": 1", "\"n\": 1, \"n\": 1", "twice"),
  ])
  func badFilesAreRefused(part: String, other: String, reason: String) throws {
    let error = try #require(Self.error(Self.ones.replacingFirst(part, with: other)))
    #expect(error.description.contains(reason), "\(error)")
    #expect(!error.advice.isEmpty)
  }

  @Test func aNumberOfAMillionDigitsIsRefusedOrRead() throws {
    let digits = String(repeating: "7", count: 1_000_000)
    let error = Self.error(Self.ones.replacingFirst("\"2/2\"", with: "\"1e999999999\""))
    #expect(error?.path == "matrices.A[1][0]")
    let long = Self.error(Self.ones.replacingFirst("\"2/2\"", with: digits))
    #expect(long == nil || long?.path == "matrices.A[1][0]")
    if let long { #expect(long.description.utf8.count < 2000) }
  }

  @Test func aLayerIsAnInstanceFile() throws {
    let text = """
      { "version": 1, "kernel": "softmax", "X": [[1, 0], [0, 1]], "Y": "F", "W_Q": [[1, 0, 0, 0], [1, 0, 0, 0]],
        "W_K": [[0, 1, 0, 0], [0, -1, 0, 0]], "W_V": [[1, 0], [-1, 0]] }
      """
    let witness = try Self.read(text, TheoremOne.claim)
    #expect(witness.layer != nil)
    #expect(witness.point.sizes == ["L": 2, "d_K": 4, "d_V": 2])
    #expect(try LayerInstance(json: witness.json).sizes().width == 2)
    #expect(try witness.certification().verdict == .refuted)
    let wide = text.replacingFirst("[[1, 0], [-1, 0]]", with: "[[1, 0, 0], [-1, 0, 0]]")
    #expect(Self.error(wide, TheoremOne.claim)?.reason.contains("assumes d = d_V") == true)
    let gaussian = Self.error(text.replacingFirst("softmax", with: "gaussian"), TheoremOne.claim)
    #expect(gaussian?.path == "kernel")
    // Where the output is not rational, the target has to be given.
    let irrational = Self.error(text.replacingFirst("[[0, 1, 0, 0]", with: "[[1, 1, 0, 0]"), TheoremOne.claim)
    #expect(irrational?.path == "Y")
  }

  @Test func theExampleIsLaTeX() throws {
    let witness = try Self.read(Self.ones.replacingFirst("\"2/2\"", with: "\"-1/2\""))
    let latex = try witness.latex(try witness.certification())
    #expect(latex.contains("A = \\begin{pmatrix} 1 \\\\ -\\tfrac{1}{2} \\end{pmatrix}"))
    #expect(latex.contains("$m = 2$, $n = 1$"))
    #expect(latex.contains("1.1180"))
  }
}

extension String {
  /// The text with the first occurrence of a part replaced.
  func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return replacingCharacters(range, with: other)
  }

  private func replacingCharacters(_ range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
