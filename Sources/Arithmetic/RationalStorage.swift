import CGMP

/// A GMP rational, freed with its last reference; it is never changed after the function that made it returned.
@usableFromInline
final class RationalStorage: ManagedBuffer<Void, __mpq_struct> {
  /// A new `0/1`.
  static func make() -> RationalStorage {
    let buffer = unsafeDowncast(RationalStorage.create(minimumCapacity: 1) { _ in () }, to: RationalStorage.self)
    __gmpq_init(buffer.pointer)
    return buffer
  }

  /// GMP's view of the number: valid only while the object is kept alive by `withExtendedLifetime`.
  var pointer: UnsafeMutablePointer<__mpq_struct> { withUnsafeMutablePointerToElements { $0 } }

  deinit { withUnsafeMutablePointerToElements { __gmpq_clear($0) } }
}

extension Rational {
  /// The number that `body` leaves in a fresh GMP rational, brought to lowest terms first if asked.
  static func make(canonicalizing: Bool = false, _ body: (UnsafeMutablePointer<__mpq_struct>) -> Void) -> Rational {
    let storage = RationalStorage.make()
    return withExtendedLifetime(storage) {
      body(storage.pointer)
      if canonicalizing { __gmpq_canonicalize(storage.pointer) }
      var numerator: Int64 = 0
      var denominator: Int64 = 0
      if cgmp_get_small(storage.pointer, &numerator, &denominator) {
        return Rational(unchecked: numerator, denominator)
      }
      return Rational(storage: .big(storage))
    }
  }

  /// Calls `body` with GMP's view of the number, alive for the call.
  func withPointer<Result>(_ body: (UnsafeMutablePointer<__mpq_struct>) throws -> Result) rethrows -> Result {
    let storage: RationalStorage
    switch self.storage {
    case .big(let big): storage = big
    case .small(let numerator, let denominator):
      storage = RationalStorage.make()
      cgmp_set_small(storage.pointer, numerator, denominator)
    }
    return try withExtendedLifetime(storage) { try body(storage.pointer) }
  }
}
