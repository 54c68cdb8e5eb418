import Contraction
import Dispatch
import Evaluation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A compiled program on several threads, for one sample after the other. Samples are dealt out in parts that do not depend
/// on the number of threads, so that sums over parts, in order, do not either.
final class SampleWorkers {
  /// The most parts into which samples are cut, and so the most threads.
  static let partCount = 8

  let problem: TrainingProblem
  let samples: SampleSet
  private let evaluations: [SampleEvaluation]

  /// - Parameter isWithLoss: whether the first two results are the loss and the output.
  init(
    _ program: ContractionProgram, of problem: TrainingProblem, _ samples: SampleSet, constants: [Double], threads: Int,
    isWithLoss: Bool = true
  ) throws(EvaluationError) {
    (self.problem, self.samples) = (problem, samples)
    var evaluations: [SampleEvaluation] = []
    for _ in 0..<max(1, min(threads, Self.partCount)) {
      let evaluation = try SampleEvaluation(program, of: problem, leading: isWithLoss ? 2 : 0)
      evaluation.bindConstants(constants)
      evaluations.append(evaluation)
    }
    self.evaluations = evaluations
  }

  /// The place of a sample among those that are gone through.
  struct Turn {
    /// The index in the list of samples.
    let place: Int
    /// The number of its part, and whether it is the first of it.
    let part: Int
    let isFirst: Bool
  }

  /// A number of samples cut into parts of nearly equal size.
  static func parts(of count: Int) -> [Range<Int>] {
    let parts = min(count, partCount)
    return (0..<parts).map { ($0 * count / parts)..<(($0 + 1) * count / parts) }
  }

  /// Goes through the samples of each part in order, parts on any thread, and gives what each part came to, in order.
  ///
  /// - Parameters:
  ///   - indices: the samples.
  ///   - bind: binds what all samples share, once on each thread.
  ///   - body: takes the results of one sample into what its part has come to.
  func run<Value: Sendable>(
    _ indices: [Int], _ initial: Value, bind: @escaping (SampleEvaluation) -> Void,
    _ body: @escaping (SampleEvaluation, Turn, inout Value) -> Void
  ) throws -> [Value] {
    let parts = Self.parts(of: indices.count)
    var outcomes = [Result<Value, any Error>](repeating: .success(initial), count: parts.count)
    outcomes.withUnsafeMutableBufferPointer { outcomes in
      nonisolated(unsafe) let outcomes = outcomes
      nonisolated(unsafe) let (evaluations, bind, body) = (evaluations, bind, body)
      let samples = samples, next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: min(evaluations.count, parts.count)) { worker in
        bind(evaluations[worker])
        while true {
          let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if part >= parts.count { return }
          outcomes[part] = Result {
            var value = initial
            for place in parts[part] {
              try evaluations[worker].run(samples, indices[place])
              let turn = Turn(place: place, part: part, isFirst: place == parts[part].lowerBound)
              body(evaluations[worker], turn, &value)
            }
            return value
          }
        }
      }
    }
    return try outcomes.map { try $0.get() }
  }
}

/// The machine's processors.
public enum Processors {
  /// How many are in use.
  public static var count: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
