import Arithmetic
import Evaluation
import Formulas

extension ContractionProgram {
  /// The results over any scalar, by the very operations of the program: what checks the lowering, exactly over `Modular`.
  ///
  /// - Errors: an input or a coefficient without a value, or an operation that the scalar does not have.
  public func values<S: Scalar>(in environment: Environment<S>) throws(EvaluationError) -> [Matrix<S>] {
    var run = ScalarRun<S>(self)
    for (index, input) in inputs.enumerated() {
      guard let matrix = environment[input.symbol] else { throw .unbound(input.symbol) }
      guard matrix.entries.count == input.entries else {
        throw .wrongShape(
          input.symbol, expected: "\(input.rows * input.count)×\(input.columns)",
          found: "\(matrix.rows)×\(matrix.columns)")
      }
      run.inputs[index] = matrix.entries
    }
    let closed = Environment<S>(sizes: sizes)
    for constant in constants { run.constants.append(try constant.value(in: closed).scalar) }
    for operation in preparation + operations { try run.perform(operation, []) }
    return outputs.enumerated().map { index, output in
      Matrix(rows: output.rows * output.count, columns: output.columns, entries: run.outputs[index])
    }
  }
}

/// A run of a program over any scalar.
private struct ScalarRun<S: Scalar> {
  let program: ContractionProgram
  var constants: [S] = []
  var inputs: [[S]]
  var outputs: [[S]]
  private var run: [S]
  private var kept: [S]
  private var pieces: [S]

  init(_ program: ContractionProgram) {
    self.program = program
    inputs = program.inputs.map { _ in [] }
    outputs = program.outputs.map { Array(repeating: .zero, count: $0.entries) }
    run = Array(repeating: .zero, count: program.memory.run)
    kept = Array(repeating: .zero, count: program.memory.fixed)
    pieces = Array(repeating: .zero, count: program.memory.scratch)
  }

  mutating func perform(_ operation: TensorOperation, _ turns: [Int]) throws(EvaluationError) {
    switch operation.kind {
    case .loop:
      for turn in 0..<operation.extents[0] {
        for inner in operation.body { try perform(inner, turns + [turn]) }
      }
    case .multiply, .matrixProduct: multiply(operation, turns)
    case .map(let function):
      for i in 0..<operation.extents[0] {
        let value = self[operation.factors[0], turns, i]
        do throws(ArithmeticError) { self[operation.target, turns, i] = try function.value(at: value) } catch {
          throw .arithmetic(error, at: "an elementwise function")
        }
      }
    case .rowShift:
      let (rows, columns) = (operation.extents[0], operation.extents[1])
      for i in 0..<rows {
        let row = (0..<columns).map { self[operation.factors[0], turns, i * columns + $0] }
        let shift = S.rowShift(row[...])
        for j in 0..<columns { self[operation.target, turns, i * columns + j] = row[j] - shift }
      }
    case .mirror:
      let n = operation.extents[0], width = operation.targetStrides[0]
      for i in 0..<n {
        for j in 0..<i { self[operation.target, turns, i * width + j] = self[operation.target, turns, j * width + i] }
      }
    case .norm(let norm):
      let (rows, columns) = (operation.extents[0], operation.extents[1])
      let entries = (0..<rows * columns).map { self[operation.factors[0], turns, $0] }
      self[operation.target, turns, 0] = try norm.value(of: Matrix(rows: rows, columns: columns, entries: entries))
    case .maximum, .minimum:
      let isMaximum = operation.kind == .maximum
      let numbers = operation.factors.map { self[$0, turns, 0] }
      do throws(ArithmeticError) {
        var best = isMaximum ? numbers[0] : -numbers[0]
        for number in numbers.dropFirst() { best = try S.maximum(best, isMaximum ? number : -number) }
        self[operation.target, turns, 0] = isMaximum ? best : -best
      } catch { throw .arithmetic(error, at: "a maximum or a minimum") }
    }
  }

  private mutating func multiply(_ operation: TensorOperation, _ turns: [Int]) {
    var extents = operation.extents
    if let dimension = operation.shrinking { extents[dimension] -= turns[turns.count - 1] }
    let scale = operation.isZero ? S.zero : operation.constants.reduce(S.one) { $0 * constants[$1] }
    if extents.contains(where: { $0 <= 0 }) { return }
    if !operation.accumulates {
      Self.visit(extents, [operation.targetStrides]) { self[operation.target, turns, $0[0]] = .zero }
    }
    Self.visit(extents, [operation.targetStrides] + operation.factorStrides) { offsets in
      var product = scale
      for (factor, offset) in zip(operation.factors, offsets.dropFirst()) {
        product = product * self[factor, turns, offset]
      }
      self[operation.target, turns, offsets[0]] = self[operation.target, turns, offsets[0]] + product
    }
  }

  private static func visit(_ extents: [Int], _ strides: [[Int]], _ body: ([Int]) -> Void) {
    var index = Array(repeating: 0, count: extents.count)
    while true {
      body(strides.map { own in zip(own, index).reduce(0) { $0 + $1.0 * $1.1 } })
      var d = extents.count - 1
      while d >= 0 {
        index[d] += 1
        if index[d] < extents[d] { break }
        index[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }

  private subscript(place: TensorPlace, turns: [Int], index: Int) -> S {
    get {
      let position = place.offset + zip(place.steps, turns).reduce(0) { $0 + $1.0 * $1.1 } + index
      switch place.buffer {
      case .input(let input): return inputs[input][position]
      case .output(let output): return outputs[output][position]
      case .scratch(let piece): return pieces[program.scratchOffsets[piece] + position]
      case .node(let node):
        let offset = (program.offsets[node] ?? 0) + position
        return program.isFixed.contains(node) ? kept[offset] : run[offset]
      }
    }
    set {
      let position = place.offset + zip(place.steps, turns).reduce(0) { $0 + $1.0 * $1.1 } + index
      switch place.buffer {
      case .input(let input): inputs[input][position] = newValue
      case .output(let output): outputs[output][position] = newValue
      case .scratch(let piece): pieces[program.scratchOffsets[piece] + position] = newValue
      case .node(let node):
        let offset = (program.offsets[node] ?? 0) + position
        if program.isFixed.contains(node) { kept[offset] = newValue } else { run[offset] = newValue }
      }
    }
  }
}

extension TensorFunction {
  fileprivate func value<S: Scalar>(at x: S) throws(ArithmeticError) -> S {
    switch self {
    case .exponential: return try x.exponential()
    case .reciprocal: return try x.reciprocal()
    case .squareRoot: return try x.squareRoot()
    case .positivePart: return try x.positivePart()
    case .step: return try x.step()
    case .logarithm: return try x.logarithm()
    case .normalDistribution: return try x.normalDistribution()
    case .normalDensity: return try x.normalDensity()
    }
  }
}

extension Norm {
  /// The norm of a matrix, as a formula's value.
  func value<S: Scalar>(of matrix: Matrix<S>) throws(EvaluationError) -> S {
    let symbol = Symbol("the matrix", Shape(Size(matrix.rows), Size(matrix.columns)))
    let environment = Environment<S>(sizes: [:], values: [symbol: matrix])
    return try Formula(.norm(self), [.symbol(symbol)]).value(in: environment).scalar
  }
}
