import Arithmetic
import Formulas

/// A place to evaluate a program in, and then to accumulate gradients of what was evaluated last.
///
/// - Complexity: memory for two numbers for each entry of each intermediate matrix.
public final class GradientEvaluation {
  let program: GradientProgram
  let values: UnsafeMutablePointer<Double>
  let adjoints: UnsafeMutablePointer<Double>
  private var point: [Double] = []
  /// The number of evaluations so far.
  public private(set) var count = 0

  public init(_ program: GradientProgram) {
    self.program = program
    let size = max(program.placeCount, 1)
    values = .allocate(capacity: size)
    values.initialize(repeating: 0, count: size)
    adjoints = .allocate(capacity: size)
    adjoints.initialize(repeating: 0, count: size)
    for node in program.nodes {
      guard case .constant(let index) = node.operation else { continue }
      for (k, entry) in program.constants[index].entries.enumerated() { values[node.offset + k] = entry }
    }
  }

  deinit {
    values.deallocate()
    adjoints.deallocate()
  }

  /// The values of the formulas at a point, or `nil` where one of them has none, or none that floating point can hold.
  public func values(at point: [Double]) -> [Double]? {
    precondition(point.count == program.dimension, "\(point.count) coordinates where \(program.dimension) are needed")
    self.point = point
    count += 1
    var start = 0
    for index in program.order {
      let node = program.nodes[index]
      if case .input = node.operation {
        for k in 0..<node.count { values[node.offset &+ k] = point[start &+ k] }
        start += node.count
      } else if !compute(node) {
        return nil
      }
    }
    let results = program.outputs.map { values[program.nodes[$0].offset] }
    return results.allSatisfy(\.isFinite) ? results : nil
  }

  /// The gradient, at the point evaluated last, of the sum of the formulas, each times its weight.
  public func gradient(weights: [Double]) -> [Double] {
    precondition(weights.count == program.outputs.count, "a weight for each formula")
    for place in 0..<program.placeCount { adjoints[place] = 0 }
    for (output, weight) in zip(program.outputs, weights) { adjoints[program.nodes[output].offset] += weight }
    var extra = [Double](repeating: 0, count: program.dimension)
    for index in program.order.reversed() where program.nodes[index].isActive {
      let node = program.nodes[index]
      if case .derivative(let formula) = node.operation {
        accumulate(formula, node, into: &extra)
      } else {
        propagate(node)
      }
    }
    var start = 0
    for node in program.nodes {
      guard case .input = node.operation else { continue }
      for k in 0..<node.count { extra[start &+ k] += adjoints[node.offset &+ k] }
      start += node.count
    }
    return extra
  }

  // MARK: Derivatives inside the formula

  func computeDerivative(_ formula: Formula, _ node: GradientProgram.Node) -> Bool {
    guard let value = try? formula.value(in: program.environment(point)), value.entries.count == node.count else {
      return false
    }
    for (k, entry) in value.entries.enumerated() { values[node.offset + k] = entry }
    return true
  }

  /// The derivative by a coordinate where dual numbers have none, by a central difference.
  private func difference(of formula: Formula, at coordinate: Int) -> Matrix<Double>? {
    let step = 0x1p-17 * max(1, point[coordinate].magnitude)
    var (above, below) = (point, point)
    above[coordinate] += step
    below[coordinate] -= step
    guard let high = try? formula.value(in: program.environment(above)),
      let low = try? formula.value(in: program.environment(below))
    else { return nil }
    return (high - low).map { $0 / (2 * step) }
  }

  /// Adds the adjoint of the node times its derivative by each coordinate, each by dual numbers.
  private func accumulate(_ formula: Formula, _ node: GradientProgram.Node, into gradient: inout [Double]) {
    let environment = program.environment(point)
    var lifted = Environment<Dual<Double>>(sizes: program.sizes)
    for symbol in program.symbols { lifted[symbol] = environment[symbol]?.map { Dual(constant: $0) } }
    var start = 0
    for symbol in program.symbols {
      guard let matrix = lifted[symbol] else { continue }
      defer { start += matrix.entries.count }
      let leaves = [Formula.symbol(symbol), .variable(symbol.name, symbol.shape.rows, symbol.shape.columns)]
      guard leaves.contains(where: formula.contains) else { continue }
      for k in matrix.entries.indices {
        var moved = matrix
        moved.entries[k] = Dual(matrix.entries[k].value, tangent: 1)
        lifted[symbol] = moved
        let derivative =
          (try? formula.value(in: lifted).map(\.tangent)) ?? difference(of: formula, at: start + k)
        for (i, entry) in (derivative?.entries ?? []).enumerated() {
          gradient[start + k] += adjoints[node.offset + i] * entry
        }
      }
      lifted[symbol] = matrix
    }
  }
}
