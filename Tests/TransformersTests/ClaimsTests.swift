import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct ClaimsTests {
  @Test func namesAreDistinctAndFound() {
    let ids = Claims.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { Claims.claim($0.lowercased())?.id == $0 })
    #expect(Claims.claim("P9") == nil && Claims.selection("P9").isEmpty)
    #expect(Claims.selection("p5").map(\.id) == ["P5", "P5.o", "P5.3", "P5.3.o"])
    #expect(Claims.selection("P1").count > 8 && Claims.selection("P1").allSatisfy { $0.theorem == "P1" })
    #expect(Set(Claims.all.filter { !$0.isPart }.map(\.id)) == ["P1", "P2", "P4", "P5"])
  }

  /// Both sides are numbers where the claim compares numbers, every claim has a title, a source and a shape that matches.
  @Test func areWellShaped() {
    for claim in Claims.all {
      #expect(!claim.title.isEmpty && !claim.citation.key.isEmpty, "\(claim.id)")
      #expect((claim.statement.relation == .atMost) == (claim.kind == .inequality || claim.kind == .existence))
      #expect(claim.statement.left.shape == claim.statement.right.shape, "\(claim.id)")
      #expect(claim.kind == .identity || claim.statement.left.shape == .scalar, "\(claim.id)")
    }
  }

  /// Names that derivations introduce must not be left over.
  @Test func areAboutFreeMatrices() {
    for claim in Claims.all {
      let symbols = claim.statement.left.symbols + claim.statement.right.symbols
      #expect(symbols.allSatisfy { !["A", "R", "M_1", "E_Q", "E_K"].contains($0.name) }, "\(claim.id): \(symbols)")
      #expect(claim.statement.left.variables.isEmpty && claim.statement.right.variables.isEmpty, "\(claim.id)")
      #expect(Set(symbols.map(\.name)).count == Set(symbols).count, "\(claim.id): one name, several shapes")
    }
  }

  @Test(arguments: Claims.all.map(\.id)) func hasFiniteValuesAtRandomPoints(_ id: String) throws {
    let claim = try #require(Claims.claim(id))
    let statement = claim.statement
    let sizes = ["L": 3, "d": 2, "d_V": 2, "d_K": 1, "m": 2, "n": 2, "k": 3, "p": 1, "q": 2, "c": 2, "h": 2]
    for seed in UInt64(1)...3 {
      var generator = SplitMix64(seed: seed)
      var point = Environment<Double>(sizes: sizes)
      for i in 1...3 { (point.sizes["m_\(i)"], point.sizes["n_\(i)"]) = (i, 4 - i) }
      try point.draw(statement.left.symbols + statement.right.symbols, using: &generator)
      let left = try statement.left.value(in: point), right = try statement.right.value(in: point)
      #expect((left.entries + right.entries).allSatisfy { $0.isFinite })
    }
  }
}
