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
  }

  deinit { memory.deallocate() }

  var loss: Double { leading[0][0] }

  /// Binds weights, in the order of a layout of the problem.
  func bind(_ weights: [Double], _ layout: ParameterLayout) {
    for entry in layout.entries {
      evaluation.withInput(entry.symbol) { _ = $0.update(fromContentsOf: weights[entry.range]) }
    }
  }

  /// Binds the direction of a derivative.
  func bindDirection(_ vector: [Double]) {
    for entry in problem.layout.entries {
      evaluation.withInput(TrainingProblem.direction(of: entry.symbol)) {
        _ = $0.update(fromContentsOf: vector[entry.range])
      }
    }
  }

  /// Computes the results for a sample.
  func run(_ samples: SampleSet, _ index: Int) throws(EvaluationError) {
    evaluation.withInput(problem.input) { _ = $0.update(fromContentsOf: samples.inputs[index]) }
    evaluation.withInput(problem.target) { _ = $0.update(fromContentsOf: samples.targets[index]) }
    try evaluation.run(into: results)
  }

  /// The class whose entry, summed over the rows of the output, is largest; the first of several.
  func predictedClass(of classCount: Int) -> Int {
    let output = leading[1]
    var sums = [Double](repeating: 0, count: classCount)
    for index in output.indices { sums[index % classCount] += output[index] }
    return sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
  }
}
