import TensorFiles
import Transformers
import Typesetting

/// Which blocks passed which checks, as text or JSON.
public struct VerificationReport: Sendable {
  /// One block.
  struct Row {
    let row: String
    let column: String
    let steps: [Route: Int]
    let failures: [BlockVerification.Method]
    let finiteDifference: Double
  }

  /// What was checked, such as the kernel and the sizes.
  public let subject: String
  public let seed: UInt64
  let methods: [BlockVerification.Method]
  let rows: [Row]
  let claims: [ClaimCheck]
  /// What the exact checks are worth, a line each.
  let remarks: [String]

  /// The checks at random points, with the printed claims about the blocks where they apply.
  public init(_ verification: BlockVerification, claims: [ClaimCheck] = []) {
    let plan = verification.plan
    subject = plan.subject
    seed = plan.seed
    methods = plan.methods
    rows = verification.rows.map {
      Row(
        row: $0.row.name, column: $0.column.name, steps: $0.steps, failures: $0.failures,
        finiteDifference: $0.finiteDifference)
    }
    self.claims = claims
    let exponent = verification.rows.map(\.failureExponent).max() ?? 0
    let pattern =
      plan.objective.kinks.isEmpty ? [] : ["Blocks are those where no entry of a matrix under max(·, 0) is zero"]
    remarks =
      pattern + [
        "\(plan.points) points of F_p, p = 2⁶¹ − 1: a false block passes all of them with probability at most 2^\(exponent)"
      ]
  }

  /// The checks at given data.
  public init(_ verification: InstanceVerification, subject: String) {
    self.subject = subject
    seed = verification.seed
    methods = verification.methods
    rows = verification.rows.map {
      Row(
        row: $0.row.name, column: $0.column.name, steps: [:], failures: $0.failures,
        finiteDifference: $0.finiteDifference)
    }
    claims = []
    remarks = verification.exactness == .none ? [] : ["block over ℚ: \(verification.exactness.rawValue)"]
  }

  /// Every failed check, naming block, method, sizes and seed.
  public var failures: [String] {
    let blocks = rows.flatMap { row in
      row.failures.map { "block (\(row.row), \(row.column)): \($0.rawValue), \(subject), seed \(seed)" }
    }
    return blocks + claims.filter { !$0.holds }.map { "claim \($0.claim.id): \(subject), seed \(seed)" }
  }

  // MARK: Text

  /// A table of blocks and methods.
  public var text: String {
    var text = "\(subject), seed \(seed)\n\n" + blockTable.text
    for remark in remarks { text += remark + "\n" }
    if !claims.isEmpty { text += "\n" + claimTable.text }
    let count = failures.count
    return text + "\n" + (count == 0 ? "All checks passed.\n" : "\(count) check\(count == 1 ? "" : "s") FAILED.\n")
  }

  private var routes: [Route] { Route.allCases.filter { route in rows.contains { $0.steps[route] != nil } } }

  private var blockTable: Table {
    let exact = methods.filter { $0 != .finiteDifferences }
    var columns = [Table.Column("block")]
    columns += routes.map { Table.Column("steps, \($0.rawValue)") }
    columns += exact.map { Table.Column($0.rawValue) }
    columns.append(Table.Column("finite differences"))
    let cells = rows.map { row -> [Table.Cell] in
      var cells: [Table.Cell] = [.text("\(row.row), \(row.column)")]
      cells += routes.map { row.steps[$0].map { .exact("\($0)") } ?? .empty }
      cells += exact.map { method in .verdict(!row.failures.contains(method), "") }
      let agrees = !row.failures.contains(.finiteDifferences)
      cells.append(.verdict(agrees, Self.disagreement(row.finiteDifference)))
      return cells
    }
    return Table(name: "verification", caption: "", columns: columns, rows: cells)
  }

  /// Digits of rounding errors say nothing: powers of ten.
  private static func disagreement(_ value: Double) -> String {
    for exponent in -15...(-1) where value < Double("1e\(exponent)") ?? 0 { return "< 1e\(exponent)" }
    return "\(value)"
  }

  private var claimTable: Table {
    Table(
      name: "claims", caption: "Printed blocks compared with the derived ones, d = d_V",
      columns: [Table.Column("claim"), Table.Column("equal"), Table.Column("reading")],
      rows: claims.map { [.text($0.claim.id), .verdict($0.holds, ""), .text($0.claim.reading)] })
  }

  // MARK: JSON

  /// The whole result in one object.
  public var json: JSONValue {
    [
      "schema": "hessian.verify/1", "subject": .string(subject), "seed": .string("\(seed)"),
      "holds": .boolean(failures.isEmpty), "methods": .array(methods.map { .string($0.rawValue) }),
      "remarks": .array(remarks.map { .string($0) }), "blocks": .array(rows.map(json)),
      "claims": .array(
        claims.map { claim in
          [
            "id": .string(claim.claim.id), "holds": .boolean(claim.holds), "points": .integer(claim.points),
            "reading": .string(claim.claim.reading),
          ]
        }),
      "failures": .array(failures.map { .string($0) }),
    ]
  }

  private func json(_ row: Row) -> JSONValue {
    let steps = routes.compactMap { route in
      row.steps[route].map { JSONValue.Member(route.rawValue, .integer($0)) }
    }
    return [
      "row": .string(row.row), "column": .string(row.column), "steps": .object(steps),
      "failures": .array(row.failures.map { .string($0.rawValue) }),
      "finite_difference": .double(row.finiteDifference),
    ]
  }
}
