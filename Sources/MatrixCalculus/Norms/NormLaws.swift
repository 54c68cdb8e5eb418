import Formulas

/// Norms of sums, products and structured matrices: what a bound is derived with.
///
/// A statement that is an equality says so; it is used as `≤`. The constant of every inequality is the best possible.
/// Seminorms (`diam`, `range`) measure the spread of the rows, and of the entries of each row.
public enum NormLaws {
  static let A = Formula.variable("A", "m", "n")
  private static let C = Formula.variable("C", "m", "n")
  private static let B = Formula.variable("B", "n", "r")
  private static let E = Formula.variable("E", "r", "s")
  private static let s = Formula.variable("s", 1, 1)
  static let root2 = Formula.integer(2).squareRoot
  private static let source = Citation("horn2012", "§5.6")
  private static let entries = "Entry by entry."

  /// Norms that multiply under `⊗`, are those of the transposed matrix, and so on, by name.
  private static func named(_ prefix: String, _ norm: Norm) -> Rule.ID {
    Rule.ID(rawValue: "\(prefix)_\(norm.rawValue)")
  }
  static func root(_ size: Size) -> Formula { Formula.size(size).squareRoot }

  // MARK: Sums, factors, Kronecker products, transposes, zeros

  /// `‖A + C‖ ≤ ‖A‖ + ‖C‖`, for every norm and seminorm.
  public static let add = Norm.allCases.map { norm in
    Rule(named("norm_add", norm), citing: source, because: "The triangle inequality.") {
      (A + C).norm(norm) ≤ A.norm(norm) + C.norm(norm)
    }
  }
  /// `‖sA‖ = |s| ‖A‖`, for every norm and seminorm; `|s|` is written `‖s‖₂`.
  public static let scale = Norm.allCases.map { norm in
    Rule(named("norm_scale", norm), citing: source, because: "Homogeneity.") {
      A.scaled(by: s).norm(norm) ==> s.norm() * A.norm(norm)
    }
  }
  /// `‖A ⊗ E‖ = ‖A‖ ‖E‖`.
  public static let kronecker = [Norm.spectral, .frobenius, .largestRow, .rowSum, .largestEntry].map { norm in
    Rule(
      named("norm_kronecker", norm), citing: Citation("horn1991", "§4.2"),
      because: "Rows, entries and singular values of `A ⊗ E` are products of those of `A` and `E`."
    ) { (A ⊗ E).norm(norm) ==> A.norm(norm) * E.norm(norm) }
  }
  /// `‖Aᵀ‖ = ‖A‖`.
  public static let transpose = [Norm.spectral, .frobenius, .largestEntry].map { norm in
    Rule(named("norm_transpose", norm), citing: source, because: "The same entries and singular values.") {
      A.transposed.norm(norm) ==> A.norm(norm)
    }
  }
  /// `‖0‖ = 0`, for every norm and seminorm.
  public static let zero = Norm.allCases.map { norm in
    Rule(named("norm_zero", norm), because: entries) { Formula.zero("m", "n").norm(norm) ==> .integer(0) }
  }

  /// `‖[A 0]‖ = ‖A‖`.
  public static let zeroColumns = [Norm.spectral, .frobenius, .largestRow, .rowSum, .largestEntry, .diameter].map {
    norm in
    Rule(named("norm_zero_columns", norm), because: "Zeros at the end of each row.") {
      Formula.blocks([[A, .zero("m", "r")]]).norm(norm) ==> A.norm(norm)
    }
  }

  /// The triangle inequality for a norm.
  public static func add(_ norm: Norm) -> Rule { law(of: add, norm) }
  /// Homogeneity of a norm.
  public static func scale(_ norm: Norm) -> Rule { law(of: scale, norm) }

  private static func law(of family: [Rule], _ norm: Norm) -> Rule {
    guard let law = family.first(where: { $0.statement.left.operator == .norm(norm) }) else {
      preconditionFailure("the family has no law for \(norm)")
    }
    return law
  }

  // MARK: Products

  /// `‖AB‖₂ ≤ ‖A‖₂ ‖B‖₂`.
  public static let mulSpectral = Rule("norm_mul_spectral", citing: source, because: "`‖ABv‖ ≤ ‖A‖₂ ‖Bv‖`.") {
    (A * B).norm() ≤ A.norm() * B.norm()
  }
  /// `‖AB‖_F ≤ ‖A‖₂ ‖B‖_F`.
  public static let mulFrobeniusRight = Rule(
    "norm_mul_frobenius_right", citing: source, because: "Column by column."
  ) { (A * B).norm(.frobenius) ≤ A.norm() * B.norm(.frobenius) }
  /// `‖AB‖_F ≤ ‖A‖_F ‖B‖₂`.
  public static let mulFrobeniusLeft = Rule("norm_mul_frobenius_left", citing: source, because: "Row by row.") {
    (A * B).norm(.frobenius) ≤ A.norm(.frobenius) * B.norm()
  }
  /// `‖AB‖_{2,∞} ≤ ‖A‖_{2,∞} ‖B‖₂`.
  public static let mulLargestRow = Rule("norm_mul_largestRow", because: "Row by row: `‖aᵀB‖ ≤ ‖a‖ ‖B‖₂`.") {
    (A * B).norm(.largestRow) ≤ A.norm(.largestRow) * B.norm()
  }
  /// `‖AB‖_{2,∞} ≤ ‖A‖_∞ ‖B‖_{2,∞}`.
  public static let mulLargestRowSum = Rule(
    "norm_mul_largestRow_rowSum", because: "Each row of `AB` is a combination of rows of `B`."
  ) { (A * B).norm(.largestRow) ≤ A.norm(.rowSum) * B.norm(.largestRow) }
  /// `‖AB‖_∞ ≤ ‖A‖_∞ ‖B‖_∞`.
  public static let mulRowSum = Rule(
    "norm_mul_rowSum", citing: source, because: "Each row of `AB` is a combination of rows of `B`."
  ) {
    (A * B).norm(.rowSum) ≤ A.norm(.rowSum) * B.norm(.rowSum)
  }
  /// `‖AB‖_max ≤ ‖A‖_{2,∞} ‖Bᵀ‖_{2,∞}`.
  public static let mulLargestEntry = Rule("norm_mul_largestEntry", because: "Cauchy and Schwarz, entry by entry.") {
    (A * B).norm(.largestEntry) ≤ A.norm(.largestRow) * B.transposed.norm(.largestRow)
  }
  /// `‖AB‖_max ≤ ‖A‖_∞ ‖B‖_max`.
  public static let mulLargestEntrySum = Rule("norm_mul_largestEntry_rowSum", because: "Hölder, entry by entry.") {
    (A * B).norm(.largestEntry) ≤ A.norm(.rowSum) * B.norm(.largestEntry)
  }
  /// `diam(AB) ≤ diam(A) ‖B‖₂`.
  public static let mulDiameter = Rule(
    "norm_mul_diameter", because: "The difference of two rows of `AB` is `(a − a')ᵀB`."
  ) {
    (A * B).norm(.diameter) ≤ A.norm(.diameter) * B.norm()
  }
  /// `range(AB) ≤ ‖A‖_{2,∞} diam(Bᵀ)`.
  public static let mulRowRange = Rule(
    "norm_mul_rowRange",
    because: "The difference of two entries of a row of `AB` is `aᵀ(b − b')`, for columns `b`, `b'` of `B`."
  ) { (A * B).norm(.rowRange) ≤ A.norm(.largestRow) * B.transposed.norm(.diameter) }
  /// `range(AB) ≤ ‖A‖_∞ range(B)`.
  public static let mulRowRangeSum = Rule(
    "norm_mul_rowRange_rowSum", because: "Each row of `AB` is a combination of rows of `B`."
  ) { (A * B).norm(.rowRange) ≤ A.norm(.rowSum) * B.norm(.rowRange) }

  // MARK: Hadamard products

  /// `‖A ⊙ C‖ ≤ ‖A‖_max ‖C‖`, for norms that grow with the absolute values of the entries.
  public static let hadamardLeft = [Norm.frobenius, .largestRow, .rowSum, .largestEntry].map { norm in
    Rule(named("norm_hadamard_left", norm), because: entries) {
      (A ⊙ C).norm(norm) ≤ A.norm(.largestEntry) * C.norm(norm)
    }
  }
  /// `‖A ⊙ C‖ ≤ ‖A‖ ‖C‖_max`.
  public static let hadamardRight = [Norm.frobenius, .largestRow, .rowSum].map { norm in
    Rule(named("norm_hadamard_right", norm), because: entries) {
      (A ⊙ C).norm(norm) ≤ A.norm(norm) * C.norm(.largestEntry)
    }
  }
  /// `‖A ⊙ C‖₂ ≤ ‖A‖_{2,∞} ‖Cᵀ‖_{2,∞}`, at most `‖A‖₂ ‖C‖₂`.
  public static let hadamardRows = Rule(
    "norm_hadamard_rows", citing: Citation("horn1991", "§5.5"),
    because: "Cauchy and Schwarz: the square of `∑ u_i a_ij c_ij v_j` is at most `∑ u_i² a_ij²` times `∑ c_ij² v_j²`."
  ) { (A ⊙ C).norm() ≤ A.norm(.largestRow) * C.transposed.norm(.largestRow) }
  /// `‖A ⊙ C‖₂ ≤ ‖Aᵀ‖_{2,∞} ‖C‖_{2,∞}`, at most `‖A‖₂ ‖C‖₂`.
  public static let hadamardColumns = Rule(
    "norm_hadamard_columns", citing: Citation("horn1991", "§5.5"), because: "The same for `C ⊙ A`."
  ) { (A ⊙ C).norm() ≤ A.transposed.norm(.largestRow) * C.norm(.largestRow) }
  /// `‖A ⊙ C‖_∞ ≤ ‖A‖_{2,∞} ‖C‖_{2,∞}`.
  public static let hadamardRowSum = Rule("norm_hadamard_rowSum", because: "Cauchy and Schwarz, row by row.") {
    (A ⊙ C).norm(.rowSum) ≤ A.norm(.largestRow) * C.norm(.largestRow)
  }

  // MARK: Norms against each other

  /// `‖A‖₂ ≤ ‖A‖_F`.
  public static let spectralFrobenius = Rule(
    "norm_spectral_le_frobenius", citing: source,
    because: "`‖A‖_F²` is the sum of the squares of all singular values, `‖A‖₂²` of the largest."
  ) {
    A.norm() ≤ A.norm(.frobenius)
  }
  /// `‖A‖₂ ≤ √(‖A‖_∞ ‖Aᵀ‖_∞)`.
  public static let spectralRowSum = Rule(
    "norm_spectral_le_rowSum", citing: source,
    because: "`‖A‖₂²` is an eigenvalue of `AᵀA`, which is at most `‖AᵀA‖_∞ ≤ ‖Aᵀ‖_∞ ‖A‖_∞`."
  ) {
    A.norm() ≤ (A.norm(.rowSum) * A.transposed.norm(.rowSum)).squareRoot
  }
  /// `‖A‖_{2,∞} ≤ ‖A‖₂`.
  public static let rowSpectral = Rule("norm_largestRow_le_spectral", because: "A row is `eᵀA` for a unit vector `e`.")
  {
    A.norm(.largestRow) ≤ A.norm()
  }
  /// `‖A‖_F ≤ √m ‖A‖_{2,∞}` for `m` rows.
  public static let frobeniusRow = Rule("norm_frobenius_le_largestRow", because: "Row by row.") {
    A.norm(.frobenius) ≤ root("m") * A.norm(.largestRow)
  }
  /// `‖A‖_{2,∞} ≤ √n ‖A‖_max` for `n` columns.
  public static let rowEntry = Rule("norm_largestRow_le_largestEntry", because: entries) {
    A.norm(.largestRow) ≤ root("n") * A.norm(.largestEntry)
  }
  /// `‖A‖_max ≤ ‖A‖_{2,∞}`.
  public static let entryRow = Rule("norm_largestEntry_le_largestRow", because: entries) {
    A.norm(.largestEntry) ≤ A.norm(.largestRow)
  }
  /// `‖A‖_∞ ≤ √n ‖A‖_{2,∞}` for `n` columns.
  public static let rowSumRow = Rule("norm_rowSum_le_largestRow", because: "Cauchy and Schwarz, row by row.") {
    A.norm(.rowSum) ≤ root("n") * A.norm(.largestRow)
  }
  /// `diam(A) ≤ √2 ‖A‖₂`.
  public static let diameterSpectral = Rule(
    "norm_diameter_le_spectral", because: "The difference of two rows is `(e − e')ᵀA`, and `‖e − e'‖ = √2`."
  ) { A.norm(.diameter) ≤ root2 * A.norm() }
  /// `diam(A) ≤ 2 ‖A‖_{2,∞}`.
  public static let diameterRow = Rule("norm_diameter_le_largestRow", because: "The triangle inequality.") {
    A.norm(.diameter) ≤ .integer(2) * A.norm(.largestRow)
  }
  /// `range(A) ≤ √2 ‖A‖_{2,∞}`.
  public static let rangeRow = Rule(
    "norm_rowRange_le_largestRow",
    because: "The difference of two entries of a row is `aᵀ(e − e')`, and `‖e − e'‖ = √2`."
  ) { A.norm(.rowRange) ≤ root2 * A.norm(.largestRow) }
  /// `range(A) ≤ 2 ‖A‖_max`.
  public static let rangeEntry = Rule("norm_rowRange_le_largestEntry", because: entries) {
    A.norm(.rowRange) ≤ .integer(2) * A.norm(.largestEntry)
  }

  // MARK: Special matrices

  /// `‖vec_r(A)‖₂ = ‖A‖_F`.
  public static let vectorize = Rule("norm_vectorize", because: "The definition of `‖·‖_F`.") {
    A.vectorized.norm() ==> A.norm(.frobenius)
  }
  /// `‖diag(vec_r A)‖₂ = ‖A‖_max`.
  public static let diagonal = Rule(
    "norm_diagonal", because: "The singular values of a diagonal matrix are its entries' sizes."
  ) {
    A.vectorized.diagonal.norm() ==> A.norm(.largestEntry)
  }
  /// `‖I‖ = 1`.
  public static let identity = [Norm.spectral, .largestRow, .rowSum, .largestEntry].map { norm in
    Rule(named("norm_identity", norm), citing: source, because: "Each row is a unit vector, and `Iv = v`.") {
      Formula.identity("n").norm(norm) ==> .integer(1)
    }
  }
  /// `‖I_n‖_F = √n`.
  public static let identityFrobenius = Rule("norm_identity_frobenius", citing: source, because: entries) {
    Formula.identity("n").norm(.frobenius) ==> root("n")
  }
  /// `‖K_{m,n}‖₂ = 1`.
  public static let commutation = Rule(
    "norm_commutation", citing: Citation("magnus1979", "§3"), because: "A permutation."
  ) {
    Formula.commutation("m", "n").norm() ==> .integer(1)
  }
  /// `‖1_{m×n}‖₂ = √m √n`.
  public static let onesSpectral = Rule("norm_ones_spectral", because: "Rank one.") {
    Formula.ones("m", "n").norm() ==> root("m") * root("n")
  }
  /// `‖1_{m×n}‖_∞ = n`.
  public static let onesRowSum = Rule("norm_ones_rowSum", because: entries) {
    Formula.ones("m", "n").norm(.rowSum) ==> .size("n")
  }
  /// `‖1_{m×n}‖_max = 1`.
  public static let onesEntry = Rule("norm_ones_largestEntry", because: entries) {
    Formula.ones("m", "n").norm(.largestEntry) ==> .integer(1)
  }
  /// `‖(I_m ⊗ 1_{r×n}) diag(vec_r A)‖₂ = √r ‖A‖_{2,∞}`.
  public static let onesMulDiagonal = Rule(
    "norm_ones_mul_diagonal", because: "Block diagonal; block i is the rank-one matrix `1 aᵀ` with row i of `A`."
  ) {
    ((Formula.identity("m") ⊗ .ones("r", "n")) * A.vectorized.diagonal).norm() ==> root("r") * A.norm(.largestRow)
  }
  /// `‖diag(vec_r A) (I_m ⊗ 1_{n×r})‖₂ = √r ‖A‖_{2,∞}`.
  public static let diagonalMulOnes = Rule(
    "norm_diagonal_mul_ones", because: "Block diagonal; block i is the rank-one matrix `a 1ᵀ` with row i of `A`."
  ) {
    (A.vectorized.diagonal * (Formula.identity("m") ⊗ .ones("n", "r"))).norm() ==> root("r") * A.norm(.largestRow)
  }
  /// `‖(1_{r×m} ⊗ I_n) diag(vec_r A)‖₂ = √r ‖Aᵀ‖_{2,∞}`.
  public static let onesMulDiagonalTransposed = Rule(
    "norm_ones_mul_diagonal_transposed", because: "The same for `Aᵀ`, between commutation matrices."
  ) {
    ((Formula.ones("r", "m") ⊗ .identity("n")) * A.vectorized.diagonal).norm()
      ==> root("r") * A.transposed.norm(.largestRow)
  }
  /// `‖diag(vec_r A) (1_{m×r} ⊗ I_n)‖₂ = √r ‖Aᵀ‖_{2,∞}`.
  public static let diagonalMulOnesTransposed = Rule(
    "norm_diagonal_mul_ones_transposed", because: "The same for `Aᵀ`, between commutation matrices."
  ) {
    (A.vectorized.diagonal * (Formula.ones("m", "r") ⊗ .identity("n"))).norm()
      ==> root("r") * A.transposed.norm(.largestRow)
  }

  public static let all: [Rule] =
    add + scale + kronecker + transpose + zero + zeroColumns
    + [
      mulSpectral, mulFrobeniusRight, mulFrobeniusLeft, mulLargestRow, mulLargestRowSum, mulRowSum, mulLargestEntry,
      mulLargestEntrySum, mulDiameter, mulRowRange, mulRowRangeSum,
    ]
    + hadamardLeft + hadamardRight + [hadamardRows, hadamardColumns, hadamardRowSum]
    + [
      spectralFrobenius, spectralRowSum, rowSpectral, frobeniusRow, rowEntry, entryRow, rowSumRow, diameterSpectral,
      diameterRow, rangeRow, rangeEntry,
    ]
    + [vectorize, diagonal] + identity
    + [
      identityFrobenius, commutation, onesSpectral, onesRowSum, onesEntry, onesMulDiagonal, diagonalMulOnes,
      onesMulDiagonalTransposed, diagonalMulOnesTransposed,
    ]
}
