import Arithmetic
import Evaluation
import Formulas
import Testing

@testable import MatrixCalculus

/// The search for bounds: that it ends, and what it finds.
@Suite struct BoundSearchTests {
  private static let A = Formula.symbol("A", "m", "n")

  /// `v ≤ 9` and `v ≤ √(2w)`, `w ≤ v`: the root improves the bound by itself, from 9 towards 2, but no chain of choices
  /// comes back to where it starts.
  @Test func choicesDoNotLeadBack() throws {
    func option(_ weight: BoundNode.Weight) -> BoundNode.Option {
      .init(steps: [DerivationStep(.rule("law"), at: .root, Substitution())], result: .integer(0), weight: weight)
    }
    let (v, w, nine, two) = (Self.A.norm(), Self.A.norm(.rowSum), Formula.integer(9), Formula.integer(2))
    let root = BoundNode.Weight.squareRoot(.product([.constant(two), .node(1)]))
    for ways in [[option(.constant(nine)), option(root)], [option(root), option(.constant(nine))]] {
      let nodes = [BoundNode(norm: v, options: ways), BoundNode(norm: w, options: [option(.node(0))])]
      var point = WitnessPoint { $0 == nine ? 9 : 2 }
      try point.relax(nodes, [])
      #expect(point.best.map(\.value) == [9, 9])
      let constant = try #require(ways.firstIndex { $0.inputs.isEmpty })
      #expect(point.choice == [constant, 0])
    }
  }

  /// Where the root does not go round in a circle it is taken.
  @Test func rootsAreChosen() throws {
    func option(_ weight: BoundNode.Weight) -> BoundNode.Option {
      .init(steps: [], result: .integer(0), weight: weight)
    }
    let nine = Formula.integer(9)
    let nodes = [
      BoundNode(norm: Self.A.norm(), options: [option(.constant(nine)), option(.squareRoot(.node(1)))]),
      BoundNode(norm: Self.A.norm(.rowSum), options: [option(.constant(nine))]),
    ]
    var point = WitnessPoint { _ in 9 }
    try point.relax(nodes, [])
    #expect(point.best.map(\.value) == [3, 9])
    #expect(point.choice == [1, 0])
  }

  /// `‖1 softmax(T)ᵀ‖₂ ≤ √L` for the row `1` of L ones: by the transpose, whose rows sum to 1.
  @Test func sumsOfTheRowsOfDistributions() throws {
    let weights = RowwiseFunctions.softmax(.symbol("T", "L", "L"))
    let norm = (Formula.ones(1, "L") * weights.transposed).norm()
    var search = BoundSearch(
      allowed: [], at: [{ formula in Coefficient(formula)?.approximation { _ in 5 } ?? .nan }])
    let derivation = try #require(try search.derivations(of: norm).first)
    #expect(derivation.current == Formula.size("L").squareRoot)
    try derivation.proof("The norm of sums of rows").replay(Laws.byID)
  }

  /// Normal forms of transposes, found from those of their parts, are those that the steps of a derivation lead to.
  @Test(arguments: UInt64(1)...5) func normalFormsOfTransposes(seed: UInt64) {
    var random = RandomFormulas(generator: SplitMix64(seed: seed))
    let table = FormulaTable()
    var known = NormalForms(Laws.normalization)
    for _ in 0..<60 {
      let factors = [("m", "p"), ("p", "q"), ("q", "p"), ("p", "n")].map { rows, columns in
        random.formula(Size(rows), Size(columns), depth: 2)
      }
      var normal = Derivation(.product(factors))
      normal.normalize(Laws.normalization)
      var derivation = Derivation(normal.current.transposed)
      derivation.normalize(Laws.normalization)
      #expect(known.form(of: normal.current.transposed, in: table) == derivation.current)
    }
  }
}
