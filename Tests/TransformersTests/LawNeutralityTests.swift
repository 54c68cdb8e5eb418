import Formulas
import MatrixCalculus
import Testing
import Transformers

/// No law is a block in disguise: laws speak of matrices and named functions, never of attention.
@Suite struct LawNeutralityTests {
  private static let forbidden = [
    "attention", "query", "queries", "key", "value", "head", "transformer", "logit", "hessian",
  ]

  @Test(arguments: Laws.all.map(\.id)) func namesNoPartOfALayer(id: Rule.ID) throws {
    let law = try #require(Laws.byID[id])
    let symbols = law.statement.left.symbols + law.statement.right.symbols
    #expect(symbols.isEmpty, "a law quantifies over variables, it does not name matrices")
    let names = (law.statement.left.variables + law.statement.right.variables).map(\.name)
    for name in names { #expect(!["Q", "K", "V", "O", "X", "Y"].contains(name), "\(law.statement)") }
    let commutations = "\(law.statement)".split(separator: "K_{").joined()
    #expect(
      !commutations.contains("Q") && !commutations.contains("K") && !commutations.contains("V"), "\(law.statement)")
    for word in Self.forbidden {
      #expect(!id.rawValue.lowercased().contains(word), "\(id)")
      #expect(!"\(law.statement)".lowercased().contains(word), "\(law.statement)")
    }
    #expect(!"\(law.statement)".contains("W_"), "\(law.statement)")
  }

  @Test func theDerivationsUseNothingElse() {
    for kernel in AttentionKernel.allCases {
      let layer = DerivedLayer.of(kernel)
      let definitions = Set(layer.objective.abbreviations.map(\.definition.id))
      for block in layer.blocks {
        for id in block.proof.rulesUsed { #expect(Laws.byID[id] != nil || definitions.contains(id), "\(id)") }
      }
      for definition in layer.objective.abbreviations.map(\.definition) { #expect(definition.status == .definition) }
    }
  }
}
