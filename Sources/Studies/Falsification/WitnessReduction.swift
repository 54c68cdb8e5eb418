import Arithmetic
import Evaluation
import Formulas

/// Turns a point at which left/right is large into one of small rationals at which it is nearly as large.
///
/// One entry after another is put to a simple value, zero first, and stays there while the others climb again; a value
/// is kept where left/right stays at least the target. All in floating point: what comes out has to be certified.
struct WitnessReduction {
  let maximization: RatioMaximization
  let target: Double

  /// Steps of the ascents between two decisions.
  private static let iterations = 60

  /// The state of the reduction: every entry, and the exact value of those that are decided.
  private struct State {
    var entries: [Double]
    var exact: [Rational?]
    /// The matrix of each entry.
    let owner: [Int]

    var fixed: [Bool] { exact.map { $0 != nil } }

    func largest(_ matrix: Int) -> Double {
      entries.indices.reduce(0) { owner[$1] == matrix ? max($0, entries[$1].magnitude) : $0 }
    }
  }

  /// The reduced point.
  ///
  /// - Errors: those of the evaluation at a point of another shape.
  func reduced(_ point: Environment<Double>) throws(EvaluationError) -> Environment<Rational> {
    let entries = try maximization.entries(point)
    let owner = maximization.shapes.enumerated().flatMap { index, shape in
      Array(repeating: index, count: shape.rows * shape.columns)
    }
    var state = State(entries: entries, exact: Array(repeating: nil, count: entries.count), owner: owner)
    for index in ordered(state, ascending: true) { _ = try decide(index, .zero, in: &state) }
    for matrix in maximization.shapes.indices { try normalize(matrix, &state) }
    while let index = ordered(state, ascending: false).first(where: { state.exact[$0] == nil }) {
      try decideSimply(index, &state)
    }
    return try environment(state.exact.map { $0 ?? .zero })
  }

  /// Every entry rounded to a multiple of `2^−bits` times the power of two below the largest entry of its matrix.
  func rounded(_ point: Environment<Double>, bits: Int) throws(EvaluationError) -> Environment<Rational> {
    var values: [Rational] = []
    for symbol in maximization.symbols {
      let entries = point[symbol]?.entries ?? []
      let unit = Self.unit(entries.map(\.magnitude).max() ?? 0)
      values += entries.map { Self.multiple(of: unit * Self.power(-bits), nearest: $0) }
    }
    return try environment(values)
  }

  private func environment(_ values: [Rational]) throws(EvaluationError) -> Environment<Rational> {
    var environment = Environment<Rational>(sizes: maximization.sizes)
    var offset = 0
    for (symbol, shape) in zip(maximization.symbols, maximization.shapes) {
      let count = shape.rows * shape.columns
      environment[symbol] = Matrix(
        rows: shape.rows, columns: shape.columns, entries: Array(values[offset..<(offset + count)]))
      offset += count
    }
    return environment
  }

  /// The entries by size relative to their matrix.
  private func ordered(_ state: State, ascending: Bool) -> [Int] {
    let largest = maximization.shapes.indices.map { max(state.largest($0), .leastNormalMagnitude) }
    let size = state.entries.indices.map { state.entries[$0].magnitude / largest[state.owner[$0]] }
    return state.entries.indices.sorted {
      size[$0] == size[$1] ? $0 < $1 : ascending ? size[$0] < size[$1] : size[$0] > size[$1]
    }
  }

  // MARK: Decisions

  /// Puts an entry to a value if left/right stays at least the target.
  private func decide(_ index: Int, _ value: Rational, in state: inout State) throws(EvaluationError) -> Bool {
    var trial = state
    trial.entries[index] = Double(value)
    trial.exact[index] = value
    return try accept(trial, in: &state)
  }

  private func accept(_ trial: State, in state: inout State) throws(EvaluationError) -> Bool {
    let outcome = try maximization.ascend(
      from: maximization.environment(trial.entries), iterations: Self.iterations, fixed: trial.fixed)
    guard let outcome, outcome.ratio >= target else { return false }
    state = trial
    state.entries = try maximization.entries(outcome.point)
    return true
  }

  /// Scales a matrix so that its largest entry is 1 or −1, if the others can follow.
  private func normalize(_ matrix: Int, _ state: inout State) throws(EvaluationError) {
    let own = state.entries.indices.filter { state.owner[$0] == matrix && state.exact[$0] == nil }
    guard let index = own.max(by: { state.entries[$0].magnitude < state.entries[$1].magnitude }),
      state.entries[index] != 0
    else { return }
    var trial = state
    let scale = 1 / state.entries[index].magnitude
    for entry in own { trial.entries[entry] *= scale }
    trial.exact[index] = state.entries[index] > 0 ? .one : -1
    _ = try accept(trial, in: &state)
  }

  /// Puts an entry to the simplest value that will do: that of a neighbour, or one of ever finer grids.
  private func decideSimply(_ index: Int, _ state: inout State) throws(EvaluationError) {
    let value = state.entries[index]
    var tried: [Rational] = []
    for candidate in Self.candidates(value, neighbours: neighbours(index, state)) where !tried.contains(candidate) {
      if try decide(index, candidate, in: &state) { return }
      tried.append(candidate)
    }
    // Finer than any of them; the certificate decides what it is worth.
    state.exact[index] = Self.multiple(of: Self.unit(value.magnitude) * Self.power(-40), nearest: value)
    state.entries[index] = Double(state.exact[index] ?? .zero)
  }

  /// The values already decided in the same matrix, and their negatives, that are near.
  private func neighbours(_ index: Int, _ state: State) -> [Rational] {
    let value = state.entries[index]
    let own = state.entries.indices.filter { state.owner[$0] == state.owner[index] }
    return own.compactMap { state.exact[$0] }.filter { !$0.isZero }.flatMap { [$0, -$0] }
      .filter { abs(Double($0) - value) <= 0.3 * value.magnitude }
      .sorted { (abs(Double($0) - value), $0) < (abs(Double($1) - value), $1) }
  }

  private static func candidates(_ value: Double, neighbours: [Rational]) -> [Rational] {
    let unit = unit(value.magnitude)
    var steps = (0...20).map { unit * power(-$0) }
    if unit <= 1 { steps += [3, 5, 6, 7, 9, 10, 12].map { Rational(1, over: $0) }.filter { $0 < unit } }
    return neighbours + steps.sorted(by: >).map { multiple(of: $0, nearest: value) }
  }

  // MARK: Grids

  private static func multiple(of step: Rational, nearest value: Double) -> Rational {
    guard let exact = Rational(exactly: value), let quotient = try? exact.divided(by: step) else { return .zero }
    return (quotient + Rational(1, over: 2)).floor * step
  }

  /// The largest power of two that is at most a size.
  private static func unit(_ size: Double) -> Rational {
    guard size.isNormal else { return .one }
    return power(Int(size.exponent))
  }

  private static func power(_ exponent: Int) -> Rational {
    Rational(exactly: Double(sign: .plus, exponent: exponent, significand: 1)) ?? .one
  }
}
