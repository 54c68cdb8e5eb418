import Formulas

/// A printed statement, as data: cited, with its hypotheses and our reading of its notation; never computed with as if true.
public struct Claim: Identifiable, Sendable {
  /// What is claimed.
  public enum Kind: String, Hashable, Sendable {
    /// The two sides are equal, for all matrices that satisfy the hypotheses.
    case identity
    /// The left side is at most the right side, both 1×1, for all matrices that satisfy the hypotheses.
    case inequality
    /// The left side grows like the right side as the data scale tends to zero.
    case asymptotic
    /// For each tolerance there is a number from which on the left side is at most the right side.
    case existence
  }

  /// A name for a part of a statement, in plain notation: `H_o(Q,K)`, `F - Y`.
  public struct PartName: Hashable, Sendable {
    public let formula: Formula
    public let text: String

    public init(_ formula: Formula, _ text: String) { (self.formula, self.text) = (formula, text) }
  }

  /// The name, such as `P1`, or `P1.a` for a step of the proof of `P1`.
  public let id: String
  /// What it is about, in a few words.
  public let title: String
  public let kind: Kind
  public let citation: Citation
  /// What is assumed, in words, beyond the shapes of the symbols.
  public let hypotheses: [String]
  /// The sizes that the statement assumes equal, such as `d = d_V`.
  public let sizes: [String: Size]
  /// Where the printed notation had to be read, how.
  public let reading: String
  /// The statement in the free matrices of the problem, names unfolded.
  public var statement: Judgement { deferredStatement.value }
  /// Names that print for parts of the statement, such as `H(Q,K)`; larger parts first.
  public var names: [PartName] { deferredNames.value }
  // Some statements hold derived blocks of several layers, which take seconds: they are made when they are needed.
  private let deferredStatement: Deferred<Judgement>
  private let deferredNames: Deferred<[PartName]>
  /// The names of the claims that its printed proof uses, where it is a step of a proof itself.
  public let steps: [String]
  /// The name of the claim that says what holds in its place, where that is not a bound of the same left side.
  public let replacement: String?
  /// Why nothing can be decided about the statement as encoded; `nil` where it says all that is claimed.
  public let limitation: String?

  public init(
    id: String, title: String = "", kind: Kind, citation: Citation, hypotheses: [String] = [],
    sizes: [String: Size] = [:], reading: String = "",
    names: @autoclosure @escaping @Sendable () -> [PartName] = [], steps: [String] = [],
    replacement: String? = nil, limitation: String? = nil, statement: @autoclosure @escaping @Sendable () -> Judgement
  ) {
    (self.id, self.title, self.kind, self.citation, self.hypotheses) = (id, title, kind, citation, hypotheses)
    (self.sizes, self.reading) = (sizes, reading)
    (deferredNames, deferredStatement) = (Deferred(names), Deferred(statement))
    (self.steps, self.replacement) = (steps, replacement)
    self.limitation = limitation
  }

  /// The printed theorem that the claim belongs to: `P1` for `P1.a`, itself for `P1`.
  public var theorem: String { String(id.prefix { $0 != "." }) }
  /// Whether the claim is a step of a printed proof or a part of a theorem, not the theorem itself.
  public var isPart: Bool { id != theorem }
}
