import Formulas

/// The search for the smallest bound of a norm that is written in allowed norms only.
///
/// At a *witness*, a point at which the allowed norms have values, the options in a graph of norms are weighed and relaxed to
/// a fixpoint, since norms bound each other in circles. Right sides grow with the norms in them, so that what is found is
/// the least bound that the laws give at the witness; that it is a bound does not depend on the witness.
public struct BoundSearch {
  /// The values of numbers without further steps: of allowed norms, sizes and their roots, at some point.
  public typealias Witness = (Formula) throws -> Double

  let graph: BoundGraph
  /// The norms that may remain in the bound.
  public let allowed: Set<Formula>
  private var points: [WitnessPoint]

  /// - Parameters:
  ///   - graph: may be shared by one search after another.
  ///   - allowed: the norms that may remain.
  ///   - witnesses: where bounds are to be sharp; at least one.
  public init(in graph: BoundGraph = BoundGraph(), allowed: Set<Formula>, at witnesses: [Witness]) {
    precondition(!witnesses.isEmpty, "a bound is searched for at one witness or more")
    (self.graph, self.allowed) = (graph, allowed)
    points = witnesses.map { WitnessPoint(witness: $0) }
    graph.allow(allowed)
  }

  /// Why there is no bound.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No chain of laws leads to the allowed norms; the norm at which it stops, as text.
    case unreachable(String)

    public var description: String {
      switch self {
      case .unreachable(let norm): "no law bounds \(norm) by the norms that are allowed: allow more norms"
      }
    }
  }

  /// For each witness the steps that bound a number by allowed norms as sharply as the laws can there; the same bound is
  /// given once.
  ///
  /// - Parameter bound: norms combined by sums, products and roots.
  /// - Errors: `Failure` where the laws do not lead to the allowed norms; those of the witnesses.
  public mutating func derivations(of bound: Formula) throws -> [BoundDerivation] {
    let root = graph.weight(of: bound)
    var found: [BoundDerivation] = []
    for i in points.indices {
      try points[i].relax(graph.nodes, allowed)
      guard try points[i].value(root).value.isFinite else {
        let stuck = graph.nodes.indices.first {
          !points[i].best[$0].value.isFinite && graph.nodes[$0].options?.isEmpty == true
        }
        throw Failure.unreachable("\(stuck.map { graph.nodes[$0].norm } ?? bound)")
      }
      let derivation = try derivation(of: bound, at: i)
      if !found.contains(where: { $0.current == derivation.current }) { found.append(derivation) }
    }
    return found
  }

  private func derivation(of bound: Formula, at point: Int) throws -> BoundDerivation {
    var derivation = BoundDerivation(bound)
    while let position = derivation.current.firstNorm(where: { !isSettled($0) }),
      let norm = derivation.current[position]
    {
      if graph.tidied(norm) != norm {
        derivation.normalize(at: Position(position.path + [0]))
        continue
      }
      let index = graph.node(of: norm)
      guard let choice = points[point].choice[index], let option = graph.nodes[index].options?[choice] else {
        throw Failure.unreachable("\(norm)")
      }
      derivation.append(option.steps, at: position, rules: graph.rules)
    }
    derivation.canonicalize()
    return derivation
  }

  /// Whether a norm stays: it is allowed, or the magnitude of a number without matrices.
  private func isSettled(_ norm: Formula) -> Bool {
    allowed.contains(norm) || norm.isMagnitude
  }
}

extension NormLaws {
  /// `‖Aᵀ‖ = ‖A‖`, where it holds.
  public static func transpose(_ norm: Norm) -> Rule? {
    transpose.first { $0.statement.left.operator == .norm(norm) }
  }
}

extension Formula {
  /// Where the first norm in a number stands, of those that satisfy the condition, not looking inside norms.
  fileprivate func firstNorm(where condition: (Formula) -> Bool) -> Position? {
    func find(_ formula: Formula, _ path: [Int]) -> Position? {
      if formula.kind == .norm { return condition(formula) ? Position(path) : nil }
      for (i, operand) in formula.operands.enumerated() {
        if let found = find(operand, path + [i]) { return found }
      }
      return nil
    }
    return find(self, [])
  }
}
