import AttentionHessian
import Testing

@testable import Studies
@testable import Transformers

/// What the verification of blocks accepts, and that it names the block and the method when one is wrong.
@Suite struct BlockVerificationTests {
  private typealias Plan = BlockVerification.Plan
  private static let small = LayerSizes(sequenceLength: 2, width: 2, keyWidth: 4, valueWidth: 1)

  @Test(arguments: AttentionKernel.allCases) func trueBlocksHold(kernel: AttentionKernel) throws {
    let sizes = LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 1)
    let verification = try BlockVerification(Plan(kernel, sizes: sizes, points: 2))
    #expect(verification.holds)
    #expect(verification.rows.count == 9)
    for row in verification.rows {
      #expect(row.failures.isEmpty)
      #expect(row.finiteDifference <= BlockVerification.finiteDifferenceTolerance)
      #expect(row.failureExponent <= -80, "two points of F_p")
      #expect(row.steps.count == 2 && row.steps.values.allSatisfy { $0 > 5 })
    }
  }

  /// `√d_K` is adjoined where it is neither rational nor in F_p.
  @Test(arguments: [2, 3, 5, 7]) func keyWidthsThatAreNoSquares(keyWidth: Int) throws {
    let sizes = LayerSizes(sequenceLength: 2, width: 1, keyWidth: keyWidth, valueWidth: 2)
    #expect(try BlockVerification(Plan(.softmax, sizes: sizes, points: 1)).holds)
  }

  @Test func severalHeads() throws {
    let sizes = LayerSizes(sequenceLength: 2, width: 2, keyWidth: 1, valueWidth: 1, outputWidth: 2)
    let verification = try BlockVerification(Plan(.softmax, heads: 2, sizes: sizes, points: 1))
    #expect(verification.holds)
    #expect(verification.rows.count == 64)
  }

  @Test func isTheSameInEveryRun() throws {
    let plan = Plan(.softmax, sizes: Self.small, points: 2, seed: 5)
    let a = try BlockVerification(plan), b = try BlockVerification(plan)
    #expect(a.rows.map(\.finiteDifference) == b.rows.map(\.finiteDifference))
    #expect(a.rows.map(\.steps) == b.rows.map(\.steps))
  }

  // MARK: Planted errors

  /// The methods that find a change of one block, and those that find one of any other.
  private func failures(
    of row: String, _ column: String, on route: Route, _ change: @escaping (HessianBlock) -> HessianBlock
  ) throws -> (there: [BlockVerification.Method], elsewhere: [BlockVerification.Method]) {
    let verification = try BlockVerification(Plan(.softmax, sizes: Self.small, points: 1)) {
      $0 == route && $1.row.name == row && $1.column.name == column ? change($1) : $1
    }
    #expect(!verification.holds)
    let there = verification.rows.filter { $0.row.name == row && $0.column.name == column }
    let elsewhere = verification.rows.filter { $0.row.name != row || $0.column.name != column }
    return (there.flatMap(\.failures), elsewhere.flatMap(\.failures))
  }

  private func ending(_ proof: Proof, _ change: (Formula) -> Formula) -> Proof {
    Proof(
      title: proof.title, Judgement(proof.judgement.left, .equal, change(proof.judgement.right)), steps: proof.steps,
      lemmas: proof.lemmas)
  }

  private func changing(_ block: HessianBlock, total change: (Formula) -> Formula) -> HessianBlock {
    HessianBlock(
      row: block.row, column: block.column, outerProductProof: block.outerProductProof,
      functionalProof: block.functionalProof, proof: ending(block.proof, change))
  }

  @Test(arguments: [("W_V", "W_Q"), ("W_Q", "W_K"), ("W_K", "W_K")])
  func aWrongSignIsFoundByEveryMethod(row: String, column: String) throws {
    let found = try failures(of: row, column, on: .jacobianFirst) { block in changing(block) { -$0 } }
    #expect(found.there == BlockVerification.Method.allCases)
    #expect(found.elsewhere.isEmpty)
  }

  /// Finite differences look at the first route; the exact methods look at both.
  @Test func aWrongBlockOfTheOtherRouteIsFound() throws {
    let found = try failures(of: "W_V", "W_K", on: .gradientFirst) { block in
      changing(block) { $0.scaled(by: .integer(2)) }
    }
    #expect(found.there == [.steps, .primeField, .rational, .zeroLogits])
    #expect(found.elsewhere.isEmpty)
  }

  @Test func aMissingPartIsFound() throws {
    let found = try failures(of: "W_Q", "W_Q", on: .jacobianFirst) { block in
      changing(block) { _ in block.outerProduct }
    }
    #expect(
      found.there.contains(.primeField) && found.there.contains(.rational) && found.there.contains(.finiteDifferences))
    #expect(found.elsewhere.isEmpty)
  }

  /// A term that only logits other than zero show.
  @Test func aTermThatVanishesAtZeroLogitsIsFoundElsewhere() throws {
    let found = try failures(of: "W_V", "W_V", on: .jacobianFirst) { block in
      let X = Formula.symbol("X", "L", "d")
      let logits = X * .symbol("W_Q", "d", "d_K") * Formula.symbol("W_K", "d", "d_K").transposed * X.transposed
      return changing(block) { total in total + total.scaled(by: .ones(1, "L") * logits * .ones("L", 1)) }
    }
    #expect(found.there == [.steps, .primeField, .rational, .finiteDifferences])
  }

  /// A wrong Gauss–Newton part is found even where the block itself is right.
  @Test func aWrongPartIsFoundInARightBlock() throws {
    let found = try failures(of: "W_Q", "W_V", on: .jacobianFirst) { block in
      HessianBlock(
        row: block.row, column: block.column, outerProductProof: ending(block.outerProductProof) { -$0 },
        functionalProof: block.functionalProof, proof: block.proof)
    }
    #expect(found.there == [.primeField, .rational, .zeroLogits])
  }

  /// A right block with a gap in its proof.
  @Test func aMissingStepIsFound() throws {
    let found = try failures(of: "W_K", "W_V", on: .gradientFirst) { block in
      let proof = Proof(
        title: block.proof.title, block.proof.judgement, steps: Array(block.proof.steps.dropLast()),
        lemmas: block.proof.lemmas)
      return HessianBlock(
        row: block.row, column: block.column, outerProductProof: block.outerProductProof,
        functionalProof: block.functionalProof, proof: proof)
    }
    #expect(found.there == [.steps])
    #expect(found.elsewhere.isEmpty)
  }
}
