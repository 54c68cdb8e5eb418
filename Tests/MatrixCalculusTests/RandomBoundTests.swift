import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// What replaying accepts of inequalities is true: chains of random laws about norms at random places of random numbers,
/// under signs, quotients, roots and extrema, are either refused or hold at random points.
@Suite struct RandomBoundTests {
  private static let laws =
    (Laws.norms + StructuralLaws.all + [NormLaws.blocks(rows: 1, columns: 2)])
    + [hypothesis, hypothesis, hypothesis]
  private static let rules = Dictionary(laws.map { ($0.id, $0) }) { first, _ in first }
  private static let A = Formula.symbol("A", "m", "n"), C = Formula.symbol("C", "m", "n"),
    B = Formula.symbol("B", "n", "r")
  /// A number of any sign, and one that a hypothesis shows not to be negative.
  private static let number = Formula.symbol("s", 1, 1), bound = Formula.symbol("a", 1, 1)
  private static let hypothesis = Rule("hypothesis a", .hypothesis, because: "Given.") { A.norm() ≤ bound }

  /// A matrix `m×r` or `m×n`.
  private func matrix(_ generator: inout SplitMix64, isWide: Bool, depth: Int) -> Formula {
    let plain = isWide ? [Self.A, Self.C][generator.uniform(below: 2)] : Self.A * Self.B
    guard depth > 0 else { return plain }
    func part(_ isWide: Bool) -> Formula { matrix(&generator, isWide: isWide, depth: depth - 1) }
    switch generator.uniform(below: 8) {
    case 0: return part(isWide) + part(isWide)
    case 1: return part(isWide).scaled(by: [Formula.integer(-2), Self.number][generator.uniform(below: 2)])
    case 2: return isWide ? part(true) ⊙ part(true) : part(true) * Self.B
    case 3: return isWide ? part(false) * Self.B.transposed : part(true) * RowwiseFunctions.softmax(Self.B)
    case 4 where isWide: return RowwiseFunctions.center(RowwiseFunctions.softmax(Self.C), part(true))
    case 5 where isWide: return RowwiseFunctions.softmax(part(true))
    default: return plain
    }
  }

  private func number(_ generator: inout SplitMix64, depth: Int) -> Formula {
    func part() -> Formula { number(&generator, depth: depth - 1) }
    guard depth > 0 else {
      switch generator.uniform(below: 8) {
      case 0: return .integer(generator.uniform(below: 4) - 1)
      case 1: return [Self.number, Self.bound, .size("m")][generator.uniform(below: 3)]
      default:
        let norm = Norm.allCases[generator.uniform(below: Norm.allCases.count)]
        return generator.uniform(below: 3) == 0
          ? Self.A.norm() : matrix(&generator, isWide: generator.uniform(below: 2) == 0, depth: 2).norm(norm)
      }
    }
    switch generator.uniform(below: 12) {
    case 0, 1: return part() + part()
    case 2, 3: return part() * part()
    case 4: return part() - part()
    case 5: return .maximum([part(), part()])
    case 6: return .minimum([part(), part()])
    case 7: return part().squareRoot
    case 8: return part().inverse
    case 9: return part().scaled(by: part())
    case 10:
      let norm = Norm.allCases[generator.uniform(below: Norm.allCases.count)]
      return Formula.blocks([[part(), part()]]).norm(norm)
    default: return part()
    }
  }

  private func step(_ current: Formula, _ generator: inout SplitMix64) -> (step: DerivationStep, next: Formula)? {
    for _ in 0..<60 {
      let position = current.randomPosition(using: &generator)
      let rule = Self.laws[generator.uniform(below: Self.laws.count)]
      let isForward =
        rule.statement.relation == .atMost ? generator.uniform(below: 12) > 0 : generator.uniform(below: 3) > 0
      let read =
        isForward
        ? rule
        : Rule(rule.id, rule.status, because: "", when: rule.conditions) {
          Judgement(rule.statement.right, .equal, rule.statement.left)
        }
      guard let part = current[position], let (substitution, _) = read.match(part),
        case .success(let judgement) = rule.instance(substitution),
        case .success(let next) = current.replacing(at: position, with: isForward ? judgement.right : judgement.left),
        next.variables.isEmpty
      else { continue }
      return (DerivationStep(.rule(rule.id), isForward ? .forward : .backward, at: position, substitution), next)
    }
    return nil
  }

  private func point(_ generator: inout SplitMix64) throws -> Environment<Double> {
    var point = Environment<Double>(sizes: ["m": 2, "n": 3, "r": 2])
    for matrix in [Self.A, Self.B, Self.C] {
      let rows = try point.number(matrix.shape.rows), columns = try point.number(matrix.shape.columns)
      let kind = MatrixKind.allCases[generator.uniform(below: MatrixKind.allCases.count)]
      point[matrix.symbols[0]] = kind.matrix(rows: rows, columns: columns, using: &generator).map { $0 * 2 }
    }
    point[Self.number.symbols[0]] = Matrix(3 * Double.random(using: &generator))
    let least = try Self.A.norm().value(in: point).scalar
    point[Self.bound.symbols[0]] = Matrix(least * (1.5 + Double.random(using: &generator) / 2))
    return point
  }

  @Test(arguments: UInt64(1)...8) func acceptedBoundsAreTrue(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var accepted = 0, refused = 0, checked = 0
    for _ in 0..<1200 {
      let start = number(&generator, depth: 3)
      var current = start
      var steps: [DerivationStep] = []
      for _ in 0..<(1 + generator.uniform(below: 4)) {
        guard let (step, next) = step(current, &generator), next.sharedNodeCount < 80 else { continue }
        steps.append(step)
        current = next
      }
      guard
        steps.contains(where: { step in
          if case .rule(let id) = step.justification { Self.rules[id]?.statement.relation == .atMost } else { false }
        })
      else { continue }
      let proof = Proof(title: "random", start ≤ current, steps: steps)
      do { try proof.replay(Self.rules) } catch is ProofError {
        refused += 1
        continue
      }
      accepted += 1
      let law = NormLaw("accepted", proof.judgement)
      for _ in 0..<6 {
        let point = try point(&generator)
        if try law.sides(at: point) != nil { checked += 1 }
        // Roots of what is zero but for rounding are roots of rounding errors.
        #expect(
          try !law.isViolated(at: point, rounding: 1e-7),
          "seed \(seed): \(proof.judgement) by \(steps.map(\.justification))")
      }
    }
    #expect(accepted > 60 && refused > 60, "seed \(seed): \(accepted) accepted, \(refused) refused")
    #expect(checked > accepted, "seed \(seed): \(checked) of \(accepted) points have values")
  }
}
