import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import TensorFiles
import Testing
import Transformers

@testable import Studies

@Suite struct BoundTightnessTests {
  static func committed() throws -> BoundTightness {
    try BoundTightness(contentsOf: "\(CommittedWitnessTests.folder)/tightness.json")
  }

  static func error(_ json: JSONValue) -> InstanceError? {
    do {
      _ = try BoundTightness(json: json)
      return nil
    } catch { return error as? InstanceError }
  }

  @Test func everyBoundHasAPoint() throws {
    let study = try Self.committed()
    let all = try AttentionKernel.allCases.flatMap { try TightnessStatement.all($0) }
    #expect(study.entries.map(\.statement.id) == all.map(\.id))
    #expect(Set(all.map(\.id)).count == all.count && !study.isInterrupted)
    for entry in study.entries {
      #expect(entry.witness != nil, "\(entry.statement.id)")
      #expect((entry.rows.compactMap(\.ratio).max() ?? 2) <= 1 + 1e-9, "\(entry.statement.id)")
    }
  }

  /// No bound is exceeded, and at the points each is reached as far as the search said.
  @Test func theQuotientsAreCertified() throws {
    for certificate in try Self.committed().certificates() {
      let ratio = try #require(certificate.ratio, "\(certificate.entry.statement.id)")
      let estimate = try #require(certificate.entry.rows.compactMap(\.ratio).max())
      #expect(ratio <= 1 && Double(ratio) >= 0.99 * min(estimate, 1), "\(certificate.entry.statement.id)")
      #expect(certificate.certification?.verdict != .refuted)
    }
  }

  /// The symbols are the layer's, with the residual in the place of the target.
  @Test(arguments: AttentionKernel.allCases) func statementsAreInFreeMatrices(kernel: AttentionKernel) throws {
    let statements = try TightnessStatement.all(kernel)
    #expect(statements.last?.name == "H" && statements.contains { $0.name == "H_f(Q,K)" })
    for statement in statements {
      let names = Set(statement.judgement.freeMatrices.map(\.name))
      #expect(names.isSubset(of: ["X", "W_Q", "W_K", "W_V", "R"]), "\(statement.id): \(names)")
      // The bound is in norms of single matrices.
      #expect(statement.judgement.right.symbols.allSatisfy { names.contains($0.name) })
    }
  }

  /// One token with linear attention: every norm is a product, and the bound of a block is reached.
  @Test func aSmallSearchReachesWhatCanBeReached() throws {
    let study = try BoundTightness(
      searching: [.linear], sizes: ["L": [1], "d": [1], "d_K": [1], "d_V": [1]], starts: 3)
    let certificates = try study.certificates()
    for name in ["H(Q,Q)", "H_o(Q,K)", "H(V,V)"] {
      #expect(certificates.first { $0.entry.statement.name == name }?.isReached == true, "\(name)")
    }
    let again = try BoundTightness(json: study.json)
    #expect(again.json == study.json)
    #expect(try again.tables().map(\.csv) == study.tables().map(\.csv))
  }

  /// A bound that is exceeded stops everything: the same points with half of each bound.
  @Test func aBoundThatIsExceededIsNoticed() throws {
    let study = try BoundTightness(
      searching: [.linear], sizes: ["L": [1], "d": [1], "d_K": [1], "d_V": [1]], starts: 2)
    let entry = try #require(study.entries.first)
    let witness = try #require(entry.witness)
    let half = Judgement(
      witness.statement.left, .atMost, witness.statement.right.scaled(by: Formula.integer(2).inverse))
    let wrong = BoundTightness.Entry(
      statement: entry.statement, rows: entry.rows,
      witness: try ClaimWitness(subject: "half", statement: half, point: witness.point))
    #expect(throws: MeasurementError.self) { try BoundTightness.Certificate(wrong) }
  }

  @Test func anInterruptedSearchIsMarked() throws {
    let study = try BoundTightness(searching: [.linear], starts: 2, isStopped: { true })
    #expect(study.isInterrupted && study.entries.allSatisfy { $0.witness == nil })
    #expect(try study.tables().count == 2)
  }

  @Test(arguments: [
    ("hessian.tightness/1", "hessian.tightness/2", "not the form"), ("linear H(V,V)", "linear H(V,W)", "no bound"),
    ("\"sizes\"", "\"size\"", "'size' is unknown"), ("\"bounds\"", "\"bound\"", "'bound' is unknown"),
    ("\"starts\": 3", "\"starts\": \"3\"", "a whole number"), ("\"interrupted\": false", "\"interrupted\": 0", "true"),
  ])
  func badFilesAreRefused(part: String, other: String, reason: String) throws {
    let study = try BoundTightness(
      searching: [.linear], sizes: ["L": [1], "d": [1], "d_K": [1], "d_V": [1]], starts: 3)
    let text = JSONWriter(.pretty).text(study.json)
    let error = try #require(Self.error(try JSONValue(parsing: text.replacingFirst(part, with: other))))
    #expect(error.description.contains(reason), "\(error)")
  }
}
