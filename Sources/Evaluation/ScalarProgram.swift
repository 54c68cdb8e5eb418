import Arithmetic
import Formulas

/// A 1×1 formula compiled to straight-line arithmetic over `Double`, run on many points at once.
///
/// Subformulas that occur repeatedly are computed once, constants are folded exactly. A point is a non-negative number for
/// each symbol and a whole one for each size name.
/// - Complexity: a pass over 256 points for each instruction.
public struct ScalarProgram: Sendable {
  /// What the result promises.
  public enum Mode: Hashable, Sendable {
    /// Rounded to nearest throughout: an estimate. It is a NaN where the formula has no value.
    case nearest
    /// At least the exact value at the given doubles; `+∞` where that is too large, or the formula divides by zero.
    ///
    /// Every operation is rounded up, or down below a reciprocal; all numbers must be non-negative.
    case upperBound
  }

  public let mode: Mode
  /// The symbols that the first columns are values of.
  public let inputs: [Symbol]
  /// The size names that the columns after those are values of.
  public let sizeInputs: [String]

  let code: ScalarProgramCode

  /// Compiles a formula.
  ///
  /// - Parameter sizes: numbers of the size names that are the same at every point.
  /// - Errors: see `ScalarProgramError`.
  public init(
    _ formula: Formula, inputs: [Symbol], sizeInputs: [String] = [], sizes: [String: Int] = [:], mode: Mode
  ) throws(ScalarProgramError) {
    (self.mode, self.inputs, self.sizeInputs) = (mode, inputs, sizeInputs)
    var compiler = try ScalarProgramCompiler(inputs: inputs, sizeInputs: sizeInputs, sizes: sizes, mode: mode)
    code = ScalarProgramCode(try compiler.definitions(of: formula))
  }

  /// The number of operations carried out at each point.
  public var instructionCount: Int { code.body.count }

  /// The values at the points whose coordinates are given as columns, in the order of `inputs`, then `sizeInputs`.
  ///
  /// - Errors: a missing column, columns of different lengths, and the first number that is negative, not finite, or no
  ///   whole number for a size.
  public func evaluate(_ columns: [[Double]]) throws(ScalarProgramError) -> [Double] {
    let names = inputs.map(\.name) + sizeInputs
    guard columns.count == names.count else { throw .columnCount(expected: names.count, found: columns.count) }
    let count = columns.first?.count ?? 0
    for (name, column) in zip(names, columns) where column.count != count {
      throw .columnLength(name, expected: count, found: column.count)
    }
    return try run(columns, names, count: count)
  }

  /// The value at one point.
  ///
  /// - Errors: those of `evaluate`.
  public func value(at point: [Double]) throws(ScalarProgramError) -> Double {
    let names = inputs.map(\.name) + sizeInputs
    guard point.count == names.count else { throw .columnCount(expected: names.count, found: point.count) }
    return try run(point.map { [$0] }, names, count: 1)[0]
  }

  private func run(_ columns: [[Double]], _ names: [String], count: Int) throws(ScalarProgramError) -> [Double] {
    let memory = ScalarProgramMemory(code)
    for instruction in code.prologue { memory.run(instruction, count: ScalarProgramMemory.chunk) }
    var result = [Double](repeating: 0, count: count)
    var start = 0
    while start < count {
      let length = min(ScalarProgramMemory.chunk, count - start)
      for (index, column) in columns.enumerated() {
        let isSize = index >= inputs.count
        guard memory.load(column, from: start, count: length, into: index, whole: isSize) else {
          throw Self.refusal(column, from: start, name: names[index], isSize: isSize)
        }
      }
      for instruction in code.body { memory.run(instruction, count: length) }
      memory.store(code.result, into: &result, from: start, count: length)
      start += length
    }
    return result
  }

  /// The error for the first number of the column that is none of those allowed.
  private static func refusal(
    _ column: [Double], from start: Int, name: String, isSize: Bool
  ) -> ScalarProgramError {
    let index = column[start...].firstIndex { !ScalarProgramMemory.isAllowed($0, whole: isSize) } ?? start
    let value = column[index]
    return isSize ? .badSize(name, index: index, value: value) : .badInput(name, index: index, value: value)
  }
}
