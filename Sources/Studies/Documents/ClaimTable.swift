import Transformers
import Typesetting

/// The printed block formulas of the literature, compared with the derived blocks.
enum ClaimTable {
  static let sizes = [
    LayerSizes(sequenceLength: 3, width: 2, keyWidth: 4, valueWidth: 2),
    LayerSizes(sequenceLength: 2, width: 3, keyWidth: 1, valueWidth: 3),
  ]
  /// Points of F_p for each tuple of sizes.
  static let points = 16

  static func table() throws -> Table {
    let checks = try sizes.map { try ClaimCheck.blocks(sizes: $0, points: points, seed: 1) }
    var table = Table(
      name: "claims-blocks",
      caption: "The printed block formulas for one softmax head with `d = d_V`, compared with the derived blocks at "
        + "\(points) random points of the field with `2⁶¹-1` elements for each tuple of sizes `(L,d,d_K)`.",
      columns: [
        .init("claim", alignment: .left), .init("source", alignment: .left),
      ]
        + sizes.map { size in
          .init("equal at (\(size.sequenceLength),\(size.width),\(size.keyWidth))", alignment: .center)
        } + [.init("reading of the print", alignment: .paragraph(15))])
    for (index, check) in checks[0].enumerated() {
      let claim = check.claim
      table.append(
        [.typeset(name(claim), text: claim.id), .typeset(claim.citation.latex, text: claim.citation.description)]
          + checks.map { .verdict($0[index].holds, "") }
          + [.typeset(LaTeX.prose(claim.reading), text: claim.reading)])
    }
    return table
  }

  /// `P3 H_o(V,V)` with its formula set as mathematics.
  private static func name(_ claim: Claim) -> String {
    let words = claim.id.split(separator: " ", maxSplits: 1)
    return words.count == 2 ? LaTeX.prose("\(words[0]) `\(words[1])`") : LaTeX.escape(claim.id)
  }
}
