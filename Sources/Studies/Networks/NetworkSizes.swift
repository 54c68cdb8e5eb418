import Arithmetic
import Transformers

/// The numbers that the size names of a network stand for.
public enum NetworkSizes {
  /// Those given, and small ones for the others: 4 under a square root, so that the root is rational.
  ///
  /// - Errors: a given name that does not occur.
  public static func assignment(_ given: [String: Int], for objective: Objective) throws(InstanceError) -> [String: Int]
  {
    let names = objective.sizeNames
    for name in given.keys.sorted() where !names.contains(name) {
      let nearest = NearestName.of(name, in: names).map { "did you mean '\($0)'? " } ?? ""
      throw InstanceError(
        "", "the network has no size \(PrintableText.quoted(name))",
        advice: nearest
          + (names.isEmpty ? "all its sizes are numbers" : "its sizes are \(names.joined(separator: ", "))"))
    }
    let keys = Set(objective.radicands.compactMap(\.name))
    var sizes = given
    for name in names where sizes[name] == nil { sizes[name] = keys.contains(name) ? 4 : name == "d" ? 3 : 2 }
    return sizes
  }

  /// The number of trained entries.
  public static func parameterCount(_ objective: Objective, _ sizes: [String: Int]) -> Double {
    objective.model.parameters.reduce(0) { $0 + Double($1.shape.count.value { sizes[$0] } ?? .max) }
  }

  /// Whether the roots of all key widths are in one extension of the fractions, as exact checks need.
  public static func haveOneRoot(_ objective: Objective, _ sizes: [String: Int]) -> Bool {
    let free = objective.radicands.compactMap { size -> Rational? in
      guard let number = size.value({ sizes[$0] }), (try? Rational(number).squareRoot()) == nil else { return nil }
      return try? Rational(number).squareFactor().radicand
    }
    return Set(free).count <= 1
  }
}
