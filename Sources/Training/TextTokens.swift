/// How a text becomes the token matrix `X : L×d`: one row for each of its first L words, the unit vector of the word's place in
/// a vocabulary. A word that is not in it has the last column; rows behind the end of the text are zero.
///
/// A linear layer after it is an embedding: its matrix has one row for each word.
public struct TextTokens: Hashable, Sendable {
  /// `L`.
  public let count: Int
  /// The words with columns of their own.
  public let vocabulary: [String]
  private let places: [String: Int]

  /// `d`, one more than the number of words.
  public var width: Int { vocabulary.count + 1 }

  /// - Parameters:
  ///   - count: the number of tokens.
  ///   - limit: the most words of the vocabulary: the most frequent ones of the texts; of equally frequent ones those that come first
  ///     in the alphabet.
  ///   - texts: those to train on.
  public init(count: Int, vocabulary limit: Int, of texts: LabelledTexts) {
    var counts: [String: Int] = [:]
    for word in texts.words.joined() { counts[word, default: 0] += 1 }
    let words = counts.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    self.count = count
    vocabulary = words.prefix(limit).map(\.key)
    places = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) })
  }

  /// `X`, row by row.
  public func entries(of words: [String]) -> [Double] {
    var entries = [Double](repeating: 0, count: count * width)
    for (row, word) in words.prefix(count).enumerated() { entries[row * width + (places[word] ?? width - 1)] = 1 }
    return entries
  }
}

extension SampleSet {
  /// The texts as tokens, with the class in each of `targetRows` rows of the target.
  public init(_ texts: LabelledTexts, tokens: TextTokens, targetRows: Int) {
    self.init(
      inputs: texts.words.map(tokens.entries), labels: texts.labels, targetRows: targetRows,
      classCount: texts.classes.count)
  }
}
