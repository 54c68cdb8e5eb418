import CFLINT

/// An Arb number, freed with its last reference; it is never changed after the function that made it returned.
final class BallStorage: ManagedBuffer<Void, arb_struct> {
  /// A new exact zero.
  static func make() -> BallStorage {
    let buffer = unsafeDowncast(BallStorage.create(minimumCapacity: 1) { _ in () }, to: BallStorage.self)
    arb_init(buffer.pointer)
    return buffer
  }

  /// Arb's view of the number: valid only while the object is kept alive by `withExtendedLifetime`.
  var pointer: UnsafeMutablePointer<arb_struct> { withUnsafeMutablePointerToElements { $0 } }

  deinit { withUnsafeMutablePointerToElements { arb_clear($0) } }
}

extension Ball {
  /// The ball that `body` leaves in a fresh Arb number.
  static func make(precision: Int, _ body: (UnsafeMutablePointer<arb_struct>) -> Void) -> Ball {
    let storage = BallStorage.make()
    withExtendedLifetime(storage) { body(storage.pointer) }
    return Ball(storage: storage, precision: precision)
  }

  /// Calls `body` with Arb's view of the ball, alive for the call.
  func withPointer<Result>(_ body: (UnsafeMutablePointer<arb_struct>) -> Result) -> Result {
    withExtendedLifetime(storage) { body(storage.pointer) }
  }

  /// The ball that `operation` makes of one ball, at its precision.
  func transformed(
    _ operation: (UnsafeMutablePointer<arb_struct>, UnsafeMutablePointer<arb_struct>, Int) -> Void
  ) -> Ball {
    withPointer { x in Ball.make(precision: precision) { operation($0, x, precision) } }
  }

  /// The ball that `operation` makes of two balls, at the larger of their precisions.
  static func combined(
    _ a: Ball, _ b: Ball,
    _ operation: (
      UnsafeMutablePointer<arb_struct>, UnsafeMutablePointer<arb_struct>, UnsafeMutablePointer<arb_struct>, Int
    ) -> Void
  ) -> Ball {
    let precision = max(a.precision, b.precision)
    return a.withPointer { x in b.withPointer { y in make(precision: precision) { operation($0, x, y, precision) } } }
  }
}
