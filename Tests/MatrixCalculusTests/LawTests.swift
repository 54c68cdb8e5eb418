import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Identities, at random points of a prime field.
@Suite struct LawTests {
  @Test(arguments: Laws.identities.map(\.id)) func holdsAtRandomPoints(id: Rule.ID) throws {
    let law = try #require(Laws.byID[id])
    for seed in UInt64(1)...4 {
      #expect(try law.holds(seed: seed), "\(law.id), seed \(seed): \(law.statement)")
    }
  }

  @Test(arguments: Laws.identities.map(\.id)) func everyMutantFails(id: Rule.ID) throws {
    let law = try #require(Laws.byID[id])
    let mutants = law.mutants
    #expect(!mutants.isEmpty)
    let survivors = try mutants.filter { mutant in
      guard !Self.trueMutants.contains("\(mutant.statement)") else { return false }
      return try (UInt64(1)...3).allSatisfy { try mutant.holds(seed: $0) }
    }
    #expect(
      survivors.count == Self.trueMutantCounts[id] ?? 0,
      "mutants of \(law.id) are also true: \(survivors.map { "\($0.statement)" }.joined(separator: "; "))")
  }

  /// How many mutants of a law are laws themselves: the variance is the mean of `(z − z̄)(z − c)` for any `c`.
  static let trueMutantCounts: [Rule.ID: Int] = ["unfold_inverseDeviation": 18]

  /// Mutants that are laws themselves: on the diagonal, row and column index agree.
  static let trueMutants: Set<String> = ["∂[diag(v)]/∂W = diag(vec_r(I_{n})) (1_{n×1} ⊗ I_{n}) ∂[v]/∂W"]

  /// What is not tested here is tested with the laws about norms, and nothing is tested in neither place.
  @Test func onlyNormsNeedOrder() {
    #expect(Laws.all.filter(\.needsOrder).map(\.id) == Laws.norms.map(\.id))
  }

  @Test func namesAreDistinct() { #expect(Set(Laws.all.map(\.id)).count == Laws.all.count) }

  @Test func everyLawSaysWhy() {
    for law in Laws.all { #expect(law.citation != nil || !law.justification.isEmpty, "\(law.id)") }
    for law in Laws.norms { #expect(!law.justification.isEmpty, "\(law.id) has no sketch of its proof") }
  }
}

extension Rule {
  /// The law with one thing wrong on its right side, or on its left where the right has nothing to change.
  var mutants: [Rule] {
    let right = statement.right.mutants.map { Judgement(statement.left, .equal, $0) }
    let left = statement.left.mutants.map { Judgement($0, .equal, statement.right) }
    return (right.isEmpty ? left : right).map { judgement in
      Rule(id, status, weight, citing: citation, because: justification, when: conditions) { judgement }
    }
  }
}

extension Formula {
  /// Whether this is a function that another sign of its first operand does not change.
  private var isEven: Bool {
    guard case .call(let function) = self.operator else { return false }
    return [NormalizationFunctions.inverseDeviation, NormalizationFunctions.jacobian, NormalizationFunctions.product]
      .contains(function)
  }

  fileprivate var mutants: [Formula] {
    var found: [Formula] = []
    switch self.operator {
    case .commutation(let m, let n) where m != n && !m.isOne && !n.isOne: found.append(.commutation(n, m))
    case .kronecker where operands.count == 2 && !(operands.allSatisfy { $0.operator == .identity }):
      found.append(operands[1] ⊗ operands[0])
    case .sum:
      found += operands.indices.map { i in .sum(operands.enumerated().filter { $0.offset != i }.map(\.element)) }
    case .zero: found.append(.ones(shape.rows, shape.columns))
    default: break
    }
    for (i, operand) in operands.enumerated() {
      for mutant in operand.mutants where !(i == 0 && isEven && mutant == -operand) {
        var changed = operands
        changed[i] = mutant
        if case .success(let formula) = Formula.applied(self.operator, changed) { found.append(formula) }
      }
    }
    if self.operator != .zero { found.append(-self) }
    return found.filter { $0.shape == shape }
  }
}
