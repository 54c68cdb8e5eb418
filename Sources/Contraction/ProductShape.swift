/// A product of two tensors that a matrix product computes: which labels are summed, and which only one factor has.
struct ProductShape {
  /// Labels of both factors and of the result.
  let batch: [Int]
  /// Labels of the first, or the second, factor and of the result.
  let own: [[Int]]
  /// Labels of both factors that are summed over.
  let summed: [Int]

  /// `nil` where the term is no such product.
  init?(_ term: Term) {
    guard term.factors.count == 2, !term.hasDelta else { return nil }
    let outputs = term.outputLabels
    let labels = term.factors.map { $0.axes.flatMap { $0 } }
    guard labels.allSatisfy({ Set($0).count == $0.count }) else { return nil }
    let sets = labels.map(Set.init)
    var batch: [Int] = [], own: [[Int]] = [[], []], summed: [Int] = []
    for label in term.extents.indices {
      switch (sets[0].contains(label), sets[1].contains(label), outputs.contains(label)) {
      case (true, true, true): batch.append(label)
      case (true, true, false): summed.append(label)
      case (true, false, true): own[0].append(label)
      case (false, true, true): own[1].append(label)
      default: return nil
      }
    }
    guard !summed.isEmpty, !own[0].isEmpty || !own[1].isEmpty else { return nil }
    (self.batch, self.own, self.summed) = (batch, own, summed)
  }

  struct Roles {
    /// The factors in the place of A and B in `C = A B`.
    let left: Int
    let right: Int
    /// The labels of the rows and of the columns of C that are next to each other in memory.
    let m: [Int]
    let n: [Int]
  }

  /// Who is the right factor, so that rows of the result are contiguous.
  func roles(_ target: [Int], _ extents: [Int], without slices: [Int] = []) -> Roles {
    let free = own.map { $0.filter { !slices.contains($0) && extents[$0] > 1 } }
    func least(_ labels: [Int]) -> Int { labels.map { target[$0] }.min() ?? .max }
    let right = least(free[1]) <= least(free[0]) ? 1 : 0
    return Roles(
      left: 1 - right, right: right, m: Self.innermost(free[1 - right], target, extents),
      n: Self.innermost(free[right], target, extents))
  }

  /// The labels that run through the target as one, from the fastest.
  static func innermost(_ labels: [Int], _ target: [Int], _ extents: [Int]) -> [Int] {
    var result: [Int] = []
    for label in labels.sorted(by: { target[$0] != target[$1] ? target[$0] < target[$1] : $0 > $1 }) {
      if let last = result.first, target[label] != target[last] * extents[last] { break }
      result.insert(label, at: 0)
    }
    return result
  }
}
