import AttentionHessian

/// Numbers separated by commas, each a number or a range as in ``NumberRange``.
struct NumberList: Hashable {
  /// The points, at least one, in the order given.
  let points: [Rational]

  /// The most points.
  static let limit = 10_000

  /// All numbers above zero.
  static func positive(_ text: String) throws -> NumberList {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let points = try parts.flatMap { try NumberRange.positive($0).points }
    guard points.count <= limit else { throw ArgumentProblem("it has more than \(limit) points; give fewer") }
    return NumberList(points: points)
  }
}
