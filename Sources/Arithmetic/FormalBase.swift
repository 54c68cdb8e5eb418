/// A type whose values can be named by a digest, and which has a value for every name: what ``Formal`` needs.
public protocol FormalBase: Scalar {
  /// A non-zero number that stands for the unknown called `digest`.
  static func symbolic(digest: UInt64) -> Self
  /// A name of this value: equal values have equal names, on every machine.
  var digest: UInt64 { get }
}

extension Modular: FormalBase {
  /// Uniform over the non-zero residues.
  @inlinable public static func symbolic(digest: UInt64) -> Self {
    var generator = SplitMix64(seed: digest)
    while true {
      let draw = random(using: &generator)
      if !draw.isZero { return draw }
    }
  }

  @inlinable public var digest: UInt64 { SplitMix64.combined(0x4D6F_6475_6C61_7231, residue) }
}
