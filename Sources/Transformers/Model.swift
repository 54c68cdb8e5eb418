import Formulas
import MatrixCalculus

/// What a loss is a function of: a formula of data and weights, some of which are trained.
public protocol Model: Sendable {
  /// The data `X`.
  var input: Symbol { get }
  /// The trained matrices, in the order of the Hessian's rows.
  var parameters: [Symbol] { get }
  /// The weights that are held fixed.
  var constants: [Symbol] { get }
  /// `F`, in the normal form of the calculus.
  var output: Formula { get }
  /// The logits of each attention head that has a softmax or an exponential, as they stand in the output.
  var logits: [Formula] { get }
  /// The attention weights of each head, with their kernel, as they stand in the output.
  var attentionWeights: [(kernel: AttentionKernel, weights: Formula)] { get }
  /// Whether the closed forms of blocks are sums of products; otherwise sums stay as factors, which keeps the blocks of
  /// several layers short.
  var multipliesOut: Bool { get }
  /// Names for parts of the Hessian, each in terms of the data and of those before it.
  var abbreviations: [Abbreviation] { get }
}

extension SelfAttention: Model {
  public var constants: [Symbol] { [] }
  public var multipliesOut: Bool { true }
  public var attentionWeights: [(kernel: AttentionKernel, weights: Formula)] {
    abbreviations.filter { $0.name.description.hasPrefix("A") }.map { (kernel, $0.definition.statement.left) }
  }
}

/// The formula in a normal form.
func normalized(_ formula: Formula, _ rules: RuleSet) -> Formula {
  var derivation = Derivation(formula)
  derivation.normalize(rules)
  return derivation.current
}
