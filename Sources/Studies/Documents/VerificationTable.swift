import MatrixCalculus
import Transformers
import Typesetting

/// The blocks of every kernel and how they were checked.
enum VerificationTable {
  /// Points of F_p for each tuple of sizes.
  static let points = 16

  static func table() throws -> Table {
    let tuples = LayerSizes.standard.map { "(\($0.sequenceLength),\($0.width),\($0.keyWidth),\($0.valueWidth))" }
    var table = Table(
      name: "verification",
      caption:
        "Every block, derived by both routes and checked against `∂²ℓ` by second-order dual numbers at the sizes "
        + "`(L,d,d_K,d_V)` = \(tuples.map { "`\($0)`" }.joined(separator: ", ")). Steps: of the derivation, Jacobian "
        + "first and gradient first, lemmas included, each replayed and checked. Points: random points of the field with `2⁶¹-1` elements, where every block "
        + "was equal; chance: an upper bound on the probability that a false block passes those of one tuple. Rational: "
        + "equal at a random rational point, exponentials as unknowns; at logits zero, where softmax is rational, without "
        + "unknowns. Differences: relative disagreement with finite differences. "
        + "Last row: two heads with an output matrix, at the last sizes and `d_O = \(multiHeadSizes.outputWidth)`, with "
        + "the longest derivation.",
      columns: [
        .init("kernel", alignment: .left), .init("block", alignment: .left), .init("steps J"),
        .init("steps G"), .init("steps hold"), .init("points"), .init("equal"),
        .init("chance", alignment: .left), .init("rational"), .init("logits zero"),
        .init("differences", alignment: .left),
      ])
    for kernel in AttentionKernel.allCases {
      let runs = try LayerSizes.standard.map { try BlockVerification(.init(kernel, sizes: $0, points: points)) }
      for index in runs[0].rows.indices { table.append(row(kernel, runs.map { $0.rows[index] })) }
    }
    let heads = try BlockVerification(.init(.softmax, heads: 2, sizes: multiHeadSizes, points: points))
    table.append(summary(heads))
    return table
  }

  /// The sizes at which a layer of two heads is checked.
  private static let multiHeadSizes = LayerSizes.standard[3]

  /// All blocks of a run in one row.
  private static func summary(_ run: BlockVerification) -> [Table.Cell] {
    let name = "all \(run.rows.count)"
    return cells(
      "softmax, 2 heads", .text(name), run.rows,
      steps: { route in run.rows.compactMap { $0.steps[route] }.max() ?? 0 }, points: points)
  }

  /// One block at all tuples of sizes.
  private static func row(_ kernel: AttentionKernel, _ rows: [BlockVerification.Row]) -> [Table.Cell] {
    let first = rows[0]
    let name = "\(first.row.shortName),\(first.column.shortName)"
    return cells(
      kernel.rawValue, .typeset("$(\(name))$", text: name), rows, steps: { first.steps[$0] ?? 0 },
      points: rows.count * points)
  }

  private static func cells(
    _ kernel: String, _ block: Table.Cell, _ rows: [BlockVerification.Row], steps: (Route) -> Int, points: Int
  ) -> [Table.Cell] {
    let holds = { (method: BlockVerification.Method) in
      Table.Cell.verdict(rows.allSatisfy { !$0.failures.contains(method) }, "")
    }
    let exponent = rows.map(\.failureExponent).max() ?? 0
    let disagreement = rows.map(\.finiteDifference).reduce(0) { max($0, $1.isNaN ? .infinity : $1) }
    return [
      .text(kernel), block, .exact("\(steps(.jacobianFirst))"), .exact("\(steps(.gradientFirst))"), holds(.steps),
      .exact("\(points)"), holds(.primeField), .typeset("$< 2^{\(exponent)}$", text: "< 2^\(exponent)"),
      holds(.rational), holds(.zeroLogits),
      disagreement <= BlockVerification.finiteDifferenceTolerance
        ? .below(exponent: -6) : .estimate(disagreement, digits: 1),
    ]
  }
}
