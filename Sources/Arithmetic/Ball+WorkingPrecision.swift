extension Ball {
  /// The precision of numbers that are given without one, such as the constants of a formula, within a task.
  ///
  /// A formula is evaluated at `p` bits by binding its symbols at `p` bits and computing inside
  /// `withWorkingPrecision(p)`: constants alone, such as `√6`, would else keep the default.
  @TaskLocal static var workingPrecision = defaultPrecision

  /// Calls `body` with another precision for numbers that are given without one.
  ///
  /// - Precondition: at least 2 and at most 2²⁴ bits.
  public static func withWorkingPrecision<Result>(_ precision: Int, _ body: () throws -> Result) rethrows -> Result {
    check(precision)
    return try $workingPrecision.withValue(precision, operation: body)
  }
}
