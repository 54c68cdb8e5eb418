import AttentionHessian
import Testing

@testable import benchmark

@Suite struct WorkerTests {
  private let sizes = Sizes(3, 5, 2, 4)

  /// Has a worker compute a quantity at a set of weights, and takes the numbers it writes.
  private func result(_ quantity: MeasuredQuantity, set: Int, _ sizes: Sizes? = nil) throws -> [Double] {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let inputs = "\(scratch.path)/inputs", output = "\(scratch.path)/result"
    try Inputs(sizes ?? self.sizes, seed: 5).write(to: inputs)
    let worker = Worker(ContractionMeasurement.self, threads: 1)
    for request in [
      ["do": "load", "inputs": .string(inputs), "quantity": .string(quantity.rawValue)],
      ["do": "prepare", "set": .integer(set)],
      ["do": "time", "memory": "warm", "rehearse": true, "seconds": 0.01, "calls": 3, "first": 0],
      ["do": "prepare", "set": .integer(set)],
      ["do": "result", "set": .integer(set), "output": .string(output)],
    ] as [JSONValue] {
      let answer = try JSONValue(parsing: worker.answer(JSONWriter(.compact).text(request)))
      #expect(answer["error"] == nil && answer["refused"] == nil, "\(answer)")
    }
    return Agreement.numbers(try FileInput.read(output)[...])
  }

  @Test func theRowsWrittenAreThoseOfTheMatrix() throws {
    let n = sizes.dimension, vector = Inputs(sizes, seed: 5).vectors[0]
    let dense = try result(.dense, set: 2)
    try #require(dense.count == n * n + n)
    let image = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + dense[i * n + $1] * vector[$1] } }
    #expect(Agreement.difference(image, Array(dense[(n * n)...])) < 1e-15)
  }

  @Test(arguments: [Sizes(3, 5, 2, 4), Sizes(17, 12, 8, 6), Sizes(equal: 16)])
  func theMatrixTimesAVectorIsTheProduct(sizes: Sizes) throws {
    // A set of weights has the vector of the same number, and a matrix is weighed by the first.
    let image = try result(.dense, set: 0, sizes).suffix(sizes.dimension)
    #expect(Agreement.difference(try result(.product, set: 0, sizes), Array(image)) < 1e-13)
  }

  @Test func theNormIsTheLargestEigenvalue() throws {
    let n = sizes.dimension
    let matrix = Matrix(rows: n, columns: n, entries: Array(try result(.dense, set: 1)[..<(n * n)]))
    let norm = try LinearAlgebra.symmetricSpectralNorm(of: matrix)
    #expect(Agreement.difference(try result(.norm, set: 1), [norm]) < 1e-8)
  }

  @Test func aTrainingStepIsComparedByItsGradient() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let path = "\(scratch.path)/inputs", output = "\(scratch.path)/result"
    let configuration = RunCommand.configurationOfTraining
    let inputs = try TrainingInputs(configuration, seed: 3)
    #expect(inputs.sizes.dimension == inputs.weights.count && inputs.sizes.sequenceLength == 16)
    try inputs.write(to: path, configuration: configuration)
    #expect(try TrainingInputs(configuration, seed: 3, from: path).weights == inputs.weights)
    let worker = Worker(ContractionMeasurement.self, threads: 1)
    func ask(_ request: JSONValue) throws -> JSONValue {
      let answer = try JSONValue(parsing: worker.answer(JSONWriter(.compact).text(request)))
      #expect(answer["error"] == nil && answer["refused"] == nil, "\(answer)")
      return answer
    }
    func gradient(_ set: Int) throws -> [Double] {
      _ = try ask(["do": "result", "set": .integer(set), "output": .string(output)])
      return Agreement.numbers(try FileInput.read(output)[...])
    }
    _ = try ask(["do": "load", "inputs": .string(path), "quantity": "step"])
    let first = try gradient(1)
    #expect(first.count == inputs.weights.count + 1)
    let times = try ask(
      ["do": "time", "memory": "fresh", "rehearse": true, "seconds": 5.0, "calls": 7, "first": 0])
    #expect(times["seconds"]?.elements?.count == 7)
    // Steps change the weights, and not what is compared.
    #expect(try gradient(1) == first)
    #expect(try gradient(2) != first)
    // Along the gradient the loss rises by its length, to first order.
    let h = 1e-6, slope = first.dropFirst().reduce(0) { $0 + $1 * $1 }
    let moved = zip(inputs.weights, first.dropFirst()).map { $0 + h * $1 }
    let losses = SampleLosses(inputs.problem, inputs.samples, threads: 1)
    let loss = try losses.gradientSum(of: inputs.indices(1), at: moved).sum.loss / Double(inputs.batch)
    #expect(abs((loss - first[0]) / h / slope - 1) < 1e-3)
  }

  @Test func aPointOfAPlaneIsComparedByItsLoss() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let path = "\(scratch.path)/inputs", output = "\(scratch.path)/result"
    let configuration = RunCommand.configurationOfTraining
    let inputs = try TrainingInputs(configuration, batch: 7, seed: 3)
    try inputs.write(to: path, configuration: configuration)
    let worker = Worker(ContractionMeasurement.self, threads: 1)
    for request in [
      ["do": "load", "inputs": .string(path), "quantity": "point"],
      ["do": "time", "memory": "fresh", "rehearse": true, "seconds": 5.0, "calls": 3, "first": 0],
      ["do": "result", "set": 2, "output": .string(output)],
    ] as [JSONValue] {
      let answer = try JSONValue(parsing: worker.answer(JSONWriter(.compact).text(request)))
      #expect(answer["error"] == nil && answer["refused"] == nil, "\(answer)")
    }
    let losses = SampleLosses(inputs.problem, inputs.samples.selecting(inputs.indices(0)), threads: 1)
    let expected = try losses.total(at: inputs.weights.map { 1.04 * $0 }).loss / 7
    #expect(Agreement.numbers(try FileInput.read(output)[...]) == [expected])
  }

  @Test func aRequestThatCannotBeAnsweredIsRefused() throws {
    let worker = Worker(ContractionMeasurement.self, threads: 1)
    for request in [#"{"do":"prepare","set":0}"#, #"{"do":"dance"}"#, #"{"do":"load","inputs":"x"}"#] {
      #expect(try JSONValue(parsing: worker.answer(request))["refused"] != nil)
    }
    #expect(try JSONValue(parsing: worker.answer("no JSON"))["error"] != nil)
  }
}
