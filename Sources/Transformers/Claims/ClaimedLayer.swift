import Formulas
import MatrixCalculus

/// The matrices that the printed statements are about: one softmax head with `d = d_V`, its derived Hessian unfolded.
enum ClaimedLayer {
  static let L: Size = "L", n: Size = "d_V", k: Size = "d_K"
  /// The sources take the token width and the value width equal.
  static let equalWidths: [String: Size] = ["d": "d_V"]

  static let X = Formula.symbol("X", L, n), Y = Formula.symbol("Y", L, n)
  static let WQ = Formula.symbol("W_Q", n, k), WK = Formula.symbol("W_K", n, k)
  static let WV = Formula.symbol("W_V", n, n)
  /// The logits as a matrix of their own, so that one can differentiate by them.
  static let logits = Symbol("T", Shape("L", "L"))
  static let T = Formula.symbol(logits)
  /// `A = softmax(T)` for free logits.
  static let A = RowwiseFunctions.softmax(T)
  /// `Z_1 = (I_L ⊗ Xᵀ)(∂A/∂T)(X ⊗ X)`.
  static let Z1 = (.identity(L) ⊗ X.transposed) * A.jacobian(T) * (X ⊗ X)
  /// `Z_2 = (I_L ⊗ Xᵀ ⊗ Xᵀ ⊗ Xᵀ)(∂²A/∂T²)(X ⊗ X)`.
  static let Z2 =
    (.identity(L) ⊗ X.transposed ⊗ X.transposed ⊗ X.transposed) * A.jacobian(T).jacobian(T) * (X ⊗ X)
  /// The shuffling matrix `S = (I ⊗ K)(vec_r(I) ⊗ I)`, `d_V³×d_V`.
  static let S = (.identity(n) ⊗ .commutation(n, n)) * (Formula.identity(n).vectorized ⊗ .identity(n))

  static let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))

  /// A formula of the derivation in `X`, `Y` and the weights alone, at `d = d_V`.
  static func unfolded(_ formula: Formula) -> Formula {
    derivation.unfolded(formula).substituting(sizes: equalWidths)
  }

  /// The whole Hessian, names kept.
  static let matrix = derivation.matrix()
  /// The whole Hessian.
  static let hessian = unfolded(matrix)
  /// `F − Y`.
  static let residual = derivation.objective.residual.substituting(sizes: equalWidths)

  /// The blocks of the parameters `Q`, `K`, `V`, names kept, row by row.
  static let blocks: [(row: String, column: String, block: HessianBlock)] = derivation.blocks().map {
    (String($0.row.name.dropFirst(2)), String($0.column.name.dropFirst(2)), $0)
  }

  /// The block of two parameters, each `Q`, `K` or `V`.
  ///
  /// - Precondition: both are names of parameters.
  static func block(_ row: String, _ column: String) -> Formula {
    guard let found = blocks.first(where: { $0.row == row && $0.column == column }) else {
      preconditionFailure("there is no block \(row),\(column)")
    }
    return unfolded(found.block.total)
  }

  /// Names for the Hessian, its blocks, the residual and the attention weights.
  static let names: [Claim.PartName] =
    [Claim.PartName(hessian, "H")]
    + blocks.map { .init(unfolded($0.block.total), "H(\($0.row),\($0.column))") }
    + [.init(residual, "F - Y"), .init(weights, "A"), .init(A, "A")]
  /// `softmax(X W_Q W_Kᵀ Xᵀ/√d_K)`.
  private static let weights = unfolded(.symbol("A", L, L))

  /// `max ‖H_ij‖` over all nine blocks.
  static let largestBlock = Formula.maximum(blocks.map { unfolded($0.block.total).norm() })
}
