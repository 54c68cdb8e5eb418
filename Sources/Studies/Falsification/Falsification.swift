import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The search for a violation of a statement `left ≤ right` in free matrices: ascent of left/right from many random
/// starts, rounding to small rationals, and a certificate of what is left after the rounding.
///
/// Nothing is known of the statement but its formulas.
public struct Falsification: Sendable {
  /// How hard to search.
  public struct Options: Hashable, Sendable {
    /// The tuples of sizes, each a number for every size name of the statement.
    public var sizes: [[String: Int]]
    /// The number of random starts for each tuple.
    public var starts: Int
    /// The most steps of one ascent.
    public var iterations: Int
    public var seed: UInt64
    /// The share of the largest quotient found that has to remain after rounding and simplifying.
    public var share: Double
    /// The quotient that is enough: an ascent that reaches it ends, since a larger one is no stronger refutation.
    public var ceiling: Double

    public init(
      sizes: [[String: Int]], starts: Int = 48, iterations: Int = 300, seed: UInt64 = 1, share: Double = 0.99,
      ceiling: Double = 100
    ) {
      (self.sizes, self.starts, self.iterations) = (sizes, starts, iterations)
      (self.seed, self.share, self.ceiling) = (seed, share, ceiling)
    }
  }

  /// What the result is about, in words: the claim's name.
  public let subject: String
  public let statement: Judgement
  public let options: Options
  /// One for each tuple of sizes.
  let maximizations: [RatioMaximization]

  /// The most free entries, whose square is kept.
  public static let dimensionLimit = 2000

  /// A search about a printed claim.
  ///
  /// - Errors: a claim that is no inequality, or sizes that do not fit it.
  public init(_ claim: Claim, _ options: Options) throws(FalsificationError) {
    try self.init(
      try Self.inequality(claim), subject: claim.id, equalSizes: claim.sizes, options)
  }

  /// A search about any statement `left ≤ right`.
  ///
  /// - Parameters:
  ///   - subject: its name in the result.
  ///   - equalSizes: size names that do not occur in it, with the size that they are assumed to be.
  /// - Errors: sizes that do not fit it.
  public init(
    _ statement: Judgement, subject: String = "", equalSizes: [String: Size] = [:], _ options: Options
  ) throws(FalsificationError) {
    precondition(statement.relation == .atMost, "only an inequality can be violated by a number")
    precondition(!options.sizes.isEmpty && options.starts > 0, "a search needs sizes and starts")
    var options = options
    var maximizations: [RatioMaximization] = []
    for index in options.sizes.indices {
      options.sizes[index] = try Self.checked(options.sizes[index], statement, subject, equalSizes)
      maximizations.append(try Self.maximization(statement, options.sizes[index]))
    }
    (self.subject, self.statement, self.options, self.maximizations) = (subject, statement, options, maximizations)
  }

  /// The statement of a claim that is an inequality.
  ///
  /// - Errors: any other claim.
  public static func inequality(_ claim: Claim) throws(FalsificationError) -> Judgement {
    guard claim.kind == .inequality, claim.statement.relation == .atMost else {
      throw FalsificationError(
        "\(claim.id) is no inequality between numbers but of the kind '\(claim.kind.rawValue)'",
        advice: "give a claim that says left ≤ right")
    }
    if let limitation = claim.limitation {
      throw FalsificationError("\(claim.id) cannot be put on trial: \(limitation)", advice: "give another claim")
    }
    return claim.statement
  }

  private static func maximization(
    _ statement: Judgement, _ sizes: [String: Int]
  ) throws(FalsificationError) -> RatioMaximization {
    let advice = "give smaller sizes; a violation that exists at all is often small"
    do {
      let maximization = try RatioMaximization(statement, sizes: sizes)
      guard maximization.dimension <= dimensionLimit else {
        throw FalsificationError(
          "the free matrices have \(maximization.dimension) entries, more than \(dimensionLimit), at "
            + SizeTuple.text(sizes), advice: advice)
      }
      return maximization
    } catch let error as FalsificationError {
      throw error
    } catch let error as EvaluationError {
      throw FalsificationError("at \(SizeTuple.text(sizes)): \(error)", advice: advice)
    } catch {
      throw FalsificationError("at \(SizeTuple.text(sizes)): \(error)", advice: advice)
    }
  }

  /// The sizes of the names that occur, once they are known to fit.
  private static func checked(
    _ sizes: [String: Int], _ statement: Judgement, _ subject: String, _ equalSizes: [String: Size]
  ) throws(FalsificationError) -> [String: Int] {
    let names = statement.sizeNames
    let owner = subject.isEmpty ? "the statement" : subject
    for (name, value) in sizes.sorted(by: { $0.key < $1.key }) {
      guard value > 0 else {
        throw FalsificationError("the size \(name) is \(value)", advice: "give whole numbers from 1")
      }
      if names.contains(name) { continue }
      guard let equal = equalSizes[name] else {
        throw FalsificationError(
          "there is no size \(PrintableText.quoted(name)) in \(owner)",
          advice: names.isEmpty ? "it has no sizes" : "its sizes are \(names.joined(separator: ", "))")
      }
      guard equal.value({ sizes[$0] }) == value else {
        throw FalsificationError(
          "\(owner) assumes \(name) = \(equal), but the sizes are \(SizeTuple.text(sizes))",
          advice: "leave out \(name), or give it that size")
      }
    }
    if let missing = names.first(where: { sizes[$0] == nil }) {
      throw FalsificationError("the size \(missing) is not given", advice: "give a number for \(missing)")
    }
    return sizes.filter { names.contains($0.key) }
  }
}

/// Assignments of numbers to size names.
public enum SizeTuple {
  /// `L = 2, d_K = 3`, sorted by name.
  public static func text(_ sizes: [String: Int]) -> String {
    sizes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
  }

  /// Every combination of the numbers given for each name; 2 where none are given. With no numbers at all: 2 for every
  /// name, and then 3 for each name in turn.
  public static func all(_ names: [String], _ given: [String: [Int]]) -> [[String: Int]] {
    if given.isEmpty {
      let base = Dictionary(uniqueKeysWithValues: names.map { ($0, 2) })
      return [base] + names.map { base.merging([$0: 3]) { $1 } }
    }
    return (names + given.keys.filter { !names.contains($0) }.sorted()).reduce([[:]]) { tuples, name in
      tuples.flatMap { tuple in (given[name] ?? [2]).map { tuple.merging([name: $0]) { $1 } } }
    }
  }
}
