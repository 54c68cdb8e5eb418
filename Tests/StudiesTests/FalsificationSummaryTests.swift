import AttentionHessian
import TensorFiles
import Testing

@Suite struct FalsificationSummaryTests {
  static func summary() throws -> FalsificationSummary {
    try FalsificationSummary(try FalsificationTests.result(ToyClaims.rowSum, starts: 2))
  }

  @Test func itIsReadAsItIsWritten() throws {
    let summary = try Self.summary()
    #expect(summary.isRefuted && summary.certifiedRatio?.hasPrefix("1.7") == true)
    #expect(try FalsificationSummary(json: summary.json) == summary)
    let infinite = try FalsificationSummary(try FalsificationTests.result(ToyClaims.zero, starts: 1))
    #expect(try FalsificationSummary(json: infinite.json) == infinite)
    #expect(infinite.ratio == .infinity && infinite.tried.hasSuffix("above 100") && infinite.certifiedRatio == nil)
  }

  @Test(arguments: [
    ("\"seed\"", "\"sead\"", "sead"), ("\"starts\":2", "\"starts\":\"2\"", "a string"),
    ("hessian.falsify/1", "hessian.falsify/9", "schema"), ("\"m\":3", "\"m\":-1.5", "no size"),
    ("\"refuted\":true", "\"refuted\":1", "a number"), ("\"searched\":[{", "\"searched\":[7,{", "searched[0]"),
  ])
  func badFilesAreRefused(part: String, other: String, reason: String) throws {
    let text = try Self.summary().json.description.replacingFirst(part, with: other)
    do {
      _ = try FalsificationSummary(json: try JSONValue(parsing: text))
      Issue.record("\(other) was read")
    } catch let error as InstanceError {
      #expect(error.description.contains(reason), "\(error)")
    }
  }
}
