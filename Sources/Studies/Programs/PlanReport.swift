import Arithmetic
import Contraction
import Evaluation
import TensorFiles
import Transformers
import Typesetting

/// How a quantity of a layer is computed: the operations of its program, with their arithmetic, the memory they move and,
/// where asked for, the time they take.
public struct PlanReport: Sendable {
  /// What is computed.
  public enum Quantity: String, CaseIterable, Sendable {
    case hessian, product, gradient, loss
  }

  public let quantity: Quantity
  public let kernel: AttentionKernel
  public let sizes: LayerSizes
  public let part: HessianPart
  /// The vectors multiplied at once.
  public let batch: Int
  public let program: ContractionProgram
  public let plan: ContractionPlan
  /// Seconds of each operation of a run on one thread, the least of several runs; none where not measured.
  public private(set) var times: [Double] = []

  /// - Errors: sizes beyond the machine's integers.
  public init(
    _ quantity: Quantity, _ kernel: AttentionKernel, _ sizes: LayerSizes, part: HessianPart = .both, batch: Int = 1
  ) throws(EvaluationError) {
    (self.quantity, self.kernel, self.sizes, self.part, self.batch) = (quantity, kernel, sizes, part, batch)
    let derived = DerivedHessian.of(kernel)
    let programs = LayerPrograms(derived.derivation, sizes: sizes.assignment)
    program =
      switch quantity {
      case .hessian: try programs.hessian(part) { derived.block($0, $1) }
      case .product: try programs.product(part, batch: batch)
      case .gradient: try programs.gradient()
      case .loss: try programs.loss()
      }
    plan = ContractionPlan(program)
  }

  /// The bytes of the results.
  public var resultSize: Double { program.outputs.reduce(0) { $0 + 8 * Double($1.entries) } }

  /// Times every operation at a random point.
  ///
  /// - Errors: `tooLarge` where results and memory exceed the limit.
  public mutating func measure(
    seed: UInt64, memoryLimit: MemoryEstimate = MemoryEstimate(bytes: 4 * 0x1p30)
  ) throws(LossEvaluationError) {
    let needed = MemoryEstimate(of: program, copies: 1)
    guard needed.bytes <= memoryLimit.bytes else { throw .tooLarge(needed, limit: memoryLimit) }
    var generator = SplitMix64(seed: seed)
    do throws(EvaluationError) {
      let evaluation = try ContractionEvaluation(program)
      for index in program.inputs.indices {
        evaluation.withInput(at: index) { numbers in
          for k in numbers.indices { numbers[k] = Double.random(using: &generator) }
        }
      }
      let places = program.outputs.map { UnsafeMutableBufferPointer<Double>.allocate(capacity: $0.entries) }
      defer { places.forEach { $0.deallocate() } }
      try evaluation.run(into: places)
      times = evaluation.profile()
    } catch {
      throw .evaluation(error)
    }
  }

  // MARK: Text

  /// A summary, and a line for each operation.
  public var text: String {
    var text = "\(title)\n"
    text +=
      "inputs: "
      + program.inputs.map { input in
        "\(input.symbol.name) \(input.count > 1 ? "\(input.count)×" : "")\(input.rows)×\(input.columns)"
      }.joined(separator: ", ") + "\n"
    text += "\(plan.run.filter { $0.operation != nil }.count) operations, \(Self.scaled(plan.flops, "FLOP"))"
    text +=
      ", \(Self.scaled(plan.bytes, "B")) read and written; \(MemoryEstimate(bytes: Double(program.memorySize))) of "
    text += "memory beside the results' \(MemoryEstimate(bytes: resultSize))\n"
    text += "by the cost model \(Self.scaled(plan.time, "s"))"
    if !times.isEmpty {
      let total = times.reduce(0, +)
      text += ", measured \(Self.scaled(total, "s")), \(Self.scaled(plan.flops / total, "FLOP/s"))"
    }
    text += "\n"
    if !plan.preparation.isEmpty { text += "\nonce for fixed inputs\n" + table(plan.preparation).text }
    return text + (plan.preparation.isEmpty ? "\n" : "\nin each run\n") + table(plan.run).text
  }

  private var title: String {
    let name =
      switch quantity {
      case .hessian: "Hessian"
      case .product: batch == 1 ? "Hessian–vector product" : "Product of the Hessian with \(batch) vectors"
      case .gradient: "Gradient"
      case .loss: "Value"
      }
    let part =
      switch self.part {
      case .both: ""
      case .outer: " (outer-product part)"
      case .functional: " (functional part)"
      }
    return "\(name)\(part) of the mean-square loss, \(kernel.rawValue) kernel, \(sizes)"
  }

  private func table(_ lines: [ContractionPlan.Line]) -> Table {
    let isTimed = !times.isEmpty && lines.contains { $0.operation != nil }
    var columns = [
      Table.Column("operation", alignment: .left), Table.Column("how", alignment: .left),
      Table.Column("FLOP", alignment: .right), Table.Column("bytes", alignment: .right),
    ]
    if isTimed { columns += [Table.Column("time", alignment: .right), Table.Column("FLOP/s", alignment: .right)] }
    let rows = lines.map { line -> [Table.Cell] in
      var cells: [Table.Cell] = [
        .text(String(repeating: "  ", count: line.depth) + line.text), .text(line.method),
        .text(line.flops == 0 ? "" : Self.scaled(line.flops, "")), .text(Self.scaled(line.bytes, "B")),
      ]
      if isTimed {
        let time = line.operation.map { times[$0] }
        cells.append(.text(time.map { Self.scaled($0, "s") } ?? ""))
        cells.append(.text(time.map { $0 > 0 && line.flops > 0 ? Self.scaled(line.flops / $0, "") : "" } ?? ""))
      }
      return cells
    }
    return Table(name: "plan", caption: "", columns: columns, rows: rows)
  }

  /// Three digits with a decimal prefix.
  static func scaled(_ value: Double, _ unit: String) -> String {
    guard value > 0, value.isFinite else { return unit.isEmpty ? "0" : "0 \(unit)" }
    let prefixes: [(Double, String)] = [
      (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"),
    ]
    let (scale, prefix) = prefixes.first { value >= 0.9995 * $0.0 } ?? (1e-9, "n")
    let number = value / scale
    let text = Rational(exactly: number)?.decimal(significantDigits: 3, rounding: .nearest) ?? "\(number)"
    return unit.isEmpty && prefix.isEmpty ? text : "\(text) \(prefix)\(unit)"
  }

  // MARK: JSON

  public var json: JSONValue {
    func line(_ line: ContractionPlan.Line) -> JSONValue {
      var members: [JSONValue.Member] = [
        .init("depth", .integer(line.depth)), .init("operation", .string(line.text)),
        .init("how", .string(line.method)),
        .init("flops", .number("\(line.flops)")), .init("bytes", .number("\(line.bytes)")),
      ]
      if let index = line.operation, !times.isEmpty { members.append(.init("seconds", .number("\(times[index])"))) }
      return .object(members)
    }
    return .object([
      .init("schema", "hessian.plan/1"), .init("quantity", .string(quantity.rawValue)),
      .init("kernel", .string(kernel.rawValue)), .init("part", .string(part.rawValue)), .init("batch", .integer(batch)),
      .init(
        "sizes",
        [
          "L": .integer(sizes.sequenceLength), "d": .integer(sizes.width), "d_K": .integer(sizes.keyWidth),
          "d_V": .integer(sizes.valueWidth),
        ]),
      .init("flops", .number("\(plan.flops)")), .init("bytes", .number("\(plan.bytes)")),
      .init("memory", .integer(program.memorySize)), .init("result", .number("\(resultSize)")),
      .init("seconds by the cost model", .number("\(plan.time)")),
      .init("preparation", .array(plan.preparation.map(line))), .init("run", .array(plan.run.map(line))),
    ])
  }
}
