/// A scalar type of which sample points can be drawn.
public protocol RandomScalar: Scalar {
  /// A sample: the same for the same state of the generator, on every machine.
  static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self
}

extension Matrix where S: RandomScalar {
  /// A matrix of independent samples, drawn row by row.
  @inlinable public static func random<Generator: RandomNumberGenerator>(
    rows: Int, columns: Int, using generator: inout Generator
  ) -> Self {
    Self(rows: rows, columns: columns) { _, _ in S.random(using: &generator) }
  }
}
