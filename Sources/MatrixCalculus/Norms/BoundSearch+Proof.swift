import Formulas

extension BoundSearch {
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
    let root = weight(of: bound)
    var found: [BoundDerivation] = []
    for i in points.indices {
      try points[i].relax(nodes)
      guard try points[i].value(root).value.isFinite else {
        let stuck = nodes.indices.first { !points[i].best[$0].value.isFinite && nodes[$0].options.isEmpty }
        throw Failure.unreachable("\(stuck.map { nodes[$0].norm } ?? bound)")
      }
      let derivation = try derivation(of: bound, at: i)
      if !found.contains(where: { $0.current == derivation.current }) { found.append(derivation) }
    }
    return found
  }

  private mutating func derivation(of bound: Formula, at point: Int) throws -> BoundDerivation {
    var derivation = BoundDerivation(bound)
    while let position = derivation.current.firstNorm(where: { !isSettled($0) }), let norm = derivation.current[position] {
      if tidied(norm) != norm {
        derivation.normalize(at: Position(position.path + [0]))
        continue
      }
      let index = node(of: norm)
      guard let choice = points[point].choice[index] else { throw Failure.unreachable("\(norm)") }
      derivation.append(nodes[index].options[choice].steps, at: position, rules: rules)
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
  static func transpose(_ norm: Norm) -> Rule? {
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
