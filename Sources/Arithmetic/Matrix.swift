/// A dense row-major matrix, so that `vec_r` is a reshape.
public struct Matrix<S: Scalar>: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  public var entries: [S]
}
