import Formulas

/// The algebra of transposes, Kronecker products, commutation matrices and vectorisation, oriented towards a normal
/// form: transposes inside, factors outside, neighbouring Kronecker products merged.
public enum StructuralLaws {
  static let A = Formula.variable("A", "m", "n")
  static let B = Formula.variable("B", "m", "n")
  static let s = Formula.variable("s", 1, 1)
  private static let kron = Citation("horn1991", "§4.2")
  private static let commute = Citation("magnus1979", "§3")

  private static func rule(
    _ id: Rule.ID, citing citation: Citation? = nil, because justification: String = "", _ statement: () -> Judgement
  ) -> Rule { Rule(id, .law, .bookkeeping, citing: citation, because: justification, statement) }

  // MARK: Transposes

  public static let transposeTranspose = rule("transpose_transpose", because: "Entry by entry.") {
    A.transposed.transposed ==> A
  }
  public static let transposeMul = rule("transpose_mul", because: "Entry by entry.") {
    let B = Formula.variable("B", "n", "r")
    return (A * B).transposed ==> B.transposed * A.transposed
  }
  public static let transposeAdd = rule("transpose_add", because: "Entry by entry.") {
    (A + B).transposed ==> A.transposed + B.transposed
  }
  public static let transposeScale = rule("transpose_scale", because: "Entry by entry.") {
    A.scaled(by: s).transposed ==> A.transposed.scaled(by: s)
  }
  public static let transposeHadamard = rule("transpose_hadamard", because: "Entry by entry.") {
    (A ⊙ B).transposed ==> A.transposed ⊙ B.transposed
  }
  public static let transposeKronecker = rule("transpose_kronecker", citing: kron) {
    let B = Formula.variable("B", "r", "s")
    return (A ⊗ B).transposed ==> A.transposed ⊗ B.transposed
  }
  public static let transposeIdentity = rule("transpose_identity", because: "Entry by entry.") {
    Formula.identity("n").transposed ==> .identity("n")
  }
  public static let transposeOnes = rule("transpose_ones", because: "Entry by entry.") {
    Formula.ones("m", "n").transposed ==> .ones("n", "m")
  }
  public static let transposeCommutation = rule("transpose_commutation", citing: commute) {
    Formula.commutation("m", "n").transposed ==> .commutation("n", "m")
  }
  public static let transposeDiagonal = rule("transpose_diagonal", because: "A diagonal matrix is symmetric.") {
    let v = Formula.variable("v", "n", 1)
    return v.diagonal.transposed ==> v.diagonal
  }

  // MARK: Kronecker products and commutation matrices

  /// `(A ⊗ B)(C ⊗ D) = AC ⊗ BD`.
  public static let kroneckerMulKronecker = rule("kronecker_mul_kronecker", citing: kron) {
    let B = Formula.variable("B", "r", "s"), C = Formula.variable("C", "n", "t"), D = Formula.variable("D", "s", "u")
    return (A ⊗ B) * (C ⊗ D) ==> (A * C) ⊗ (B * D)
  }
  /// `(A ⊗ B) K_{n,s} (C ⊗ D) = (AD ⊗ BC) K`, so that a commutation matrix never keeps two products apart.
  public static let kroneckerMulCommutationMulKronecker = rule(
    "kronecker_mul_commutation_mul_kronecker", citing: commute,
    because: "`K(C ⊗ D) = (D ⊗ C)K`, then the mixed product."
  ) {
    let B = Formula.variable("B", "r", "s"), C = Formula.variable("C", "s", "t"), D = Formula.variable("D", "n", "u")
    return (A ⊗ B) * .commutation("s", "n") * (C ⊗ D) ==> ((A * D) ⊗ (B * C)) * .commutation("t", "u")
  }
  /// `K_{m,r} (A ⊗ B) K_{s,n} = B ⊗ A`.
  public static let commutationMulKroneckerMulCommutation = rule(
    "commutation_mul_kronecker_mul_commutation", citing: commute
  ) {
    let B = Formula.variable("B", "r", "s")
    return .commutation("m", "r") * (A ⊗ B) * .commutation("s", "n") ==> B ⊗ A
  }
  /// `K_{n,m} K_{m,n} = I_{mn}`.
  public static let commutationMulCommutation = rule("commutation_mul_commutation", citing: commute) {
    .commutation("n", "m") * .commutation("m", "n") ==> .identity(Size("m") * "n")
  }
  /// `K_{1,n} = I_n`.
  public static let commutationOneLeft = rule(
    "commutation_one_left", because: "A row and its transpose have the same `vec_r`."
  ) {
    .commutation(1, "n") ==> .identity("n")
  }
  /// `K_{n,1} = I_n`.
  public static let commutationOneRight = rule(
    "commutation_one_right", because: "A column and its transpose have the same `vec_r`."
  ) {
    .commutation("n", 1) ==> .identity("n")
  }
  public static let identityKroneckerIdentity = rule("identity_kronecker_identity", citing: kron) {
    .identity("m") ⊗ .identity("n") ==> .identity(Size("m") * "n")
  }
  public static let identityOneKronecker = rule("identity_one_kronecker", citing: kron) { .identity(1) ⊗ A ==> A }
  public static let kroneckerIdentityOne = rule("kronecker_identity_one", citing: kron) { A ⊗ .identity(1) ==> A }

  // MARK: Vectorisation

  /// `(A ⊗ B) vec_r(G) = vec_r(A G Bᵀ)`.
  public static let kroneckerMulVectorize = rule("kronecker_mul_vectorize", citing: Citation("horn1991", "§4.3")) {
    let B = Formula.variable("B", "r", "s"), G = Formula.variable("G", "n", "s")
    return (A ⊗ B) * G.vectorized ==> (A * G * B.transposed).vectorized
  }
  /// `K_{m,n} vec_r(G) = vec_r(Gᵀ)`.
  public static let commutationMulVectorize = rule("commutation_mul_vectorize", citing: commute) {
    let G = Formula.variable("G", "m", "n")
    return .commutation("m", "n") * G.vectorized ==> G.transposed.vectorized
  }
  /// `diag(vec_r A) vec_r(G) = vec_r(G ⊙ A)`.
  public static let diagonalMulVectorize = rule("diagonal_mul_vectorize", because: "Entry by entry.") {
    let G = Formula.variable("G", "m", "n")
    return A.vectorized.diagonal * G.vectorized ==> (G ⊙ A).vectorized
  }
  /// `diag(vec_r A) diag(vec_r B) = diag(vec_r(A ⊙ B))`.
  public static let diagonalMulDiagonal = rule("diagonal_mul_diagonal", because: "Entry by entry.") {
    A.vectorized.diagonal * B.vectorized.diagonal ==> (A ⊙ B).vectorized.diagonal
  }
  /// `vec_r(vec_r(A)) = vec_r(A)`.
  public static let vectorizeVectorize = rule(
    "vectorize_vectorize", because: "Stacking the rows of a column gives the column."
  ) {
    A.vectorized.vectorized ==> A.vectorized
  }
  public static let vectorizeScale = rule("vectorize_scale", because: "Entry by entry.") {
    A.scaled(by: s).vectorized ==> A.vectorized.scaled(by: s)
  }
  public static let diagonalScale = rule("diagonal_scale", because: "Entry by entry.") {
    let v = Formula.variable("v", "n", 1)
    return v.scaled(by: s).diagonal ==> v.diagonal.scaled(by: s)
  }

  public static let all = [
    transposeTranspose, transposeMul, transposeAdd, transposeScale, transposeHadamard, transposeKronecker,
    transposeIdentity, transposeOnes, transposeCommutation, transposeDiagonal, kroneckerMulKronecker,
    kroneckerMulCommutationMulKronecker, commutationMulKroneckerMulCommutation, commutationMulCommutation,
    commutationOneLeft, commutationOneRight,
    identityKroneckerIdentity, identityOneKronecker, kroneckerIdentityOne, kroneckerMulVectorize,
    commutationMulVectorize, diagonalMulVectorize, diagonalMulDiagonal, vectorizeVectorize, vectorizeScale,
    diagonalScale,
  ]
}
