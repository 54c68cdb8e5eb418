import Foundation
import Testing

@Suite struct AuditCommandTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let witnesses = root.appendingPathComponent("tables/witnesses").path

  @Test func aPartIsAuditedAsText() throws {
    let outcome = try BuiltCommand.run("audit", "p1.g", "P2.e", "--witnesses", Self.witnesses)
    expectSuccess(outcome)
    #expect(outcome.output.contains("P1.g") && outcome.output.contains("refuted"))
    #expect(outcome.output.contains("2 claims: 1 proven, 0 checked, 1 refuted, 0 undecided."))
    #expect(try BuiltCommand.run("audit", "P1.g", "P2.e", "--witnesses", Self.witnesses).output == outcome.output)
  }

  @Test func jsonIsOneObject() throws {
    let outcome = try BuiltCommand.run("audit", "P1", "--format", "json", "--witnesses", Self.witnesses)
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let claims = try #require(object["claims"] as? [[String: Any]])
    let theorem = try #require(claims.first)
    #expect(theorem["id"] as? String == "P1" && theorem["verdict"] as? String == "refuted")
    #expect((theorem["broken_steps"] as? [String])?.contains("P1.g") == true)
    #expect((theorem["proven_instead"] as? String)?.contains("‖X‖₂") == true)
    let details = try #require(theorem["details"] as? [String: Any])
    #expect(Double(details["ratio"] as? String ?? "").map { $0 >= 1.5 } == true)
  }

  @Test func otherFormats() throws {
    let directory = try TemporaryDirectory()
    let csv = try BuiltCommand.run("audit", "P3.o.VV", "--format", "csv", "--witnesses", directory.path)
    expectSuccess(csv)
    #expect(csv.output.hasPrefix("claim,about,source,verdict,evidence\n") && csv.output.contains(",proven,"))
    let file = directory.path + "/claims.tex"
    expectSuccess(
      try BuiltCommand.run("audit", "P3.o.VV", "--format", "latex", "--output", file, "--witnesses", directory.path))
    #expect(try String(contentsOfFile: file, encoding: .utf8).contains("\\begin{longtable}"))
  }

  /// Without a witness nothing is refuted, and the folder has to be there.
  @Test func aMissingWitnessLeavesItUndecided() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run("audit", "P1.a", "--witnesses", directory.path)
    expectSuccess(outcome)
    #expect(outcome.output.contains("undecided") && !outcome.output.contains("refuted "))
    expectRefusal(try BuiltCommand.run("audit", "P1.a", "--witnesses", directory.path + "/none"), 66, "no such folder")
  }

  @Test(arguments: [
    ("", 65, "JSON"), ("{}", 65, "claim"), ("[1", 65, "JSON"),
    (#"{"version":1,"claim":"P1.a","sizes":{"L":2},"matrices":{"T":[[0,0],[0,0]]}}"#, 65, "does not refute"),
    (#"{"version":1,"claim":"P2.b","sizes":{"L":2},"matrices":{"T":[[0,0],[0,0]]}}"#, 65, "not P1.a"),
    (#"{"version":1,"claim":"P1.a","sizes":{"L":2},"matrices":{"T":[["1/0",0],[0,0]]}}"#, 65, "1/0"),
    (#"{"version":1,"claim":"P1.a","sizes":{"L":3},"matrices":{"T":[[1,0],[0,0]]}}"#, 65, "2×2"),
  ])
  func aCorruptWitnessIsNoVerdict(text: String, status: Int32, words: String) throws {
    let directory = try TemporaryDirectory()
    _ = try directory.file("P1.a.json", text)
    expectRefusal(try BuiltCommand.run("audit", "P1.a", "--witnesses", directory.path), status, words)
  }

  @Test func unknownClaimsAreNamed() throws {
    expectRefusal(try BuiltCommand.run("audit", "P1.z", "--witnesses", Self.witnesses), 64, "P1.z", "did you mean")
    expectRefusal(try BuiltCommand.run("audit", "", "--witnesses", Self.witnesses), 64, "P1 to P7")
  }
}
