import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus

/// A bound `‖[b_ij]‖₂` in numbers at a point: what each term contributes, and how the bound depends on each number.
///
/// The derivatives are taken by the laws and evaluated in balls, so that every result is exact or rigorously enclosed.
public struct ExplainedBound: Sendable {
  /// A number that the bound is made of.
  public struct Input: Sendable {
    /// What it stands for, such as `‖X‖₂` or `d_K`.
    public let name: Formula
    public let symbol: Symbol
    public let value: Rational
    /// Whether it is the size of this name.
    public let size: String?

    init(_ name: Formula, _ symbol: Symbol, _ value: Rational) {
      (self.name, self.symbol, self.value, size) = (name, symbol, value, nil)
    }

    init(size: String, _ value: Int) {
      (name, symbol, self.value, self.size) = (.size(Size(size)), Symbol(size, .scalar), Rational(value), size)
    }
  }

  /// How the bound depends on one input, the others fixed.
  public struct Dependence: Sendable {
    public let input: Input
    /// `∂ log M/∂ log s`.
    public let elasticity: Ball
    /// `M` with half the input.
    public let halved: Quantity
    /// `halved / M`.
    public let factor: Ball
  }

  /// What one term of one block contributes.
  public struct Share: Sendable {
    /// The places of the block among the parameters, the row not after the column; both blocks off the diagonal count.
    public let row: Int
    public let column: Int
    public let term: Formula
    public let value: Quantity
    /// Its part of `M`, such that all parts add up to one.
    public let share: Ball
  }

  /// The bounds `b_ij`, row by row.
  public let blocks: [[Formula]]
  public let inputs: [Input]
  /// `M`.
  public let value: Quantity
  /// One for each term of each block; term by term the weights of the largest singular vectors.
  public let shares: [Share]
  public let dependences: [Dependence]
  /// Whether inputs are shown by their names, such as `‖X W_Q‖₂`, as they have no symbols of their own.
  public let isNamed: Bool

  /// - Errors: `ExplanationError` where the bound is zero or its largest eigenvalue is not simple.
  init(_ blocks: [[Formula]], _ inputs: [Input], isNamed: Bool = false) throws {
    (self.blocks, self.inputs, self.isNamed) = (blocks, inputs, isNamed)
    let point = NumberPoint(inputs)
    let whole = blocks.count == 1 ? blocks[0][0] : Formula.blocks(blocks).norm()
    value = try point.quantity(whole)
    guard try value.upper.sign > 0 else {
      throw ExplanationError("the bound is zero, and no term has a share of it", advice: "give norms above 0")
    }
    let weights = try PerronWeights(blocks.map { try $0.map { try point.ball($0) } }, norm: value.ball)
    shares = try Self.shares(blocks, point, weights)
    let active = try blocks.map { try $0.map { try $0.activeBranches { try point.isLess($0, $1) } } }
    let value = value
    dependences = try inputs.map { input in
      var change = Ball.zero
      for (i, row) in active.enumerated() {
        for (j, block) in row.enumerated() {
          guard let elasticity = Elasticity(of: block.withSizesAsNumbers, in: input.symbol) else {
            throw ExplanationError("the bound has no derivative by \(input.name)", advice: "give other norms")
          }
          change = change + weights[i, j] * (try point.ball(elasticity.change))
        }
      }
      let halved = try point.halving(input).quantity(whole)
      return Dependence(
        input: input, elasticity: change, halved: halved, factor: try halved.ball.divided(by: value.ball))
    }
  }

  /// A part of the bound as it is shown.
  public func shown(_ part: Formula) -> Formula {
    guard isNamed else { return part }
    let names = inputs.filter { $0.size == nil }.map { (Formula.symbol($0.symbol), $0.name) }
    return part.replacing(Dictionary(names, uniquingKeysWith: { first, _ in first }))
  }

  private static func shares(
    _ blocks: [[Formula]], _ point: NumberPoint, _ weights: PerronWeights
  ) throws -> [Share] {
    var shares: [Share] = []
    for (i, row) in blocks.enumerated() {
      for (j, block) in row.enumerated() where i <= j {
        for term in block.terms {
          let value = try point.ball(term)
          var share = weights[i, j] * value
          if i != j {
            // The other block has the same terms up to the order of factors: its whole weight goes by their parts.
            let whole = try point.ball(block)
            let part = whole.isZero ? Ball.zero : try value.divided(by: whole)
            share = share + weights[j, i] * (try point.ball(blocks[j][i])) * part
          }
          shares.append(Share(row: i, column: j, term: term, value: try point.quantity(term), share: share))
        }
      }
    }
    return shares
  }
}

extension Formula {
  /// The terms of a sum, or the formula alone.
  var terms: [Formula] { kind == .sum ? operands : [self] }
}

/// The numbers that a bound is evaluated at.
struct NumberPoint: Sendable {
  private var values: [Symbol: Rational]
  private let sizes: [String: Int]
  private let inputs: [ExplainedBound.Input]

  init(_ inputs: [ExplainedBound.Input]) { self.init(inputs, halved: nil) }

  private init(_ inputs: [ExplainedBound.Input], halved: Symbol?) {
    self.inputs = inputs
    var values: [Symbol: Rational] = [:], sizes: [String: Int] = [:]
    for input in inputs {
      let value = input.symbol == halved ? input.value * Rational(1, over: 2) : input.value
      values[input.symbol] = value
      if let size = input.size { sizes[size] = value.integer }
    }
    (self.values, self.sizes) = (values, sizes)
  }

  /// The point with half of one number; half of an odd size is a number all the same.
  func halving(_ input: ExplainedBound.Input) -> NumberPoint { NumberPoint(inputs, halved: input.symbol) }

  /// The point with another value of one number.
  func setting(_ symbol: Symbol, to value: Rational) -> NumberPoint {
    var point = self
    point.values[symbol] = value
    return point
  }

  /// The values of numbers without names of sizes, enclosed.
  func balls(_ numbers: [Formula]) throws(EvaluationError) -> [Ball] {
    let evaluator = Evaluator(Environment<Ball>(sizes: [:], values: values.mapValues { Matrix(Ball($0)) }))
    var balls: [Ball] = []
    for number in numbers { balls.append(try evaluator.value(of: number).scalar) }
    return balls
  }

  /// The value of a number, exact where the arithmetic stays rational.
  func quantity(_ formula: Formula) throws(EvaluationError) -> Quantity {
    let hasAllSizes = inputs.allSatisfy { $0.size.map { sizes[$0] != nil } ?? true }
    return try Quantity(hasAllSizes ? formula : formula.withSizesAsNumbers, sizes: sizes, values: values)
  }

  func ball(_ formula: Formula) throws(EvaluationError) -> Ball { try quantity(formula).ball }

  /// Whether one number is less than another; of numbers that are not told apart neither is.
  func isLess(_ a: Formula, _ b: Formula) throws -> Bool {
    let (left, right) = (try quantity(a), try quantity(b))
    return try left.upper < (try right.lower)
  }
}

extension Formula {
  /// The number with symbols in place of the names of sizes, so that it can be differentiated by them.
  var withSizesAsNumbers: Formula {
    if case .size(let size) = self.operator {
      return .sum(
        size.monomials.map { monomial in
          .product([.integer(monomial.coefficient)] + monomial.names.map { .symbol($0, 1, 1) })
        })
    }
    return operands.isEmpty ? self : Formula(self.operator, operands.map(\.withSizesAsNumbers))
  }

  /// The number with each maximum and minimum replaced by the operand that attains it, the first of equal ones.
  func activeBranches(_ isLess: (Formula, Formula) throws -> Bool) throws -> Formula {
    guard !operands.isEmpty else { return self }
    let chosen = try operands.map { try $0.activeBranches(isLess) }
    guard kind == .maximum || kind == .minimum else { return Formula(self.operator, chosen) }
    return try chosen.dropFirst().reduce(chosen[0]) { best, next in
      try (kind == .maximum ? isLess(best, next) : isLess(next, best)) ? next : best
    }
  }
}
