import Formulas

/// Factors pulled out, zeros absorbed, identities dropped.
public enum ScalingLaws {
  private static let A = StructuralLaws.A
  private static let B = StructuralLaws.B
  private static let s = StructuralLaws.s
  private static let trivial = "Entry by entry."

  private static func rule(_ id: Rule.ID, _ statement: () -> Judgement) -> Rule {
    Rule(id, .law, .bookkeeping, because: trivial, statement)
  }

  // MARK: Factors

  public static let scaleScale = rule("scale_scale") {
    let t = Formula.variable("t", 1, 1)
    return A.scaled(by: t).scaled(by: s) ==> A.scaled(by: s * t)
  }
  public static let oneScale = rule("one_scale") { A.scaled(by: .integer(1)) ==> A }
  public static let zeroScale = rule("zero_scale") { A.scaled(by: .integer(0)) ==> .zero("m", "n") }
  public static let mulScale = rule("mul_scale") {
    let B = Formula.variable("B", "n", "r")
    return A * B.scaled(by: s) ==> (A * B).scaled(by: s)
  }
  public static let scaleMul = rule("scale_mul") {
    let B = Formula.variable("B", "n", "r")
    return A.scaled(by: s) * B ==> (A * B).scaled(by: s)
  }
  public static let kroneckerScale = rule("kronecker_scale") {
    let B = Formula.variable("B", "r", "t")
    return A ⊗ B.scaled(by: s) ==> (A ⊗ B).scaled(by: s)
  }
  public static let scaleKronecker = rule("scale_kronecker") {
    let B = Formula.variable("B", "r", "t")
    return A.scaled(by: s) ⊗ B ==> (A ⊗ B).scaled(by: s)
  }
  public static let hadamardScale = rule("hadamard_scale") { A ⊙ B.scaled(by: s) ==> (A ⊙ B).scaled(by: s) }
  public static let scaleHadamard = rule("scale_hadamard") { A.scaled(by: s) ⊙ B ==> (A ⊙ B).scaled(by: s) }
  public static let scaleAdd = rule("scale_add") { (A + B).scaled(by: s) ==> A.scaled(by: s) + B.scaled(by: s) }
  /// `A + A = 2A`.
  public static let addSelf = rule("add_self") { A + A ==> A.scaled(by: .integer(2)) }
  public static let scaleAddScale = rule("scale_add_scale") {
    A.scaled(by: s) + B.scaled(by: s) ==> (A + B).scaled(by: s)
  }

  // MARK: Sums multiplied out

  /// `A(B + C) = AB + AC`.
  public static let mulAdd = rule("mul_add") {
    let B = Formula.variable("B", "n", "r"), C = Formula.variable("C", "n", "r")
    return A * (B + C) ==> A * B + A * C
  }
  /// `(A + B)C = AC + BC`.
  public static let addMul = rule("add_mul") {
    let C = Formula.variable("C", "n", "r")
    return (A + B) * C ==> A * C + B * C
  }

  // MARK: Zeros and identities

  public static let zeroAdd = rule("zero_add") { .zero("m", "n") + A ==> A }
  public static let addZero = rule("add_zero") { A + .zero("m", "n") ==> A }
  public static let zeroMul = rule("zero_mul") { .zero("r", "m") * A ==> .zero("r", "n") }
  public static let mulZero = rule("mul_zero") { A * .zero("n", "r") ==> .zero("m", "r") }
  public static let scaleZero = rule("scale_zero") { Formula.zero("m", "n").scaled(by: s) ==> .zero("m", "n") }
  public static let zeroKronecker = rule("zero_kronecker") {
    .zero("r", "t") ⊗ A ==> .zero(Size("r") * "m", Size("t") * "n")
  }
  public static let kroneckerZero = rule("kronecker_zero") {
    A ⊗ .zero("r", "t") ==> .zero(Size("m") * "r", Size("n") * "t")
  }
  public static let zeroHadamard = rule("zero_hadamard") { .zero("m", "n") ⊙ A ==> .zero("m", "n") }
  public static let hadamardZero = rule("hadamard_zero") { A ⊙ .zero("m", "n") ==> .zero("m", "n") }
  public static let transposeZero = rule("transpose_zero") { Formula.zero("m", "n").transposed ==> .zero("n", "m") }
  public static let vectorizeZero = rule("vectorize_zero") {
    Formula.zero("m", "n").vectorized ==> .zero(Size("m") * "n", 1)
  }
  public static let diagonalZero = rule("diagonal_zero") { Formula.zero("n", 1).diagonal ==> .zero("n", "n") }
  public static let identityMul = rule("identity_mul") { .identity("m") * A ==> A }
  public static let mulIdentity = rule("mul_identity") { A * .identity("n") ==> A }

  /// `0 + s = s`, for numbers.
  public static let zeroAddNumber = rule("zero_add_number") { .integer(0) + s ==> s }
  /// `s + 0 = s`, for numbers.
  public static let addZeroNumber = rule("add_zero_number") { s + .integer(0) ==> s }

  /// What brings formulas to their normal form; sums are not multiplied out and factors of sums stay outside.
  public static let normalizing = [
    zeroMul, mulZero, zeroAdd, addZero, scaleZero, zeroKronecker, kroneckerZero, zeroHadamard, hadamardZero,
    transposeZero, vectorizeZero, diagonalZero, identityMul, mulIdentity, oneScale, zeroScale, scaleScale, mulScale,
    scaleMul, kroneckerScale, scaleKronecker, hadamardScale, scaleHadamard, addSelf,
  ]

  /// What multiplies sums out.
  public static let expanding = [scaleAdd, mulAdd, addMul]

  public static let all = normalizing + expanding + [scaleAddScale, zeroAddNumber, addZeroNumber]
}
