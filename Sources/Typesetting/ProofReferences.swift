import Formulas

/// What a document has stated elsewhere, so that a proof refers to it instead of stating it again.
public struct ProofReferences: Sendable {
  /// How the lemma with a statement is referred to, in LaTeX, such as `Lemma~\ref{…}`.
  public var lemmas: [Judgement: String]
  /// The rules that are stated in the document, so that their names can link there.
  public var laws: Set<Rule.ID>

  public init(lemmas: [Judgement: String] = [:], laws: Set<Rule.ID> = []) {
    (self.lemmas, self.laws) = (lemmas, laws)
  }
}
