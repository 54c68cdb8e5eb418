/// How an image becomes the token matrix `X : L×d`: one row for each square patch, left to right and top to bottom, with
/// the patch's pixels, divided by the greatest brightness.
public struct ImageTokens: Hashable, Sendable {
  /// What is appended to a token.
  public enum Position: String, CaseIterable, Hashable, Sendable {
    /// Nothing.
    case none
    /// The unit vector of the token's place, `L` further entries.
    case oneHot = "one-hot"
  }

  /// Height and width of a patch, in pixels; divides the side of the images.
  public let patch: Int
  public let position: Position

  public init(patch: Int, position: Position = .none) { (self.patch, self.position) = (patch, position) }

  /// `L`, the number of tokens of an image of this side.
  public func count(side: Int) -> Int { (side / patch) * (side / patch) }

  /// `d`, the width of a token.
  public func width(side: Int) -> Int { patch * patch + (position == .oneHot ? count(side: side) : 0) }

  /// `X`, row by row.
  public func entries(of pixels: [Double], side: Int, brightest: Double) -> [Double] {
    let across = side / patch, count = across * across
    var entries: [Double] = []
    entries.reserveCapacity(count * width(side: side))
    for token in 0..<count {
      let (top, left) = (token / across * patch, token % across * patch)
      for row in top..<(top + patch) {
        for column in left..<(left + patch) { entries.append(pixels[row * side + column] / brightest) }
      }
      if position == .oneHot { for place in 0..<count { entries.append(place == token ? 1 : 0) } }
    }
    return entries
  }
}
