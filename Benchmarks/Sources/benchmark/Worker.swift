import AttentionHessian

/// Answers the runner's requests with calls of one way to compute.
final class Worker {
  private let way: any Measured.Type
  private let threads: Int
  private var loaded: (inputs: Inputs, quantity: MeasuredQuantity, measured: any Measured)?
  private var training: TrainingMeasurement?
  private var kept: MappedMemory?
  private var products: Int?

  init(_ way: any Measured.Type, threads: Int) { (self.way, self.threads) = (way, threads) }

  /// The answer to a request, both one line of JSON.
  func answer(_ line: String) -> String {
    let answer: JSONValue
    do {
      answer = try self.answer(to: try JSONValue(parsing: line))
    } catch let refusal as Refusal {
      answer = ["refused": .string(refusal.description)]
    } catch {
      answer = ["error": .string("\(error)")]
    }
    return JSONWriter(.compact).text(answer)
  }

  private func answer(to request: JSONValue) throws -> JSONValue {
    switch request["do"]?.stringValue {
    case "hello": return ["versions": ["AttentionHessian with": .string(Self.blas)], "import": 0]
    case "load": return try load(request)
    case "prepare":
      let (inputs, _, measured) = try current()
      let watch = Stopwatch()
      try measured.prepare(inputs.weights[try integer("set", request) % Inputs.count])
      return ["seconds": .double(watch.seconds)]
    case "time": return try time(request)
    case "result": return try result(request)
    default: throw Refusal("there is no such request")
    }
  }

  private static var blas: String { "\(BLASInformation.current)".replacing("BLAS: ", with: "") }

  private func load(_ request: JSONValue) throws -> JSONValue {
    guard let path = request["inputs"]?.stringValue, let name = request["quantity"]?.stringValue,
      let quantity = MeasuredQuantity(rawValue: name)
    else { throw Refusal("the request lacks inputs or a quantity") }
    if quantity == .step || quantity == .point { return try loadTraining(path, quantity) }
    let inputs = try Inputs(contentsOf: path)
    let memory = PeakMemory.current
    let watch = Stopwatch()
    let measured = try way.init(inputs, quantity, threads: threads)
    let seconds = watch.seconds
    try measured.prepare(inputs.weights[0])
    loaded = (inputs, quantity, measured)
    return ["compile": .double(seconds), "memory": .double(memory), "peak": .double(PeakMemory.current)]
  }

  private func loadTraining(_ path: String, _ quantity: MeasuredQuantity) throws -> JSONValue {
    let memory = PeakMemory.current, watch = Stopwatch()
    training = try TrainingMeasurement(contentsOf: path, quantity, threads: threads)
    return ["compile": .double(watch.seconds), "memory": .double(memory), "peak": .double(PeakMemory.current)]
  }

  private func current() throws -> (inputs: Inputs, quantity: MeasuredQuantity, measured: any Measured) {
    guard let loaded else { throw Refusal("nothing is loaded") }
    return loaded
  }

  private func integer(_ key: String, _ request: JSONValue) throws -> Int {
    guard let value = request[key]?.integer, value >= 0 else { throw Refusal("the request lacks \(key)") }
    return value
  }

  // MARK: Calls

  private func time(_ request: JSONValue) throws -> JSONValue {
    let (first, limit) = (try integer("first", request), try integer("calls", request))
    guard let name = request["memory"]?.stringValue, let memory = Contestant.Memory(rawValue: name),
      let budget = request["seconds"]?.doubleValue
    else { throw Refusal("the request lacks memory or seconds") }
    if request["rehearse"]?.booleanValue == true { _ = try call(first + Inputs.count - 1, memory) }
    var seconds: [Double] = []
    let total = Stopwatch()
    while seconds.isEmpty || (seconds.count < limit && total.seconds < budget) {
      seconds.append(try call(first + seconds.count, memory).seconds)
    }
    return [
      "seconds": .array(seconds.map { .double($0) }), "peak": .double(PeakMemory.current),
      "products": products.map { .integer($0) } ?? .null,
    ]
  }

  /// One call with the weights, or the vector, whose turn it is.
  private func call(_ turn: Int, _ memory: Contestant.Memory) throws -> (seconds: Double, result: [Double]?) {
    if let training {
      let watch = Stopwatch()
      try training.call(turn)
      return (watch.seconds, nil)
    }
    let (inputs, quantity, measured) = try current()
    let weights = inputs.weights[turn % Inputs.count], vector = inputs.vectors[turn % Inputs.count]
    let n = inputs.sizes.dimension
    switch quantity {
    case .dense:
      if memory == .fresh { kept = nil }
      let reused = kept
      let watch = Stopwatch()
      let target = try reused ?? MappedMemory(count: n * n)
      try measured.prepare(weights)
      try measured.hessian(into: target.buffer)
      let seconds = watch.seconds
      kept = target
      return (seconds, nil)
    case .product:
      let target = try kept ?? MappedMemory(count: n)
      kept = target
      return try vector.withUnsafeBufferPointer { vector in
        let watch = Stopwatch()
        try measured.apply(to: vector, into: target.buffer)
        return (watch.seconds, nil)
      }
    case .forward:
      let watch = Stopwatch()
      try measured.prepare(weights)
      let loss = try measured.loss()
      return (watch.seconds, [loss])
    case .step, .point: throw Refusal("a \(quantity.rawValue) is not of a single head")
    case .norm:
      let watch = Stopwatch()
      try measured.prepare(weights)
      let (norm, count) = try measured.spectralNorm()
      products = count
      return (watch.seconds, [norm])
    }
  }

  // MARK: Comparison

  /// Writes what a call computes; of a matrix some whole rows, and all columns weighed by a vector.
  private func result(_ request: JSONValue) throws -> JSONValue {
    guard let path = request["output"]?.stringValue else { throw Refusal("the request lacks an output") }
    let set = try integer("set", request)
    if let training { return try write(training.result(set), to: path) }
    let (inputs, quantity, _) = try current()
    var values = try call(set, .warm).result ?? []
    if values.isEmpty, let buffer = kept?.buffer {
      values = quantity == .dense ? Self.probes(buffer, inputs) : Array(buffer)
    }
    return try write(values, to: path)
  }

  private func write(_ values: [Double], to path: String) throws -> JSONValue {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * values.count)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    try AtomicFile.write(bytes, to: path)
    return ["count": .integer(values.count)]
  }

  private static func probes(_ matrix: UnsafeMutableBufferPointer<Double>, _ inputs: Inputs) -> [Double] {
    let n = inputs.sizes.dimension, vector = inputs.vectors[0]
    var values: [Double] = []
    for row in stride(from: 0, to: n, by: max(1, n / 96)) { values += matrix[(row * n)..<((row + 1) * n)] }
    for row in 0..<n {
      var sum = 0.0
      for column in 0..<n { sum += matrix[row * n + column] * vector[column] }
      values.append(sum)
    }
    return values
  }
}
