import Arithmetic
import Formulas

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The quotient left/right of a statement `left ≤ right`, made large over all its free matrices by local ascent from
/// random starts.
///
/// Nothing is known of the statement but its formulas. What comes out is a point at which the quotient was measured in
/// floating point: an estimate, never a bound, and no proof that the statement holds where it stays below 1.
public struct RatioMaximization: Sendable {
  /// A point that was found.
  public struct Outcome: Sendable {
    public let point: Environment<Double>
    /// left/right there; infinite where the right side is at most zero and the left side above it.
    public let ratio: Double
    /// The number of evaluations that it took.
    public let evaluations: Int
  }

  /// The symbols and variables of the statement, in order of first occurrence.
  public let symbols: [Symbol]
  public let sizes: [String: Int]
  let program: GradientProgram

  /// Compiles the statement at given sizes.
  ///
  /// - Errors: a size without a number, or an evaluation that would need too much memory.
  public init(_ statement: Judgement, sizes: [String: Int]) throws(EvaluationError) {
    precondition(statement.relation == .atMost, "only an inequality has a quotient of its sides")
    var symbols: [Symbol] = []
    for symbol in [statement.left, statement.right].flatMap({ $0.symbols + $0.variables })
    where !symbols.contains(symbol) { symbols.append(symbol) }
    (self.symbols, self.sizes) = (symbols, sizes)
    program = try GradientProgram([statement.left, statement.right], symbols: symbols, sizes: sizes)
  }

  /// The number of free entries.
  public var dimension: Int { program.dimension }

  /// The matrices that a list of all entries, matrix by matrix in the order of `symbols`, stands for.
  public func environment(_ entries: [Double]) -> Environment<Double> { program.environment(entries) }

  /// The list of all entries, matrix by matrix in the order of `symbols`.
  ///
  /// - Errors: a matrix that is missing or has another shape.
  public func entries(_ point: Environment<Double>) throws(EvaluationError) -> [Double] { try program.point(point) }

  /// The number of rows and columns of each free matrix.
  public var shapes: [(rows: Int, columns: Int)] { program.shapes }

  /// left/right at a point; `nil` where one side has no value, or neither is positive.
  public func ratio(at point: Environment<Double>) throws(EvaluationError) -> Double? {
    let coordinates = try program.point(point)
    guard let sides = GradientEvaluation(program).values(at: coordinates) else { return nil }
    return Self.ratio(sides)
  }

  private static func ratio(_ sides: [Double]) -> Double? {
    let (left, right) = (sides[0], sides[1])
    if right > 0, left > 0 { return left / right }
    return left > right ? .infinity : nil
  }

  // MARK: Starts

  /// The widths, in powers of ten, of the interval that each matrix's scale is drawn from, by turns.
  public static let scaleWidths = [0.0, 0.5, 1, 2]

  /// The start with a number: every entry uniform in `[−1, 1)` times a scale of its matrix, whose logarithm is uniform.
  public func start(_ index: Int, seed: UInt64) -> Environment<Double> {
    var generator = SplitMix64(seed: SplitMix64.combined(seed, UInt64(bitPattern: Int64(index))))
    let width = Self.scaleWidths[((index % Self.scaleWidths.count) + Self.scaleWidths.count) % Self.scaleWidths.count]
    var environment = Environment<Double>(sizes: sizes)
    for (symbol, shape) in zip(symbols, program.shapes) {
      let scale = pow(10, width * Double.random(using: &generator))
      environment[symbol] = Matrix.random(rows: shape.rows, columns: shape.columns, using: &generator)
        .map { scale * $0 }
    }
    return environment
  }

  // MARK: Ascent

  /// The best of the ascents from a number of starts, the first of equals; `nil` where no start has a quotient.
  public func maximum(starts: Int, seed: UInt64, iterations: Int = 300) throws(EvaluationError) -> Outcome? {
    var best: Outcome?
    var evaluations = 0
    for index in 0..<starts {
      guard let outcome = try ascend(from: start(index, seed: seed), iterations: iterations) else { continue }
      evaluations += outcome.evaluations
      if best.map({ outcome.ratio > $0.ratio }) ?? true { best = outcome }
    }
    return best.map { Outcome(point: $0.point, ratio: $0.ratio, evaluations: evaluations) }
  }

  /// No ascent goes further.
  private static let largestEntry = 1e9

  /// The point that an ascent from another one ends at; `nil` where there is no quotient to begin with.
  ///
  /// - Parameters:
  ///   - fixed: for each entry of each matrix in the order of `symbols` whether it stays; `nil` where none does.
  ///   - goal: a quotient that is enough.
  ///   - isStopped: asked before every step; the ascent ends with the best point so far when it is true.
  public func ascend(
    from start: Environment<Double>, iterations: Int = 300, fixed: [Bool]? = nil, goal: Double = .infinity,
    isStopped: @escaping () -> Bool = { false }
  ) throws(EvaluationError) -> Outcome? {
    let coordinates = RatioCoordinates(program, origin: try program.point(start), fixed: fixed)
    let evaluation = GradientEvaluation(program)
    var unbounded: [Double]?
    let ascent = QuasiNewtonAscent(iterations: iterations, goal: log(goal), isStopped: isStopped)
    let found = ascent.maximum(from: coordinates.start) { variables in
      let point = coordinates.point(variables)
      guard point.allSatisfy({ $0.magnitude <= Self.largestEntry }), let sides = evaluation.values(at: point),
        let ratio = Self.ratio(sides)
      else {
        return nil
      }
      if ratio == .infinity {
        unbounded = unbounded ?? point
        return (.infinity, coordinates.zero)
      }
      let gradient = evaluation.gradient(weights: [1 / sides[0], -1 / sides[1]])
      guard gradient.allSatisfy(\.isFinite) else { return nil }
      return (log(sides[0]) - log(sides[1]), coordinates.gradient(gradient, at: point, variables))
    }
    guard let found else { return nil }
    let point = unbounded ?? coordinates.point(found.point)
    guard let sides = evaluation.values(at: point), let ratio = Self.ratio(sides) else { return nil }
    return Outcome(point: program.environment(point), ratio: ratio, evaluations: evaluation.count)
  }
}

extension RatioMaximization {
  /// Ascent over a grid: one entry at a time moves by its step, as long as left/right grows.
  ///
  /// - Parameters:
  ///   - entries: those of all matrices in the order of `symbols`.
  ///   - steps: for each entry its step; an entry whose step is zero stays.
  ///   - goal: a quotient that is enough.
  /// - Returns: the entries it ends at with their quotient; `nil` where there is none to begin with.
  public func climb(
    _ entries: [Double], steps: [Double], goal: Double = .infinity
  ) -> (entries: [Double], ratio: Double)? {
    let evaluation = GradientEvaluation(program)
    guard let sides = evaluation.values(at: entries), var ratio = Self.ratio(sides) else { return nil }
    var entries = entries
    for _ in 0..<Self.gridPasses where ratio < goal {
      var hasMoved = false
      for index in entries.indices where steps[index] != 0 && ratio < goal {
        for step in [steps[index], -steps[index]] {
          let value = entries[index]
          entries[index] = value + step
          if let sides = evaluation.values(at: entries), let moved = Self.ratio(sides), moved > ratio {
            (ratio, hasMoved) = (moved, true)
            break
          }
          entries[index] = value
        }
      }
      if !hasMoved { break }
    }
    return (entries, ratio)
  }

  private static let gridPasses = 40
}

/// The variables of an ascent: each free entry in units of its matrix, and the logarithm of each matrix's scale, so that
/// matrices of very different norms are treated alike and a norm can change by a factor in one step.
private struct RatioCoordinates {
  private let origin: [Double]
  /// The entries that vary, with their matrix.
  private let free: [(index: Int, matrix: Int)]
  private let units: [Double]
  /// The matrices that are scaled, with the range of their entries.
  private let scaled: [(matrix: Int, entries: Range<Int>)]

  init(_ program: GradientProgram, origin: [Double], fixed: [Bool]?) {
    self.origin = origin
    var free: [(index: Int, matrix: Int)] = [], scaled: [(matrix: Int, entries: Range<Int>)] = []
    var units: [Double] = []
    var offset = 0
    for (matrix, shape) in program.shapes.enumerated() {
      let range = offset..<(offset + shape.rows * shape.columns)
      offset = range.upperBound
      let size = range.reduce(0) { max($0, origin[$1].magnitude) }
      units.append(size > 0 ? size : 1)
      free += range.filter { !(fixed?[$0] ?? false) }.map { ($0, matrix) }
      if !range.contains(where: { fixed?[$0] ?? false }), !range.isEmpty { scaled.append((matrix, range)) }
    }
    (self.free, self.scaled, self.units) = (free, scaled, units)
  }

  var start: [Double] { free.map { origin[$0.index] / units[$0.matrix] } + scaled.map { _ in 0 } }
  var zero: [Double] { Array(repeating: 0, count: free.count + scaled.count) }

  func point(_ variables: [Double]) -> [Double] {
    var point = origin
    for (k, entry) in free.enumerated() { point[entry.index] = variables[k] * units[entry.matrix] }
    for (k, scale) in scaled.enumerated() {
      let factor = exp(limited(variables[free.count + k]))
      for index in scale.entries { point[index] *= factor }
    }
    return point
  }

  /// Scales change by a thousand at most: a quotient that grows beyond all bounds shall not drag them to overflow.
  private func limited(_ logarithm: Double) -> Double { min(max(logarithm, -Self.limit), Self.limit) }
  private static let limit = log(1e3)

  /// The gradient by the variables, from that by the entries.
  func gradient(_ gradient: [Double], at point: [Double], _ variables: [Double]) -> [Double] {
    var factors = units
    for (k, scale) in scaled.enumerated() { factors[scale.matrix] *= exp(limited(variables[free.count + k])) }
    return free.map { gradient[$0.index] * factors[$0.matrix] }
      + scaled.enumerated().map { k, scale in
        let variable = variables[free.count + k]
        if limited(variable) != variable { return 0 }
        return scale.entries.reduce(0) { $0 + gradient[$1] * point[$1] }
      }
  }
}
