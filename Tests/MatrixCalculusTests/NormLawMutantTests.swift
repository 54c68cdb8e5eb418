import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// A law about norms with its right side made smaller, or an equality with its right side changed, is found to be false.
@Suite struct NormLawMutantTests {
  /// Mutants that are true: the statement could be sharper in this way.
  static let trueMutants: Set<String> = [
    "‖A‖_max ≤ ‖Aᵀ‖_{2,∞}",
    // Entries between 0 and the largest.
    "range(max(A, 0)) ≤ ‖A‖_max",
    // One row of blocks: its spectral norm is its length.
    "‖[B_11, B_12, B_13]‖₂ ≤ ‖[‖B_11‖₂, ‖B_12‖₂, ‖B_13‖₂]‖_{2,∞}",
  ]

  @Test(arguments: NormLaw.all.map(\.id)) func everyMutantFails(id: Rule.ID) throws {
    let law = try #require(NormLaw.byID[id])
    guard NormLaw.reached[id] == nil else { return }
    let mutants = law.statement.right.smaller.map {
      NormLaw(id, Judgement(law.statement.left, law.statement.relation, $0), positive: law.positive)
    }
    #expect(!mutants.isEmpty || law.statement.right == .integer(0))
    for mutant in mutants where mutant.statement.left != mutant.statement.right {
      let text = "\(mutant.statement)"
      if try mutant.isFoundFalse() {
        #expect(!Self.trueMutants.contains(text), "not true: \(text)")
      } else {
        #expect(Self.trueMutants.contains(text), "a mutant of \(id) is also true: \(text)")
      }
    }
  }
}

extension NormLaw {
  /// Whether random matrices, or ascents from them, violate the statement.
  func isFoundFalse() throws -> Bool {
    var generator = SplitMix64(seed: SplitMix64.seed(id.rawValue))
    for _ in 0..<20 {
      let point = try point(sizes(limit: 512, from: [2, 3, 4, 5], using: &generator), using: &generator)
      if try isViolated(at: point) { return true }
    }
    guard statement.relation == .atMost else { return false }
    for sizes in searchSizes {
      let search = try RatioMaximization(statement, sizes: sizes.sizes)
      for start in 0..<sizes.starts {
        let outcome = try search.ascend(from: search.start(start, seed: 1), iterations: 120, goal: 1.001)
        if let outcome, outcome.ratio > 1.0005, try isViolated(at: outcome.point) { return true }
      }
    }
    return false
  }
}

extension Formula {
  /// Nine tenths of a number.
  fileprivate var tenthLess: Formula { .integer(9) * Formula.integer(10).inverse * self }

  /// Right sides with one thing wrong, most of them smaller: a constant, a norm, a factor, a term, a transpose.
  fileprivate var smaller: [Formula] { (self == .integer(0) ? [.integer(1)] : [tenthLess]) + changed }

  private var changed: [Formula] {
    var found: [Formula] = []
    switch self.operator {
    case .norm(let norm) where operands[0].shape != .scalar:
      found += norm.smaller.map { operands[0].norm($0) }
      if operands[0].kind == .transpose { found.append(operands[0].operands[0].norm(norm)) }
      if operands[0].kind == .variable, !norm.isTransposable { found.append(operands[0].transposed.norm(norm)) }
      return found
    case .integer(let n) where n > 1: return [.integer(n - 1)]
    case .map(.reciprocal):
      guard case .integer(let n) = operands[0].operator else { return [] }
      return [Formula.integer(n + 1).inverse]
    case .size(let n): return [Formula.size(n).squareRoot]
    case .map(.squareRoot) where operands[0].kind == .size: return [.integer(1)]
    case .product:
      for (i, factor) in operands.enumerated() where factor.kind != .map || factor.operator == .map(.squareRoot) {
        found.append(.product(operands.enumerated().filter { $0.offset != i }.map(\.element)))
      }
    case .sum:
      found += operands.indices.map { i in .sum(operands.enumerated().filter { $0.offset != i }.map(\.element)) }
    default: break
    }
    for (i, operand) in operands.enumerated() {
      for mutant in operand.changed {
        var changed = operands
        changed[i] = mutant
        if case .success(let formula) = Formula.applied(self.operator, changed) { found.append(formula) }
      }
    }
    return found
  }
}

extension Norm {
  /// Norms that are at most this one, and at some matrices less.
  fileprivate var smaller: [Norm] {
    switch self {
    case .frobenius: [.spectral, .largestRow]
    case .spectral: [.largestRow, .largestEntry]
    case .rowSum: [.largestRow, .largestEntry]
    case .largestRow: [.largestEntry]
    case .diameter: [.largestEntry]
    case .rowRange: [.largestEntry]
    case .largestEntry: []
    }
  }

  fileprivate var isTransposable: Bool { self == .spectral || self == .frobenius || self == .largestEntry }
}
