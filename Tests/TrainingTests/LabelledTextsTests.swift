import TensorFiles
import Testing

@testable import Training

@Suite struct LabelledTextsTests {
  private func read(_ text: String, separator: LabelledTexts.Separator = .comma) throws -> LabelledTexts {
    let folder = try TemporaryFolder(), path = folder.file("texts.csv")
    try AtomicFile.write(text, to: path)
    return try LabelledTexts(path: path, separator: separator)
  }

  @Test func readsTexts() throws {
    let expected = LabelledTexts(
      words: [["a", "good", "film"], ["it's", "bad"], []], labels: [1, 0, 1], classes: ["neg", "pos"])
    #expect(try read("A good film!,pos\n\"It's 'bad'...\",neg\n,pos\n") == expected)
    #expect(try read("review,Sentiment\n\"a good, film\",pos\nit's bad,neg\n--, pos \n") == expected)
    #expect(try read("a \"good\" film\tpos\nit's bad\tneg\n \tpos\n", separator: .tab) == expected)
    #expect(try read("x,10\ny,9\nz,10\n").classes == ["9", "10"])
    #expect(try read("x,10\ny,9\nz,10\n").labels == [1, 0, 1])
  }

  @Test(arguments: [
    ("a,b,c\n", "line 1 has 3 columns"), ("a,1\nb\n", "line 2 has 1 column"), ("a,1\nb,\n", "line 2 has no label"),
    ("a,1\nb,1\n", "it has 1 different label"), ("", "it has 0 different labels"),
    ("text,label\n", "it has 0 different labels"), ("a,1\n\"b,2\n", "line 2 opens a quote that is not closed"),
  ])
  func refusesFiles(_ text: String, _ reason: String) throws {
    let error = #expect(throws: FileError.self) { try read(text) }
    #expect(error?.kind == .badData && error?.reason == reason && error?.advice.isEmpty == false)
  }

  @Test func wordsBecomeUnitRows() throws {
    let texts = LabelledTexts(
      words: [["b", "a", "b"], ["c", "a", "d", "b"]], labels: [0, 1], classes: ["x", "y"])
    // b stands three times and a twice; of c and d, once each, the first.
    let tokens = TextTokens(count: 3, vocabulary: 3, of: texts)
    #expect(tokens.vocabulary == ["b", "a", "c"] && tokens.width == 4)
    #expect(tokens.entries(of: ["a", "b"]) == [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(tokens.entries(of: ["d", "never", "c", "b"]) == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0])
    let samples = SampleSet(texts, tokens: tokens, targetRows: 2)
    #expect(samples.targets == [[1, 0, 1, 0], [0, 1, 0, 1]] && samples.labels == [0, 1])
    #expect(samples.selecting([1]).inputs == [tokens.entries(of: ["c", "a", "d"])])
    #expect(samples.selecting([1]).labels == [1] && samples.selecting([1]).targets == [[0, 1, 0, 1]])
  }

  @Test func splitsWithoutLoss() {
    let texts = LabelledTexts(
      words: (0..<20).map { ["\($0)"] }, labels: (0..<20).map { $0 % 2 }, classes: ["x", "y"])
    let (training, heldOut) = texts.split(heldOut: 6, seed: 4)
    #expect(training.count == 14 && heldOut.count == 6)
    let numbers = (training.words + heldOut.words).compactMap { Int($0[0]) }
    #expect(numbers.sorted() == Array(0..<20) && numbers != Array(0..<20))
    #expect(zip(numbers, training.labels + heldOut.labels).allSatisfy { $0 % 2 == $1 })
  }
}
