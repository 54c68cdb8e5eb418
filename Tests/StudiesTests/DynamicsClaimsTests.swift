import AttentionHessian
import Testing
import Transformers

@testable import Studies

@Suite struct DynamicsClaimsTests {
  /// Zero diagonal blocks are proven by laws; what is not public stays undecided, with what is missing.
  @Test func everyStatementHasItsVerdict() throws {
    let claims = DynamicsClaims.claims
    let audit = try Audit(claims, witnesses: AuditTests.witnesses)
    for entry in audit.entries {
      if entry.claim.id.hasPrefix("P3.hollow") {
        guard case .proven(let proof) = entry.verdict else {
          Issue.record("\(entry.claim.id) is \(entry.verdict.name)")
          continue
        }
        #expect(proof.steps > 0)
      } else {
        guard case .undecided(let reason) = entry.verdict else {
          Issue.record("\(entry.claim.id) is \(entry.verdict.name)")
          continue
        }
        #expect(reason.contains("public"))
      }
    }
    #expect(claims.filter { $0.id.hasPrefix("P3.hollow") }.count == 4)
  }
}
