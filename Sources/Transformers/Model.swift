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
  /// Names for parts of the Hessian, each in terms of the data and of those before it.
  var abbreviations: [Abbreviation] { get }
}

extension SelfAttention: Model {
  public var constants: [Symbol] { [] }
}

/// The formula in a normal form.
func normalized(_ formula: Formula, _ rules: RuleSet) -> Formula {
  var derivation = Derivation(formula)
  derivation.normalize(rules)
  return derivation.current
}
