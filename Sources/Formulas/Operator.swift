/// An elementwise function.
public enum Primitive: String, Hashable, Sendable, CaseIterable {
  /// `eˣ`
  case exponential
  /// `1/x`
  case reciprocal
  /// `√x`
  case squareRoot
  /// `1/√x`
  case reciprocalSquareRoot
  /// `max(x, 0)`
  case positivePart
  /// `1` for `x > 0`, `0` elsewhere: the derivative of `max(x, 0)` where `x ≠ 0`.
  case step
  /// `log x`, the natural logarithm.
  case logarithm
  /// `Φ(x)`, the distribution function of the standard normal distribution.
  case normalDistribution
  /// `φ(x) = exp(−x²/2)/√(2π)`, its density.
  case normalDensity
}

/// A matrix norm or seminorm.
public enum Norm: String, Hashable, Sendable, CaseIterable {
  /// `‖·‖₂`, the largest singular value.
  case spectral
  /// `‖·‖_F`, the root of the sum of squares.
  case frobenius
  /// `‖·‖_{2,∞}`, the largest Euclidean norm of a row.
  case largestRow
  /// `‖·‖_∞`, the largest sum of absolute values in a row.
  case rowSum
  /// `‖·‖_max`, the largest absolute value of an entry.
  case largestEntry
  /// `diam(·)`, the largest Euclidean distance of two rows: a seminorm, zero where all rows are equal.
  case diameter
  /// `range(·)`, the largest difference of two entries of the same row: a seminorm, zero where each row is constant.
  case rowRange

  /// Whether the norm of a number is its absolute value; of a seminorm it is zero.
  var isMagnitudeOfNumbers: Bool { self != .diameter && self != .rowRange }

  /// Whether the norm of a matrix of non-negative numbers grows with each of them.
  var growsWithEntries: Bool { isMagnitudeOfNumbers }
}

/// A named function of matrices: a name, and a *body* in core operators that is its meaning. Lemmas are laws beside it.
public struct Function: Hashable, Sendable {
  public let name: String
  /// The shape of the value, given the shapes of the operands; `nil` when they do not fit.
  public let shape: @Sendable ([Shape]) -> Shape?
  /// The definition.
  public let body: @Sendable ([Formula]) -> Formula
  /// Whether adding a constant to all entries of a row of the first operand changes nothing, so that an evaluation
  /// in floating point may subtract the row's maximum first.
  public let isRowShiftInvariant: Bool
  /// Whether the value is block diagonal, with the function of row i of each operand as block i.
  public let isBlockDiagonalByRow: Bool

  public init(
    _ name: String, isRowShiftInvariant: Bool = false, isBlockDiagonalByRow: Bool = false,
    shape: @escaping @Sendable ([Shape]) -> Shape? = { $0[0] },
    body: @escaping @Sendable ([Formula]) -> Formula
  ) {
    (self.name, self.shape, self.body) = (name, shape, body)
    (self.isRowShiftInvariant, self.isBlockDiagonalByRow) = (isRowShiftInvariant, isBlockDiagonalByRow)
  }

  public func callAsFunction(_ operands: Formula...) -> Formula { Formula(.call(self), operands) }
  public static func == (a: Function, b: Function) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What the root of a formula is. Structure is closed: every interpreter switches over it exhaustively.
public enum Operator: Hashable, Sendable {
  /// A matrix of the problem.
  case symbol(Symbol)
  /// A universally quantified matrix of a law or lemma.
  case variable(Symbol)
  case integer(Int)
  /// A size as a number.
  case size(Size)
  case identity, zero, ones
  /// `K_{m,n}` with `K_{m,n} vec_r(F) = vec_r(Fᵀ)` for `F : m×n`.
  case commutation(Size, Size)
  case sum, product
  /// `s · A` for a 1×1 formula `s`.
  case scale
  case hadamard, kronecker, transpose
  /// `vec_r`: rows stacked into a column.
  case vectorize
  /// The square matrix with the column on its diagonal.
  case diagonal
  case blockDiagonal
  /// A grid of blocks, row by row, with the given number of block rows.
  case blocks(rows: Int)
  case map(Primitive)
  case call(Function)
  /// `∂vec_r(F)/∂vec_r(W)`.
  case jacobian
  /// `pullback(F, W, G)`: the matrix of `W`'s shape whose `vec_r` is `(∂F/∂W)ᵀ vec_r(G)`.
  case pullback
  /// `contraction(G, B, W) = (vec_r(G)ᵀ ⊗ I) ∂B/∂W`; `G` is not differentiated.
  case contraction
  case norm(Norm)
  case maximum, minimum
}
