import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// The attempt to prove a printed inequality: the search for the smallest bound of its left side in the norms of its right
/// side, and the comparison of that bound with the printed one.
struct InequalityProof {
  let claim: Claim
  /// The laws, with those of which there is one for each number of operands.
  let rules: [Rule.ID: Rule]
  /// `left ≤ bound`, of norms that stand in the printed bound; `nil` where the laws lead to none.
  let bound: Proof?

  /// - Parameter witnesses: the number of random points at one of which the bound of each term is to be least.
  init(_ claim: Claim, witnesses: Int = 8) {
    self.claim = claim
    let closed = ClosedForm(claim.statement.left, title: "The left side of \(claim.id)")
    let opaque = Opaque(closed.formula, claim.statement.right)
    let start = opaque.folded(closed.formula)
    let allowed = Self.norms(of: opaque.folded(claim.statement.right))
    let points = (0..<UInt64(witnesses)).compactMap { seed in try? Self.point(of: claim, seed: seed) }
    let values = points.map { point -> BoundSearch.Witness in
      let evaluator = Evaluator(point)
      return { try evaluator.value(of: opaque.unfolded($0)).scalar }
    }
    var terms = BoundByTerms(BoundSearch(allowed: allowed, at: values.isEmpty ? [Self.unit] : values))
    let found = try? terms.bound(number: start, title: claim.title)
    rules = terms.families.reduce(into: Laws.byID) { $0[$1.id] = $1 }
    bound = found.map { closed.joined(with: opaque.instance(of: $0, for: closed.formula), title: claim.title) }
  }

  /// Every number is 1, where there is no point at which the claim has values.
  private static var unit: BoundSearch.Witness { { _ in 1 } }

  /// The proof of the claim, where the left side itself or its bound is at most the printed one by form.
  var proof: ClaimProof? {
    let left = claim.statement.left
    let itself = Proof(title: claim.title, Judgement(left, .atMost, left), steps: [])
    return [itself, bound].lazy.compactMap { $0 }.compactMap { try? ClaimProof(of: claim, $0, rules: rules) }.first
  }

  /// The bound that the laws give, whatever is printed.
  var repair: ClaimRepair? { bound.map { ClaimRepair(bound: $0.judgement.right, proof: $0, rules: rules) } }

  /// The norms of matrices in the printed bound.
  private static func norms(of formula: Formula) -> Set<Formula> {
    var found: Set<Formula> = []
    func visit(_ part: Formula) {
      if part.kind == .norm, part.containsMatrices { found.insert(part) } else { part.operands.forEach(visit) }
    }
    visit(formula)
    return found
  }

  /// A random point of random sizes up to 5, its matrices of different scales.
  private static func point(of claim: Claim, seed: UInt64) throws -> Environment<Double> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<Double>(sizes: [:])
    for name in claim.statement.sizeNames { point.sizes[name] = Int.random(in: 1...5, using: &generator) }
    let symbols = claim.statement.left.symbols + claim.statement.right.symbols
    try point.draw(symbols, using: &generator)
    for symbol in point.values.keys.sorted(by: { $0.name < $1.name }) {
      let scale = Double(sign: .plus, exponent: Int.random(in: -2...2, using: &generator), significand: 1)
      point[symbol] = point[symbol]?.scaled(by: scale)
    }
    return point
  }
}

/// Bounds of norms of sums and block matrices, term by term and block by block.
private struct BoundByTerms {
  var search: BoundSearch
  /// The laws of which there is one for each number of operands, as far as they were used.
  private(set) var families: [Rule] = []
  private var known: [Formula: Proof] = [:]

  init(_ search: BoundSearch) { self.search = search }

  /// `number ≤ …`, for a norm or the largest of several.
  ///
  /// - Errors: `BoundSearch.Failure` where the laws do not lead to the allowed norms.
  mutating func bound(number: Formula, title: String) throws -> Proof {
    if number.kind == .norm { return try bound(number, title: title) }
    guard number.kind == .maximum else { throw BoundSearch.Failure.unreachable("\(number)") }
    var derivation = BoundDerivation(number)
    for (i, part) in number.operands.enumerated() {
      derivation.apply(lemma: try bound(number: part, title: title), at: Position([i]))
    }
    return derivation.proof(title)
  }

  /// `norm ≤ …`.
  ///
  /// - Errors: `BoundSearch.Failure` where the laws do not lead to the allowed norms.
  private mutating func bound(_ norm: Formula, title: String) throws -> Proof {
    if let known = known[norm] { return known }
    guard case .norm(let kind) = norm.operator else { preconditionFailure("only norms are bounded by terms") }
    let argument = norm.operands[0]
    var derivation = BoundDerivation(norm)
    switch argument.kind {
    case .sum where !search.allowed.contains(norm): try split(&derivation, NormLaws.add(kind), title)
    case .scale: try split(&derivation, NormLaws.scale(kind), title)
    case .blocks where kind == .spectral: try compress(&derivation, argument, title)
    default: try boundWhole(&derivation)
    }
    derivation.canonicalize()
    let proof = derivation.proof(title)
    known[norm] = proof
    return proof
  }

  /// The law makes two norms of one; those with matrices in them are bounded, the last first.
  private mutating func split(_ derivation: inout BoundDerivation, _ law: Rule, _ title: String) throws {
    guard let (substitution, _) = law.match(derivation.current) else {
      preconditionFailure("\(law.id) fits every such norm")
    }
    derivation.apply(law, at: .root, substitution)
    for i in [1, 0] {
      guard let part = derivation.current[Position([i])], part.containsMatrices else { continue }
      derivation.apply(lemma: try bound(part, title: title), at: Position([i]))
    }
  }

  private mutating func compress(_ derivation: inout BoundDerivation, _ grid: Formula, _ title: String) throws {
    guard case .blocks(let rows) = grid.operator else { return }
    let law = family(NormLaws.blocks(rows: rows, columns: grid.operands.count / rows))
    guard let (substitution, _) = law.match(derivation.current) else {
      preconditionFailure("block compression fits every grid")
    }
    derivation.apply(law, at: .root, substitution)
    for (i, block) in grid.operands.enumerated() where !search.allowed.contains(block.norm()) {
      derivation.apply(lemma: try bound(block.norm(), title: title), at: Position([0, i]))
    }
  }

  /// The least of the bounds that are sharpest at one of the witnesses.
  private mutating func boundWhole(_ derivation: inout BoundDerivation) throws {
    let plain = try search.derivations(of: derivation.current)
    let found =
      plain
      + (try transposed(derivation.current)).filter { other in
        !plain.contains { $0.current == other.current }
      }
    guard found.count > 1 else {
      if let only = found.first { derivation.append(only, at: .root) }
      return
    }
    let law = family(NormLaws.minimum(of: found.count))
    let number = Substitution(formulas: [Symbol("s", .scalar): derivation.current])
    derivation.apply(law, .backward, at: .root, number)
    for (i, bound) in found.enumerated() {
      derivation.apply(lemma: bound.proof("One bound of \(found.count)"), at: Position([i]))
    }
  }

  /// Bounds of a Frobenius norm by way of the transposed matrix, whose rows are the columns.
  private mutating func transposed(_ norm: Formula) throws -> [BoundDerivation] {
    guard case .norm(.frobenius) = norm.operator, !search.allowed.contains(norm),
      let law = NormLaws.transpose.first(where: { $0.statement.left.operator == norm.operator }),
      let (substitution, _) = law.match(norm.operands[0].transposed.norm(.frobenius))
    else { return [] }
    return try search.derivations(of: norm.operands[0].transposed.norm(.frobenius)).map { bound in
      var derivation = BoundDerivation(norm)
      derivation.apply(law, .backward, at: .root, substitution)
      derivation.append(bound, at: .root)
      return derivation
    }
  }

  private mutating func family(_ law: Rule) -> Rule {
    if !families.contains(where: { $0.id == law.id }) { families.append(law) }
    return law
  }
}

/// Matrices that a bound need not look into, as variables: the logits of softmax, and whatever the printed bound has the norm of.
///
/// What is proven for all matrices in their place holds for them.
private struct Opaque {
  private let names: [(formula: Formula, variable: Formula)]

  init(_ left: Formula, _ right: Formula) {
    var found: [Formula] = []
    func visit(_ part: Formula) {
      if part.kind == .norm, part.shape == .scalar, right.contains(part) { add(part.operands[0]) }
      part.operands.forEach(visit)
    }
    func visitLogits(_ part: Formula) {
      if case .call(RowwiseFunctions.softmax) = part.operator { add(part.operands[0]) }
      part.operands.forEach(visitLogits)
    }
    func add(_ part: Formula) {
      if !part.isVariable, part.kind != .blocks, part.shape != .scalar, !found.contains(part) { found.append(part) }
    }
    visit(right)
    visitLogits(left)
    let kept = found.filter { left.contains($0) }
    names = kept.enumerated().map { index, part in
      (part, .variable("Z_\(index + 1)", part.shape.rows, part.shape.columns))
    }
  }

  func folded(_ formula: Formula) -> Formula {
    names.reduce(formula) { $0.replacing([$1.formula: $1.variable]) }
  }

  func unfolded(_ formula: Formula) -> Formula {
    names.reversed().reduce(formula) { $0.replacing([$1.variable: $1.formula]) }
  }

  /// The proof with the matrices in place of the variables, for a left side that is the folded one's instance.
  func instance(of proof: Proof, for left: Formula) -> Proof {
    if names.isEmpty { return proof }
    let instances = names.reduce(into: Substitution()) { substitution, name in
      guard case .variable(let symbol) = name.variable.operator else { return }
      substitution.formulas[symbol] = unfolded(name.formula)
    }
    return Proof(
      title: proof.title, Judgement(left, .atMost, unfolded(proof.judgement.right)),
      steps: [DerivationStep(.lemma(0), at: .root, instances)], lemmas: [proof])
  }
}

/// A number with the derivatives inside its norms carried out.
private struct ClosedForm {
  /// The equality of the number with its closed form.
  let proof: Proof

  var formula: Formula { proof.judgement.right }

  init(_ formula: Formula, title: String) {
    var derivation = Derivation(formula)
    if formula.containsSubformula(where: { $0.kind == .jacobian }) {
      derivation.normalize(Laws.calculus)
      derivation.normalize(Laws.expansion)
    }
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
