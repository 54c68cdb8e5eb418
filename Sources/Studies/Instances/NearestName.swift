/// Finds what a misspelt name was meant to be.
public enum NearestName {
  /// The candidate with the fewest insertions, deletions and replacements of characters, the first of several; `nil`
  /// where even that needs more than a third of the name, at least one.
  public static func of(_ name: String, in candidates: [String]) -> String? {
    // A long name is no misspelling, and the distance takes quadratic time.
    guard name.utf8.count <= 64 else { return nil }
    let wanted = Array(name.lowercased())
    let distances = candidates.map { (candidate: $0, distance: distance(wanted, Array($0.lowercased()))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, wanted.count / 3) ? best.candidate : nil
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
