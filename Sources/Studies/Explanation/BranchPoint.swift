import Arithmetic
import Evaluation
import Formulas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which operand of a maximum or minimum counts at a point, and at which value of each input another one takes over.
public struct BranchPoint: Sendable {
  /// The value of one input, the others fixed, at which another operand takes over.
  public struct Switch: Sendable {
    public let input: ExplainedBound.Input
    /// The nearest such value in one direction, as far as the search tells; an estimate.
    public let value: Rational
    /// The operand that counts beyond.
    public let operand: Int
  }

  /// The maximum or minimum.
  public let formula: Formula
  /// What each operand is called.
  public let names: [String]
  /// The operands that attain it, or that are not told apart from it.
  public let active: [Int]
  public let switches: [Switch]

  /// The maxima and minima in a number that is nested in no other, in order of occurrence, each once.
  static func formulas(in number: Formula) -> [Formula] {
    var found: [Formula] = []
    func visit(_ formula: Formula) {
      if formula.kind == .maximum || formula.kind == .minimum {
        if !found.contains(formula) { found.append(formula) }
      } else {
        formula.operands.forEach(visit)
      }
    }
    visit(number)
    return found
  }

  init(_ formula: Formula, names: [String]? = nil, _ inputs: [ExplainedBound.Input]) throws {
    self.formula = formula
    self.names = names ?? formula.operands.map(\.description)
    let point = NumberPoint(inputs), operands = formula.operands, isMaximum = formula.kind == .maximum
    active = try operands.indices.filter { i in
      try !operands.contains { try isMaximum ? point.isLess(operands[i], $0) : point.isLess($0, operands[i]) }
    }
    let scan = BranchScan(operands.map(\.withSizesAsNumbers), isMaximum: isMaximum, inputs)
    let first = active.first ?? 0, isTied = active.count > 1
    switches = try isTied ? [] : inputs.flatMap { try scan.switches(of: $0, from: first) }
  }
}

/// A search along one input for the places where another operand takes over.
private struct BranchScan {
  private let operands: [Formula]
  private let isMaximum: Bool
  private let point: NumberPoint

  /// The search spans this factor in each direction.
  private static let span = 1e6
  private static let stepsPerDecade = 12

  init(_ operands: [Formula], isMaximum: Bool, _ inputs: [ExplainedBound.Input]) {
    (self.operands, self.isMaximum) = (operands, isMaximum)
    point = NumberPoint(inputs)
  }

  func switches(of input: ExplainedBound.Input, from active: Int) throws -> [BranchPoint.Switch] {
    guard operands.contains(where: { $0.contains(.symbol(input.symbol)) }) else { return [] }
    // From zero every direction is upward, and there is no scale to begin with.
    let isZero = input.value.isZero
    let start = isZero ? Rational(1, over: Int(Self.span)) : input.value
    return try (isZero ? [1.0] : [-1, 1]).compactMap { direction in
      let decades = log10(Self.span) * (isZero ? 2 : 1)
      guard let (factor, operand) = try next(input.symbol, start, direction, decades: decades, active) else {
        return nil
      }
      let value = start * (Rational(exactly: factor) ?? 1)
      return input.size != nil && value < 1 ? nil : BranchPoint.Switch(input: input, value: value, operand: operand)
    }
  }

  /// The factor by which a symbol is changed where another operand takes over, and that operand.
  private func next(
    _ symbol: Symbol, _ start: Rational, _ direction: Double, decades: Double, _ active: Int
  ) throws -> (Double, Int)? {
    let step = direction * log(10) / Double(Self.stepsPerDecade)
    var inside = 1.0
    for k in 0...Int(decades * Double(Self.stepsPerDecade)) {
      var outside = exp(step * Double(k))
      var operand = try best(symbol, start, outside)
      if operand == active {
        inside = outside
        continue
      }
      for _ in 0..<52 {
        let middle = root(inside * outside)
        let found = try best(symbol, start, middle)
        if found == active { inside = middle } else { (outside, operand) = (middle, found) }
      }
      return (outside, operand)
    }
    return nil
  }

  /// The operand that counts where one symbol is changed by a factor, the first of those that are not told apart.
  private func best(_ symbol: Symbol, _ start: Rational, _ factor: Double) throws -> Int {
    let moved = point.setting(symbol, to: start * (Rational(exactly: factor) ?? 1))
    let numbers = try moved.balls(operands)
    var best = 0
    for index in numbers.indices.dropFirst() {
      let difference = isMaximum ? numbers[index] - numbers[best] : numbers[best] - numbers[index]
      if difference.isPositive { best = index }
    }
    return best
  }
}
