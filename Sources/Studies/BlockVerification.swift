import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// All Hessian blocks of a layer or a network, derived by both routes and checked against `∂∂ℓ`: over F_p at many points, over ℚ, at
/// logits identically zero, step by step, and by finite differences.
public struct BlockVerification: Sendable {
  /// What is checked.
  public struct Plan: Sendable {
    public let objective: Objective
    /// The number that each size name stands for.
    public let sizes: [String: Int]
    /// The model and the sizes in words.
    public let subject: String
    /// The number of points of F_p.
    public let points: Int
    public let seed: UInt64

    /// A layer of self-attention and its mean square loss.
    ///
    /// - Parameter heads: `nil` for one head without output matrix.
    public init(_ kernel: AttentionKernel, heads: Int? = nil, sizes: LayerSizes, points: Int = 16, seed: UInt64 = 1) {
      objective = Objective(heads.map { SelfAttention(kernel, heads: $0) } ?? SelfAttention(kernel))
      subject = "\(kernel.rawValue) kernel, \(sizes)"
      (self.sizes, self.points, self.seed) = (sizes.assignment, points, seed)
    }

    /// A network with a loss.
    ///
    /// - Parameter sizes: the number for each size name that occurs.
    public init(
      _ network: Network, measuredBy loss: Loss, sizes: [String: Int], points: Int = 16, seed: UInt64 = 1
    ) {
      objective = Objective(network, measuredBy: loss)
      let names = objective.sizeNames.map { "\($0)=\(sizes[$0].map(String.init) ?? "?")" }
      subject = (["network \(network.text)", loss.rawValue] + names).joined(separator: ", ")
      (self.sizes, self.points, self.seed) = (sizes, points, seed)
    }

    /// Logits can be made zero in a layer, whose softmax is then rational; networks have further functions.
    var methods: [Method] {
      objective.attention == nil ? Method.allCases.filter { $0 != .zeroLogits } : Method.allCases
    }
  }

  /// How a block is checked.
  public enum Method: String, CaseIterable, Sendable {
    case steps = "every step over F_p"
    case primeField = "block over F_p"
    case rational = "block over ℚ"
    case zeroLogits = "block over ℚ at logits zero"
    case finiteDifferences = "finite differences"
  }

  /// One block's results.
  public struct Row: Sendable {
    public let row: Symbol
    public let column: Symbol
    /// The number of steps of the derivation by each route, lemmas included.
    public let steps: [Route: Int]
    /// The methods that failed, none if all is well.
    public let failures: [Method]
    /// `2^b` bounds the probability that a false block passed all points of F_p.
    public let failureExponent: Int
    /// `|finite difference − uᵀHv| / (‖H‖_F ‖u‖ ‖v‖)` along random directions.
    public let finiteDifference: Double
  }

  public let plan: Plan
  public let rows: [Row]
  public var holds: Bool { rows.allSatisfy(\.failures.isEmpty) }

  /// What a relative disagreement of finite differences may be.
  public static let finiteDifferenceTolerance = 1e-6

  public init(_ plan: Plan) throws { try self.init(plan) { _, block in block } }

  /// The same with blocks changed before they are checked: so the checks are checked.
  init(_ plan: Plan, changing change: (Route, HessianBlock) -> HessianBlock) throws {
    let objective = plan.objective
    let derivations = Route.allCases.map { HessianDerivation(objective, route: $0) }
    let blocks = derivations.map { derivation in derivation.blocks().map { change(derivation.route, $0) } }
    let subject = Subject(plan: plan, derivations: derivations, blocks: blocks)
    var failed = try subject.exactFailures()
    let differences = try subject.finiteDifferences()
    rows = try blocks[0].indices.map { i in
      let block = blocks[0][i]
      if !(differences[i] <= Self.finiteDifferenceTolerance) { failed[i].insert(.finiteDifferences) }
      let probability = try FailureProbability(
        left: block.proof.judgement.left, right: subject.unfolded(block.total), sizes: plan.sizes)
      return Row(
        row: block.row, column: block.column,
        steps: Dictionary(uniqueKeysWithValues: zip(Route.allCases, blocks.map { $0[i].proof.totalSteps })),
        failures: Method.allCases.filter { failed[i].contains($0) },
        failureExponent: probability.binaryExponent(points: plan.points), finiteDifference: differences[i])
    }
    self.plan = plan
  }
}

/// What is being checked: the same blocks by each route.
private struct Subject: Sendable {
  let plan: BlockVerification.Plan
  let derivations: [HessianDerivation]
  let blocks: [[HessianBlock]]

  private enum Task: Sendable { case primeField(UInt64), steps, rational, zeroLogits }

  /// The methods that fail, for each block.
  func exactFailures() throws -> [Set<BlockVerification.Method>] {
    let tasks =
      (0..<plan.points).map { Task.primeField(plan.seed &+ UInt64($0)) } + [.steps, .rational]
      + (plan.methods.contains(.zeroLogits) ? [.zeroLogits] : [])
    let outcomes = try parallelMap(tasks) { try run($0) }
    return blocks[0].indices.map { i in Set(outcomes.compactMap { $0.failed.contains(i) ? $0.method : nil }) }
  }

  private func run(_ task: Task) throws -> (method: BlockVerification.Method, failed: [Int]) {
    // √d_K is adjoined where the field does not have it.
    let radicands = try plan.objective.radicands.map { try Environment<Rational>(sizes: plan.sizes).number($0) }
    let adjoin = radicands.contains { (try? Rational($0).squareRoot()) == nil }
    let adjoinModular = radicands.contains { (try? Modular($0).squareRoot()) == nil }
    switch task {
    case .primeField(let seed):
      return (
        .primeField,
        adjoinModular
          ? try check(Formal<Surd<Modular>>.self, seed) : try check(Formal<Modular>.self, seed)
      )
    case .steps:
      return (
        .steps,
        adjoinModular
          ? try checkSteps(Formal<Surd<Modular>>.self, plan.seed) : try checkSteps(Formal<Modular>.self, plan.seed)
      )
    case .rational:
      return (
        .rational,
        adjoin ? try check(Formal<Surd<Rational>>.self, plan.seed) : try check(Formal<Rational>.self, plan.seed)
      )
    case .zeroLogits:
      return (
        .zeroLogits,
        adjoin
          ? try check(Surd<Rational>.self, plan.seed, zeroLogits: true)
          : try check(Rational.self, plan.seed, zeroLogits: true)
      )
    }
  }

  private func check<S: RandomScalar>(_ type: S.Type, _ seed: UInt64, zeroLogits: Bool = false) throws -> [Int] {
    var point = try derivations[0].randomPoint(plan.sizes, as: S.self, seed: seed)
    if zeroLogits { makeLogitsZero(&point) }
    let check = try BlockCheck(derivations[0], at: point)
    return try blocks[0].indices.filter { i in try !blocks.allSatisfy { try check.holds($0[i]) } }
  }

  private func checkSteps<S: RandomScalar>(_ type: S.Type, _ seed: UInt64) throws -> [Int] {
    let check = try BlockCheck(
      derivations[0], at: derivations[0].randomPoint(plan.sizes, as: S.self, seed: seed))
    return try blocks[0].indices.filter { i in
      do {
        for route in blocks { _ = try check.checkSteps(route[i]) }
        return false
      } catch is Discrepancy { return true } catch is ProofError { return true }
    }
  }

  /// Queries use the first columns of `d_K` and keys the others, so that `X W_Q W_Kᵀ Xᵀ = 0` with neither factor zero;
  /// for the Gaussian kernel, whose logits are distances, both are zero.
  private func makeLogitsZero<S: Scalar>(_ point: inout Environment<S>) {
    for symbol in derivations[0].objective.model.parameters {
      let isQuery = symbol.name.hasPrefix("W_Q"), isKey = symbol.name.hasPrefix("W_K")
      guard isQuery || isKey, let drawn = point[symbol] else { continue }
      let half = (drawn.columns + 1) / 2
      point[symbol] = Matrix(rows: drawn.rows, columns: drawn.columns) { i, j in
        plan.objective.attention?.kernel != .gaussian && (j < half) == isQuery ? drawn[i, j] : .zero
      }
    }
  }

  /// The formula without the names that derivations introduce.
  func unfolded(_ formula: Formula) -> Formula {
    derivations[0].objective.abbreviations.reversed().reduce(formula) { result, abbreviation in
      result.replacing([abbreviation.name: abbreviation.definition.statement.left])
    }
  }

  /// For each block, the relative disagreement with finite differences of the loss along random directions.
  func finiteDifferences() throws -> [Double] {
    let derivation = derivations[0], loss = derivation.objective.loss
    let point = try derivation.randomPoint(plan.sizes, as: Double.self, seed: plan.seed)
    let check = try BlockCheck(derivation, at: point)
    var generator = SplitMix64(seed: plan.seed ^ 0xF1D1_FFE7)
    return try blocks[0].map { block in
      let hessian = try check.evaluator.value(of: block.total)
      let u = Matrix<Double>.random(like: point[block.row], using: &generator)
      let v = Matrix<Double>.random(like: point[block.column], using: &generator)
      let exact = (u.vectorized.transposed * hessian * v.vectorized).scalar
      func moved(_ s: Double, _ t: Double) -> Environment<Double> {
        var moved = point
        if let row = moved[block.row] { moved[block.row] = row + u.scaled(by: s) }
        if let column = moved[block.column] { moved[block.column] = column + v.scaled(by: t) }
        return moved
      }
      let step = try smoothStep(derivation.objective.kinks, moved)
      func estimate(_ step: Double) throws(EvaluationError) -> Estimate {
        try FiniteDifferences.mixedSecondDerivative(step: step) {
          (s: Double, t: Double) throws(EvaluationError) -> Double in try loss.value(in: moved(s, t)).scalar
        }
      }
      let size = hessian.frobeniusNorm * u.frobeniusNorm * v.frobeniusNorm
      let scale = size > 0 ? size : u.frobeniusNorm * v.frobeniusNorm
      var best = try estimate(step)
      // A loss that bends within the first step needs a smaller one; one that is far above what the block adds to it, a larger
      // one, where there are no kinks to cross. Elsewhere these only add rounding.
      let larger: [Double] = derivation.objective.kinks.isEmpty ? [4, 16, 64, 256, 1024] : []
      for factor in [0.25, 0.0625] + larger where best.error > BlockVerification.finiteDifferenceTolerance * scale {
        let other = try estimate(factor * step)
        if other.error < best.error { best = other }
      }
      return abs(best.value - exact) / scale
    }
  }
}

/// The largest of the steps `0.05`, `0.025`, … that is too short to change the sign of a matrix where `max(x, 0)` has its
/// kink.
private func smoothStep(
  _ kinks: [Formula], _ moved: (Double, Double) -> Environment<Double>
) throws(EvaluationError) -> Double {
  func signs(_ s: Double, _ t: Double) throws(EvaluationError) -> [Bool] {
    let evaluator = Evaluator(moved(s, t))
    var signs: [Bool] = []
    for kink in kinks { signs += try evaluator.value(of: kink).entries.map { $0 > 0 } }
    return signs
  }
  var step = 0.05
  if kinks.isEmpty { return step }
  let center = try signs(0, 0)
  while step > 1e-5 {
    var changes = false
    for (s, t) in [(step, step), (step, -step), (-step, step), (-step, -step)] where try signs(s, t) != center {
      changes = true
    }
    if !changes { break }
    step /= 2
  }
  return step
}

extension Matrix where S == Double {
  /// `‖·‖_F`, in floating point.
  var frobeniusNorm: Double { root(entries.reduce(0) { $0 + $1 * $1 }) }

  /// A matrix of the other's shape with entries uniform in −1…1.
  static func random(like other: Matrix?, using generator: inout SplitMix64) -> Matrix {
    Matrix(rows: other?.rows ?? 0, columns: other?.columns ?? 0) { _, _ in .random(using: &generator) }
  }
}

/// The root that floating-point numbers have, not the partial one of scalars.
func root<Number: FloatingPoint>(_ x: Number) -> Number { x.squareRoot() }
