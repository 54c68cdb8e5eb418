import Arithmetic
import Evaluation
import Formulas
import TensorFiles
import Transformers

/// The derived blocks at given data: exactly against `∂∂ℓ` for an exact instance, by finite differences for any.
public struct InstanceVerification: Sendable {
  /// One block's results.
  public struct Row: Sendable {
    public let row: Symbol
    public let column: Symbol
    /// The methods that failed, none if all is well.
    public let failures: [BlockVerification.Method]
    /// `|finite difference − uᵀHv| / ‖(Hv)_i‖` along random directions of length 1 in the two parameters.
    public let finiteDifference: Double
  }

  /// What was compared over ℚ.
  public enum Exactness: String, Sendable {
    /// The true layer: its exponentials are rational, because the logits are zero or there are none.
    case trueLayer = "the true layer over ℚ"
    /// The layer with exponentials as independent unknowns.
    case formalExponentials = "over ℚ, exponentials as unknowns"
    /// Nothing: the data are floating-point numbers.
    case none = "not exact"
  }

  public let rows: [Row]
  public let exactness: Exactness
  public let seed: UInt64
  public var holds: Bool { rows.allSatisfy(\.failures.isEmpty) }
  /// The methods that were applied.
  public var methods: [BlockVerification.Method] {
    exactness == .none ? [.finiteDifferences] : [.primeField, .rational, .finiteDifferences]
  }

  /// Checks an exact instance at its first sample, or at the one given.
  public init(_ instance: LayerInstance, sample: Int = 0, seed: UInt64 = 1) throws {
    let objective = instance.objective
    let derivations = Route.allCases.map { HessianDerivation(objective, route: $0) }
    let subject = Subject(instance: instance, sample: sample, derivations: derivations)
    let (exactness, rational) = try subject.rationalFailures()
    let modular = try subject.modularFailures()
    let differences = try Self.finiteDifferences(
      derivations, at: try instance.environment(of: objective, sample: sample, as: Double.self), seed)
    (self.exactness, self.seed) = (exactness, seed)
    rows = zip(subject.blocks[0].indices, differences).map { i, difference in
      var failures: [BlockVerification.Method] = []
      if modular.contains(i) { failures.append(.primeField) }
      if rational.contains(i) { failures.append(.rational) }
      return Self.row(subject.blocks[0][i], failures, difference)
    }
  }

  /// Checks one head of a trained layer by finite differences, matrix-free.
  public init(_ selection: WeightsSelection, seed: UInt64 = 1) throws {
    let instance = try WeightsInstance(reading: selection)
    let derivation = DerivedHessian.of(.softmax).derivation
    let differences = try Self.finiteDifferences(
      [derivation], at: try instance.environment(of: derivation.objective), seed)
    (exactness, self.seed) = (.none, seed)
    rows = zip(derivation.blocks(), differences).map { Self.row($0, [], $1) }
  }

  private static func row(
    _ block: HessianBlock, _ exact: [BlockVerification.Method], _ difference: Double
  ) -> Row {
    let agrees = difference <= BlockVerification.finiteDifferenceTolerance
    return Row(
      row: block.row, column: block.column, failures: exact + (agrees ? [] : [.finiteDifferences]),
      finiteDifference: difference)
  }

  private static func finiteDifferences(
    _ derivations: [HessianDerivation], at point: Environment<Double>, _ seed: UInt64
  ) throws -> [Double] {
    guard let derivation = derivations.first(where: { $0.route == .gradientFirst }) else { return [] }
    let hessian = try HessianOperator(derivation, at: point)
    let indices = hessian.parameters.indices
    return try indices.flatMap { i in
      try indices.map { j in
        try hessian.finiteDifference(i, j, seed: seed &+ UInt64(indices.count * i + j))
      }
    }
  }
}

/// The blocks of an instance by both routes.
private struct Subject {
  let instance: LayerInstance
  let sample: Int
  let derivations: [HessianDerivation]
  let blocks: [[HessianBlock]]

  init(instance: LayerInstance, sample: Int, derivations: [HessianDerivation]) {
    (self.instance, self.sample, self.derivations) = (instance, sample, derivations)
    blocks = derivations.map { $0.blocks() }
  }

  /// Over ℚ, with `√d_K` adjoined and exponentials as unknowns only where needed.
  func rationalFailures() throws -> (InstanceVerification.Exactness, Set<Int>) {
    if let failed = try failures(Rational.self) { return (.trueLayer, failed) }
    if let failed = try failures(Surd<Rational>.self) { return (.trueLayer, failed) }
    if let failed = try failures(Formal<Rational>.self) { return (.formalExponentials, failed) }
    return (.formalExponentials, try failures(Formal<Surd<Rational>>.self) ?? Set(blocks[0].indices))
  }

  func modularFailures() throws -> Set<Int> {
    if let failed = try failures(Formal<Modular>.self) { return failed }
    return try failures(Formal<Surd<Modular>>.self) ?? Set(blocks[0].indices)
  }

  /// The blocks that differ from `∂∂ℓ`, or `nil` where the arithmetic does not reach.
  private func failures<S: RationalImage>(_ type: S.Type) throws -> Set<Int>? {
    do throws(EvaluationError) {
      let objective = derivations[0].objective
      let check = try BlockCheck(
        derivations[0], at: try instance.environment(of: objective, sample: sample, as: S.self))
      var failed: Set<Int> = []
      for i in blocks[0].indices {
        for route in blocks where !(try check.holds(route[i])) { failed.insert(i) }
      }
      return failed
    } catch {
      if case .arithmetic(.unsupported, _) = error { return nil }
      throw error
    }
  }
}
