/// Where in a formula: a path of operand indices, and optionally a run of neighbouring operands of the sum, product or
/// Kronecker product found there, which is then meant as a formula of its own.
public struct Position: Hashable, Sendable {
  public let path: [Int]
  public let run: Range<Int>?

  public init(_ path: [Int] = [], run: Range<Int>? = nil) { (self.path, self.run) = (path, run) }

  public static let root = Position()
}

extension Formula {
  /// The formula at a position; `nil` when there is none.
  public subscript(position: Position) -> Formula? {
    var found = self
    for i in position.path {
      guard found.operands.indices.contains(i) else { return nil }
      found = found.operands[i]
    }
    guard let run = position.run else { return found }
    return found.isAssociative && found.operands.indices.contains(run) && run.count >= 2
      ? Formula(found.operator, Array(found.operands[run])) : nil
  }

  /// The formula with the part at a position replaced, or why that gives no formula.
  public func replacing(at position: Position, with part: Formula) -> Result<Formula, ShapeError> {
    replacing(at: position.path[...], run: position.run, with: part)
  }

  private func replacing(at path: ArraySlice<Int>, run: Range<Int>?, with part: Formula) -> Result<Formula, ShapeError>
  {
    let misplaced = ShapeError(operator: self.operator, operands: operands + [part])
    var replaced = operands
    if let i = path.first {
      guard operands.indices.contains(i) else { return .failure(misplaced) }
      switch operands[i].replacing(at: path.dropFirst(), run: run, with: part) {
      case .failure(let error): return .failure(error)
      case .success(let operand): replaced[i] = operand
      }
      guard replaced[i].shape == operands[i].shape else { return .failure(misplaced) }
    } else if let run {
      guard isAssociative, operands.indices.contains(run), run.count >= 2 else { return .failure(misplaced) }
      replaced.replaceSubrange(run, with: [part])
    } else {
      return .success(part)
    }
    return Formula.applied(self.operator, replaced)
  }

  /// Whether the root is a flattened sum, product or Kronecker product, so that runs of operands make sense.
  public var isAssociative: Bool { kind == .sum || kind == .product || kind == .kronecker }
}

extension Range<Int> {
  /// Whether all of another range lies in this one.
  func contains(_ other: Range<Int>) -> Bool { lowerBound <= other.lowerBound && other.upperBound <= upperBound }
}
