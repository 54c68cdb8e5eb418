import Formulas
import MatrixCalculus

/// Laws about running means and about differences of numbers that are at least zero.
///
/// They stand apart from the laws of the calculus, whose normal forms and searches they would only make longer.
public enum MeanLaws {
  private static let A = Formula.variable("A", "m", "n"), C = Formula.variable("C", "m", "n")
  private static let s = Formula.variable("s", 1, 1), t = Formula.variable("t", 1, 1)

  /// `(kA + C)/(k + 1) − A = (C − A)/(k + 1)`: the mean of one more.
  public static let meanStep = Rule("mean_step", because: "`k/(k + 1) - 1 = -1/(k + 1)`.") {
    let part = Formula.size(Size("k") + 1).inverse
    return (A.scaled(by: .size("k")) + C).scaled(by: part) - A ==> (C - A).scaled(by: part)
  }
  /// `A + C = C + A`.
  public static let addComm = Rule("add_comm", .law, .bookkeeping, because: "Entry by entry.") { A + C ==> C + A }
  /// `||s| − |t|| ≤ max(|s|, |t|)`: half of what the triangle inequality gives.
  public static let subtract = Rule(
    "norm_sub_norm_le_max", because: "Two numbers between zero and m are at most m apart."
  ) { (s.norm() - t.norm()).norm() ≤ .maximum([s.norm(), t.norm()]) }
  /// `max(s, s) = s`.
  public static let maximumSelf = Rule("max_self", .law, .bookkeeping, because: "The same number twice.") {
    .maximum([s, s]) ==> s
  }

  /// `|1/k| = 1/k` for a size.
  public static let normInverse = Rule("norm_inverse_size", .law, .bookkeeping, because: "Sizes are positive.") {
    Formula.size("k").inverse.norm() ==> Formula.size("k").inverse
  }

  public static let all = [meanStep, addComm, subtract, maximumSelf, normInverse]
  /// These laws and those of the calculus by name.
  static let byID = all.reduce(into: Laws.byID) { $0[$1.id] = $1 }
}

extension Derivation {
  /// A proof that two sums are equal: both multiplied out, their terms in different order.
  ///
  /// - Returns: `nil` where the terms differ.
  static func equality(of left: Formula, and right: Formula, title: String) -> Proof? {
    var (from, to) = (Derivation(left), Derivation(right))
    from.normalize(Laws.expansion)
    to.normalize(Laws.expansion)
    let goal = to.current.operands
    guard from.current.kind == .sum, to.current.kind == .sum, from.current.operands.count == goal.count else {
      return from.current == to.current ? joined(from, to, title) : nil
    }
    for place in goal.indices {
      guard var i = from.current.operands[place...].firstIndex(of: goal[place]) else { return nil }
      while i > place {
        let position = goal.count == 2 ? Position.root : Position([], run: (i - 1)..<(i + 1))
        from.apply(MeanLaws.addComm, at: position)
        i -= 1
      }
    }
    return joined(from, to, title)
  }

  private static func joined(_ left: Derivation, _ right: Derivation, _ title: String) -> Proof {
    Proof(
      title: title, Judgement(left.start, .equal, right.start),
      steps: [
        DerivationStep(.lemma(0), at: .root, Substitution()),
        DerivationStep(.lemma(1), .backward, at: .root, Substitution()),
      ], lemmas: [left.proof("\(title), multiplied out"), right.proof("\(title), sorted")])
  }
}

extension BoundDerivation {
  /// Bounds every norm by the hypotheses: norms of sums, multiples, products and transposes by those of their parts.
  ///
  /// - Precondition: the hypotheses bound what is left.
  mutating func boundNorms(by hypotheses: [Rule]) {
    let settled = Set(hypotheses.map(\.statement.left))
    while let position = current.unsettledNorm(settled), let norm = current[position] {
      guard let law = Self.law(for: norm), let (substitution, _) = law.match(norm) else {
        preconditionFailure("no hypothesis bounds \(norm)")
      }
      apply(law, at: position, substitution)
    }
    for hypothesis in hypotheses { apply(hypothesis, .forward) }
    for law in [MeanLaws.normInverse, MeanLaws.maximumSelf] {
      while let position = current.position(where: { law.match($0) != nil }), let part = current[position],
        let (substitution, _) = law.match(part)
      {
        apply(law, at: position, substitution)
      }
    }
    canonicalize()
    addEqualTerms()
    canonicalize()
  }

  /// `s + s = 2s` for neighbours in sums.
  private mutating func addEqualTerms() {
    while let place = current.position(where: { $0.equalNeighbours != nil }), let sum = current[place],
      let i = sum.equalNeighbours, let (substitution, _) = ScalingLaws.addSelf.match(sum.operands[i] + sum.operands[i])
    {
      let position = sum.operands.count == 2 ? place : Position(place.path, run: i..<(i + 2))
      apply(ScalingLaws.addSelf, at: position, substitution)
    }
  }

  private static func law(for norm: Formula) -> Rule? {
    if MeanLaws.subtract.match(norm) != nil { return MeanLaws.subtract }
    switch norm.operands[0].kind {
    case .sum: return NormLaws.add(.spectral)
    case .scale: return NormLaws.scale(.spectral)
    case .product: return NormLaws.mulSpectral
    case .transpose: return NormLaws.transpose.first { $0.statement.left.operator == .norm(.spectral) }
    default: return nil
    }
  }
}

extension Formula {
  /// The index of a term of a sum that the next one equals.
  fileprivate var equalNeighbours: Int? {
    kind == .sum ? operands.indices.dropLast().first { operands[$0] == operands[$0 + 1] } : nil
  }

  /// Where the first norm stands that is neither settled nor the magnitude of a number without matrices.
  fileprivate func unsettledNorm(_ settled: Set<Formula>) -> Position? {
    position { norm in
      norm.kind == .norm && !settled.contains(norm) && !norm.operands[0].symbols.isEmpty
    } unless: {
      settled.contains($0)
    }
  }

  /// Where the first part stands that satisfies the condition, outermost first.
  fileprivate func position(
    where condition: (Formula) -> Bool, unless isClosed: (Formula) -> Bool = { _ in false }
  ) -> Position? {
    func find(_ formula: Formula, _ path: [Int]) -> Position? {
      if isClosed(formula) { return nil }
      if condition(formula) { return Position(path) }
      for (i, operand) in formula.operands.enumerated() {
        if let found = find(operand, path + [i]) { return found }
      }
      return nil
    }
    return find(self, [])
  }
}
