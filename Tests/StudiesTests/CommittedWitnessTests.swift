import Arithmetic
import AttentionHessian
import Foundation
import Testing
import Transformers

@testable import Studies

/// The witnesses and summaries that are committed: certified anew, and complete.
@Suite struct CommittedWitnessTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("tables/witnesses").path
  static let claims = Claims.all.filter { $0.kind == .inequality && $0.limitation == nil }
  /// Witnesses that no search found.
  private static let constructed: Set = ["P1.VQ"]

  private static func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

  @Test(arguments: claims.map(\.id)) func everyInequalityWasSearched(id: String) throws {
    let claim = try #require(Claims.claim(id))
    let summary = try FalsificationSummary(contentsOf: "\(Self.folder)/\(id).search.json")
    #expect(summary.subject == id && !summary.isInterrupted && !summary.rows.isEmpty)
    for row in summary.rows { #expect(Set(row.sizes.keys) == Set(claim.statement.sizeNames), "\(row)") }
    if !summary.isRefuted { #expect((summary.ratio ?? 0) <= 1 + 1e-9, "\(summary)") }
    #expect(Self.exists("\(id).json") == (summary.isRefuted || Self.constructed.contains(id)))
    guard Self.exists("\(id).json") else { return }
    let witness = try ClaimWitness(of: claim, contentsOf: "\(Self.folder)/\(id).json")
    let certification = try witness.certification()
    #expect(certification.verdict == .refuted)
    let certified = try certification.ratioLowerBound?.decimal(significantDigits: 6, rounding: .down)
    if summary.isRefuted { #expect(certified == summary.certifiedRatio) }
    let entries = witness.statement.freeMatrices.compactMap { witness.point[$0] }.flatMap(\.entries)
    #expect(entries.allSatisfy { $0.denominator <= 1_024 && $0.numerator.magnitude <= 100_000 }, "\(entries)")
  }

  /// Nothing in the folder is about something else.
  @Test func everyFileBelongsToAClaim() throws {
    let known = Set(
      Self.claims.flatMap { ["\($0.id).json", "\($0.id).search.json"] } + ["README.md", "tightness.json"])
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder) {
      #expect(known.contains(name), "\(name)")
    }
  }

  @Test func theoremOneIsExceededByHalf() throws {
    let witness = try ClaimWitness(of: TheoremOne.claim, contentsOf: "\(Self.folder)/P1.json")
    #expect(witness.point.sizes == ["L": 2, "d_K": 2, "d_V": 2])
    let ratio = try witness.certification().ratioLowerBound
    #expect(try #require(ratio) >= Rational(3, over: 2))
  }
}
