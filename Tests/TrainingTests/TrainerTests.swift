import Contraction
import TensorFiles
import Testing
import Transformers

@testable import Training

@Suite struct TrainerTests {
  @Test func threadsDoNotMatter() throws {
    let one = try SampleProblem.trainer(threads: 1)
    let records = try SampleProblem.finish(one)
    #expect(records.count == 3)
    for threads in [2, 3, 20] {
      let other = try SampleProblem.trainer(threads: threads)
      #expect(try SampleProblem.finish(other) == records, "\(threads) threads")
      #expect(other.state == one.state, "\(threads) threads")
    }
  }

  @Test func learns() throws {
    let plan = TrainingPlan(epochs: 60, batch: 9, rate: 0.01, warmUp: 2, seed: 2)
    let records = try SampleProblem.finish(try SampleProblem.trainer(plan: plan))
    #expect(records[0].loss > 0.9)
    #expect(records[59].loss < 0.05 && records[59].accuracy == 1)
    #expect(try #require(records[59].heldOutAccuracy) >= 0.8)
  }

  @Test(arguments: [1, 9]) func goesOnFromACheckpointBitForBit(copies: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try SampleProblem.trainer(copies: copies)
    let records = try SampleProblem.finish(whole)
    let layout = whole.training.problem.layout, none = (values: [Double](), layout: ParameterLayout([]))
    #expect(whole.stepsPerEpoch == 4 && whole.totalSteps == 12)
    // At the ends of epochs, and within them.
    for stop in [1, 4, 6, 11] {
      let first = try SampleProblem.trainer(threads: 2, copies: copies)
      var found: [EpochRecord] = []
      for _ in 0..<stop { if let record = try first.advance() { found.append(record) } }
      let path = folder.file("\(stop).safetensors")
      try Checkpoint.write(first.state, layout: layout, constants: none, identity: "x", to: path)
      let state = try Checkpoint.read(path, identity: "x", layout: layout)
      #expect(state == first.state)
      let second = try SampleProblem.trainer(copies: copies, from: state)
      found += try SampleProblem.finish(second)
      #expect(found == records, "interrupted after step \(stop)")
      #expect(second.state == whole.state, "interrupted after step \(stop)")
    }
  }

  @Test func plansAreFollowed() throws {
    let first = try SampleProblem.trainer()
    var other = SampleProblem.plan
    other.seed = 8
    let reordered = try SampleProblem.trainer(plan: other)
    _ = (try first.advance(), try reordered.advance())
    #expect(first.state.weights != reordered.state.weights)
    // An epoch uses every sample once: without steps its mean loss is that of all.
    let still = TrainingPlan(epochs: 1, batch: 8, rate: 0, seed: 3)
    let trainer = try SampleProblem.trainer(plan: still)
    let record = try #require(try SampleProblem.finish(trainer).first)
    let total = try trainer.training.total(at: trainer.state.weights)
    #expect(abs(record.loss - total.loss / 27) < 1e-14)
    #expect(record.accuracy == Double(total.correct) / 27)
    #expect(record.epoch == 1 && record.step == 4 && trainer.isFinished)
  }

  @Test func everyEpochHasItsOrder() throws {
    // At the same weights the first steps of two epochs differ by their samples alone.
    for copies in [1, 9] {
      let plan = TrainingPlan(epochs: 3, batch: 8, rate: 0, seed: 3)
      let trainer = try SampleProblem.trainer(copies: copies, plan: plan)
      var first: [Double] = []
      while !trainer.isFinished {
        let begins = trainer.state.step % trainer.stepsPerEpoch == 0
        _ = try trainer.advance()
        if begins { first.append(trainer.state.epoch.loss) }
      }
      #expect(first.count == 3 && Set(first).count == 3, "\(copies) copies")
    }
  }

  @Test func clippingLimitsTheGradient() throws {
    // With β = 0 and a large ε a step is the gradient, scaled: its length tells the norm.
    func length(clip: Double?) throws -> Double {
      let plan = TrainingPlan(
        epochs: 1, batch: 27, rate: 1, beta1: 0, beta2: 0, epsilon: 1e12, clip: clip, seed: 1)
      let trainer = try SampleProblem.trainer(plan: plan)
      let start = trainer.state.weights
      _ = try trainer.advance()
      return 1e12 * root(zip(start, trainer.state.weights).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
    }
    let trainer = try SampleProblem.trainer()
    let norm = try trainer.training.gradientNorm(at: trainer.state.weights)
    // Weights of the order of 1 lose digits in steps of 1e-12.
    #expect(abs(try length(clip: nil) / norm - 1) < 0.01)
    #expect(abs(try length(clip: norm / 4) / norm - 0.25) < 0.01)
    #expect(abs(try length(clip: norm * 4) / norm - 1) < 0.01)
  }

  @Test func divergenceKeepsTheState() throws {
    let trainer = try SampleProblem.trainer()
    _ = try trainer.advance()
    var state = trainer.state
    state.weights[20] = .nan
    let broken = try SampleProblem.trainer(from: state)
    let bits = broken.state.weights.map(\.bitPattern)
    let error = #expect(throws: Divergence.self) { try broken.advance() }
    #expect(error == Divergence(step: 2, epoch: 1, quantity: "loss"))
    #expect("\(try #require(error))".contains("the loss is not finite at step 2, in epoch 1; take a smaller rate"))
    #expect(broken.state.weights.map(\.bitPattern) == bits)
    #expect(broken.state.step == 1 && broken.state.optimizer == state.optimizer && broken.state.epoch == state.epoch)
  }

  @Test func aGradientTooLongIsDivergence() throws {
    // A loss of the order of x²w² and a gradient of the order of x²w: the square of the latter overflows first.
    let images = LabelledImages(side: 1, pixels: [[1000]], labels: [0])
    let samples = SampleSet(images, tokens: ImageTokens(patch: 1), targetRows: 1, brightest: 1, classCount: 1)
    let network = try Network([.linear(width: 1, bias: false)], tokens: 1, width: 1)
    let problem = try TrainingProblem(Objective(network, measuredBy: .meanSquare))
    let losses = SampleLosses(problem, samples, threads: 1)
    let trainer = Trainer(
      TrainingPlan(epochs: 1, batch: 1, rate: 1), losses, heldOut: nil, from: TrainingState(weights: [1e149]))
    #expect(try losses.total(at: [1e149]).loss.isFinite)
    let error = #expect(throws: Divergence.self) { try trainer.advance() }
    #expect(error?.quantity == "gradient")
    #expect(trainer.state == TrainingState(weights: [1e149]))
  }
}
