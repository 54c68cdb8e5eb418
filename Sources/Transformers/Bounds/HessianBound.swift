import Formulas
import MatrixCalculus

/// Bounds of the loss Hessian in allowed norms, derived: per part, per block and for the whole matrix, each with its proof.
///
/// Each term of a block is bounded on its own, by the least of the bounds that are sharpest at one of the witnesses. The
/// proofs rest on the laws and on the definitions of the objective alone, not on the witnesses.
public struct HessianBound: Sendable {
  /// The bounds of one block.
  public struct Block: Sendable {
    public let block: HessianBlock
    /// `‖H_o(i,j)‖₂ ≤ …`.
    public let outerProduct: Proof
    /// `‖H_f(i,j)‖₂ ≤ …`.
    public let functional: Proof
    /// `‖∂²ℓ/∂W_i∂W_j‖₂ ≤ …`.
    public let proof: Proof

    /// The bound of the block.
    public var bound: Formula { proof.judgement.right }
  }

  public let derivation: HessianDerivation
  /// The norms that the bounds are written in, in the matrices of the problem.
  public let allowed: Set<Formula>
  /// Row by row, in the order of the parameters.
  public let blocks: [Block]
  /// `‖H‖₂ ≤ ‖[b_ij]‖₂`, the largest eigenvalue of the matrix of block bounds.
  public let proof: Proof
  /// The rules that the proofs may use.
  public let rules: [Rule.ID: Rule]

  /// The bound of the whole Hessian.
  public var bound: Formula { proof.judgement.right }

  /// Derives the bounds.
  ///
  /// - Parameters:
  ///   - allowed: the norms that may remain, names unfolded.
  ///   - witnesses: where the bounds are to be sharp; at least one.
  ///   - graph: may be shared by one derivation after another.
  /// - Errors: `BoundSearch.Failure` where the allowed norms do not suffice; those of the witnesses.
  public init(
    _ derivation: HessianDerivation, allowing allowed: Set<Formula>, at witnesses: [BoundSearch.Witness],
    in graph: BoundGraph? = nil
  ) throws {
    let objective = derivation.objective
    let graph = graph ?? BoundGraph(Laws.norms + objective.boundHypotheses)
    var terms = TermBounds(objective, BoundSearch(in: graph, allowed: allowed, at: witnesses))
    let parameters = objective.model.parameters
    var blocks: [Block] = []
    for row in parameters {
      for column in parameters {
        let block = derivation.block(row, column)
        blocks.append(
          Block(
            block: block,
            outerProduct: try terms.bound(
              block.outerProduct, "The outer-product part of the block of \(row) and \(column)"),
            functional: try terms.bound(block.functional, "The functional part of the block of \(row) and \(column)"),
            proof: try terms.bound(block, "The norm of the block of \(row) and \(column)")))
      }
    }
    let compression = NormLaws.blocks(rows: parameters.count, columns: parameters.count)
    let grid = parameters.indices.map { i in
      parameters.indices.map { j in blocks[i * parameters.count + j].block.proof.judgement.left }
    }
    var whole = BoundDerivation(Formula.blocks(grid).norm())
    guard let match = compression.matches(whole.current).first else {
      preconditionFailure("the law of block compression fits every grid")
    }
    whole.apply(compression, at: .root, match.substitution)
    for (i, block) in blocks.enumerated() { whole.apply(lemma: block.proof, at: Position([0, i])) }
    (self.derivation, self.allowed, self.blocks) = (derivation, allowed, blocks)
    proof = whole.proof("The norm of the Hessian")
    rules = (terms.families + objective.boundHypotheses).reduce(
      into: derivation.rules.merging([compression.id: compression]) { $1 }
    ) {
      $0[$1.id] = $1
    }
  }

  /// Derives the bounds in chosen families of norms.
  public init(
    _ derivation: HessianDerivation, allowing allowed: AllowedNorms, at witnesses: [BoundSearch.Witness],
    in graph: BoundGraph? = nil
  ) throws {
    try self.init(derivation, allowing: allowed.formulas(for: derivation.objective), at: witnesses, in: graph)
  }

  /// The bounds of a block.
  ///
  /// - Precondition: both are parameters of the model.
  public func block(_ row: Symbol, _ column: Symbol) -> Block {
    let parameters = derivation.objective.model.parameters
    guard let i = parameters.firstIndex(of: row), let j = parameters.firstIndex(of: column) else {
      preconditionFailure("\(row) and \(column) are no parameters of the model")
    }
    return blocks[i * parameters.count + j]
  }
}

/// Bounds of single terms, found once each.
private struct TermBounds {
  let objective: Objective
  var search: BoundSearch
  /// The rules of families that were used.
  private(set) var families: [Rule] = []
  private var known: [Formula: Proof] = [:]

  init(_ objective: Objective, _ search: BoundSearch) { (self.objective, self.search) = (objective, search) }

  /// `‖part‖₂ ≤ …` for a part of a block in closed form.
  mutating func bound(_ part: Formula, _ title: String) throws -> Proof {
    var derivation = BoundDerivation(part.norm())
    try finish(&derivation)
    return derivation.proof(title)
  }

  /// `‖∂²ℓ/∂W_i∂W_j‖₂ ≤ …`.
  mutating func bound(_ block: HessianBlock, _ title: String) throws -> Proof {
    var derivation = BoundDerivation(block.proof.judgement.left.norm())
    derivation.apply(lemma: block.proof, at: Position([0]))
    try finish(&derivation)
    return derivation.proof(title)
  }

  /// From the norm of a sum of terms to the sum of their bounds.
  private mutating func finish(_ derivation: inout BoundDerivation) throws {
    for abbreviation in objective.abbreviations.reversed() { derivation.apply(abbreviation.definition, .backward) }
    let (add, scale) = (NormLaws.add(.spectral), NormLaws.scale(.spectral))
    var i = 0
    while true {
      // The terms before i are done; of a sum under the norm the first is split off.
      let position = derivation.current.kind == .sum ? Position([i]) : .root
      guard let term = derivation.current[position] else { break }
      if term.kind == .norm, term.operands[0].kind == .sum {
        derivation.apply(add, at: position, first(add.matches(term)))
        continue
      }
      if term.kind == .norm, term.operands[0].kind == .scale {
        derivation.apply(scale, at: position, first(scale.matches(term)))
      }
      try boundMatrixNorm(&derivation, at: position)
      guard derivation.current.kind == .sum, i + 1 < derivation.current.operands.count else { break }
      i += 1
    }
    derivation.canonicalize()
    for abbreviation in objective.abbreviations { derivation.apply(abbreviation.definition, .forward) }
    derivation.canonicalize()
  }

  private func first(_ matches: [(substitution: Substitution, judgement: Judgement)]) -> Substitution {
    guard let match = matches.first else { preconditionFailure("the law fits the norm of a term") }
    return match.substitution
  }

  /// Bounds the norm of a matrix that stands at the position, or there as the last factor.
  private mutating func boundMatrixNorm(_ derivation: inout BoundDerivation, at position: Position) throws {
    guard let term = derivation.current[position] else { return }
    let isProduct = term.kind == .product
    let place = isProduct ? Position(position.path + [term.operands.count - 1]) : position
    guard let norm = derivation.current[place], norm.kind == .norm else { return }
    derivation.apply(lemma: try lemma(norm), at: place)
  }

  /// `‖term‖₂ ≤ min(…)`, over the bounds that are sharpest somewhere.
  private mutating func lemma(_ norm: Formula) throws -> Proof {
    if let proof = known[norm] { return proof }
    let found = try search.derivations(of: norm)
    var whole = found[0]
    if found.count > 1 {
      let minimum = NormLaws.minimum(of: found.count)
      if !families.contains(where: { $0.id == minimum.id }) { families.append(minimum) }
      whole = BoundDerivation(norm)
      whole.apply(minimum, .backward, at: .root, Substitution(formulas: [Symbol("s", .scalar): norm]))
      let rules = Laws.byID.merging(objective.boundHypotheses.map { ($0.id, $0) }) { $1 }
      for (i, one) in found.enumerated() { whole.append(one, at: Position([i]), rules: rules) }
    }
    let proof = whole.proof("A term")
    known[norm] = proof
    return proof
  }
}
