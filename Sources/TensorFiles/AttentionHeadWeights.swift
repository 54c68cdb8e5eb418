/// The weights of one attention head, oriented as in the theory: `Q = X W_Q + 1 b_Qᵀ`.
///
/// - Shapes: `W_Q, W_K : d×d_K`, `W_V : d×d_V`, row-major; the biases have `d_K`, `d_K` and `d_V` entries.
public struct AttentionHeadWeights: Hashable, Sendable {
  /// `W_Q : d×d_K`.
  public let query: StoredMatrix
  /// `W_K : d×d_K`.
  public let key: StoredMatrix
  /// `W_V : d×d_V`.
  public let value: StoredMatrix
  /// `b_Q`, nil where the file has none.
  public let queryBias: [Double]?
  /// `b_K`, nil where the file has none.
  public let keyBias: [Double]?
  /// `b_V`, nil where the file has none.
  public let valueBias: [Double]?

  /// The dimension `d` of the input.
  public var modelDimension: Int { query.rows }
  /// The dimension `d_K` of queries and keys.
  public var keyDimension: Int { query.columns }
  /// The dimension `d_V` of values.
  public var valueDimension: Int { value.columns }

  /// The same head without biases, for inputs `x̃ = (x, 1)`: `W̃ = (W; bᵀ)`, zeros for a bias that does not exist.
  ///
  /// - Shapes: `d` becomes `d + 1`.
  public var homogeneous: AttentionHeadWeights {
    AttentionHeadWeights(
      query: Self.append(queryBias, to: query), key: Self.append(keyBias, to: key),
      value: Self.append(valueBias, to: value), queryBias: nil, keyBias: nil, valueBias: nil)
  }

  private static func append(_ bias: [Double]?, to weight: StoredMatrix) -> StoredMatrix {
    let row = bias ?? [Double](repeating: 0, count: weight.columns)
    return StoredMatrix(rows: weight.rows + 1, columns: weight.columns, values: weight.values + row)
  }
}

/// The projection that combines the heads, oriented as in the theory: `[head_1 … head_H] W_O + 1 b_Oᵀ`.
///
/// - Shapes: `W_O : (heads·d_V)×d`, row-major.
public struct AttentionOutputWeights: Hashable, Sendable {
  /// `W_O : (heads·d_V)×d`.
  public let weight: StoredMatrix
  /// `b_O` of `d` entries, nil where the file has none.
  public let bias: [Double]?
}
