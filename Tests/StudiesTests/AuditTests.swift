import Arithmetic
import AttentionHessian
import Evaluation
import Foundation
import Testing

@testable import Studies

@Suite struct AuditTests {
  static let witnesses = DocumentsTests.root.appendingPathComponent(Audit.witnessFolder).path

  /// A folder with files of the given names and texts, removed at the end.
  static func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return try body(folder.path)
  }

  static func verdict(_ claim: Claim, _ files: [String: String] = [:]) throws -> ClaimVerdict {
    try withFolder(files) { try #require(try Audit([claim], witnesses: $0).entries.first).verdict }
  }

  // MARK: The printed statements

  @Test func theVerdictsAreThoseExpected() throws {
    let audit = try Audit(witnesses: Self.witnesses)
    func names(_ name: ClaimVerdict.Name) -> Set<String> {
      Set(audit.entries.filter { $0.verdict.name == name }.map(\.claim.id))
    }
    #expect(
      names(.refuted).isSuperset(of: [
        "P1", "P1.a", "P1.f", "P1.g", "P1.VV", "P2", "P2.b", "P2.g", "P4", "P4.d", "P4.e", "P5",
        "P5.o", "P5.3", "P5.3.o",
      ]))
    #expect(
      names(.proven).isSuperset(of: [
        "P1.b", "P1.c", "P1.d", "P1.QQ", "P1.QK", "P2.a", "P2.d", "P2.e", "P2.f", "P2.VV", "P2.QQ", "P3.o.VV",
        "P3.o.QQ",
        "P3.o.VQ", "P3.o.QK", "P3.f.VV", "P4.b", "P4.c", "P4.m1", "P4.m2", "P4.kstar", "P4.m1star", "P4.m2star",
        "P3.homogeneity.1", "P3.homogeneity.2", "P3.homogeneity.3",
      ]))
    #expect(names(.checked).isSuperset(of: ["P3.f.QQ", "P3.f.VQ", "P3.f.QK", "P3.growth.o.QQ", "P3.growth.f.QQ"]))
    #expect(names(.checked).isSuperset(of: ["P3.growth.linear", "P3.growth.linear.2", "P3.growth.linear.3"]))
    // What is not public is not decided; of the rest one statement is open.
    let limited = Set(Claims.all.filter { $0.limitation != nil }.map(\.id))
    #expect(limited == ["P6.1", "P6.2.gaussian", "P6.2.softmax", "P7.1"])
    #expect(Set(names(.undecided)) == limited.union(["P2.QK"]))
    let fully = try #require(audit.entries.first { $0.claim.id == "P5" })
    #expect(audit.brokenSteps(of: fully.claim).map(\.claim.id) == ["P5.o"])
    #expect(audit.entries.map(\.claim.id) == Claims.all.map(\.id))
    for entry in audit.entries {
      if case .refuted(let refutation) = entry.verdict, let ratio = refutation.ratio {
        #expect(ratio > 1, "\(entry.claim.id)")
      }
    }
    let first = try #require(audit.entries.first)
    guard case .refuted(let refutation) = first.verdict else { return }
    #expect(try #require(refutation.ratio) >= Rational(3, over: 2))
    #expect(audit.brokenSteps(of: first.claim).map(\.claim.id).starts(with: ["P1.a", "P1.f", "P1.g", "P1.VV"]))
  }

  /// What is proven holds at random points in floating point, and so does the bound that is proven in place of what is refuted.
  @Test(arguments: Claims.all.filter { $0.kind == .inequality && $0.limitation == nil }.map(\.id))
  func whatIsProvenHolds(_ id: String) throws {
    let claim = try #require(Claims.claim(id))
    let attempt = InequalityProof(claim)
    try attempt.bound?.replay(attempt.rules)
    let bounds = [attempt.proof == nil ? nil : claim.statement.right, attempt.bound?.judgement.right].compactMap { $0 }
    for seed in UInt64(1)...12 {
      var generator = SplitMix64(seed: seed)
      var point = Environment<Double>(sizes: [:])
      for name in claim.statement.sizeNames { point.sizes[name] = Int.random(in: 1...4, using: &generator) }
      try point.draw(claim.statement.freeMatrices, using: &generator)
      let evaluator = Evaluator(point)
      let left = try evaluator.value(of: claim.statement.left).scalar
      for bound in bounds {
        let right = try evaluator.value(of: bound).scalar
        #expect(left <= right * (1 + 1e-9) + 1e-12, "\(id), seed \(seed): \(left) > \(right)")
      }
    }
  }

  // MARK: Planted errors

  /// False claims that are not far from true ones are not proven.
  @Test(arguments: [
    ToyClaims.rowSum, ToyClaims.softmax, ToyClaims.scales, ToyClaims.zero,
    ToyClaims.claim(
      "half", (ToyClaims.A * ToyClaims.B).norm(), Formula.integer(2).inverse * ToyClaims.A.norm() * ToyClaims.B.norm()),
    ToyClaims.claim("quarter", ToyClaims.jacobian.statement.left, Formula.integer(4).inverse),
    ToyClaims.claim(
      "sum", (ToyClaims.A + ToyClaims.B.transposed).norm(), .maximum([ToyClaims.A.norm(), ToyClaims.B.norm()])),
  ])
  func aFalseClaimIsNotProven(claim: Claim) throws {
    #expect(InequalityProof(claim).proof == nil)
    #expect(try Self.verdict(claim).name == .undecided)
  }

  @Test(arguments: [ToyClaims.product, ToyClaims.jacobian]) func aTrueClaimIsProven(claim: Claim) throws {
    #expect(try Self.verdict(claim).name == .proven)
  }

  @Test func aFalseIdentityIsNotChecked() throws {
    let A = Formula.symbol("A", "m", "m"), B = Formula.symbol("B", "m", "m")
    func claim(_ right: Formula) -> Claim {
      Claim(
        id: "toy", kind: .identity, citation: Citation("horn2012", "none"), statement: Judgement(A * B, .equal, right))
    }
    let verdict = try Self.verdict(claim(B * A))
    guard case .undecided(let reason) = verdict else {
      Issue.record("\(verdict.name)")
      return
    }
    #expect(reason.contains("differ"))
    #expect(try Self.verdict(claim((B.transposed * A.transposed).transposed)).name == .proven)
  }

  /// The power of the scale is proven, and any other is not.
  @Test(arguments: [1, 2]) func homogeneityIsProvenForItsPowerAlone(layers: Int) throws {
    let claim = try #require(Claims.claim("P3.homogeneity.\(layers)")), sigma = Formula.symbol(BlockGrowthClaims.scale)
    let power = layers == 1 ? 6 : 18
    guard case .scale = claim.statement.right.operator else {
      Issue.record("\(claim.statement.right)")
      return
    }
    #expect(claim.statement.right.operands[0] == sigma.power(power))
    let proof = try #require(IdentityProof.of(claim))
    try proof.replay(Laws.byID)
    let wrong = Claim(
      id: "toy", kind: .identity, citation: claim.citation,
      statement: Judgement(
        claim.statement.left, .equal, claim.statement.right.operands[1].scaled(by: sigma.power(power - 1))))
    #expect(IdentityProof.of(wrong) == nil)
    #expect(try Self.verdict(wrong).name == .undecided)
  }

  /// A point at which a unit of a ReLU network is neither active nor inactive refutes nothing.
  @Test func aKinkRefutesNothing() throws {
    let A = Formula.symbol("A", 1, "n"), B = Formula.symbol("B", "n", 1)
    let claim = ToyClaims.claim("kink", (A.mapped(.step) * B).norm(), Formula.integer(2).inverse * B.norm())
    func witness(_ entries: String) -> String {
      """
      { "version": 1, "claim": "kink", "sizes": { "n": 2 }, "matrices": { "A": \(entries), "B": [[1], [0]] } }
      """
    }
    #expect(try Self.verdict(claim, ["kink.json": witness("[[1, -1]]")]).name == .refuted)
    #expect(throws: AuditError.self) { try Self.verdict(claim, ["kink.json": witness("[[1, 0]]")]) }
  }

  @Test func whatIsNotEncodedIsNotSearched() throws {
    let claim = Claim(
      id: "limited", kind: .inequality, citation: Citation("horn2012", "none"), limitation: "half of it is missing",
      statement: ToyClaims.product.statement)
    let error = #expect(throws: FalsificationError.self) { try Falsification.inequality(claim) }
    #expect("\(try #require(error))".contains("half of it is missing"))
    #expect(try Self.verdict(claim).name == .undecided)
  }

  @Test func aWrongOrderOfGrowthIsNotChecked() throws {
    let claim = try #require(Claims.claim("P3.growth.VV"))
    let wrong = Claim(
      id: "toy", kind: .asymptotic, citation: claim.citation,
      statement: Judgement(claim.statement.left, .equal, Formula.symbol(BlockGrowthClaims.scale).power(3)))
    #expect(try Self.verdict(wrong).name == .undecided)
    #expect(try Self.verdict(claim).name == .checked)
  }

  /// A proof counts only for what it proves, and only with laws.
  @Test func aProofOfSomethingElseIsRefused() throws {
    let claim = ToyClaims.product
    let proof = try #require(InequalityProof(claim).proof).proof
    let swapped = Claim(
      id: "swapped", kind: .inequality, citation: claim.citation,
      statement: Judgement((ToyClaims.B * ToyClaims.A).norm(), .atMost, claim.statement.right))
    #expect(throws: AuditError.self) { try ClaimProof(of: swapped, proof) }
    let smaller = ToyClaims.claim("smaller", claim.statement.left, ToyClaims.A.norm())
    #expect(throws: AuditError.self) { try ClaimProof(of: smaller, proof) }
    let asserted = Proof(title: "asserted", claim.statement, steps: [])
    #expect(throws: ProofError.self) { try ClaimProof(of: claim, asserted) }
    let hypothesis = Rule(
      "assumption", .hypothesis, because: "Given."
    ) { claim.statement }
    let assumed = Proof(
      title: "assumed", claim.statement, steps: [DerivationStep(.rule("assumption"), at: .root, Substitution())])
    #expect(throws: AuditError.self) { try ClaimProof(of: claim, assumed, rules: [hypothesis.id: hypothesis]) }
  }

  // MARK: Files

  private static let rowSumWitness = """
    { "version": 1, "claim": "row sum", "sizes": { "m": 2, "n": 1 }, "matrices": { "A": [[1], [1]] } }
    """

  @Test func aWitnessRefutesOnlyWhereItDoes() throws {
    #expect(try Self.verdict(ToyClaims.rowSum, ["row sum.json": Self.rowSumWitness]).name == .refuted)
    let harmless = Self.rowSumWitness.replacingOccurrences(of: "[1], [1]", with: "[1], [0]")
    #expect(throws: AuditError.self) { try Self.verdict(ToyClaims.rowSum, ["row sum.json": harmless]) }
    // A witness against a true claim.
    let planted = Self.rowSumWitness.replacingOccurrences(of: "row sum", with: "frobenius")
    #expect(throws: AuditError.self) { try Self.verdict(ToyClaims.frobenius, ["frobenius.json": planted]) }
    // A zero right side has no quotient.
    let zero = Self.rowSumWitness.replacingOccurrences(of: "row sum", with: "zero")
    guard case .refuted(let refutation) = try Self.verdict(ToyClaims.zero, ["zero.json": zero]) else {
      Issue.record("not refuted")
      return
    }
    #expect(refutation.ratio == nil)
  }

  @Test(arguments: ["", "{", "[]", "{ \"version\": 1 }", "null", "\u{0}"]) func aCorruptFileIsAnError(text: String)
    throws
  {
    for name in ["row sum.json", "row sum.search.json"] {
      #expect(throws: FileError.self) { try Self.verdict(ToyClaims.rowSum, [name: text]) }
    }
  }

  @Test func filesOfOtherClaimsAreErrors() throws {
    let other = Self.rowSumWitness.replacingOccurrences(of: "row sum", with: "zero")
    #expect(throws: FileError.self) { try Self.verdict(ToyClaims.rowSum, ["row sum.json": other]) }
    let search = Falsification.Options(sizes: [["m": 2, "n": 1]], starts: 1)
    let result = try Falsification(ToyClaims.rowSum, search).result(simplifies: false)
    let summary = JSONWriter(.pretty).text(try FalsificationSummary(result).json)
    #expect(try Self.verdict(ToyClaims.rowSum, ["row sum.search.json": summary]).name == .undecided)
    #expect(throws: FileError.self) { try Self.verdict(ToyClaims.zero, ["zero.search.json": summary]) }
  }

  @Test func aMissingFolderIsAnError() {
    for path in ["/nonexistent/witnesses", "", "/dev/null", "a\u{0}b"] {
      #expect(throws: FileError.self) { try Audit([ToyClaims.product], witnesses: path) }
    }
  }

  @Test func aFileThatCannotBeReadIsNoMissingFile() throws {
    try Self.withFolder([:]) { folder in
      try FileManager.default.createDirectory(atPath: folder + "/row sum.json", withIntermediateDirectories: false)
      #expect(throws: FileError.self) { try Audit([ToyClaims.rowSum], witnesses: folder) }
    }
  }

  // MARK: Output

  @Test func theReportNamesWhatItRestsOn() throws {
    let audit = try Self.withFolder(["row sum.json": Self.rowSumWitness]) {
      try Audit([ToyClaims.rowSum, ToyClaims.product, ToyClaims.zero], witnesses: $0)
    }
    let report = AuditReport(audit)
    let text = try report.text()
    #expect(text.contains("left/right at least 1.4142 at m = 2, n = 1"))
    #expect(text.contains("3 claims: 1 proven, 0 checked, 1 refuted, 1 undecided.\n"))
    #expect(!text.contains("`"))
    #expect(try report.text() == text)
    let claims = try #require(try report.json()["claims"]?.elements)
    #expect(claims.map { $0["verdict"]?.stringValue } == ["refuted", "proven", "undecided"])
    #expect(try report.latex().contains("1.4142"))
    #expect(try report.csv().split(separator: "\n").count == 4)
  }
}
