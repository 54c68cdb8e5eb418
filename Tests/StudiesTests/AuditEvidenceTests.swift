import AttentionHessian
import Testing

@testable import Studies

@Suite struct AuditEvidenceTests {
  @Test(arguments: Claims.all.filter { $0.kind == .identity }.map(\.id)) func identities(_ id: String) throws {
    let claim = try #require(Claims.claim(id))
    let proof = IdentityProof.of(claim)
    try proof?.replay(Laws.byID)
    let check = try IdentityCheck(claim, points: 2)
    print(id, proof?.totalSteps ?? -1, check.difference as Any, check.failureExponent)
  }
  @Test(arguments: Claims.all.filter { $0.kind == .asymptotic }.map(\.id)) func growth(_ id: String) throws {
    let claim = try #require(Claims.claim(id))
    let check = try GrowthCheck(claim)
    print(id, check.exponent, check.slopes)
  }
}
