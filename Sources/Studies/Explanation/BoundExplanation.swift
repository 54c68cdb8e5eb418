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
    /// Whether `d = d_V`, as the theorem assumes; `nil` where `d` is not known.
    public let isForSizes: Bool?

    init(_ evaluation: BoundEvaluation, isForSizes: Bool?) throws {
      let numbers = BoundNumbers(evaluation.input)
      let readings = try numbers.readings()
      let data: [Formula: Formula] = [.symbol(TheoremOne.dataNorm): .symbol(DerivedBound.dataNorm)]
      let maximum = Formula.maximum(TheoremOne.entries.map { readings($0.value).replacing(data) })
      entries = zip(TheoremOne.entries, evaluation.entries).map { ($0.block, $1.value) }
      bound = try ExplainedBound([[maximum]], numbers.printed)
      branch = try BranchPoint(maximum, names: TheoremOne.entries.map(\.block), numbers.printed)
      self.isForSizes = isForSizes
    }
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
    try self.init(BoundEvaluation(input), subject: "the bound at given norms", isPrintedForSizes: nil, slack: nil)
  }

  /// Explains a derived bound at an instance with one sample.
  ///
  /// Norms of the data and the weights are exact or rounded up; the chain of inequalities is evaluated in floating point.
  /// - Parameter families: the norms that the bound may use besides `‖X‖₂` and the `‖W‖₂`; `nil` for `‖F − Y‖_F` alone,
  ///   which is for one softmax head with the mean-square loss.
  /// - Errors: `ExplanationError` for a layer that the bound is not about, and for a bound that is zero; what evaluation of
  ///   the instance throws.
  public init(
    _ instance: LayerInstance, allowing families: Set<AllowedNorms.Family>? = nil, subject: String, seed: UInt64 = 1
  ) throws {
    let numbers = InstanceBound.isApplicable(to: instance) ? try InstanceBound(instance) : nil
    let sizes = instance.sizes()
    guard let families else {
      guard let numbers else {
        throw ExplanationError(
          "without further norms the bound is about one softmax head, one sample and the mean-square loss",
          advice: "give an instance of that kind, or families of norms (--allow residual)")
      }
      try self.init(
        BoundEvaluation(numbers.input), subject: subject, isPrintedForSizes: sizes.width == sizes.valueWidth,
        slack: try numbers.slack(seed: seed))
      return
    }
    let printed = try numbers.map {
      try Printed(BoundEvaluation($0.input), isForSizes: sizes.width == sizes.valueWidth)
    }
    try self.init(
      MeasuredBound(instance, allowing: families, seed: seed), subject: subject, printed: printed, seed: seed)
  }

  private init(_ measured: MeasuredBound, subject: String, printed: Printed?, seed: UInt64) throws {
    bound = try ExplainedBound(measured.blocks, measured.inputs, isNamed: true)
    (parameters, residualSymbols) = (measured.parameters, measured.residualSymbols)
    assumesZeroResidual = false
    branches = try Self.branches(measured.blocks, measured.inputs)
    slack = try measured.slack(seed: seed)
    (self.subject, self.printed) = (subject, printed)
  }

  private init(
    _ evaluation: BoundEvaluation, subject: String, isPrintedForSizes: Bool?, slack: Slack?
  ) throws {
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
    branches = try Self.branches(blocks, numbers.derived)
    printed = try Printed(evaluation, isForSizes: isPrintedForSizes)
    (self.subject, self.slack) = (subject, slack)
  }

  private static func branches(_ blocks: [[Formula]], _ inputs: [ExplainedBound.Input]) throws -> [BranchPoint] {
    var found: [Formula] = []
    for block in blocks.joined() {
      for formula in BranchPoint.formulas(in: block) where !found.contains(formula) { found.append(formula) }
    }
    return try found.map { try BranchPoint($0, inputs) }
  }

  /// The share of `M` of all terms of a part.
  public func share(of part: HessianPart) -> Ball {
    bound.shares.reduce(Ball.zero) { part == .both || self.part(of: $1.term) == part ? $0 + $1.share : $0 }
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
