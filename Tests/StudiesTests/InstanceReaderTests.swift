import AttentionHessian
import Testing

@Suite struct InstanceReaderTests {
  private func instance(_ text: String) throws -> LayerInstance {
    try LayerInstance(json: try JSONValue(parsing: text))
  }

  @Test func everyFormOfNumberIsExact() throws {
    let instance = try instance(
      """
      {"kernel": "linear", "X": [[1, 0.1, 1e-3]], "Y": [["-3/4"]], "W_Q": [["2.5E+1"], [-0], ["6/4"]],
       "W_K": [[0], [1], [2]], "W_V": [[3], [4], [5]]}
      """)
    #expect(instance.loss == .meanSquare && instance.kernel == .linear && instance.outputMatrix == nil)
    #expect(instance.samples[0].input.entries == [1, Rational(1, over: 10), Rational(1, over: 1000)])
    #expect(instance.samples[0].target == .matrix(Matrix(Rational(-3, over: 4))))
    #expect(instance.heads[0].query.entries == [25, 0, Rational(3, over: 2)])
    #expect(instance.sizes() == LayerSizes(sequenceLength: 1, width: 3, keyWidth: 1, valueWidth: 1))
  }

  @Test func headsSamplesAndLossAreRead() throws {
    let instance = try instance(Self.general)
    #expect(instance.heads.count == 2 && instance.samples.count == 2 && instance.loss == .halfSumSquare)
    #expect(instance.outputMatrix?.rows == 4 && instance.outputMatrix?.columns == 3)
    #expect(instance.sizes(ofSample: 1).sequenceLength == 3 && instance.sizes().outputWidth == 3)
    #expect(instance.model.parameters.map(\.name).prefix(4) == ["W_Q^1", "W_K^1", "W_V^1", "W_O^1"])
    #expect(instance.parameters[3].entries == [1, 2, 3, 4, 5, 6] && instance.parameters[7].entries[0] == 7)
  }

  @Test func writingAndReadingGivesTheSame() throws {
    for text in [Self.general, Self.single] {
      let original = try instance(text)
      let written = JSONWriter(.pretty).text(original.json)
      #expect(try instance(written) == original)
      #expect(JSONWriter(.pretty).text(try instance(written).json) == written)
    }
  }

  @Test(arguments: [
    ("\"W_V\"", "\"W_v\"", "", "did you mean \"W_V\"?"),
    ("\"kernel\"", "\"colour\"", "", "the keys are"),
    ("[[1, 2]]", "[]", "X", "at least one"),
    ("[[1, 2]]", "[[]]", "X[0]", "at least one"),
    ("[[1, 2]]", "[[1, 2], [3]]", "X[1]", "same number"),
    ("[[1, 2]]", "[1, 2]", "X[0]", "array"),
    ("[[1, 2]]", "{}", "X", "array"),
    ("[[1, 2]]", "[[1, true]]", "X[0][1]", "number"),
    ("[[1, 2]]", "[[1, \"1,5\"]]", "X[0][1]", "write a number"),
    ("[[1, 2]]", "[[1, \" 2\"]]", "X[0][1]", "write a number"),
    ("[[1, 2]]", "[[1, 2, 3]]", "W_Q", "as many rows"),
    ("\"F\"", "[[1, 2]]", "Y", "shape"),
    ("\"F\"", "[[0.5]], \"samples\": []", "X", "either"),
    ("\"X\": [[1, 2]], \"Y\": \"F\"", "\"samples\": []", "samples", "at least one"),
    ("\"X\": [[1, 2]], \"Y\": \"F\"", "\"samples\": [3]", "samples[0]", "X, Y"),
    ("\"X\": [[1, 2]], \"Y\": \"F\"", "\"samples\": [{\"X\": [[1, 2]], \"Y\": \"F\", \"Z\": 1}]", "samples[0]", "X, Y"),
    (
      "\"X\": [[1, 2]], \"Y\": \"F\"",
      "\"samples\": [{\"X\": [[1, 2]], \"Y\": \"F\"}, {\"X\": [[1]], \"Y\": \"F\"}]", "samples[1].X", "same d"
    ),
    ("\"kernel\": \"softmax\"", "\"kernel\": \"softmax\", \"heads\": []", "W_Q", "either"),
    ("\"kernel\": \"softmax\"", "\"kernel\": \"softmax\", \"W_O\": [[1], [2]]", "W_O", "1 row"),
    ("\"kernel\": \"softmax\"", "\"kernel\": \"softmax\", \"version\": 1.0", "version", "write 1"),
    ("\"kernel\": \"softmax\"", "\"kernel\": 3", "kernel", "softmax"),
  ])
  func theOffenceIsNamed(part: String, other: String, path: String, advice: String) throws {
    let text = try #require(Self.single.replacing(part, with: other))
    do {
      _ = try instance(text)
      Issue.record("accepted: \(text)")
    } catch let error as InstanceError {
      #expect(error.path == path, "\(error)")
      #expect(error.advice.contains(advice), "\(error)")
    }
  }

  @Test func aSecondKeyIsRefusedAlsoWhereTheParserKeptIt() throws {
    #expect(throws: InstanceError.self) {
      try instance(Self.single.replacing("\"Y\": \"F\"", with: "\"Y\": \"F\", \"Y\": \"F\"") ?? "")
    }
  }

  @Test func severalHeadsNeedAnOutputMatrix() throws {
    let head = try instance(Self.single).heads[0]
    let samples = try instance(Self.single).samples
    #expect(throws: InstanceError.self) {
      try LayerInstance(kernel: .softmax, samples: samples, heads: [head, head])
    }
    #expect(throws: InstanceError.self) { try LayerInstance(kernel: .softmax, samples: samples, heads: []) }
    #expect(throws: InstanceError.self) { try LayerInstance(kernel: .softmax, samples: [], heads: [head]) }
  }

  static let single = """
    {"kernel": "softmax", "X": [[1, 2]], "Y": "F", "W_Q": [["1/3"], [1]], "W_K": [[1], [1]], "W_V": [[0.25], [1]]}
    """

  static let general = """
    {"kernel": "gaussian", "loss": "half-sum-square",
     "samples": [{"X": [[1, "1/2"], [0, -1]], "Y": [[1, 2, 3], [4, 5, 6]]},
                 {"X": [[1, 1], [2, 0], ["-1/3", 1]], "Y": "F"}],
     "heads": [{"W_Q": [[1], [2]], "W_K": [["1/2"], [0]], "W_V": [[1, 2], [3, 4]]},
               {"W_Q": [[-1], [1]], "W_K": [[2], ["1/4"]], "W_V": [[0, 1], [1, 0]]}],
     "W_O": [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]}
    """
}

extension String {
  /// The text with the first occurrence of a part replaced; `nil` where there is none.
  func replacing(_ part: String, with other: String) -> String? {
    guard let range = firstRange(of: part) else { return nil }
    return replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
