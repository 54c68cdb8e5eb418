import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// No law makes two sizes equal that could differ: such a law is true and silently never fires.
@Suite struct SizeLintTests {
  @Test(arguments: Laws.all.map(\.id)) func sizesAreAsGeneralAsCanBe(id: Rule.ID) throws {
    let law = try #require(Laws.byID[id])
    let general = try law.generalizations.first { try $0.seemsTrue() }
    #expect(general.map { "\($0.statement)" } == nil, "\(id) holds more generally")
  }

  @Test func findsASharedSize() throws {
    let A = Formula.variable("A", "m", "n"), square = Formula.variable("B", "n", "n")
    let shared = Rule("shared", because: "true, but not most general") {
      (A * square).transposed ==> square.transposed * A.transposed
    }
    #expect(try shared.generalizations.contains { try $0.seemsTrue() })
    let norms = Rule("shared", because: "true, but not most general") { (A * square).norm() ≤ A.norm() * square.norm() }
    #expect(try norms.generalizations.contains { try $0.seemsTrue() })
    let general = Rule("general", because: "") {
      A.norm(.frobenius) ≤ Formula.size("m").squareRoot * A.norm(.largestRow)
    }
    #expect(try !general.generalizations.contains { try $0.seemsTrue() })
  }
}

extension Rule {
  /// The well-shaped statements in which one size that occurs more than once has become two.
  var generalizations: [Rule] {
    statement.sizeNames.flatMap { name -> [Rule] in
      let sites = SizeSites(name, in: statement)
      guard sites.count > 1 else { return [] }
      return (1..<(1 << (sites.count - 1))).compactMap { mask in
        guard let left = sites.split(statement.left, mask), let right = sites.split(statement.right, mask),
          left.shape == right.shape
        else { return nil }
        let conditions = conditions.compactMap { condition -> Condition? in
          switch condition {
          case .independent(let free, let variable):
            guard let free = sites.split(free, mask), let variable = sites.split(variable, mask) else { return nil }
            return .independent(free, of: variable)
          case .nonNegative: return condition
          }
        }
        return Rule(id, because: justification, when: conditions) { Judgement(left, statement.relation, right) }
      }
    }
  }

  /// Whether the statement holds at random points with different sizes.
  func seemsTrue() throws -> Bool {
    guard needsOrder else { return try (UInt64(1)...3).allSatisfy { try holds(seed: $0) } }
    let law = NormLaw(self)
    var generator = SplitMix64(seed: SplitMix64.seed(id.rawValue))
    for round in 0..<24 {
      let numbers = Array(1...(law.names.count + 1)).shuffled(using: &generator)
      let sizes = Dictionary(uniqueKeysWithValues: zip(law.names, numbers.map { round % 2 == 0 ? $0 : $0 + 1 }))
      guard law.largestCount(sizes) <= 4_096 else { continue }
      if try law.isViolated(at: law.point(sizes, using: &generator)) { return false }
    }
    // A constant that is attained at few points is not met at random.
    return try !law.isFoundFalse()
  }
}

/// The places of a size name in the leaves of a statement; those of the same variable are one place for its rows and
/// one for its columns.
private struct SizeSites {
  enum Site: Hashable {
    case rows(Formula), columns(Formula), leaf(Formula)
  }
  private let name: String
  private var sites: [Site] = []
  var count: Int { sites.count }

  init(_ name: String, in statement: Judgement) {
    self.name = name
    collect(statement.left)
    collect(statement.right)
  }

  private mutating func collect(_ formula: Formula) {
    guard formula.operands.isEmpty else { return formula.operands.forEach { collect($0) } }
    for (site, size) in Self.sizes(of: formula) where size.names.contains(name) && !sites.contains(site) {
      sites.append(site)
    }
  }

  private static func sizes(of leaf: Formula) -> [(Site, Size)] {
    switch leaf.operator {
    case .identity: [(.leaf(leaf), leaf.shape.rows)]
    case .size(let size): [(.leaf(leaf), size)]
    case .commutation(let m, let n): [(.rows(leaf), m), (.columns(leaf), n)]
    default: [(.rows(leaf), leaf.shape.rows), (.columns(leaf), leaf.shape.columns)]
    }
  }

  /// The formula with another name at the places whose bit is set; `nil` where it is ill-shaped.
  func split(_ formula: Formula, _ mask: Int) -> Formula? {
    guard formula.operands.isEmpty else {
      let operands = formula.operands.compactMap { split($0, mask) }
      guard operands.count == formula.operands.count else { return nil }
      return try? Formula.applied(formula.operator, operands).get()
    }
    let sizes = Self.sizes(of: formula).map { site, size in
      guard let index = sites.firstIndex(of: site), mask >> index & 1 == 1 else { return size }
      return size.substituting([name: Size("other \(name)")])
    }
    switch formula.operator {
    case .variable(let symbol): return .variable(symbol.name, sizes[0], sizes[1])
    case .identity: return .identity(sizes[0])
    case .zero: return .zero(sizes[0], sizes[1])
    case .ones: return .ones(sizes[0], sizes[1])
    case .commutation: return .commutation(sizes[0], sizes[1])
    case .size: return .size(sizes[0])
    default: return formula
    }
  }
}
