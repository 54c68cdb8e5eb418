import Contraction
import Evaluation
import Formulas

/// A compiled program of one sample's loss or its derivatives with everything it is bound to: weights once, samples one
/// after the other.
final class SampleEvaluation {
  private let evaluation: ContractionEvaluation
  private let problem: TrainingProblem
  /// The numbers of each of the leading results.
  let leading: [UnsafeMutableBufferPointer<Double>]
  /// The other results, one for each trained matrix, without gaps between them.
  let vector: UnsafeMutableBufferPointer<Double>
  private let results: [UnsafeMutableBufferPointer<Double>]
  private let memory: UnsafeMutablePointer<Double>
  /// The positions of sample, target, trained matrices, constants and directions among the program's inputs: looked up
  /// once, since names take as long to compare as a small program to run.
  private let sample: Int?
  private let target: Int?
  private let weights: [Int?]
  private let constants: [Int?]
  private let directions: [Int?]

  /// - Parameter leading: the number of results before those that belong to the trained matrices.
  init(_ program: ContractionProgram, of problem: TrainingProblem, leading: Int) throws(EvaluationError) {
    evaluation = try ContractionEvaluation(program)
    self.problem = problem
    let counts = program.outputs.map(\.entries)
    let total = counts.reduce(0, +), first = counts.prefix(leading).reduce(0, +)
    memory = .allocate(capacity: max(1, total))
    memory.initialize(repeating: 0, count: max(1, total))
    var start = memory
    results = counts.map { count in
      defer { start += count }
      return UnsafeMutableBufferPointer(start: start, count: count)
    }
    self.leading = Array(results.prefix(leading))
    vector = UnsafeMutableBufferPointer(start: memory + first, count: total - first)
    func position(_ symbol: Symbol) -> Int? { program.inputs.firstIndex { $0.symbol == symbol } }
    (sample, target) = (position(problem.input), position(problem.target))
    weights = problem.parameters.map(position)
    constants = problem.constants.map(position)
    directions = problem.parameters.map { position(TrainingProblem.direction(of: $0)) }
  }

  deinit { memory.deallocate() }

  var loss: Double { leading[0][0] }

  /// Binds the trained matrices, in the order of the problem's layout.
  func bindWeights(_ numbers: [Double]) { bind(weights, numbers, problem.layout) }

  /// Binds the weights that stay as they are.
  func bindConstants(_ numbers: [Double]) { bind(constants, numbers, problem.constantLayout) }

  /// Binds the direction of a derivative.
  func bindDirection(_ numbers: [Double]) { bind(directions, numbers, problem.layout) }

  private func bind(_ positions: [Int?], _ numbers: [Double], _ layout: ParameterLayout) {
    numbers.withUnsafeBufferPointer { numbers in
      for (position, entry) in zip(positions, layout.entries) {
        bind(position, UnsafeBufferPointer(rebasing: numbers[entry.range]))
      }
    }
  }

  private func bind(_ position: Int?, _ numbers: UnsafeBufferPointer<Double>) {
    guard let position else { preconditionFailure("the program has no such input") }
    evaluation.withInput(at: position) { place in
      precondition(numbers.count == place.count, "\(numbers.count) numbers for an input of \(place.count)")
      _ = place.update(fromContentsOf: numbers)
    }
  }

  /// Computes the results for a sample.
  func run(_ samples: SampleSet, _ index: Int) throws(EvaluationError) {
    samples.inputs[index].withUnsafeBufferPointer { bind(sample, $0) }
    samples.targets[index].withUnsafeBufferPointer { bind(target, $0) }
    try evaluation.run(into: results)
  }

  /// The class whose entry, summed over the rows of the output, is largest; the first of several.
  func predictedClass(of classCount: Int) -> Int {
    let output = leading[1]
    var best = (sum: 0.0, index: 0)
    for index in 0..<classCount {
      var sum = 0.0
      for place in stride(from: index, to: output.count, by: classCount) { sum += output[place] }
      if index == 0 || sum > best.sum { best = (sum, index) }
    }
    return best.index
  }
}
