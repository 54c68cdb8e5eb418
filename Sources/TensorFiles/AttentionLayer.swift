/// Which part of a stored weight is one projection.
///
/// A linear layer is stored [out, in], the transpose of the theory's `W : d×d_K`; rows are counted in that form.
public struct ProjectionSlice: Hashable, Sendable {
  /// The tensor with the weight.
  public let weight: String
  /// The tensor with the bias of the same rows, if there is one.
  public let bias: String?
  /// The first of the projection's rows.
  public let firstRow: Int
  /// How many rows the projection has, over all heads.
  public let rowCount: Int
  /// How far the first rows of two heads are apart where the heads do not follow each other; nil where they do.
  public let headStride: Int?
  /// Whether the tensor is stored [in, out], its columns being the rows meant here.
  public let isTransposed: Bool
}

/// An attention layer found in a weight file.
///
/// - Shapes: queries and keys have `heads·d_K` rows, values `heads·d_V`; with grouped queries, keys and values have
///   fewer heads, each of which serves several query heads.
public struct AttentionLayer: Hashable, Sendable {
  /// The common beginning of its tensors' names; `attention` where there is none.
  public let name: String
  /// How the tensors are named and laid out.
  public let convention: AttentionConvention
  /// The rows of the queries, all heads together.
  public let query: ProjectionSlice
  /// The rows of the keys, all heads together.
  public let key: ProjectionSlice
  /// The rows of the values, all heads together.
  public let value: ProjectionSlice
  /// The projection that combines the heads, if the file has one.
  public let output: ProjectionSlice?
  /// The number of heads, if the file or the caller says it.
  public let heads: Int?
  /// The dimension `d` of the layer's input.
  public let modelDimension: Int
}

/// Something that looks like an attention layer, but cannot be used as one.
public struct RejectedAttentionLayer: Hashable, Sendable {
  /// The name it would have as a layer.
  public let name: String
  /// Why, and what to change where that is possible.
  public let reason: String
}
