import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The printed `M` and the derived bound at all combinations of given numbers, rounded upward in floating point.
///
/// Inputs are rounded up to doubles and every operation up again; both bounds grow with each norm, so the results are at
/// least the exact values.
public struct BoundSweep: Sendable {
  /// A given quantity with the values it takes.
  public struct Axis: Sendable {
    /// Its name in tables: `x_max`, `length`, ….
    public let name: String
    public let values: [Rational]

    public init(_ name: String, _ values: [Rational]) {
      self.name = name
      self.values = values
    }
  }

  /// The values each quantity takes; `nil` where it is not given.
  public struct Axes: Sendable {
    public var dataNorm: [Rational]
    /// `nil` for the largest of the three weight norms, which then have to be given.
    public var weightNorm: [Rational]?
    public var queryNorm: [Rational]?
    public var keyNorm: [Rational]?
    public var valueNorm: [Rational]?
    public var sequenceLength: [Int]
    public var valueWidth: [Int]
    public var keyWidth: [Int]
    public var residualNorm: [Rational]?
    public var targetNorm: [Rational]?
    public var shufflingNorm: [Rational]?
    public var attentionNorm: [Rational]?

    public init(dataNorm: [Rational], sequenceLength: [Int], valueWidth: [Int], keyWidth: [Int]) {
      self.dataNorm = dataNorm
      self.sequenceLength = sequenceLength
      self.valueWidth = valueWidth
      self.keyWidth = keyWidth
    }
  }

  /// Consecutive combinations with their bounds.
  public struct Chunk: Sendable {
    /// The number of the first combination.
    public let start: Int
    /// The printed claim `M`, rounded up.
    public let printed: [Double]
    /// The derived bound, rounded up.
    public let derived: [Double]
  }

  /// What is given, in the order of the command's options; the last varies fastest.
  public let axes: [Axis]
  /// The number of combinations.
  public let count: Int
  private let columns: [[Double]]
  private let strides: [Int]
  private let printed: Plan
  private let derived: Plan

  /// The most combinations of one sweep.
  public static let limit = 10_000_000
  private static let chunk = 1 << 16

  /// - Errors: `BoundInputError` where a number is out of range or there are too many combinations.
  public init(_ axes: Axes) throws {
    let named = Self.named(axes)
    self.axes = named.map { Axis($0.name, $0.values) }
    var count = 1
    for axis in named {
      guard !axis.values.isEmpty else { throw BoundInputError("\(axis.name) has no values") }
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow, product <= Self.limit else {
        throw BoundInputError("the ranges have more than \(Self.limit) combinations; give fewer points")
      }
      count = product
    }
    self.count = count
    var stride = 1
    var strides: [Int] = []
    for axis in named.reversed() {
      strides.append(stride)
      stride *= axis.values.count
    }
    self.strides = strides.reversed()
    try Self.validate(axes, named)
    columns = named.map { $0.values.map(\.roundedUp) }
    let readings = try BoundReadings(
      residual: axes.targetNorm != nil ? .targetNorm : axes.residualNorm != nil ? .norm : .zero,
      isShufflingNormGiven: axes.shufflingNorm != nil, isAttentionNormGiven: axes.attentionNorm != nil)
    printed = try Plan(readings(TheoremOne.bound), axes, named)
    derived = try Plan(readings.derived.formula, axes, named)
  }

  /// The index of the value that an axis has in a combination.
  public func index(ofAxis axis: Int, at combination: Int) -> Int {
    combination / strides[axis] % axes[axis].values.count
  }

  /// Computes all bounds, in order, a part at a time.
  public func forEachChunk<Failure: Error>(_ body: (Chunk) throws(Failure) -> Void) throws {
    var start = 0
    while start < count {
      let range = start..<min(count, start + Self.chunk)
      let points = columns.indices.map { axis in
        range.map { columns[axis][$0 / strides[axis] % columns[axis].count] }
      }
      try body(Chunk(start: start, printed: try printed.values(points), derived: try derived.values(points)))
      start = range.upperBound
    }
  }
}

extension BoundSweep {
  /// An axis with what it stands for in the formulas.
  private struct NamedAxis {
    let name: String
    let values: [Rational]
    let symbols: [Symbol]
    let size: String?
  }

  private static func named(_ axes: Axes) -> [NamedAxis] {
    func norm(_ name: String, _ values: [Rational]?, _ symbols: Symbol...) -> NamedAxis? {
      values.map { NamedAxis(name: name, values: $0, symbols: symbols, size: nil) }
    }
    func size(_ name: String, _ values: [Int], _ size: String) -> NamedAxis {
      NamedAxis(name: name, values: values.map { Rational($0) }, symbols: [], size: size)
    }
    return [
      norm("x_max", axes.dataNorm, TheoremOne.dataNorm, DerivedBound.dataNorm),
      norm("w_max", axes.weightNorm, TheoremOne.weightNorm),
      norm("w_q", axes.queryNorm, DerivedBound.queryNorm), norm("w_k", axes.keyNorm, DerivedBound.keyNorm),
      norm("w_v", axes.valueNorm, DerivedBound.valueNorm), size("length", axes.sequenceLength, "L"),
      size("d_v", axes.valueWidth, "d_V"), size("d_k", axes.keyWidth, "d_K"),
      norm("r_max", axes.residualNorm, DerivedBound.residualNorm),
      norm("target_norm", axes.targetNorm, DerivedBound.targetNorm),
      norm("s_max", axes.shufflingNorm, TheoremOne.shufflingNorm),
      norm("alpha", axes.attentionNorm, DerivedBound.attentionNorm),
    ].compactMap { $0 }
  }

  private static func validate(_ axes: Axes, _ named: [NamedAxis]) throws {
    for axis in named {
      for value in axis.values {
        if axis.size == nil ? value.sign < 0 : value.sign <= 0 {
          let least = axis.size == nil ? "a norm and must be at least 0" : "a size and must be at least 1"
          throw BoundInputError("\(axis.name) is \(least), but is \(value)")
        }
        guard value.roundedUp.isFinite else {
          throw BoundInputError("\(axis.name) has a value beyond the range of floating point")
        }
      }
    }
    if axes.residualNorm != nil, axes.targetNorm != nil {
      throw BoundInputError("r_max and target_norm exclude each other")
    }
    let weights = [("w_q", axes.queryNorm), ("w_k", axes.keyNorm), ("w_v", axes.valueNorm)]
    guard let least = axes.weightNorm?.min() else {
      guard weights.allSatisfy({ $0.1 != nil }) else {
        throw BoundInputError("w_max is needed unless w_q, w_k and w_v are all given")
      }
      return
    }
    for (name, values) in weights {
      if let greatest = values?.max(), greatest > least {
        throw BoundInputError("\(name) = \(greatest) exceeds w_max = \(least), which bounds every weight norm")
      }
    }
  }

  /// A compiled bound, and which axes its inputs are.
  private struct Plan: Sendable {
    private enum Source: Sendable {
      case axis(Int)
      /// The largest of several axes.
      case largest([Int])
    }

    private let program: ScalarProgram
    private let sources: [Source]

    init(_ formula: Formula, _ axes: Axes, _ named: [NamedAxis]) throws {
      let sizeNames = named.compactMap(\.size).filter { size in formula.mentions(size) }
      let symbols = formula.symbols
      var sources: [Source] = []
      for symbol in symbols {
        sources.append(try Self.source(of: symbol, named))
      }
      for size in sizeNames {
        guard let index = named.firstIndex(where: { $0.size == size }) else {
          throw BoundInputError("\(size) is needed")
        }
        sources.append(.axis(index))
      }
      self.sources = sources
      program = try ScalarProgram(formula, inputs: symbols, sizeInputs: sizeNames, mode: .upperBound)
    }

    func values(_ points: [[Double]]) throws -> [Double] {
      try program.evaluate(
        sources.map { source in
          switch source {
          case .axis(let index): return points[index]
          case .largest(let indices):
            return points[indices[0]].indices.map { point in indices.map { points[$0][point] }.max() ?? 0 }
          }
        })
    }

    private static func source(of symbol: Symbol, _ named: [NamedAxis]) throws -> Source {
      if let index = named.firstIndex(where: { $0.symbols.contains(symbol) }) { return .axis(index) }
      let weights = [DerivedBound.queryNorm, DerivedBound.keyNorm, DerivedBound.valueNorm]
      if symbol == TheoremOne.weightNorm {
        return .largest(named.indices.filter { index in named[index].symbols.contains { weights.contains($0) } })
      }
      // A weight norm that is not given separately is bounded by that of all weights.
      if weights.contains(symbol), let index = named.firstIndex(where: { $0.symbols.contains(TheoremOne.weightNorm) }) {
        return .axis(index)
      }
      throw BoundInputError("\(symbol) is needed")
    }
  }
}

extension Formula {
  /// Whether a size name occurs, as a number or in a shape.
  fileprivate func mentions(_ name: String) -> Bool {
    containsSubformula { formula in
      if case .size(let size) = formula.operator { return size.names.contains(name) }
      return formula.shape.count.names.contains(name)
    }
  }
}
