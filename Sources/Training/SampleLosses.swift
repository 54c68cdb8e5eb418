import Contraction
import Evaluation

/// Losses, gradients and products with Hessians over many samples, on several threads; what comes out does not depend on
/// their number.
public final class SampleLosses {
  /// What is summed over some samples.
  public struct Sum: Hashable, Sendable {
    public var loss = 0.0
    /// The number of samples whose class was predicted.
    public var correct = 0
  }

  public let problem: TrainingProblem
  public let samples: SampleSet
  public let threads: Int
  private let constants: [Double]
  private var losses: SampleWorkers?
  private var gradients: SampleWorkers?
  private var products: SampleWorkers?
  private lazy var sums = GradientSums(count: problem.layout.count)

  /// - Parameter constants: the weights that stay as they are, in the order of the problem's layout.
  public init(_ problem: TrainingProblem, _ samples: SampleSet, constants: [Double] = [], threads: Int) {
    precondition(constants.count == problem.constantLayout.count, "\(constants.count) constant weights")
    (self.problem, self.samples, self.constants, self.threads) = (problem, samples, constants, threads)
  }

  private func workers(
    _ known: inout SampleWorkers?, isWithLoss: Bool = true, _ program: () throws -> ContractionProgram
  ) throws -> SampleWorkers {
    if let known { return known }
    let workers = try SampleWorkers(
      program(), of: problem, samples, constants: constants, threads: threads, isWithLoss: isWithLoss)
    known = workers
    return workers
  }

  private var lossWorkers: SampleWorkers { get throws { try workers(&losses) { try problem.evaluation() } } }
  private var gradientWorkers: SampleWorkers { get throws { try workers(&gradients) { try problem.gradient() } } }

  private func count(_ evaluation: SampleEvaluation, _ sample: Int, into sum: inout Sum) {
    sum.loss += evaluation.loss
    if evaluation.predictedClass(of: samples.classCount) == samples.labels[sample] { sum.correct += 1 }
  }

  private func bind(_ weights: [Double]) -> (SampleEvaluation) -> Void {
    let layout = problem.layout
    precondition(weights.count == layout.count, "\(weights.count) weights for \(layout.count)")
    return { $0.bindWeights(weights) }
  }

  // MARK: Losses

  /// The losses of all samples, summed up.
  public func total(at weights: [Double]) throws -> Sum {
    let sums = try lossWorkers.run(Array(0..<samples.count), Sum(), bind: bind(weights)) { evaluation, turn, sum in
      self.count(evaluation, turn.place, into: &sum)
    }
    return sums.reduce(into: Sum()) { total, sum in
      total.loss += sum.loss
      total.correct += sum.correct
    }
  }

  /// The loss of each sample.
  public func losses(at weights: [Double]) throws -> [Double] {
    try lossWorkers.run(Array(0..<samples.count), [Double](), bind: bind(weights)) { evaluation, _, losses in
      losses.append(evaluation.loss)
    }.flatMap { $0 }
  }

  // MARK: Gradients

  /// The losses of some samples and their gradients, each summed up.
  public func gradientSum(of indices: [Int], at weights: [Double]) throws -> (sum: Sum, gradient: [Double]) {
    let (sum, gradient) = try sumGradients(of: indices, at: weights)
    return (sum, Array(gradient))
  }

  /// The same; the gradient stands until the next sum is taken.
  func sumGradients(
    of indices: [Int], at weights: [Double]
  ) throws -> (sum: Sum, gradient: UnsafeBufferPointer<Double>) {
    let sums = sums
    let parts = try gradientWorkers.run(indices, Sum(), bind: bind(weights)) { evaluation, turn, part in
      self.count(evaluation, indices[turn.place], into: &part)
      sums.add(UnsafeBufferPointer(evaluation.vector), turn)
    }
    sums.sum(parts: parts.count)
    let sum = parts.reduce(into: Sum()) { total, part in
      total.loss += part.loss
      total.correct += part.correct
    }
    return (sum, UnsafeBufferPointer(sums.total))
  }

  /// Calls the body with the gradient of each sample, in order.
  public func forEachGradient(
    of indices: [Int], at weights: [Double], _ body: (_ place: Int, UnsafeBufferPointer<Double>) -> Void
  ) throws {
    // Few at a time, since all of them may not fit into memory.
    for start in stride(from: 0, to: indices.count, by: 64) {
      let some = Array(indices[start..<min(start + 64, indices.count)])
      let parts = try gradientWorkers.run(some, [[Double]](), bind: bind(weights)) { evaluation, _, gradients in
        gradients.append(Array(evaluation.vector))
      }
      for (place, gradient) in parts.joined().enumerated() {
        gradient.withUnsafeBufferPointer { body(start + place, $0) }
      }
    }
  }

  // MARK: Hessians

  /// `Σ_i c_i H_i v` over some samples, with the Hessian `H_i` of the loss of sample i.
  public func hessianSum(
    of indices: [Int], coefficients: [Double], at weights: [Double], times vector: [Double]
  ) throws -> [Double] {
    let workers = try workers(&products, isWithLoss: false) { try problem.hessianProduct() }
    let bindWeights = bind(weights)
    let sums = sums
    let parts: [Void] = try workers.run(
      indices, (),
      bind: {
        bindWeights($0)
        $0.bindDirection(vector)
      }
    ) { evaluation, turn, _ in
      sums.add(UnsafeBufferPointer(evaluation.vector), times: coefficients[turn.place], turn)
    }
    sums.sum(parts: parts.count)
    return Array(sums.total)
  }

  /// `vᵀH_i v` of some samples.
  public func curvatures(of indices: [Int], at weights: [Double], along vector: [Double]) throws -> [Double] {
    let workers = try workers(&products, isWithLoss: false) { try problem.hessianProduct() }
    let bindWeights = bind(weights)
    return try workers.run(
      indices, [Double](),
      bind: {
        bindWeights($0)
        $0.bindDirection(vector)
      }
    ) { evaluation, _, part in
      var sum = 0.0
      for k in vector.indices { sum += vector[k] * evaluation.vector[k] }
      part.append(sum)
    }.flatMap { $0 }
  }
}
