import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The derived bound at an instance: its numbers, rounded up where they are not exact, and the proof's inequalities there.
struct InstanceBound {
  let instance: LayerInstance
  let input: BoundEvaluation.Input

  /// Norms of larger matrices are enclosed, not computed exactly.
  private static let largestExactCount = 64

  /// Whether the bound is about such a layer: one softmax head without output matrix, one sample, the mean-square loss.
  static func isApplicable(to instance: LayerInstance) -> Bool {
    instance.kernel == .softmax && instance.outputMatrix == nil && instance.loss == .meanSquare
      && instance.samples.count == 1
  }

  /// - Precondition: the bound is about such a layer.
  init(_ instance: LayerInstance) throws {
    precondition(Self.isApplicable(to: instance), "the bound is about one softmax head")
    self.instance = instance
    let head = instance.heads[0], sizes = instance.sizes()
    let query = try Self.norm(of: head.query), key = try Self.norm(of: head.key), value = try Self.norm(of: head.value)
    let residual: BoundEvaluation.Residual =
      if case .output = instance.samples[0].target { .norm(.zero) } else { .norm(try Self.residualNorm(of: instance)) }
    input = BoundEvaluation.Input(
      dataNorm: try Self.norm(of: instance.samples[0].input), weightNorm: max(query, key, value), queryNorm: query,
      keyNorm: key, valueNorm: value, sequenceLength: sizes.sequenceLength, keyWidth: sizes.keyWidth,
      valueWidth: sizes.valueWidth, residual: residual)
  }

  /// `‖M‖₂`, or a double above it.
  private static func norm(of matrix: Matrix<Rational>) throws -> Rational {
    if matrix.entries.count <= largestExactCount,
      let norm = try? RadicalSum.spectralNorm(of: matrix.map { RadicalSum($0) }).rational
    {
      return norm
    }
    return try NormEnclosure(of: matrix).upper.doubleAbove
  }

  /// `‖F − Y‖_F`, rounded up.
  private static func residualNorm(of instance: LayerInstance) throws -> Rational {
    let objective = instance.objective
    let residual = try objective.residual.value(in: instance.environment(of: objective, as: Ball.self))
    return try NormEnclosure(of: residual, .frobenius).upper.doubleAbove
  }

  // MARK: Against the true norm

  /// `‖H‖₂`, and what each inequality of the proof loses.
  func slack(seed: UInt64) throws -> BoundExplanation.Slack {
    let derived = try DerivedBound.derived(.norm)
    let objective = derived.bound.derivation.objective
    var point = try instance.environment(of: objective, as: Double.self)
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    let numbers: [(Symbol, Rational)] = [
      (DerivedBound.dataNorm, input.dataNorm), (DerivedBound.queryNorm, input.queryNorm),
      (DerivedBound.keyNorm, input.keyNorm), (DerivedBound.valueNorm, input.valueNorm),
      (DerivedBound.residualNorm, input.residual.norm ?? .zero),
    ]
    for (symbol, value) in numbers { point[symbol] = Matrix(Double(value)) }
    return try BoundExplanation.Slack(
      instance, bound: derived.bound, proof: derived.proof, rules: derived.rules, at: point, seed: seed)
  }
}

extension BoundExplanation.Slack {
  /// The order of a Hessian whose norm is enclosed and not estimated.
  private static let largestEnclosedOrder = 64

  /// Walks a proof at a point.
  init(
    _ instance: LayerInstance, bound: HessianBound, proof: Proof, rules: [Rule.ID: Rule], at point: Environment<Double>,
    seed: UInt64
  ) throws {
    let objective = bound.derivation.objective
    let closedForms = Dictionary(
      bound.blocks.map { ($0.block.proof.judgement.left, $0.block.total) }, uniquingKeysWith: { first, _ in first })
    let evaluation = PointEvaluation(point, closedForms: closedForms, seed: seed)
    let names = Dictionary(
      objective.abbreviations.map { ($0.definition.statement.left, $0.name) }, uniquingKeysWith: { first, _ in first })
    self.proof = try ProofSlack(
      ProofWalk(proof, rules, evaluation), rules, blockCount: objective.model.parameters.count, names: names)
    if HessianPoint.order(of: instance) <= Self.largestEnclosedOrder,
      let norm = try HessianCertification(instance, .enclosure, seed: seed).norm
    {
      measurement = .enclosed(norm)
    } else {
      measurement = .estimate(self.proof.start)
    }
  }
}

extension Rational {
  /// The least double that is at least the number.
  ///
  /// - Errors: a number beyond the range of floating point.
  var doubleAbove: Rational {
    get throws {
      guard let value = Rational(exactly: roundedUp) else {
        throw ArithmeticError.unsupported("a norm beyond the range of floating point")
      }
      return value
    }
  }
}
