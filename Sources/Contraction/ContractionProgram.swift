import Arithmetic
import CContraction
import Evaluation
import Formulas

/// Formulas at fixed sizes, compiled to operations on strided tensors over BLAS: compiled once, run on many inputs.
///
/// Kronecker products, vec_r, commutations, identities, diagonals and transposes are index bookkeeping; a program has matrix
/// products, elementwise products and elementwise functions only, in an order chosen by `ContractionCost`, and memory that
/// is planned once.
public struct ContractionProgram: Sendable {
  /// The shape of one result.
  public struct Output: Hashable, Sendable {
    public let rows: Int
    public let columns: Int
    /// The number of such matrices, one after the other.
    public let count: Int
    public var entries: Int { rows * columns * count }
  }

  /// A matrix to be bound before a run.
  public struct Input: Hashable, Sendable {
    public let symbol: Symbol
    public let rows: Int
    public let columns: Int
    /// The number of such matrices, one after the other.
    public let count: Int
    /// Whether what is computed from it alone is kept from run to run.
    public let isFixed: Bool
    public var entries: Int { rows * columns * count }
  }

  /// A name for the value of a formula.
  public struct Definition: Sendable {
    /// How a name stands for a formula.
    public enum Meaning: Sendable {
      case value
      /// Its value, which counts as constant when it comes to derivatives.
      case held
      /// Zero exactly, with the formula's derivative: the formula less its value.
      case vanishing
    }

    public let symbol: Symbol
    public let formula: Formula
    public let meaning: Meaning

    public init(_ symbol: Symbol, _ formula: Formula, _ meaning: Meaning = .value) {
      (self.symbol, self.formula, self.meaning) = (symbol, formula, meaning)
    }

    /// The name and what it stands for, of a rule that introduces a symbol.
    public init(_ rule: Rule) {
      guard case .symbol(let symbol) = rule.statement.right.operator else {
        preconditionFailure("\(rule.id) does not define a symbol")
      }
      self.init(symbol, rule.statement.left)
    }
  }

  public let inputs: [Input]
  public let outputs: [Output]
  public let sizes: [String: Int]
  /// Closed formulas that occur as coefficients.
  let constants: [Formula]
  /// What is done when fixed inputs have changed, and what is done in each run.
  let preparation: [TensorOperation]
  let operations: [TensorOperation]
  let offsets: [Int: Int]
  let isFixed: Set<Int>
  let scratchOffsets: [Int]
  /// Numbers of memory: for what a run computes, for what is kept, and for pieces, of which each thread needs its own.
  let memory: (run: Int, fixed: Int, scratch: Int)

  init(
    _ lowering: Lowering, roots: [ContractionEmitter.Root], inputs: [Input], outputs: [Output],
    finishing: [TensorOperation] = []
  ) throws(EvaluationError) {
    precondition(Set(inputs.map(\.symbol)).count == inputs.count, "an input is given twice")
    var planner = ContractionPlanner(lowering.graph)
    let planned = roots.map { root in
      var root = root
      root.terms = planner.plan(root.terms)
      return root
    }
    let emitter = try ContractionEmitter(planner.graph, planner.planned, roots: planned)
    let graph = planner.graph
    (self.inputs, self.outputs, sizes) = (inputs, outputs, lowering.sizes.sizes)
    constants = graph.constants
    func isKept(_ step: ContractionEmitter.Step) -> Bool { step.node.map { graph[$0].isFixed } ?? false }
    let hasVarying = inputs.contains { !$0.isFixed }
    let first = hasVarying ? emitter.steps.filter(isKept) : []
    let second = hasVarying ? emitter.steps.filter { !isKept($0) } : emitter.steps
    // Memory: fixed tensors that runs read live on.
    var lastUse: [Int: Int] = [:]
    for (position, step) in (first + second).enumerated() { for node in step.reads { lastUse[node] = position } }
    var run = ContractionMemory(), kept = ContractionMemory(), scratch = ContractionMemory()
    var offsets: [Int: Int] = [:], fixed: Set<Int> = []
    for (position, step) in (first + second).enumerated() {
      guard let node = step.node else { continue }
      let last = lastUse[node] ?? position
      if position < first.count {
        fixed.insert(node)
        offsets[node] = kept.allocate(graph[node].count, at: position, until: last >= first.count ? .max : last)
      } else {
        offsets[node] = run.allocate(graph[node].count, at: position, until: last)
      }
    }
    scratchOffsets = emitter.scratchSizes.map { scratch.allocate($0, at: 0, until: .max) }
    (self.offsets, isFixed) = (offsets, fixed)
    memory = (run.size, kept.size, scratch.size)
    preparation = first.flatMap(\.operations).flatMap { $0.fitted() }.flatMap { $0.parallel() }
    operations = second.flatMap(\.operations).flatMap { $0.fitted() }.flatMap { $0.parallel() } + finishing
  }
}

extension ContractionProgram {
  /// The bytes that an evaluation takes, inputs included; results are in the caller's memory.
  public func memorySize(threads: Int) -> Int {
    let inputs = inputs.reduce(0) { $0 + $1.entries }
    return (memory.run + memory.fixed + threads * memory.scratch + inputs) * 8
  }

  /// The same on one thread.
  public var memorySize: Int { memorySize(threads: 1) }
}

extension ContractionProgram {
  /// Compiles the values of formulas.
  ///
  /// - Parameters:
  ///   - definitions: names that stand in the formulas for other formulas, in the order in which they are defined.
  ///   - symbols: the matrices to be bound, in the order in which they are given.
  ///   - fixed: those of the symbols that stay the same for many runs; what depends on them alone is computed once.
  /// - Errors: a symbol that is neither an input nor defined, a size without a number, the derivative of a norm, a tensor
  ///   that no memory holds.
  public init(
    _ formulas: [Formula], definitions: [Definition] = [], inputs symbols: [Symbol], fixed: Set<Symbol> = [],
    sizes: [String: Int]
  ) throws(EvaluationError) {
    var lowering = Lowering(sizes: sizes)
    let inputs = try lowering.add(symbols, fixed)
    for definition in definitions { try lowering.define(definition) }
    var roots: [ContractionEmitter.Root] = [], outputs: [Output] = []
    for formula in formulas {
      let rows = try lowering.number(formula.shape.rows), columns = try lowering.number(formula.shape.columns)
      try ContractionMemory.check([rows, columns])
      try lowering.addRoots(formula, output: outputs.count, width: columns, to: &roots)
      outputs.append(Output(rows: rows, columns: columns, count: 1))
    }
    try self.init(lowering, roots: roots, inputs: inputs, outputs: outputs)
  }

  /// Compiles a symmetric matrix given by its blocks on and right of the diagonal; the others are their transposes.
  ///
  /// - Parameter blocks: row by row, those with column index at least the row index; the outer index is the row.
  public init(
    symmetric blocks: [[Formula]], definitions: [Definition] = [], inputs symbols: [Symbol],
    sizes: [String: Int]
  ) throws(EvaluationError) {
    var lowering = Lowering(sizes: sizes)
    let inputs = try lowering.add(symbols, [])
    for definition in definitions { try lowering.define(definition) }
    var heights: [Int] = []
    for row in blocks {
      guard let first = row.first else { preconditionFailure("a block row without its diagonal block") }
      heights.append(try lowering.number(first.shape.rows))
    }
    let order = try lowering.number(blocks.reduce(Size(0)) { $0 + $1[0].shape.rows })
    try ContractionMemory.check([order, order])
    var roots: [ContractionEmitter.Root] = []
    for (i, row) in blocks.enumerated() {
      precondition(row.count == blocks.count - i, "block row \(i) needs \(blocks.count - i) blocks, not \(row.count)")
      for (j, block) in row.enumerated() {
        let top = heights[..<i].reduce(0, +), left = heights[..<(i + j)].reduce(0, +)
        try lowering.addRoots(
          block, output: 0, offset: top * order + left, width: order, isSymmetric: j == 0, to: &roots)
      }
    }
    let mirror = TensorOperation(
      kind: .mirror, streams: Double(order) * Double(order) >= ContractionEmitter.streamedSize,
      target: TensorPlace(buffer: .output(0)), extents: [order], targetStrides: [order])
    try self.init(
      lowering, roots: roots, inputs: inputs, outputs: [Output(rows: order, columns: order, count: 1)],
      finishing: blocks.count == 1 && heights[0] == 1 ? [] : [mirror])
  }

  /// Compiles derivatives of formulas along directions: `Σ_W ∂F/∂W[V_W]`, for one direction or several at once.
  ///
  /// - Parameters:
  ///   - directions: for each symbol the name of the matrix in the place of its differential, of the same shape.
  ///   - batch: the number of directions; each is bound, and each result given, as so many matrices one after the other.
  public init(
    derivativesOf formulas: [Formula], along directions: [(of: Symbol, by: Symbol)], batch: Int = 1,
    definitions: [Definition] = [], inputs symbols: [Symbol], sizes: [String: Int]
  ) throws(EvaluationError) {
    precondition(batch > 0, "\(batch) directions")
    var lowering = Lowering(sizes: sizes)
    var inputs = try lowering.add(symbols, Set(symbols))
    for definition in definitions { try lowering.define(definition) }
    var along: [(symbol: Symbol, node: Int)] = []
    for (symbol, direction) in directions {
      let rows = try lowering.number(symbol.shape.rows), columns = try lowering.number(symbol.shape.columns)
      try ContractionMemory.check([rows, columns, batch])
      let extents = batch == 1 ? [rows, columns] : [batch, rows, columns]
      along.append((symbol, lowering.graph.add(.input(inputs.count), extents, isFixed: false)))
      inputs.append(Input(symbol: direction, rows: rows, columns: columns, count: batch, isFixed: false))
    }
    var roots: [ContractionEmitter.Root] = [], outputs: [Output] = []
    for formula in formulas {
      let rows = try lowering.number(formula.shape.rows), columns = try lowering.number(formula.shape.columns)
      try ContractionMemory.check([rows, columns, batch])
      let terms = try lowering.directionalDerivative(of: formula, along: along)
      let isBatched = batch > 1
      roots.append(
        ContractionEmitter.Root(
          terms: terms, output: outputs.count, strides: [columns, 1] + (isBatched ? [rows * columns] : []),
          extents: [rows, columns] + (isBatched ? [batch] : [])))
      outputs.append(Output(rows: rows, columns: columns, count: batch))
    }
    try self.init(lowering, roots: roots, inputs: inputs, outputs: outputs)
  }
}

extension Lowering {
  fileprivate mutating func add(
    _ symbols: [Symbol], _ fixed: Set<Symbol>
  ) throws(EvaluationError) -> [ContractionProgram.Input] {
    var inputs: [ContractionProgram.Input] = []
    for symbol in symbols {
      try addInput(symbol, isFixed: fixed.contains(symbol))
      inputs.append(
        .init(
          symbol: symbol, rows: try number(symbol.shape.rows), columns: try number(symbol.shape.columns), count: 1,
          isFixed: fixed.contains(symbol)))
    }
    return inputs
  }

  /// The formula as results, a grid of blocks as one for each block.
  fileprivate mutating func addRoots(
    _ formula: Formula, output: Int, offset: Int = 0, width: Int, isSymmetric: Bool = false,
    to roots: inout [ContractionEmitter.Root]
  ) throws(EvaluationError) {
    if case .blocks(let rows) = formula.operator {
      let columns = formula.operands.count / rows
      var top = 0
      for i in 0..<rows {
        var left = 0
        for j in 0..<columns {
          let block = formula.operands[i * columns + j]
          try addRoots(block, output: output, offset: offset + top * width + left, width: width, to: &roots)
          left += try number(block.shape.columns)
        }
        top += try number(formula.operands[i * columns].shape.rows)
      }
      return
    }
    let matrix = try lower(formula)
    roots.append(
      ContractionEmitter.Root(
        terms: matrix.terms, output: output, offset: offset, strides: [width, 1],
        extents: [matrix.rows, matrix.columns],
        isSymmetric: isSymmetric))
  }
}
