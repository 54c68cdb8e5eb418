import Formulas

/// A printed statement, as data: cited, with its hypotheses and our reading of its notation; never computed with as if true.
public struct Claim: Identifiable, Sendable {
  public let id: String
  public let citation: Citation
  /// The sizes that the statement assumes equal, such as `d = d_V`.
  public let sizes: [String: Size]
  /// Where the printed notation had to be read, how.
  public let reading: String
  public let statement: Judgement
}
