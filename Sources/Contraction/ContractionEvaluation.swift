import Arithmetic
import CContraction
import Dispatch
import Evaluation
import Formulas

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A place to run a program in over `Double`: its memory is taken once, and a run takes none.
///
/// Not to be used from two threads at a time; it uses threads of its own for steps that are worth it. What it computes does
/// not depend on their number.
public final class ContractionEvaluation {
  public let program: ContractionProgram
  public let threads: Int
  private let preparation: NativeOperations
  private let operations: NativeOperations
  /// The base addresses of each thread: memory of runs, what is kept, pieces, inputs, outputs.
  private let bases: [UnsafeMutablePointer<UnsafeMutablePointer<Double>?>]
  private let memory: UnsafeMutablePointer<Double>
  private let bound: [UnsafeMutablePointer<Double>]
  private var isPrepared = false

  /// Numbers between the memory of one purpose and the next.
  private static let firstInput = 3

  /// - Parameter threads: the most threads that a run may use, at least one.
  /// - Errors: a coefficient without a value, more memory than can be had.
  public init(_ program: ContractionProgram, threads: Int = 1) throws(EvaluationError) {
    precondition(threads > 0, "\(threads) threads")
    BLAS.prepare()
    (self.program, self.threads) = (program, threads)
    let environment = Environment<Double>(sizes: program.sizes)
    var constants: [Double] = []
    for constant in program.constants { constants.append(try constant.value(in: environment).scalar) }
    let scale: ([Int]) -> Double = { $0.reduce(1) { $0 * constants[$1] } }
    let place: (TensorBuffer) -> (base: Int, offset: Int) = { buffer in
      switch buffer {
      case .node(let node): (program.isFixed.contains(node) ? 1 : 0, program.offsets[node] ?? 0)
      case .scratch(let index): (2, program.scratchOffsets[index])
      case .input(let index): (Self.firstInput + index, 0)
      case .output(let index): (Self.firstInput + program.inputs.count + index, 0)
      }
    }
    preparation = NativeOperations(program.preparation, scale: scale, place: place)
    operations = NativeOperations(program.operations, scale: scale, place: place)
    func rounded(_ count: Int) -> Int { (count + 7) / 8 * 8 }
    let inputCounts = program.inputs.map { rounded($0.entries) }
    let (run, fixed, scratch) = (
      rounded(program.memory.run), rounded(program.memory.fixed), rounded(program.memory.scratch)
    )
    let total = run + fixed + threads * scratch + inputCounts.reduce(0, +)
    let start = try ContractionMemory.allocate(total)
    memory = start
    var next = start + run + fixed + threads * scratch
    var bound: [UnsafeMutablePointer<Double>] = []
    for count in inputCounts {
      bound.append(next)
      next.initialize(repeating: 0, count: count)
      next += count
    }
    self.bound = bound
    bases = (0..<threads).map { thread in
      let count = Self.firstInput + program.inputs.count + program.outputs.count
      let table = UnsafeMutablePointer<UnsafeMutablePointer<Double>?>.allocate(capacity: count)
      table.initialize(repeating: nil, count: count)
      (table[0], table[1], table[2]) = (start, start + run, start + run + fixed + thread * scratch)
      for (index, input) in bound.enumerated() { table[Self.firstInput + index] = input }
      return table
    }
  }

  deinit {
    for table in bases { table.deallocate() }
    free(memory)
  }

  // MARK: Inputs

  /// The numbers of an input, row by row, to be written to.
  ///
  /// - Precondition: the symbol is an input of the program.
  public func withInput<Result>(_ symbol: Symbol, _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result)
    rethrows -> Result
  {
    guard let index = program.inputs.firstIndex(where: { $0.symbol == symbol }) else {
      preconditionFailure("\(symbol) is no input of the program")
    }
    return try withInput(at: index, body)
  }

  /// The numbers of an input given by its position among the program's inputs.
  public func withInput<Result>(at index: Int, _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result) rethrows
    -> Result
  {
    if program.inputs[index].isFixed { isPrepared = false }
    return try body(UnsafeMutableBufferPointer(start: bound[index], count: program.inputs[index].entries))
  }

  /// Binds an input to a matrix.
  ///
  /// - Precondition: the symbol is an input of the program, and the matrix is of its shape.
  public func bind(_ symbol: Symbol, to matrix: Matrix<Double>) {
    withInput(symbol) { numbers in
      precondition(
        numbers.count == matrix.entries.count, "\(symbol) has \(numbers.count) entries, not \(matrix.entries.count)")
      _ = numbers.update(fromContentsOf: matrix.entries)
    }
  }

  /// Binds all inputs that an environment has values for.
  public func bind(_ environment: Environment<Double>) {
    for input in program.inputs where input.count == 1 {
      if let matrix = environment[input.symbol] { bind(input.symbol, to: matrix) }
    }
  }

  // MARK: Runs

  /// Computes what depends on the fixed inputs alone; a run does so itself where they have changed.
  public func prepare() throws(EvaluationError) {
    if isPrepared { return }
    try run(preparation)
    isPrepared = true
  }

  /// Runs the program into memory of the caller, each result row by row.
  ///
  /// - Precondition: for each output a place of its size.
  /// - Errors: a norm that LAPACK cannot compute.
  public func run(into outputs: [UnsafeMutableBufferPointer<Double>]) throws(EvaluationError) {
    precondition(outputs.count == program.outputs.count, "a place for each of \(program.outputs.count) results")
    let first = Self.firstInput + program.inputs.count
    for (index, output) in outputs.enumerated() {
      precondition(
        output.count >= program.outputs[index].entries,
        "result \(index) has \(program.outputs[index].entries) numbers, its place \(output.count)")
      for table in bases { table[first + index] = output.baseAddress }
    }
    try prepare()
    try run(operations)
  }

  /// Runs the program and gives its results as matrices; several of one output stand below each other.
  public func callAsFunction() throws(EvaluationError) -> [Matrix<Double>] {
    var places: [UnsafeMutableBufferPointer<Double>] = []
    defer { places.forEach { free($0.baseAddress) } }
    for output in program.outputs {
      places.append(.init(start: try ContractionMemory.allocate(output.entries), count: output.entries))
    }
    try run(into: places)
    return zip(program.outputs, places).map { output, place in
      Matrix(
        rows: output.rows * output.count, columns: output.columns, entries: Array(place.prefix(output.entries)))
    }
  }

  /// The seconds that each of the program's operations takes on one thread, the least of some runs.
  ///
  /// - Precondition: a run has set the places of the results, which are still there.
  public func profile(repeats: Int = 5) -> [Double] {
    operations.ranges.map { range in
      guard !range.isEmpty else { return 0 }
      let turns = operations.turns(at: range.lowerBound)
      return (0..<max(1, repeats)).reduce(Double.infinity) { least, _ in
        let start = ContinuousClock.now
        Self.run(operations, range, 0, turns, bases[0])
        let time = (ContinuousClock.now - start).components
        return min(least, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
      }
    }
  }

  private func run(_ operations: NativeOperations) throws(EvaluationError) {
    for segment in operations.segments {
      switch segment {
      case .native(let range): Self.run(operations, range, 0, operations.turns(at: range.lowerBound), bases[0])
      case .parallel(let range, let turns) where threads > 1:
        nonisolated(unsafe) let tables = bases
        let threads = min(self.threads, turns), next = TurnCounter()
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
          while let turn = next.take(below: turns) { Self.run(operations, range, turn, 1, tables[thread]) }
        }
      case .parallel(let range, let turns): Self.run(operations, range, 0, turns, bases[0])
      case .other(let operation): try runOther(operation)
      }
    }
  }

  private static func run(
    _ operations: NativeOperations, _ range: Range<Int>, _ first: Int, _ count: Int,
    _ bases: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
  ) {
    operations.list.withUnsafeBufferPointer { list in
      guard let start = list.baseAddress else { return }
      contraction_run(start + range.lowerBound, Int64(range.count), Int64(first), Int64(count), bases)
    }
  }

  // MARK: What the kernels do not know

  private func address(_ place: TensorPlace) -> UnsafeMutablePointer<Double>? {
    guard case .node(let node) = place.buffer else {
      if case .input(let index) = place.buffer { return bound[index] + place.offset }
      return nil
    }
    let base = program.isFixed.contains(node) ? bases[0][1] : bases[0][0]
    return base.map { $0 + (program.offsets[node] ?? 0) + place.offset }
  }

  private func runOther(_ operation: TensorOperation) throws(EvaluationError) {
    guard let target = address(operation.target) else { return }
    let operands = operation.factors.compactMap { address($0) }
    switch operation.kind {
    case .norm(let norm):
      let (rows, columns) = (operation.extents[0], operation.extents[1])
      let entries = Array(UnsafeBufferPointer(start: operands[0], count: rows * columns))
      target.pointee = try norm.value(of: Matrix(rows: rows, columns: columns, entries: entries))
    // What is no number stays so, as in a formula's value.
    case .maximum: target.pointee = operands.reduce(-.infinity) { $0.isNaN || $1.pointee < $0 ? $0 : $1.pointee }
    case .minimum: target.pointee = operands.reduce(.infinity) { $0.isNaN || $1.pointee > $0 ? $0 : $1.pointee }
    default: preconditionFailure("run by the kernels")
    }
  }
}

/// Hands out the turns of a loop.
private final class TurnCounter: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var next = 0

  func take(below end: Int) -> Int? {
    lock.wait()
    defer { lock.signal() }
    if next >= end { return nil }
    next += 1
    return next - 1
  }
}
