import Formulas

/// A program as a person reads it: each operation in index notation, with its arithmetic and the numbers it moves.
public struct ContractionPlan: Sendable {
  public struct Line: Sendable {
    /// How deep it stands in loops.
    public let depth: Int
    /// What is computed, such as `t5[i,j] = t3[i,k] · t4[j,k]`; letters name the indices of one line.
    public let text: String
    /// How: matrix product, elementwise, loop and so on, with the extents.
    public let method: String
    /// Floating-point operations and bytes read and written, all turns of the loops around it counted; of a loop those
    /// of its body.
    public let flops: Double
    public let bytes: Double
    /// The position of the operation in the program that the line belongs to; `nil` for what is done once.
    public let operation: Int?
  }

  /// What is computed once for fixed inputs.
  public let preparation: [Line]
  /// What is computed in each run.
  public let run: [Line]
  /// Sums over the operations of a run.
  public let flops: Double
  public let bytes: Double
  /// Seconds on one core by the cost model.
  public let time: Double

  public init(_ program: ContractionProgram) {
    var names = Names(program)
    preparation = program.preparation.flatMap { names.lines($0, 0, 1, nil) }
    run = program.operations.enumerated().flatMap { names.lines($1, 0, 1, $0) }
    flops = program.operations.reduce(0) { $0 + $1.flops }
    bytes = program.operations.reduce(0) { $0 + 8 * $1.traffic }
    time = program.operations.reduce(0) { $0 + $1.time } * 1e-9
  }

  private struct Names {
    let program: ContractionProgram
    private var numbers: [TensorBuffer: Int] = [:]

    init(_ program: ContractionProgram) { self.program = program }

    private mutating func name(_ buffer: TensorBuffer) -> String {
      switch buffer {
      case .input(let index): return program.inputs[index].symbol.name
      case .output(let index): return program.outputs.count == 1 ? "result" : "result \(index + 1)"
      case .node, .scratch:
        let number = numbers[buffer] ?? numbers.count + 1
        numbers[buffer] = number
        if case .node = buffer { return "t\(number)" }
        return "piece\(number)"
      }
    }

    mutating func lines(_ operation: TensorOperation, _ depth: Int, _ turns: Double, _ index: Int?) -> [Line] {
      var text = "", method = ""
      var inner: [Line] = []
      let extents = operation.extents.map(String.init).joined(separator: "×")
      switch operation.kind {
      case .loop:
        text = "\(extents) times:"
        method = "loop"
        for own in operation.body { inner += lines(own, depth + 1, turns * Double(operation.extents[0]), index) }
      case .multiply, .matrixProduct:
        text = product(operation)
        method = operation.kind == .multiply ? "elementwise" : "matrix product"
        if operation.isZero { method = "clear" }
        method += " \(extents)"
        if operation.shrinking != nil { method += ", a triangle" }
      case .map(let function):
        text = "\(name(operation.target.buffer)) = \(function)(\(name(operation.factors[0].buffer)))"
        method = "map \(extents)"
      case .rowShift:
        text = "\(name(operation.target.buffer)) = \(name(operation.factors[0].buffer)) less each row's maximum"
        method = "shift \(extents)"
      case .mirror:
        text = "\(name(operation.target.buffer))[j,i] = \(name(operation.target.buffer))[i,j]"
        method = "mirror \(extents)×\(extents)"
      case .norm, .maximum, .minimum:
        let operands = operation.factors.map { name($0.buffer) }.joined(separator: ", ")
        text = "\(name(operation.target.buffer)) = \(operation.kind)(\(operands))"
        method = "LAPACK"
      }
      let line = Line(
        depth: depth, text: text, method: method, flops: turns * operation.flops, bytes: turns * 8 * operation.traffic,
        operation: depth == 0 ? index : nil)
      return [line] + inner
    }

    private mutating func product(_ operation: TensorOperation) -> String {
      let target = name(operation.target.buffer)
      guard let term = operation.term, !operation.isZero else {
        let operands = operation.factors.map { name($0.buffer) }.joined(separator: " · ")
        return "\(target) \(operation.accumulates ? "+=" : "=") \(operation.isZero ? "0" : operands)"
      }
      func indexed(_ name: String, _ axes: [[Int]]) -> String {
        let letters = axes.map { $0.map(Self.letter).joined() }.filter { !$0.isEmpty }
        return letters.isEmpty ? name : "\(name)[\(letters.joined(separator: ","))]"
      }
      var factors = operation.constants.map { "\(program.constants[$0])" }
      for (index, factor) in term.factors.enumerated() {
        factors.append(indexed(name(operation.factors[index].buffer), factor.axes))
      }
      if factors.isEmpty { factors = ["1"] }
      return
        "\(indexed(target, term.outputs)) \(operation.accumulates ? "+=" : "=") \(factors.joined(separator: " · "))"
    }

    private static func letter(_ label: Int) -> String {
      let letters = Array("ijklmnopqrstuvwxyzabcdefgh")
      return label < letters.count ? String(letters[label]) : "i\(label)"
    }
  }
}
