import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The printed Theorem 1 and the derived bound at given norms and sizes, exact or rigorously enclosed.
public struct BoundEvaluation: Sendable {
  /// What is known of the residual `R = F − Y`.
  public enum Residual: Hashable, Sendable {
    /// Nothing: the bounds are evaluated at zero residual and hold only there.
    case zero
    /// `R_max ≥ ‖R‖_F`.
    case norm(Rational)
    /// `‖Y‖_F`, from which `R_max = √L·X_max·‖W_V‖ + ‖Y‖_F`.
    case targetNorm(Rational)
  }

  /// The numbers that a bound is evaluated at.
  public struct Input: Hashable, Sendable {
    public var dataNorm: Rational
    /// A bound on every weight norm.
    public var weightNorm: Rational
    public var queryNorm: Rational
    public var keyNorm: Rational
    public var valueNorm: Rational
    public var sequenceLength: Int
    public var keyWidth: Int
    public var valueWidth: Int
    public var residual: Residual
    /// `nil` for `√d_V`.
    public var shufflingNorm: Rational?
    /// A bound on `‖A‖₂`; `nil` for `√L`.
    public var attentionNorm: Rational?

    /// Weight norms that are not given separately are `weightNorm`.
    public init(
      dataNorm: Rational, weightNorm: Rational, queryNorm: Rational? = nil, keyNorm: Rational? = nil,
      valueNorm: Rational? = nil, sequenceLength: Int, keyWidth: Int, valueWidth: Int, residual: Residual = .zero,
      shufflingNorm: Rational? = nil, attentionNorm: Rational? = nil
    ) {
      (self.dataNorm, self.weightNorm) = (dataNorm, weightNorm)
      (self.queryNorm, self.keyNorm) = (queryNorm ?? weightNorm, keyNorm ?? weightNorm)
      self.valueNorm = valueNorm ?? weightNorm
      (self.sequenceLength, self.keyWidth, self.valueWidth) = (sequenceLength, keyWidth, valueWidth)
      (self.residual, self.shufflingNorm, self.attentionNorm) = (residual, shufflingNorm, attentionNorm)
    }

    var sizes: [String: Int] { ["L": sequenceLength, "d_K": keyWidth, "d_V": valueWidth] }
  }

  /// One entry of the printed maximum.
  public struct Entry: Sendable {
    public let block: String
    public let formula: Formula
    public let terms: [Quantity]
    public let value: Quantity
  }

  /// The derived bound of one block.
  public struct Block: Sendable {
    public let row: String
    public let column: String
    public let formula: Formula
    public let value: Quantity
  }

  public let input: Input
  /// `R_max`, given or derived; zero where nothing is known.
  public let residualNorm: Quantity
  public let entries: [Entry]
  /// The printed `M`: a claim.
  public let printed: Quantity
  /// The indices of the entries that attain the maximum, or that the working precision cannot tell from it.
  public let maximal: [Int]
  public let blocks: [Block]
  /// The derived bound: proven.
  public let derived: Quantity

  /// - Errors: `BoundInputError` naming the number that is out of range.
  public init(_ input: Input) throws {
    try Self.validate(input)
    self.input = input
    let evaluate = try Evaluation(input)
    residualNorm = try evaluate(evaluate.residual)
    entries = try TheoremOne.entries.map { entry in
      Entry(
        block: entry.block, formula: entry.value, terms: try entry.terms.map { try evaluate($0) },
        value: try evaluate(entry.value))
    }
    printed = try evaluate(TheoremOne.bound)
    let lowers = try entries.map { try $0.value.lower }, uppers = try entries.map { try $0.value.upper }
    let greatest = lowers.max() ?? 0
    maximal = entries.indices.filter { uppers[$0] >= greatest }
    let names = ["Q", "K", "V"]
    blocks = try names.indices.flatMap { i in
      try names[i...].compactMap { column in
        guard let formula = evaluate.readings.derived.block(names[i], column) else { return nil }
        return Block(row: names[i], column: column, formula: formula, value: try evaluate(formula))
      }
    }
    derived = try evaluate(evaluate.readings.derived.formula)
  }

  private static func validate(_ input: Input) throws {
    let norms: [(String, Rational?)] = [
      ("X_max", input.dataNorm), ("W_max", input.weightNorm), ("‖W_Q‖", input.queryNorm), ("‖W_K‖", input.keyNorm),
      ("‖W_V‖", input.valueNorm), ("S_max", input.shufflingNorm), ("α", input.attentionNorm),
      ("R_max", input.residual.norm), ("‖Y‖_F", input.residual.targetNorm),
    ]
    for (name, value) in norms {
      if let value, value.sign < 0 {
        throw BoundInputError("\(name) is a norm and must be at least 0, but is \(value)")
      }
    }
    for (name, value) in norms[2...4] {
      if let value, value > input.weightNorm {
        throw BoundInputError("\(name) = \(value) exceeds W_max = \(input.weightNorm), which bounds every weight norm")
      }
    }
    for (name, size) in [("L", input.sequenceLength), ("d_K", input.keyWidth), ("d_V", input.valueWidth)]
    where size < 1 { throw BoundInputError("\(name) is a size and must be at least 1, but is \(size)") }
  }

  /// Evaluation at the input.
  private struct Evaluation {
    let input: Input
    let readings: BoundReadings
    private let values: [Symbol: Rational]

    var residual: Formula { readings.residual }

    init(_ input: Input) throws {
      self.input = input
      var values = [
        TheoremOne.dataNorm: input.dataNorm, TheoremOne.weightNorm: input.weightNorm,
        DerivedBound.dataNorm: input.dataNorm, DerivedBound.queryNorm: input.queryNorm,
        DerivedBound.keyNorm: input.keyNorm, DerivedBound.valueNorm: input.valueNorm,
      ]
      let residual: DerivedBound.Residual
      switch input.residual {
      case .zero: residual = .zero
      case .norm(let norm): (residual, values[DerivedBound.residualNorm]) = (.norm, norm)
      case .targetNorm(let norm): (residual, values[DerivedBound.targetNorm]) = (.targetNorm, norm)
      }
      if let norm = input.shufflingNorm { values[TheoremOne.shufflingNorm] = norm }
      if let norm = input.attentionNorm { values[DerivedBound.attentionNorm] = norm }
      self.values = values
      readings = try BoundReadings(
        residual: residual, isShufflingNormGiven: input.shufflingNorm != nil,
        isAttentionNormGiven: input.attentionNorm != nil)
    }

    func callAsFunction(_ formula: Formula) throws(EvaluationError) -> Quantity {
      try Quantity(readings(formula), sizes: input.sizes, values: values)
    }
  }
}

extension BoundEvaluation.Residual {
  var norm: Rational? { if case .norm(let value) = self { value } else { nil } }
  var targetNorm: Rational? { if case .targetNorm(let value) = self { value } else { nil } }
}

/// A number at which a bound cannot be evaluated.
public struct BoundInputError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
