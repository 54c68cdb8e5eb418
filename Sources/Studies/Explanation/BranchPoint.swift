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
    /// The least distance from the point in the logarithm of the input, in one direction; a floating-point estimate.
    public let value: Double
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
  private let values: [Symbol: Double]

  /// The search spans this factor in each direction.
  private static let span = 1e6
  private static let stepsPerDecade = 12

  init(_ operands: [Formula], isMaximum: Bool, _ inputs: [ExplainedBound.Input]) {
    (self.operands, self.isMaximum) = (operands, isMaximum)
    values = inputs.reduce(into: [:]) { $0[$1.symbol] = Double($1.value) }
  }

  func switches(of input: ExplainedBound.Input, from active: Int) throws -> [BranchPoint.Switch] {
    guard operands.contains(where: { $0.contains(.symbol(input.symbol)) }), let value = values[input.symbol] else {
      return []
    }
    // From zero every direction is upward, and there is no scale to begin with.
    let (start, directions) = value > 0 ? (value, [-1.0, 1]) : (1 / Self.span, [1.0])
    return try directions.compactMap { direction in
      guard let (place, operand) = try next(input, start, direction, active) else { return nil }
      return input.size != nil && place < 1 ? nil : BranchPoint.Switch(input: input, value: place, operand: operand)
    }
  }

  private func next(
    _ input: ExplainedBound.Input, _ start: Double, _ direction: Double, _ active: Int
  ) throws -> (Double, Int)? {
    let step = direction * log(10) / Double(Self.stepsPerDecade)
    let count = Int(log(Self.span) / abs(step)) * (values[input.symbol] == 0 ? 2 : 1)
    var inside = start
    for k in 1...count {
      let place = start * exp(step * Double(k))
      if try best(input.symbol, place) == active {
        inside = place
        continue
      }
      var outside = place
      for _ in 0..<60 {
        let middle = root(inside * outside)
        if try best(input.symbol, middle) == active { inside = middle } else { outside = middle }
      }
      return (outside, try best(input.symbol, outside))
    }
    return nil
  }

  /// The operand that counts with this value of one symbol.
  private func best(_ symbol: Symbol, _ value: Double) throws -> Int {
    var values = self.values
    values[symbol] = value
    let evaluator = Evaluator(Environment<Double>(sizes: [:], values: values.mapValues { Matrix($0) }))
    var best = 0, extreme = 0.0
    for (index, operand) in operands.enumerated() {
      let number = try evaluator.value(of: operand).scalar
      if index == 0 || (isMaximum ? number > extreme : number < extreme) { (best, extreme) = (index, number) }
    }
    return best
  }
}
