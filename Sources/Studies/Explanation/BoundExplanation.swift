import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Why a bound is what it is: each term's share of `M`, its exact elasticities, where maxima switch, what halving each input
/// does, and at an instance how far `M` is from `‖H‖₂` and which inequality of the proof loses most.
public struct BoundExplanation: Sendable {
  /// The printed Theorem 1 at the same numbers: a claim, for `d = d_V`.
  public struct Printed: Sendable {
    /// The entries of the maximum by their blocks.
    public let entries: [(block: String, value: Quantity)]
    /// `M` as printed, and how it depends on its inputs.
    public let bound: ExplainedBound
    public let branch: BranchPoint
  }

  /// What is known of `‖H‖₂`.
  public enum Measurement: Sendable {
    /// Enclosed, or known exactly.
    case enclosed(Quantity)
    /// By Lanczos iteration in floating point, from below.
    case estimate(Double)
  }

  /// An instance's Hessian against the bound.
  public struct Slack: Sendable {
    public let measurement: Measurement
    public let proof: ProofSlack
  }

  /// What the bound is about.
  public let subject: String
  /// The names of the parameters, `Q`, `K`, `V`, in the order of the blocks.
  public let parameters: [String]
  /// The derived bound, with a proof.
  public let bound: ExplainedBound
  /// The symbols of inputs that say how large the residual is: a term with one belongs to `H_f`, any other to `H_o`.
  public let residualSymbols: [Symbol]
  /// Whether the bound holds at zero residual only, for nothing is known of it.
  public let assumesZeroResidual: Bool
  /// `nil` where the printed theorem is about other layers.
  public let printed: Printed?
  /// The maxima and minima in the derived bound.
  public let branches: [BranchPoint]
  /// `nil` where only numbers are given.
  public let slack: Slack?

  /// Explains the bound at given norms and sizes.
  ///
  /// - Errors: `BoundInputError` for a number out of range, `ExplanationError` where the bound is zero.
  public init(_ input: BoundEvaluation.Input) throws {
    let evaluation = try BoundEvaluation(input)
    try self.init(evaluation, subject: "the bound at given norms", slack: nil)
  }

  /// Explains the bound at an instance with one softmax head, one sample and the mean-square loss.
  ///
  /// Norms of the data and the weights are exact or rounded up; the chain of inequalities is evaluated in floating point.
  /// - Errors: `ExplanationError` for another layer or a bound that is zero; what evaluation of the instance throws.
  public init(_ instance: LayerInstance, subject: String, seed: UInt64 = 1) throws {
    try self.init(InstanceBound(instance), subject: subject, seed: seed)
  }

  private init(_ instance: InstanceBound, subject: String, seed: UInt64) throws {
    let evaluation = try BoundEvaluation(instance.input)
    try self.init(evaluation, subject: subject, slack: try instance.slack(seed: seed))
  }

  private init(_ evaluation: BoundEvaluation, subject: String, slack: Slack?) throws {
    let input = evaluation.input
    let numbers = BoundNumbers(input)
    let readings = try numbers.readings()
    let names = ["Q", "K", "V"]
    let blocks = names.map { row in
      names.compactMap { column in readings.derived.block(row, column).map { readings($0) } }
    }
    parameters = names
    bound = try ExplainedBound(blocks, numbers.derived)
    residualSymbols = [DerivedBound.residualNorm, DerivedBound.targetNorm]
    assumesZeroResidual = if case .zero = input.residual { slack == nil } else { false }
    branches = try BranchPoint.formulas(in: .sum(blocks.joined().map { $0 })).map {
      try BranchPoint($0, numbers.derived)
    }
    let data: [Formula: Formula] = [.symbol(TheoremOne.dataNorm): .symbol(DerivedBound.dataNorm)]
    let entries = TheoremOne.entries.map { readings($0.value).replacing(data) }
    let maximum = Formula.maximum(entries)
    printed = Printed(
      entries: zip(TheoremOne.entries, evaluation.entries).map { ($0.block, $1.value) },
      bound: try ExplainedBound([[maximum]], numbers.printed),
      branch: try BranchPoint(maximum, names: TheoremOne.entries.map(\.block), numbers.printed))
    (self.subject, self.slack) = (subject, slack)
  }

  /// The part of the Hessian that a term of the bound comes from.
  public func part(of term: Formula) -> HessianPart {
    residualSymbols.contains { term.contains(.symbol($0)) } ? .functional : .outer
  }
}

/// The inputs of the derived and the printed bound as numbers with names.
private struct BoundNumbers {
  let input: BoundEvaluation.Input

  init(_ input: BoundEvaluation.Input) { self.input = input }

  private typealias Input = ExplainedBound.Input

  private func norm(_ name: String, _ norm: Norm = .spectral) -> Formula { Formula.symbol(name, 1, 1).norm(norm) }

  private var data: [ExplainedBound.Input] { [Input(norm("X"), DerivedBound.dataNorm, input.dataNorm)] }

  private var residual: [ExplainedBound.Input] {
    switch input.residual {
    case .zero: []
    case .norm(let value): [Input(norm("R", .frobenius), DerivedBound.residualNorm, value)]
    case .targetNorm(let value): [Input(norm("Y", .frobenius), DerivedBound.targetNorm, value)]
    }
  }

  private var sizes: [ExplainedBound.Input] {
    [
      Input(size: "L", input.sequenceLength), Input(size: "d_K", input.keyWidth), Input(size: "d_V", input.valueWidth),
    ]
  }

  var derived: [ExplainedBound.Input] {
    let weights = [
      Input(norm("W_Q"), DerivedBound.queryNorm, input.queryNorm),
      Input(norm("W_K"), DerivedBound.keyNorm, input.keyNorm),
      Input(norm("W_V"), DerivedBound.valueNorm, input.valueNorm),
    ]
    let attention = input.attentionNorm.map { [Input(norm("A"), DerivedBound.attentionNorm, $0)] } ?? []
    return data + weights + residual + attention + sizes
  }

  var printed: [ExplainedBound.Input] {
    let weight = [Input(.symbol(TheoremOne.weightNorm), TheoremOne.weightNorm, input.weightNorm)]
    let value =
      input.residual.targetNorm == nil
      ? [] : [Input(norm("W_V"), DerivedBound.valueNorm, input.valueNorm)]
    let shuffling =
      input.shufflingNorm.map { [Input(.symbol(TheoremOne.shufflingNorm), TheoremOne.shufflingNorm, $0)] } ?? []
    return data + weight + value + residual + shuffling + sizes
  }

  func readings() throws -> BoundReadings {
    let residual: DerivedBound.Residual =
      switch input.residual {
      case .zero: .zero
      case .norm: .norm
      case .targetNorm: .targetNorm
      }
    return try BoundReadings(
      residual: residual, isShufflingNormGiven: input.shufflingNorm != nil,
      isAttentionNormGiven: input.attentionNorm != nil)
  }
}
