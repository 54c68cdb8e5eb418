import AttentionHessian
import Foundation
import Testing

@Suite struct WeightsInstanceTests {
  private let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples/albert-attention.safetensors").path

  @Test func biasesAreAbsorbed() throws {
    let instance = try WeightsInstance(reading: WeightsSelection(path: example, head: 3))
    #expect(instance.isHomogeneous && instance.layer == "attention")
    #expect(instance.sizes == LayerSizes(sequenceLength: 53, width: 257, keyWidth: 32, valueWidth: 32))
    let file = try SafetensorsFile(path: example)
    let (bias, weight) = (try file.values(of: "query.bias"), try file.values(of: "query.weight"))
    #expect(instance.query[256, 5] == bias[3 * 32 + 5])
    #expect(instance.query[17, 5] == weight[(3 * 32 + 5) * 256 + 17])
    #expect((0..<53).allSatisfy { instance.input[$0, 256] == 1 })
  }

  @Test func theInputIsCutIntoSequences() throws {
    var selection = WeightsSelection(path: example, head: 0, target: "zero")
    let whole = try WeightsInstance(reading: selection)
    selection.sequences = .init(count: 6)
    let cut = try WeightsInstance(reading: selection)
    #expect(cut.others.count == 5 && cut.sizes.sequenceLength == 8 && cut.query == whole.query)
    #expect(cut.others[4].row(7) == whole.input.row(47) && cut.input.row(0) == whole.input.row(0))
    let instance = try LayerInstance(exactly: cut)
    #expect(instance.samples.count == 6 && instance.samples[5].input.rows == 8)
    selection.sequences = .init(count: 6, length: 9)
    #expect(throws: FileError.self) { try WeightsInstance(reading: selection) }
    selection.sequences = .init(count: 2)
    selection.target = "hidden_states"
    #expect(throws: FileError.self) { try WeightsInstance(reading: selection) }
  }

  @Test func tokensAreDrawnLikeTheInput() throws {
    var selection = WeightsSelection(path: example, head: 0)
    selection.sequences = .init(count: 2, length: 400, drawnFromSeed: 5)
    let drawn = try WeightsInstance(reading: selection)
    #expect(try drawn == WeightsInstance(reading: selection) && drawn.others.count == 1)
    let stored = try WeightsInstance(reading: WeightsSelection(path: example, head: 0)).input
    func moments(_ matrix: Matrix<Double>, _ column: Int) -> (mean: Double, deviation: Double) {
      let values = (0..<matrix.rows).map { matrix[$0, column] }
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, sqrt(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)))
    }
    for column in stride(from: 0, to: 256, by: 17) {
      let (a, b) = (moments(stored, column), moments(drawn.input, column))
      #expect(abs(a.mean - b.mean) <= 0.25 * a.deviation && abs(b.deviation / a.deviation - 1) <= 0.2)
    }
    #expect((0..<400).allSatisfy { drawn.input[$0, 256] == 1 } && drawn.input != drawn.others[0])
    selection.sequences?.drawnFromSeed = 6
    #expect(try WeightsInstance(reading: selection).input != drawn.input)
  }

  @Test func theTargetDecidesTheResidual() throws {
    let objective = Objective(SelfAttention(.softmax))
    var instance = try WeightsInstance(reading: WeightsSelection(path: example, head: 0))
    let own = try objective.residual.value(in: try instance.environment(of: objective))
    #expect(own.isZero && own.rows == 53 && own.columns == 32)
    instance.target = .zero
    let residual = try objective.residual.value(in: try instance.environment(of: objective))
    #expect(residual == (try objective.model.output.value(in: try instance.environment(of: objective))))
    #expect(try WeightsInstance(reading: WeightsSelection(path: example, head: 0, target: "zero")).target == .zero)
  }

  @Test func anInputFromAnotherFileIsNamedWithIt() throws {
    let instance = try WeightsInstance(reading: WeightsSelection(path: example, head: 0))
    let other = try WeightsInstance(
      reading: WeightsSelection(path: example, head: 0, input: "\(example):hidden_states"))
    #expect(instance == other)
  }

  @Test(arguments: [
    (WeightsSelection(path: "", head: 8), "0 to 7"),
    (WeightsSelection(path: "", layer: "encoder.9", head: 0), "encoder.9"),
    (WeightsSelection(path: "", head: 0, input: "states"), "--input"),
    (WeightsSelection(path: "", head: 0, input: "query.bias"), "two dimensions"),
    (WeightsSelection(path: "", head: 0, target: "hidden_states"), "53×32"),
    (WeightsSelection(path: "", head: 0, target: "nowhere:x"), "no such file"),
    (WeightsSelection(path: "", head: 0, heads: 7), "7 heads"),
  ])
  func whatDoesNotExistOrFitIsNamed(selection: WeightsSelection, word: String) throws {
    var selection = selection
    selection.path = example
    do throws(FileError) {
      _ = try WeightsInstance(reading: selection)
      Issue.record("accepted: \(selection)")
    } catch {
      #expect("\(error)".contains(word), "\(error)")
    }
  }
}
