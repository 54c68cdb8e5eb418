import CFLINT

extension Ball {
  /// `ln x`.
  ///
  /// - Errors: undefined where the ball reaches zero or below.
  public func logarithm() throws(ArithmeticError) -> Ball {
    guard isPositive else { throw .undefined("the logarithm of a number in \(self), which is not positive") }
    return transformed { arb_log($0, $1, $2) }
  }
}
