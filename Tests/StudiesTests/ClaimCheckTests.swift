import AttentionHessian
import Testing

@Suite struct ClaimCheckTests {
  private static let sizes = LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 3)

  @Test func thePrintedBlocks() throws {
    let checks = try ClaimCheck.blocks(sizes: Self.sizes, points: 2, seed: 1)
    #expect(
      checks.map(\.claim.id) == [
        "P3.o.VV", "P3.o.QQ", "P3.o.VQ", "P3.o.QK", "P3.f.VV", "P3.f.QQ", "P3.f.VQ",
        "P3.f.QK",
      ])
    for check in checks { #expect(check.holds, "\(check.claim.id)") }
    #expect(checks.allSatisfy { $0.points == 2 && $0.sizes == Self.sizes })
  }

  /// Were the commutation matrix read as printed, in row vectorisation, the claim would fail.
  @Test func theReadingMatters() throws {
    let checks = try ClaimCheck.blocks(sizes: Self.sizes, points: 1, seed: 2)
    for check in checks { #expect(check.claim.reading.isEmpty == !check.claim.id.contains("K")) }
  }
}
