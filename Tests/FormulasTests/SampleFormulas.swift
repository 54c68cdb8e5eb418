import Formulas

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}

/// Matrices that the tests share.
enum Sample {
  static let A = Formula.symbol("A", "m", "n"), B = Formula.symbol("B", "m", "n")
  static let C = Formula.symbol("C", "n", "r"), D = Formula.symbol("D", "r", "m")
  static let W = Formula.symbol("W", "p", "q"), column = Formula.symbol("v", "n", 1)
  static let s = Formula.symbol("s", 1, 1), t = Formula.symbol("t", 1, 1)

  /// A random square formula of the given depth, all of one shape `n×n`, with every structural operator.
  static func square(depth: Int, using generator: inout SeededGenerator) -> Formula {
    func part() -> Formula { square(depth: depth - 1, using: &generator) }
    guard depth > 0 else {
      switch generator.below(5) {
      case 0: return .identity("n")
      case 1: return .zero("n", "n")
      case 2: return .ones("n", "n")
      case 3: return .symbol("P", "n", "n")
      default: return .symbol("Q", "n", "n")
      }
    }
    switch generator.below(8) {
    case 0: return part() + part()
    case 1: return part() * part()
    case 2: return part() ⊙ part()
    case 3: return part().transposed
    case 4: return part().scaled(by: .integer(generator.below(5) - 2))
    case 5: return part().mapped(.exponential)
    case 6: return part() - part()
    default: return (part() * .symbol("v", "n", 1)).diagonal
    }
  }

  /// Every position in a formula, runs included.
  static func positions(in formula: Formula, path: [Int] = []) -> [Position] {
    var found = [Position(path)]
    if formula.isAssociative {
      for start in formula.operands.indices {
        for end in (start + 1)..<(formula.operands.count + 1) where end - start >= 2 {
          found.append(Position(path, run: start..<end))
        }
      }
    }
    for (i, operand) in formula.operands.enumerated() { found += positions(in: operand, path: path + [i]) }
    return found
  }
}
