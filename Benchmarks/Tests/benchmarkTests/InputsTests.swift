import AttentionHessian
import Testing

@testable import benchmark

@Suite struct InputsTests {
  private let sizes = Sizes(3, 5, 2, 4)

  @Test func aSeedGivesTheSameInputs() {
    #expect(Inputs(sizes, seed: 7).weights == Inputs(sizes, seed: 7).weights)
    #expect(Inputs(sizes, seed: 7).weights != Inputs(sizes, seed: 8).weights)
    #expect(Inputs(sizes, seed: 7).weights[0] != Inputs(sizes, seed: 7).weights[1])
  }

  @Test func aFileGivesBackWhatWasWritten() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let inputs = Inputs(sizes, seed: 1)
    try inputs.write(to: "\(scratch.path)/inputs")
    let read = try Inputs(contentsOf: "\(scratch.path)/inputs")
    #expect(read.sizes == sizes)
    #expect(read.input == inputs.input && read.target == inputs.target)
    #expect(read.weights == inputs.weights && read.vectors == inputs.vectors)
  }

  @Test func theInstanceHasTheWeightsOfItsSet() throws {
    let inputs = Inputs(sizes, seed: 3)
    let instance = try LayerInstance(json: inputs.instance(2))
    let read = [instance.heads[0].query, instance.heads[0].key, instance.heads[0].value]
    #expect(read.flatMap { $0.entries.map { Double($0) } } == inputs.weights[2])
  }
}
