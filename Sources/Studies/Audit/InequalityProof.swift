import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// The attempt to prove a printed inequality: the search for the smallest bound of its left side in the norms of its right
/// side, and the comparison of that bound with the printed one.
struct InequalityProof {
  let claim: Claim
  /// The laws, with those for the block matrices that occur.
  let rules: [Rule.ID: Rule]
  /// Proofs of `left ≤ bound`, each the best at another random point.
  let bounds: [Proof]

  init(_ claim: Claim, witnesses: Int = 12) {
    self.claim = claim
    let grids = Self.grids(in: claim.statement.left).map { NormLaws.blocks(rows: $0.rows, columns: $0.columns) }
    let laws = NormLaws.all + RowwiseNormLaws.all + grids
    rules = grids.reduce(into: Laws.byID) { $0[$1.id] = $1 }
    let closed = ClosedForm(claim.statement.left, title: "The left side of \(claim.id)")
    let allowed = Self.norms(of: claim.statement.right).union(Self.norms(ofBlocksIn: closed.formula))
    var search = BoundSearch(laws, allowed: allowed)
    var found: [Proof] = []
    for seed in 0..<witnesses {
      guard let point = try? Self.point(of: claim, seed: UInt64(seed)) else { continue }
      let evaluator = Evaluator(point)
      guard
        let derivation = try? search.derivation(of: closed.formula, at: { try evaluator.value(of: $0).scalar })
      else { continue }
      let proof = closed.joined(with: derivation.proof(claim.title), title: claim.title)
      if !found.contains(where: { $0.judgement == proof.judgement }) { found.append(proof) }
    }
    bounds = found
  }

  /// The proof of the claim, where one or several of the bounds are together at most the printed one.
  var proof: ClaimProof? {
    for bound in bounds {
      if let proof = try? ClaimProof(of: claim, [bound], rules: rules) { return proof }
    }
    guard bounds.count > 1 else { return nil }
    return try? ClaimProof(of: claim, bounds, rules: rules)
  }

  /// The proven bound that is smallest at typical points: fewest terms, then the shortest.
  var smallest: Proof? {
    bounds.min { ($0.judgement.right.sharedNodeCount, $0.totalSteps) < ($1.judgement.right.sharedNodeCount, $1.totalSteps) }
  }

  // MARK: What may remain

  /// The norms of matrices in the printed bound.
  private static func norms(of formula: Formula) -> Set<Formula> {
    var found: Set<Formula> = []
    func visit(_ part: Formula) {
      if part.kind == .norm, part.containsMatrices { found.insert(part) } else { part.operands.forEach(visit) }
    }
    visit(formula)
    return found
  }

  /// The norms of the matrices of block norms, which compression leads to.
  private static func norms(ofBlocksIn formula: Formula) -> Set<Formula> {
    var found: Set<Formula> = []
    func visit(_ part: Formula) {
      if case .blocks(let rows) = part.operator {
        let columns = part.operands.count / rows
        let grid = (0..<rows).map { i in (0..<columns).map { part.operands[i * columns + $0].norm() } }
        found.insert(Formula.blocks(grid).norm())
      }
      part.operands.forEach(visit)
    }
    visit(formula)
    return found
  }

  private struct Grid: Hashable {
    let rows: Int
    let columns: Int
  }

  private static func grids(in formula: Formula) -> [Grid] {
    var found: [Grid] = []
    func visit(_ part: Formula) {
      if case .blocks(let rows) = part.operator {
        let grid = Grid(rows: rows, columns: part.operands.count / rows)
        if !found.contains(grid) { found.append(grid) }
      }
      part.operands.forEach(visit)
    }
    visit(formula)
    return found
  }

  /// A random point of random sizes up to 5.
  private static func point(of claim: Claim, seed: UInt64) throws -> Environment<Double> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<Double>(sizes: [:])
    for name in claim.statement.sizeNames { point.sizes[name] = Int.random(in: 1...5, using: &generator) }
    try point.draw(claim.statement.left.symbols + claim.statement.right.symbols, using: &generator)
    return point
  }
}

/// A number with the derivatives inside its norms carried out.
private struct ClosedForm {
  /// The equality of the number with its closed form.
  let proof: Proof

  var formula: Formula { proof.judgement.right }

  init(_ formula: Formula, title: String) {
    var derivation = Derivation(formula)
    derivation.normalize(Laws.calculus)
    derivation.normalize(Laws.expansion)
    proof = derivation.proof(title)
  }

  /// The proof of `left ≤ bound` from that for the closed form.
  func joined(with bound: Proof, title: String) -> Proof {
    let whole = Judgement(proof.judgement.left, .atMost, bound.judgement.right)
    if proof.steps.isEmpty { return Proof(title: title, whole, steps: bound.steps, lemmas: bound.lemmas) }
    return Proof(
      title: title, whole,
      steps: [0, 1].map { DerivationStep(.lemma($0), at: .root, Substitution()) }, lemmas: [proof, bound])
  }
}
