import Contraction
import Formulas

/// How much memory the values of formulas take when every subformula's value is kept.
public struct MemoryEstimate: Hashable, Sendable, CustomStringConvertible {
  public let bytes: Double

  public init(bytes: Double) { self.bytes = bytes }

  /// The sum over all distinct subformulas; infinite where a size exceeds an `Int`.
  public init(of formulas: [Formula], sizes: [String: Int], bytesPerEntry: Int) {
    var seen: Set<Formula> = []
    var entries = 0.0
    func visit(_ formula: Formula) {
      guard seen.insert(formula).inserted else { return }
      entries += formula.shape.count.value { sizes[$0] }.map(Double.init) ?? .infinity
      formula.operands.forEach(visit)
    }
    formulas.forEach(visit)
    bytes = entries * Double(bytesPerEntry)
  }

  /// What an evaluation of a program takes, with some copies of its results.
  public init(of program: ContractionProgram, copies: Int) {
    let results = program.outputs.reduce(0.0) { $0 + Double($1.entries) }
    bytes = Double(program.memorySize) + Double(copies) * results * 8
  }

  /// The size in GiB, rounded up to a tenth, or in MiB where that is below one.
  public var description: String {
    let gibibytes = bytes / 1_073_741_824
    guard gibibytes.isFinite, gibibytes < 1e15 else { return "more than 10¹⁵ GiB" }
    if gibibytes < 1 { return "\(Int((gibibytes * 1024).rounded(.up))) MiB" }
    let tenths = Int((gibibytes * 10).rounded(.up))
    return "\(tenths / 10).\(tenths % 10) GiB"
  }
}
