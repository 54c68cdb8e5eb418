import Formulas
import Testing

@Suite struct PositionTests {
  private let A = Sample.A, B = Sample.B, C = Sample.C, D = Sample.D

  @Test func findsParts() {
    let f = (A * C * D + (A * C * D).transposed.transposed) * B
    #expect(f[.root] == f)
    #expect(f[Position([0, 0])] == A * C * D)
    #expect(f[Position([0, 0, 1])] == C)
    #expect(f[Position([0, 0], run: 1..<3)] == C * D)
    #expect(f[Position([], run: 0..<2)] == f)
    let pair = A ⊗ B
    #expect((pair ⊗ C)[Position([], run: 0..<2)] == pair)
  }

  static let misplaced: [Position] = [
    Position([5]), Position([-1]), Position([0, 0, 0]), Position([.max]), Position([.min]), Position([], run: 0..<0),
    Position([], run: 0..<1), Position([], run: 1..<4), Position([], run: -1..<1), Position([], run: .min ..< .max),
    Position([], run: -5 ..< -3), Position([0], run: 0..<2), Position([2, 0], run: 0..<2), Position([], run: 3..<3),
    Position([], run: (.max - 2) ..< .max),
  ]

  @Test(arguments: misplaced) func isTotal(position: Position) {
    let f = Formula.sum([A, B, (A * C * D).transposed.transposed * B])
    #expect(f[position] == nil)
    guard case .failure = f.replacing(at: position, with: A) else {
      Issue.record("replaced at \(position)")
      return
    }
  }

  /// Putting back what is there changes nothing, at every position of random formulas.
  @Test func replacingByTheSameChangesNothing() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<60 {
      let formula = Sample.square(depth: 3, using: &generator)
      for position in Sample.positions(in: formula) {
        let part = try #require(formula[position], "\(formula) at \(position)")
        #expect(try formula.replacing(at: position, with: part).get() == formula)
      }
    }
  }

  @Test func replacesAndFlattens() throws {
    let f = A + B
    #expect(try f.replacing(at: Position([1]), with: A + B).get() == .sum([A, A, B]))
    #expect(try (A * C * D).replacing(at: Position([], run: 0..<2), with: .zero("m", "r")).get() == .zero("m", "r") * D)
    #expect(try (A * C * D).replacing(at: Position([], run: 0..<3), with: .zero("m", "m")).get() == .zero("m", "m"))
    #expect(try f.replacing(at: .root, with: C).get() == C)
    #expect(try (A.transposed).replacing(at: Position([0]), with: B).get() == B.transposed)
  }

  @Test func refusesOtherShapes() {
    for (f, position, part) in [
      (A + B, Position([0]), C), (A * C, Position([1]), A), ((A * C).transposed, Position([0]), A),
      (A.vectorized, Position([0]), C), (A ⊗ B, Position([0]), C), (A * C * D * B, Position([], run: 1..<3), C),
      (A.norm(), Position([0]), C), (A.jacobian(Sample.W), Position([1]), Sample.W.transposed.transposed),
    ] {
      guard case .failure = f.replacing(at: position, with: part) else {
        Issue.record("\(part) in \(f) at \(position)")
        continue
      }
    }
  }
}
