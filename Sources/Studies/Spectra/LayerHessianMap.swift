import Arithmetic
import Contraction
import Dispatch
import Evaluation
import Formulas
import Transformers

/// The loss Hessian of an instance, or one of its parts, as a linear map by contraction programs; it is never formed.
///
/// Of several samples the mean is taken, or the sum where the loss is. Samples are added up in groups that do not depend on
/// the number of threads, so that the result does not either.
/// - Complexity: a small multiple of one evaluation of the layer for each sample; memory linear in the parameters.
public final class LayerHessianMap: SymmetricMap {
  /// The most groups of samples, and so the most threads that share a product.
  public static let groupCount = 16
  /// The most memory in which quantities that do not depend on the vector are kept for every sample.
  public static let keptMemory = 2 << 30

  public let layout: ParameterLayout
  public let part: HessianPart
  public let threads: Int
  public var dimension: Int { layout.count }
  private let groups: [SampleGroup]
  private let share: Double

  /// - Parameters:
  ///   - threads: the most threads for one product.
  ///   - selected: the groups of samples that are added up; all by default. See ``groups(of:)``.
  /// - Errors: `evaluation` where an entry has no floating value or the target cannot be evaluated.
  public init(
    _ instance: LayerInstance, part: HessianPart = .both, threads: Int = 1, groups selected: Range<Int>? = nil
  ) throws(LossEvaluationError) {
    let derivation = DerivedHessian(of: instance).derivation, objective = derivation.objective
    (self.part, self.threads) = (part, max(1, threads))
    layout = ParameterLayout(
      zip(objective.model.parameters, instance.parameters).map { ($0, $1.rows, $1.columns) })
    share = instance.loss == .meanSquare ? 1 / Double(instance.samples.count) : 1
    let ranges = Self.groups(of: instance.samples.count)
    do throws(EvaluationError) {
      var programs: [ProgramKind: ContractionProgram] = [:]
      var groups: [SampleGroup] = []
      var memory = 0
      for range in ranges[selected ?? ranges.indices] {
        var group = SampleGroup(derivation)
        for index in range {
          let kind = ProgramKind(instance, index)
          let point = try instance.environment(of: objective, sample: index, as: Double.self)
          let program: ContractionProgram
          if let known = programs[kind] {
            program = known
          } else {
            program = try LayerPrograms(
              derivation, sizes: point.sizes, targetIsOutput: kind.targetIsOutput
            ).product(part)
          }
          programs[kind] = program
          memory += program.memorySize
          try group.add(
            point, program, isKept: memory <= Self.keptMemory, threads: ranges.count == 1 ? self.threads : 1)
        }
        groups.append(group)
      }
      self.groups = groups
    } catch {
      throw .evaluation(error)
    }
  }

  /// The samples of each group, in order: sixteen groups of nearly equal size, or one for each sample.
  public static func groups(of count: Int) -> [Range<Int>] {
    let parts = min(count, groupCount)
    return (0..<parts).map { ($0 * count / parts)..<(($0 + 1) * count / parts) }
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    if groups.count == 1, share == 1, try groups[0].apply(to: vector, into: result) { return }
    _ = result.update(fromContentsOf: combined(try groupSums(vector)))
  }

  /// The products of each group of samples, added up in it: neither scaled nor added to each other.
  public func groupSums(_ vector: UnsafeBufferPointer<Double>) throws -> [[Double]] {
    let count = groups.count
    nonisolated(unsafe) let groups = groups
    nonisolated(unsafe) let vector = vector
    if min(threads, count) == 1 { return try groups.map { try $0.product(with: vector) } }
    // One queue entry for each thread, not for each group: the number of threads is the caller's.
    return try parallelMap(Array(0..<count), threads: threads) { try groups[$0].product(with: vector) }
  }

  /// The mean over the samples of what groups have summed up, or their sum where the loss is a sum.
  public func combined(_ sums: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    for sum in sums { for index in result.indices { result[index] += sum[index] } }
    return share == 1 ? result : result.map { $0 * share }
  }
}

/// Samples whose products are added up one after the other.
private struct SampleGroup {
  private enum Sample {
    case kept(HessianOperator)
    /// Too many are in memory already: it is prepared anew for each product.
    case point(Environment<Double>, ContractionProgram, threads: Int)
  }

  private let derivation: HessianDerivation
  private var samples: [Sample] = []

  init(_ derivation: HessianDerivation) { self.derivation = derivation }

  mutating func add(
    _ point: Environment<Double>, _ program: ContractionProgram, isKept: Bool, threads: Int
  ) throws(EvaluationError) {
    samples.append(
      isKept
        ? .kept(try HessianOperator(derivation, program, at: point, threads: threads))
        : .point(point, program, threads: threads))
  }

  /// The product of a single sample that is in memory, without a detour; otherwise nothing is done.
  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws -> Bool {
    guard samples.count == 1, case .kept(let hessian) = samples[0] else { return false }
    try hessian.apply(to: vector, into: result)
    return true
  }

  func product(with vector: UnsafeBufferPointer<Double>) throws -> [Double] {
    var sum: [Double] = []
    for sample in samples {
      let product: [Double]
      switch sample {
      case .kept(let hessian): product = try hessian(Array(vector))
      case .point(let point, let program, let threads):
        product = try HessianOperator(derivation, program, at: point, threads: threads)(Array(vector))
      }
      if sum.isEmpty { sum = product } else { for index in sum.indices { sum[index] += product[index] } }
    }
    return sum
  }
}
