import Contraction
import Formulas
import TensorFiles
import Testing
import Transformers

@testable import Training

@Suite struct CheckpointTests {
  private let none = (values: [Double](), layout: ParameterLayout([]))

  private func linear(_ width: Int, bias: Bool = true) throws -> TrainingProblem {
    try TrainingProblem(
      Objective(
        Network([.linear(width: Size(width), bias: bias), .mean], tokens: 2, width: 3), measuredBy: .meanSquare))
  }

  private func state(of problem: TrainingProblem) -> TrainingState {
    var state = TrainingState(weights: (0..<problem.layout.count).map { 1 / Double($0 + 3) })
    state.optimizer.mean[0] = -0.0
    state.optimizer.square[1] = .leastNonzeroMagnitude
    (state.step, state.optimizer.steps) = (12, 12)
    (state.epoch.loss, state.epoch.correct) = (0.1, 7)
    return state
  }

  @Test func keepsEveryBit() throws {
    let folder = try TemporaryFolder(), path = folder.file("c"), problem = try linear(2)
    let state = state(of: problem)
    try Checkpoint.write(state, layout: problem.layout, constants: none, identity: "a", to: path)
    let read = try Checkpoint.read(path, identity: "a", layout: problem.layout)
    #expect(read == state)
    #expect(read.optimizer.mean[0].sign == .minus)
    // The weights stand in it under their names.
    let file = try SafetensorsFile(path: path)
    #expect(try file.matrix(named: "W^1").values == Array(state.weights[0..<6]))
    #expect(try file.matrix(named: "b^1").values == Array(state.weights[6..<8]))
  }

  @Test func refusesWhatIsNotIts() throws {
    let folder = try TemporaryFolder(), path = folder.file("c"), problem = try linear(2)
    try Checkpoint.write(state(of: problem), layout: problem.layout, constants: none, identity: "a", to: path)
    func error(_ path: String, _ identity: String, _ problem: TrainingProblem) throws -> FileError? {
      #expect(throws: FileError.self) { try Checkpoint.read(path, identity: identity, layout: problem.layout) }
    }
    #expect(try error(folder.file("none"), "a", problem)?.kind == .inputMissing)
    #expect(try error(path, "b", problem)?.reason == "it belongs to another configuration")
    let wider = try error(path, "a", linear(4))
    #expect(wider?.kind == .badData)
    #expect(wider?.reason == "tensor 'W^1' is 3×2, the network has 3×4")
    let plain = folder.file("plain")
    var writer = SafetensorsWriter()
    writer.add("W^1", shape: [3, 2], values: [0, 0, 0, 0, 0, 0])
    try writer.write(to: plain)
    #expect(try error(plain, "a", problem)?.reason == "it is no checkpoint of a training")
    // Without a bias in the file.
    let unbiased = try linear(2, bias: false), short = folder.file("short")
    try Checkpoint.write(state(of: unbiased), layout: unbiased.layout, constants: none, identity: "a", to: short)
    #expect(try error(short, "a", problem)?.kind == .badData)
    // Cut off.
    let bytes = try FileInput.read(path)
    try AtomicFile.write(Array(bytes.dropLast(9)), to: path)
    #expect(try error(path, "a", problem)?.kind == .badData)
  }
}

@Suite struct InitialWeightsTests {
  @Test func areOfTheirScaleAndZeroWhereTheyShouldBe() throws {
    let problem = try SampleProblem.transformer()
    let weights = try InitialWeights(problem, seed: 1).weights
    #expect(weights.count == problem.layout.count)
    for entry in problem.layout.entries {
      let values = weights[entry.range], bound = root(6 / Double(entry.rows + entry.columns))
      if entry.symbol.name.hasPrefix("b") {
        #expect(values.allSatisfy { $0 == 0 })
      } else {
        #expect(values.allSatisfy { abs($0) <= bound } && values.contains { abs($0) > bound / 2 })
        #expect(Set(values).count == values.count)
      }
    }
    #expect(try InitialWeights(problem, seed: 1).weights == weights)
    #expect(try InitialWeights(problem, seed: 2).weights != weights)
  }

  @Test func adaptersBeginWithNothingAndSharedWeightsAlike() throws {
    let whole = try SampleProblem.transformer(), drawn = try InitialWeights(whole, seed: 1)
    let adapted = try SampleProblem.transformer(.lowRank(rank: 2, alpha: 4, of: ["W_Q"], also: ["layer 6"]))
    let start = try InitialWeights(adapted, seed: 1)
    func values(_ name: String, _ weights: [Double], _ layout: ParameterLayout) throws -> [Double] {
      Array(weights[try #require(layout.entries.first { $0.symbol.name == name }).range])
    }
    for name in ["W_Q^{3,1}", "W^1", "P^2"] {
      #expect(
        try values(name, start.constants, adapted.constantLayout) == values(name, drawn.weights, whole.layout),
        "\(name)")
    }
    for entry in adapted.layout.entries where entry.symbol.name.hasPrefix("B_") {
      #expect(start.weights[entry.range].allSatisfy { $0 == 0 })
    }
    for entry in adapted.layout.entries where entry.symbol.name.hasPrefix("A_") {
      #expect(start.weights[entry.range].allSatisfy { $0 != 0 })
    }
    // So that both networks begin with the same losses.
    let samples = SampleProblem.samples(SampleProblem.images(4))
    let one = try SampleLosses(whole, samples, threads: 1).losses(at: drawn.weights)
    let other = try SampleLosses(adapted, samples, constants: start.constants, threads: 1).losses(at: start.weights)
    for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-13) }
  }

  @Test func areTakenFromAFile() throws {
    let folder = try TemporaryFolder(), path = folder.file("w"), problem = try SampleProblem.transformer()
    var writer = SafetensorsWriter()
    writer.add("P^2", shape: [4, 6], values: (0..<24).map(Double.init))
    writer.add("other", shape: [1, 1], values: [1])
    try writer.write(to: path)
    let drawn = try InitialWeights(problem, seed: 1).weights
    let taken = try InitialWeights(problem, seed: 1, from: path).weights
    for entry in problem.layout.entries {
      let expected = entry.symbol.name == "P^2" ? (0..<24).map(Double.init) : Array(drawn[entry.range])
      #expect(Array(taken[entry.range]) == expected, "\(entry.symbol.name)")
    }
  }

  @Test func refusesFilesOfOtherNetworks() throws {
    let folder = try TemporaryFolder(), path = folder.file("w"), problem = try SampleProblem.transformer()
    var writer = SafetensorsWriter()
    writer.add("P^2", shape: [6, 4], values: [Double](repeating: 0, count: 24))
    try writer.write(to: path)
    let shape = #expect(throws: FileError.self) { try InitialWeights(problem, seed: 1, from: path) }
    #expect(shape?.reason == "tensor 'P^2' is 6×4, the network has 4×6")
    writer = SafetensorsWriter()
    writer.add("other", shape: [1, 1], values: [1])
    try writer.write(to: path)
    let names = #expect(throws: FileError.self) { try InitialWeights(problem, seed: 1, from: path) }
    #expect(names?.reason == "none of its tensors is a weight of the network")
    #expect(names?.advice.contains("W_Q^{3,1}") == true)
    #expect(throws: FileError.self) { try InitialWeights(problem, seed: 1, from: folder.file("none")) }
  }
}
