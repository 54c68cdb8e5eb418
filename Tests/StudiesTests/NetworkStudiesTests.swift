import AttentionHessian
import Testing

@testable import Studies
@testable import Transformers

/// Networks: the checks of their blocks, and that they notice what is wrong.
@Suite struct NetworkStudiesTests {
  private static let example = NetworkCatalogue.examples[2]

  private func plan(_ example: NetworkExample, _ loss: Loss) throws -> BlockVerification.Plan {
    .init(try example.network(), measuredBy: loss, sizes: example.sizes, points: 1, seed: 3)
  }

  @Test(arguments: [0, 2, 3, 4, 8, 11, 13], [Loss.meanSquare, .crossEntropy])
  func theCatalogueHolds(index: Int, loss: Loss) throws {
    let verification = try BlockVerification(plan(NetworkCatalogue.examples[index], loss))
    #expect(verification.holds, "\(NetworkCatalogue.examples[index].title)")
    #expect(VerificationReport(verification).failures.isEmpty)
  }

  @Test func plantedErrorsAreFound() throws {
    for (change, methods) in [
      ("sign", BlockVerification.Method.allCases.filter { $0 != .zeroLogits }),
      ("step", [BlockVerification.Method.steps]),
    ] {
      let verification = try BlockVerification(plan(Self.example, .crossEntropy)) { route, block in
        guard route == .jacobianFirst, block.row.name == "W^1", block.column.name == "W^2" else { return block }
        let judgement = block.proof.judgement
        let proof =
          change == "sign"
          ? Proof(
            title: "", Judgement(judgement.left, .equal, -judgement.right), steps: block.proof.steps,
            lemmas: block.proof.lemmas)
          : Proof(title: "", judgement, steps: Array(block.proof.steps.dropLast()), lemmas: block.proof.lemmas)
        return HessianBlock(
          row: block.row, column: block.column, outerProductProof: block.outerProductProof,
          functionalProof: block.functionalProof, proof: proof)
      }
      let found = verification.rows.filter { !$0.failures.isEmpty }
      #expect(found.map { "\($0.row), \($0.column)" } == ["W^1, W^2"])
      #expect(found.first?.failures == methods, "\(change)")
    }
  }

  /// Without the hypothesis the blocks of the cross-entropy are wrong, and the checks say so.
  @Test func targetsOfRandomPointsAreAsTheHypothesisSays() throws {
    let derivation = HessianDerivation(Objective(try Self.example.network(), measuredBy: .crossEntropy))
    let point = try derivation.randomPoint(Self.example.sizes, as: Modular.self, seed: 1)
    let target = try #require(point[derivation.objective.target])
    for i in 0..<target.rows {
      #expect((0..<target.columns).reduce(Modular.zero) { $0 + target[i, $1] } == .one)
    }
  }

  @Test(arguments: [
    (0, Loss.meanSquare), (2, .crossEntropy), (3, .crossEntropy), (9, .meanSquare), (9, .crossEntropy),
    (10, .crossEntropy), (12, .meanSquare),
  ])
  func boundsAtGivenNormsHold(index: Int, loss: Loss) throws {
    let example = NetworkCatalogue.examples[index]
    let derivation = HessianDerivation(Objective(try example.network(), measuredBy: loss))
    let norms = NetworkBound.Norms(
      data: 2, weight: Rational(3, over: 2), residual: loss == .crossEntropy ? nil : 12)
    let bound = try NetworkBound(derivation, sizes: example.sizes, norms: norms)
    let blocks = derivation.blocks(), parameters = derivation.objective.model.parameters
    for seed in UInt64(1)...10 {
      var point = try derivation.randomPoint(example.sizes, as: Double.self, seed: seed)
      for symbol in [derivation.objective.model.input] + parameters {
        guard let drawn = point[symbol] else { continue }
        let norm = try LinearAlgebra.largestSingularValue(of: drawn)
        point[symbol] = drawn.map { (symbol.name == "X" ? 2 : 1.5) / norm * $0 }
      }
      let target = derivation.objective.target
      point[target] = point[target].map { drawn in
        Matrix(rows: drawn.rows, columns: drawn.columns) { i, j in j == i % drawn.columns ? 1 : 0 }
      }
      for abbreviation in derivation.objective.abbreviations { try point.define(abbreviation.definition) }
      let evaluator = Evaluator(point)
      let grid = try parameters.indices.map { i in
        try parameters.indices.map { try evaluator.value(of: blocks[i * parameters.count + $0].total) }
      }
      let hessian = Matrix<Double>.blocks(grid)
      #expect(try LinearAlgebra.largestSingularValue(of: hessian) <= Double(bound.value) * (1 + 1e-12))
      for (row, column, value) in bound.blocks {
        let block = try #require(blocks.first { $0.row == row && $0.column == column })
        #expect(try evaluator.value(of: block.total.norm()).scalar <= Double(value) * (1 + 1e-12), "\(row), \(column)")
      }
    }
    #expect(bound.text.contains("‖H‖₂ ≤"))
    #expect(bound.text.contains("distribution") == (loss == .crossEntropy))
  }

  @Test func aResidualThatIsNotBoundedIsRefused() throws {
    let derivation = HessianDerivation(Objective(try NetworkCatalogue.examples[0].network()))
    #expect(throws: NetworkBound.Failure.unknownResidual) {
      try NetworkBound(derivation, sizes: NetworkCatalogue.examples[0].sizes, norms: .init(data: 1, weight: 1))
    }
  }

  @Test func sizesAreNamed() throws {
    let objective = Objective(try Network(Layer.parse(list: "head(softmax, key: k, value: h)")))
    #expect(try NetworkSizes.assignment(["h": 7], for: objective) == ["L": 2, "d": 3, "h": 7, "k": 4])
    let error = #expect(throws: InstanceError.self) { try NetworkSizes.assignment(["kk": 7], for: objective) }
    #expect(error?.advice.contains("did you mean 'k'?") == true)
    let two = Objective(
      try Network(Layer.parse(list: "head(softmax, key: k, value: h), head(softmax, key: m, value: h)")))
    #expect(!NetworkSizes.haveOneRoot(two, ["L": 2, "d": 3, "h": 7, "k": 2, "m": 3]))
    #expect(NetworkSizes.haveOneRoot(two, ["L": 2, "d": 3, "h": 7, "k": 2, "m": 8]))
    #expect(two.kinks.isEmpty)
  }

  @Test func misspeltWordsAreNamedWithTheNearest() throws {
    let error = #expect(throws: LayerTextError.self) { try Layer.parse(list: "liner(3)") }
    #expect(error?.problem == "there is no layer 'liner'" && error?.advice.hasPrefix("did you mean 'linear'?") == true)
  }
}
