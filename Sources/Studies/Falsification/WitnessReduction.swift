import Arithmetic
import Evaluation
import Formulas

/// Turns a point at which left/right is large into one of small rationals at which it is nearly as large.
///
/// Entries are put to zero one after another while the others climb again; each matrix is scaled to a largest entry of 1;
/// the rest goes to the coarsest grid on which a climb stays above the target, and then to simpler numbers where that
/// does no harm. All in floating point: what comes out has to be certified.
struct WitnessReduction {
  let maximization: RatioMaximization
  /// left/right at the point that is reduced.
  let ratio: Double
  /// What left/right has to stay at least.
  let target: Double

  /// Steps of the ascents between two decisions.
  private static let iterations = 60
  /// The denominators of the grids that are tried, and then powers of two.
  private static let denominators = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024]

  /// Every entry, and the exact value of those that are decided.
  private struct State {
    var entries: [Double]
    var exact: [Rational?]

    var fixed: [Bool] { exact.map { $0 != nil } }
  }

  /// The matrix of each entry.
  private var owner: [Int] {
    maximization.shapes.enumerated().flatMap { Array(repeating: $0, count: $1.rows * $1.columns) }
  }

  /// The reduced point; `nil` where no grid is fine enough.
  ///
  /// - Errors: those of the evaluation at a point of another shape.
  func reduced(_ point: Environment<Double>) throws(EvaluationError) -> Environment<Rational>? {
    let entries = try maximization.entries(point)
    var state = State(entries: entries, exact: Array(repeating: nil, count: entries.count))
    for index in bySize(entries) {
      var trial = state
      (trial.entries[index], trial.exact[index]) = (0, .zero)
      try accept(trial, in: &state)
    }
    for matrix in maximization.shapes.indices { try normalize(matrix, &state) }
    guard var values = onGrid(state) else { return nil }
    try simplify(&values)
    return try environment(values)
  }

  /// Every entry rounded to a multiple of `2^−bits` times the power of two below the largest entry of its matrix.
  func rounded(_ point: Environment<Double>, bits: Int) throws(EvaluationError) -> Environment<Rational> {
    let entries = try maximization.entries(point)
    let steps = units(entries).map { $0 * Self.power(-bits) }
    return try environment(zip(entries, steps).map { Self.multiple(of: $1, nearest: $0) })
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

  // MARK: Ascents

  /// The entries by size relative to their matrix, the smallest first.
  private func bySize(_ entries: [Double]) -> [Int] {
    let largest = largest(entries)
    let sizes = zip(entries, owner).map { $0.magnitude / max(largest[$1], .leastNormalMagnitude) }
    return entries.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
  }

  private func largest(_ entries: [Double]) -> [Double] {
    zip(entries, owner).reduce(into: maximization.shapes.map { _ in 0.0 }) { $0[$1.1] = max($0[$1.1], $1.0.magnitude) }
  }

  /// Takes over a trial after an ascent of its free entries, if left/right is hardly smaller than it was.
  private func accept(_ trial: State, in state: inout State) throws(EvaluationError) {
    let outcome = try maximization.ascend(
      from: maximization.environment(trial.entries), iterations: Self.iterations, fixed: trial.fixed, goal: ratio)
    // Most of the slack is left to the grid.
    guard let outcome, outcome.ratio >= max(target, ratio - (ratio - target) / 8) else { return }
    state = trial
    state.entries = try maximization.entries(outcome.point)
  }

  /// Scales a matrix so that its largest entry is 1 or −1, if the others can follow.
  private func normalize(_ matrix: Int, _ state: inout State) throws(EvaluationError) {
    let owner = owner
    let own = state.entries.indices.filter { owner[$0] == matrix && state.exact[$0] == nil }
    guard let index = own.max(by: { state.entries[$0].magnitude < state.entries[$1].magnitude }),
      state.entries[index] != 0
    else { return }
    var trial = state
    let scale = 1 / state.entries[index].magnitude
    for entry in own { trial.entries[entry] *= scale }
    trial.exact[index] = state.entries[index] > 0 ? .one : -1
    try accept(trial, in: &state)
  }

  // MARK: Grids

  /// The entries on the coarsest grid on which left/right reaches the target.
  private func onGrid(_ state: State) -> [Rational]? {
    let units = units(state.entries)
    for denominator in Self.denominators {
      let steps = units.map { $0 * Rational(1, over: denominator) }
      let start = state.entries.indices.map {
        state.exact[$0] ?? Self.multiple(of: steps[$0], nearest: state.entries[$0])
      }
      let climbed = maximization.climb(
        start.map { Double($0) }, steps: state.entries.indices.map { state.exact[$0] == nil ? Double(steps[$0]) : 0 },
        goal: ratio)
      guard let climbed, climbed.ratio >= target else { continue }
      return state.entries.indices.map {
        state.exact[$0] ?? Self.multiple(of: steps[$0], nearest: climbed.entries[$0])
      }
    }
    return nil
  }

  /// Puts entries to simpler numbers, the values of others in the same matrix among them, where left/right stays at least
  /// the target.
  private func simplify(_ values: inout [Rational]) throws(EvaluationError) {
    let owner = owner
    for _ in 0..<Self.passes {
      var hasChanged = false
      for index in values.indices {
        let others = values.indices.filter { owner[$0] == owner[index] && $0 != index }.map { values[$0] }
        for candidate in Self.simpler(values[index], others) {
          var trial = values
          trial[index] = candidate
          let point = maximization.environment(trial.map { Double($0) })
          guard let ratio = try maximization.ratio(at: point), ratio >= target else { continue }
          (values, hasChanged) = (trial, true)
          break
        }
      }
      if !hasChanged { return }
    }
  }

  /// How often all entries are simplified at most.
  private static let passes = 20

  /// Simpler numbers than a value, the simplest first.
  private static func simpler(_ value: Rational, _ others: [Rational]) -> [Rational] {
    if value.isZero { return [] }
    let coarser = [1, 2, 3, 4, 5, 6, 8].flatMap { denominator -> [Rational] in
      let step = Rational(1, over: denominator), below = (value * Rational(denominator)).floor * step
      return [below, below + step]
    }
    // Of entries that may be as large or small as they like, some power of two is enough.
    let scaled = [1, 4, 8, 16, 32].flatMap { [(value * power(-$0)).floor, value * power($0)] }
    let limit = Double(value.magnitude) / 2
    let near = (coarser + others.flatMap { [$0, -$0] }).filter { abs(Double($0 - value)) <= limit }
    let candidates = ([.zero] + scaled + near).filter { complexity($0) < complexity(value) }
    return candidates.indices.sorted { (complexity(candidates[$0]), $0) < (complexity(candidates[$1]), $1) }
      .map { candidates[$0] }
  }

  /// How hard a number is to read.
  private static func complexity(_ value: Rational) -> Double {
    Double(value.denominator) * 4 + Double(value.numerator.magnitude)
  }

  /// For each entry the power of two below the largest entry of its matrix, at most 1.
  private func units(_ entries: [Double]) -> [Rational] {
    let units = largest(entries).map { $0.isNormal ? Self.power(min(Int($0.exponent), 0)) : .one }
    return owner.map { units[$0] }
  }

  private static func multiple(of step: Rational, nearest value: Double) -> Rational {
    guard let exact = Rational(exactly: value), let quotient = try? exact.divided(by: step) else { return .zero }
    return (quotient + Rational(1, over: 2)).floor * step
  }

  private static func power(_ exponent: Int) -> Rational {
    Rational(exactly: Double(sign: .plus, exponent: exponent, significand: 1)) ?? .one
  }
}
