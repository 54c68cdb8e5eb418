import Formulas

/// Equalities by which a product is grouped differently before its norm is taken; normal forms undo them.
public enum RegroupingLaws {
  private static let A = StructuralLaws.A

  /// `I ⊗ AB = (I ⊗ A)(I ⊗ B)`.
  public static let identityKroneckerMul = Rule(
    "identity_kronecker_mul", .law, .bookkeeping, citing: Citation("horn1991", "§4.2")
  ) {
    let B = Formula.variable("B", "n", "r")
    return .identity("q") ⊗ (A * B) ==> (.identity("q") ⊗ A) * (.identity("q") ⊗ B)
  }
  /// `AB ⊗ I = (A ⊗ I)(B ⊗ I)`.
  public static let mulKroneckerIdentity = Rule(
    "mul_kronecker_identity", .law, .bookkeeping, citing: Citation("horn1991", "§4.2")
  ) {
    let B = Formula.variable("B", "n", "r")
    return (A * B) ⊗ .identity("q") ==> (A ⊗ .identity("q")) * (B ⊗ .identity("q"))
  }
  /// `(A ⊗ B) K_{s,n} = K_{r,m} (B ⊗ A)` for `A : m×n`, `B : r×s`.
  public static let kroneckerMulCommutation = Rule(
    "kronecker_mul_commutation", .law, .bookkeeping, citing: Citation("magnus1979", "§3")
  ) {
    let B = Formula.variable("B", "r", "s")
    return (A ⊗ B) * .commutation("s", "n") ==> .commutation("r", "m") * (B ⊗ A)
  }
  /// `K_{m,r} (A ⊗ B) = (B ⊗ A) K_{n,s}` for `A : m×n`, `B : r×s`.
  public static let commutationMulKronecker = Rule(
    "commutation_mul_kronecker", .law, .bookkeeping, citing: Citation("magnus1979", "§3")
  ) {
    let B = Formula.variable("B", "r", "s")
    return .commutation("m", "r") * (A ⊗ B) ==> (B ⊗ A) * .commutation("n", "s")
  }

  public static let all = [
    identityKroneckerMul, mulKroneckerIdentity, kroneckerMulCommutation, commutationMulKronecker,
  ]
}
