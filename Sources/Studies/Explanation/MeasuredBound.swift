import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A bound in chosen families of norms, derived to be sharp at an instance and measured there, rounded up.
///
/// Where it may use more than the residual, weights are measured on the span of the data, on which the Hessian has the same
/// norm.
struct MeasuredBound {
  private let instance: LayerInstance
  private let bound: HessianBound
  private let coordinates: BoundPoint.Coordinates
  /// The block bounds, row by row, with a symbol for each norm.
  let blocks: [[Formula]]
  /// The norms in order of their first occurrence, then the sizes.
  let inputs: [ExplainedBound.Input]
  /// The symbols of norms in which the residual, or the target, occurs.
  let residualSymbols: [Symbol]

  /// The parameters without `W`.
  var parameters: [String] {
    bound.derivation.objective.model.parameters.map { $0.shortName.filter { $0 != "^" } }
  }

  /// - Errors: `ExplanationError` for several samples; those of the derivation and of evaluation.
  init(_ instance: LayerInstance, allowing families: Set<AllowedNorms.Family>, seed: UInt64) throws {
    guard instance.samples.count == 1 else {
      throw ExplanationError(
        "the bound of \(instance.samples.count) samples is a sum with a proof for each of them",
        advice: "give an instance with one sample")
    }
    self.instance = instance
    let usesSpan = !families.isSubset(of: [.residual]) && HessianPoint.isReducible(instance)
    let reduced =
      usesSpan ? try? BoundPoint(instance, sample: 0, .spanOfData, precision: Ball.defaultPrecision) : nil
    coordinates = reduced == nil ? .given : .spanOfData
    let point = try reduced ?? BoundPoint(instance, sample: 0, .given, precision: Ball.defaultPrecision)
    let derivation = HessianDerivation(instance.objective)
    bound = try HessianBound(
      derivation, allowing: AllowedNorms(families), at: [{ try point.estimate(of: $0) }])
    let norms = Self.norms(in: bound.blocks.map(\.bound))
    let objective = derivation.objective
    let residual = [objective.abbreviations[0].name] + [Formula.symbol(objective.target)]
    var inputs: [ExplainedBound.Input] = [], residualSymbols: [Symbol] = []
    for norm in norms {
      let symbol = Symbol(norm.description, .scalar)
      inputs.append(.init(norm, symbol, try max(point.enclosure(of: norm).upper, .zero).doubleAbove))
      if residual.contains(where: { norm.contains($0) }) { residualSymbols.append(symbol) }
    }
    let replacement = Dictionary(
      zip(norms, inputs).map { ($0, Formula.symbol($1.symbol)) }, uniquingKeysWith: { first, _ in first })
    let count = objective.model.parameters.count
    let blocks = bound.blocks.map { $0.bound.replacing(replacement).withCanonicalCoefficients }
    self.blocks = stride(from: 0, to: blocks.count, by: count).map { Array(blocks[$0..<($0 + count)]) }
    let sizes = instance.sizes().assignment
    for name in Self.sizes(in: blocks) {
      guard let value = sizes[name] else { throw EvaluationError.unknownSize(Size(name)) }
      inputs.append(.init(size: name, value))
    }
    (self.inputs, self.residualSymbols) = (inputs, residualSymbols)
  }

  /// The norms of matrices, in order of first occurrence.
  private static func norms(in bounds: [Formula]) -> [Formula] {
    var found: [Formula] = []
    func visit(_ formula: Formula) {
      if formula.kind == .norm, formula.operands[0].shape != .scalar {
        if !found.contains(formula) { found.append(formula) }
      } else {
        formula.operands.forEach(visit)
      }
    }
    bounds.forEach(visit)
    return found
  }

  /// The names of sizes that occur as numbers, in order of first occurrence.
  private static func sizes(in bounds: [Formula]) -> [String] {
    var found: [String] = []
    func visit(_ formula: Formula) {
      if case .size(let size) = formula.operator {
        for name in size.names where !found.contains(name) { found.append(name) }
      }
      formula.operands.forEach(visit)
    }
    bounds.forEach(visit)
    return found
  }

  /// `‖H‖₂`, and what each inequality of the proof loses.
  func slack(seed: UInt64) throws -> BoundExplanation.Slack {
    let enclosed = try HessianPoint(
      instance, reducing: coordinates == .spanOfData, precision: Ball.defaultPrecision
    ).point
    let objective = bound.derivation.objective
    var point = Environment<Double>(sizes: enclosed.sizes)
    for symbol in [objective.model.input, objective.target] + objective.model.parameters {
      point[symbol] = enclosed[symbol]?.map { DoubleBall($0).midpoint }
    }
    // Of Y = F the residual is to be zero in floating point too.
    if case .output = instance.samples[0].target {
      point[objective.target] = try objective.model.output.value(in: point)
    }
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return try BoundExplanation.Slack(
      instance, bound: bound, proof: bound.proof, rules: bound.rules, at: point, seed: seed)
  }
}
