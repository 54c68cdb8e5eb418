/// The shape `rows × columns` of a matrix.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  public let rows: Size
  public let columns: Size

  public init(_ rows: Size, _ columns: Size) { (self.rows, self.columns) = (rows, columns) }

  /// The shape of a number.
  public static let scalar = Shape(1, 1)

  /// The number of entries, which is the length of `vec_r`.
  public var count: Size { rows * columns }
  public var transposed: Shape { Shape(columns, rows) }
  public var description: String { "\(rows)×\(columns)" }

  /// The shape with size names replaced.
  public func substituting(_ sizes: [String: Size]) -> Shape {
    Shape(rows.substituting(sizes), columns.substituting(sizes))
  }
}

/// A named matrix.
public struct Symbol: Hashable, Sendable, CustomStringConvertible {
  /// The name in the field's plain notation: `W_Q`, `X`, `d_K`; a superscript follows `^`.
  public let name: String
  public let shape: Shape
  public init(_ name: String, _ shape: Shape) { (self.name, self.shape) = (name, shape) }

  /// The name without its superscript: `W_Q` of `W_Q^2`.
  public var baseName: String { String(name.prefix { $0 != "^" }) }
  public var description: String { name }
}
