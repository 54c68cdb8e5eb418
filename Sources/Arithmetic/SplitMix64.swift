/// The SplitMix64 generator: a seed gives the same sequence on every machine and in every Swift version.
///
/// - Source: G. L. Steele Jr., D. Lea, C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
@frozen
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  @usableFromInline var state: UInt64

  /// The generator that starts at `seed`.
  @inlinable public init(seed: UInt64) { state = seed }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A bijection of the 64-bit words that spreads every input bit over all output bits.
  @inlinable public static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A digest of `word` appended to what `digest` stands for.
  @inlinable public static func combined(_ digest: UInt64, _ word: UInt64) -> UInt64 {
    mixed((digest &+ 0x9E37_79B9_7F4A_7C15) ^ mixed(word &+ 0xD1B5_4A32_D192_ED03))
  }
}

extension RandomNumberGenerator {
  /// A uniform integer in `0..<bound`, by the same draws in every Swift version.
  @inlinable public mutating func uniform(below bound: Int) -> Int {
    precondition(bound > 0, "no integer in 0..<\(bound)")
    let limit = UInt64(bound)
    let excess = (UInt64.max % limit &+ 1) % limit
    while true {
      let word: UInt64 = next()
      if word <= UInt64.max - excess { return Int(word % limit) }
    }
  }
}
