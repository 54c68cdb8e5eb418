import AttentionHessian

extension Outcome {
  /// One row for each contestant; columns that say nothing are left out.
  var table: ReportTable {
    let header = [
      "", "median", "fastest", "ratio", "GFLOP/s", "samples/s", "× forward", "products", "one-time", "per weights",
      "memory",
      "/ matrix", "difference", "calls", "remark",
    ]
    return ReportTable(title: "\(benchmark)", header: header, rows: entries.map(row))
  }

  private func row(_ entry: Entry) -> [String] {
    let median = entry.samples.median
    let operations = entry.quantity?.operations(benchmark.sizes)
    let isDense = entry.quantity == .dense
    return [
      entry.name, text(median, Figures.duration), text(entry.samples.minimum, Figures.duration),
      entry.isForScale && entry.quantity == nil ? "" : text(ratio(entry), Figures.ratio),
      text(operations.flatMap { count in median.map { 1e-9 * count / $0 } }, Figures.digits),
      text(samplesPerSecond(entry), Figures.digits), text(forwardPasses(entry), Figures.digits),
      entry.products.map(String.init) ?? "",
      text(entry.compileSeconds.flatMap { $0 > 1e-5 ? $0 : nil }, Figures.duration),
      text(entry.prepareSeconds.flatMap { $0 > 1e-5 ? $0 : nil }, Figures.duration),
      text(entry.peakMemory, Figures.memory),
      isDense ? text(entry.peakMemory.map { $0 / benchmark.sizes.matrixBytes }, Figures.digits) : "",
      entry.isReference ? "reference" : text(entry.difference, Figures.difference),
      entry.samples.isEmpty ? "" : "\(entry.samples.count)", remark(entry),
    ]
  }

  private func text(_ value: Double?, _ form: (Double) -> String) -> String { value.map(form) ?? "" }

  private func remark(_ entry: Entry) -> String {
    if let problem = entry.problem { return problem }
    return entry.agrees ? "" : "DISAGREES"
  }

  var json: JSONValue {
    let sizes = benchmark.sizes
    return [
      "section": .string(benchmark.section.rawValue), "threads": .integer(benchmark.threads),
      "L": .integer(sizes.sequenceLength), "d": .integer(sizes.width), "d_K": .integer(sizes.keyWidth),
      "d_V": .integer(sizes.valueWidth), "n": .integer(sizes.dimension),
      "contestants": .array(entries.map(json)),
    ]
  }

  private func json(_ entry: Entry) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return [
      "name": .string(entry.name), "project": .boolean(entry.isProject),
      "quantity": .string(entry.quantity?.rawValue ?? "process"), "median": number(entry.samples.median),
      "minimum": number(entry.samples.minimum),
      "ratio": number(entry.isForScale && entry.quantity == nil ? nil : ratio(entry)),
      "operations": number(entry.quantity?.operations(benchmark.sizes)),
      "samplesPerSecond": number(samplesPerSecond(entry)), "forwardPasses": number(forwardPasses(entry)),
      "compile": number(entry.compileSeconds),
      "prepare": number(entry.prepareSeconds), "peakMemory": number(entry.peakMemory),
      "startMemory": number(entry.startMemory), "products": entry.products.map { .integer($0) } ?? .null,
      "difference": number(entry.difference), "problem": entry.problem.map { .string($0) } ?? .null,
      "seconds": .array(entry.samples.seconds.map { .double($0) }),
    ]
  }
}
