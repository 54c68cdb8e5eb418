import Arithmetic
import Contraction
import Evaluation
import Formulas
import Transformers

/// Values of the loss, its gradient and its Hessian at an instance, from the derived closed forms.
///
/// Rows and columns are in the order of `layout`. Of several samples the mean is taken, or the sum for the loss
/// `half-sum-square`.
public struct LossEvaluation<S: RationalImage> {
  public let instance: LayerInstance
  private let derived: DerivedHessian
  public var derivation: HessianDerivation { derived.derivation }
  public let layout: ParameterLayout
  /// The most memory an evaluation may take.
  public let memoryLimit: MemoryEstimate

  public init(
    _ instance: LayerInstance, as type: S.Type = S.self, memoryLimit: MemoryEstimate = MemoryEstimate(bytes: 4 * 0x1p30)
  ) {
    self.instance = instance
    self.memoryLimit = memoryLimit
    derived = DerivedHessian(of: instance)
    layout = ParameterLayout(
      zip(derived.derivation.objective.model.parameters, instance.parameters).map { ($0, $1.rows, $1.columns) })
  }

  private var objective: Objective { derivation.objective }

  // MARK: Quantities

  /// `ℓ`.
  public func loss() throws(LossEvaluationError) -> S {
    if let value = try compiled({ (programs) throws(EvaluationError) in try programs.loss() }) { return value.scalar }
    return try combined([objective.loss]) { evaluator throws(EvaluationError) in
      try evaluator.value(of: objective.loss)
    }.scalar
  }

  /// `∇ℓ`, a column: the gradient lemmas at the output gradient `G = 2cR`.
  public func gradient() throws(LossEvaluationError) -> Matrix<S> {
    if let value = try compiled({ (programs) throws(EvaluationError) in try programs.gradient() }) { return value }
    let lemmas = objective.model.parameters.compactMap { derivation.gradients[$0]?.judgement.right }
    return try combined(lemmas) { evaluator throws(EvaluationError) in
      var blocks: [[Matrix<S>]] = []
      for lemma in lemmas { blocks.append([try evaluator.value(of: lemma).vectorized]) }
      return .blocks(blocks)
    }
  }

  /// `H`, or one of its parts.
  public func hessian(_ part: HessianPart = .both) throws(LossEvaluationError) -> Matrix<S> {
    let whole = try compiled { programs throws(EvaluationError) in try programs.hessian(part) { derived.block($0, $1) }
    }
    if let whole { return whole }
    let parameters = objective.model.parameters
    return try grid(parameters, parameters, part)
  }

  /// One block of `H`, or of one of its parts.
  ///
  /// - Precondition: both are parameters of the model.
  public func block(
    _ row: Symbol, _ column: Symbol, _ part: HessianPart = .both
  ) throws(LossEvaluationError) -> Matrix<S> {
    let block = try compiled { programs throws(EvaluationError) in
      try programs.values(of: [part.formula(of: derived.block(row, column))])
    }
    if let block { return block }
    return try grid([row], [column], part)
  }

  private func grid(
    _ rows: [Symbol], _ columns: [Symbol], _ part: HessianPart
  ) throws(LossEvaluationError) -> Matrix<S> {
    let formulas = rows.map { row in columns.map { part.formula(of: derived.block(row, $0)) } }
    return try combined(formulas.flatMap { $0 }) { evaluator throws(EvaluationError) in
      var grid: [[Matrix<S>]] = []
      for row in formulas {
        var blocks: [Matrix<S>] = []
        for formula in row { blocks.append(try evaluator.value(of: formula)) }
        grid.append(blocks)
      }
      return .blocks(grid)
    }
  }

  // MARK: Samples

  /// The mean or the sum over the samples of a program's results, stacked; `nil` for scalars other than `Double`, whose
  /// values come from the formulas themselves.
  private func compiled(
    _ compile: (LayerPrograms) throws(EvaluationError) -> ContractionProgram
  ) throws(LossEvaluationError) -> Matrix<S>? {
    guard S.self == Double.self else { return nil }
    var evaluations: [ProgramKind: ContractionEvaluation] = [:]
    for index in instance.samples.indices {
      let kind = ProgramKind(instance, index)
      if evaluations[kind] != nil { continue }
      let programs = LayerPrograms(
        derivation, sizes: instance.sizes(ofSample: index).assignment, targetIsOutput: kind.targetIsOutput)
      let program = try wrapping { () throws(EvaluationError) in try compile(programs) }
      let needed = MemoryEstimate(of: program, copies: instance.samples.count > 1 ? 3 : 2)
      guard needed.bytes <= memoryLimit.bytes else { throw .tooLarge(needed, limit: memoryLimit) }
      evaluations[kind] = try wrapping { () throws(EvaluationError) in
        try ContractionEvaluation(program)
      }
    }
    let total = try wrapping { () throws(EvaluationError) -> Matrix<Double>? in
      var total: Matrix<Double>?
      for index in instance.samples.indices {
        guard let evaluation = evaluations[ProgramKind(instance, index)] else { continue }
        evaluation.bind(try instance.environment(of: objective, sample: index, as: Double.self))
        let results = try evaluation()
        let value = results.count == 1 ? results[0] : Matrix.blocks(results.map { [$0.vectorized] })
        total = total.map { $0 + value } ?? value
      }
      return total
    }
    let isMean = instance.loss == .meanSquare && instance.samples.count > 1
    return (isMean ? total?.scaled(by: 1 / Double(instance.samples.count)) : total) as? Matrix<S>
  }

  private func wrapping<Value>(_ body: () throws(EvaluationError) -> Value) throws(LossEvaluationError) -> Value {
    do throws(EvaluationError) { return try body() } catch { throw .evaluation(error) }
  }

  /// The mean or the sum of a quantity over the samples.
  private func combined(
    _ formulas: [Formula], _ quantity: (Evaluator<S>) throws(EvaluationError) -> Matrix<S>
  ) throws(LossEvaluationError) -> Matrix<S> {
    try requireMemory(formulas)
    do throws(EvaluationError) {
      var total = try quantity(evaluator(ofSample: 0))
      for index in instance.samples.indices.dropFirst() {
        total = total + (try quantity(evaluator(ofSample: index)))
      }
      if instance.loss == .meanSquare, instance.samples.count > 1 {
        total = total.scaled(by: try inverse(instance.samples.count))
      }
      return total
    } catch {
      throw .evaluation(error)
    }
  }

  private func inverse(_ count: Int) throws(EvaluationError) -> S {
    do throws(ArithmeticError) { return try S(count).reciprocal() } catch {
      throw .arithmetic(error, at: "1/\(count), the mean over the samples")
    }
  }

  /// The sample's data and weights, the names of the derivation, and `G = 2cR`.
  private func evaluator(ofSample index: Int) throws(EvaluationError) -> Evaluator<S> {
    var environment: Environment<S> = try instance.environment(of: objective, sample: index)
    for abbreviation in objective.abbreviations { try environment.define(abbreviation.definition) }
    let seed = objective.residual.scaled(by: objective.weight).scaled(by: .integer(2))
    environment[derivation.seedSymbol] = try seed.value(in: environment)
    return Evaluator(environment)
  }

  private func requireMemory(_ formulas: [Formula]) throws(LossEvaluationError) {
    for index in instance.samples.indices {
      let needed = MemoryEstimate(
        of: formulas, sizes: instance.sizes(ofSample: index).assignment, bytesPerEntry: MemoryLayout<S>.stride)
      guard needed.bytes <= memoryLimit.bytes else { throw .tooLarge(needed, limit: memoryLimit) }
    }
  }
}

/// What samples have to have in common to share a program.
struct ProgramKind: Hashable {
  let sequenceLength: Int
  let targetIsOutput: Bool

  init(_ instance: LayerInstance, _ sample: Int) {
    sequenceLength = instance.sizes(ofSample: sample).sequenceLength
    targetIsOutput = instance.samples[sample].target == .output
  }
}
