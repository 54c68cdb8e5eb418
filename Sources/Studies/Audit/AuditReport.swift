import Arithmetic
import Formulas
import TensorFiles
import Transformers
import Typesetting

/// An audit as it is read: a table, and the whole as JSON.
public struct AuditReport: Sendable {
  public let audit: Audit

  public init(_ audit: Audit) { self.audit = audit }

  /// The claims, their verdicts and what these rest on.
  public func text() throws -> String {
    let counts = ClaimVerdict.Name.allCases.map { "\(audit.count($0)) \($0.rawValue)" }.joined(separator: ", ")
    return try table(withTime: true).text + "\n\(audit.entries.count) claims: \(counts).\n"
  }

  public func csv() throws -> String { try table(withTime: true).csv }

  /// The fragment of `tables/claims.tex`.
  public func latex() throws -> String {
    try table(withTime: false).latex(provenance: Documents.provenance("audit --format latex"))
  }

  // MARK: The table

  /// - Parameter withTime: whether a column says how long each verdict took.
  func table(withTime: Bool) throws -> Table {
    var columns: [Table.Column] = [
      .init("claim", alignment: .left), .init("about", alignment: .paragraph(13)), .init("source", alignment: .left),
      .init("verdict", alignment: .left), .init("evidence", alignment: .paragraph(16)),
    ]
    if withTime { columns.append(.init("seconds")) }
    var table = Table(
      name: "claims",
      caption: "The printed statements under audit. Proven: by a chain of laws. Checked: equal at random points of the field "
        + "with `2⁶¹-1` elements, or slopes in floating point. Refuted: at a point given by fractions, the quotient of left "
        + "and right side certified and rounded down. The document audit.tex gives statements, witnesses and proofs.",
      columns: columns, isLong: true)
    for entry in audit.entries {
      let claim = entry.claim
      let evidence = try Self.evidence(entry)
      var row: [Table.Cell] = [
        .text(claim.id), .typeset(LaTeX.prose(claim.title), text: claim.title),
        .typeset(claim.citation.latex, text: claim.citation.description), .text(entry.verdict.name.rawValue),
        .typeset(LaTeX.prose(evidence), text: evidence),
      ]
      if withTime { row.append(.estimate(entry.duration.seconds, digits: 2)) }
      table.append(row)
    }
    return table
  }

  /// What the verdict rests on, in a few words.
  static func evidence(_ entry: Audit.Entry) throws -> String {
    switch entry.verdict {
    case .proven(let proof):
      return proof.steps == 0 ? "by form" : "\(proof.steps) step\(proof.steps == 1 ? "" : "s") by laws"
    case .checked(.identity(let check)):
      let sizes = check.sizes.map(Self.sizes).joined(separator: "; ")
      return "equal at \(check.points) points each for \(sizes); chance of an error below 2^\(check.failureExponent)"
    case .checked(.growth(let check)):
      return "slopes within 0.01 of \(Int(check.exponent.rounded())) at \(check.points) points, \(Self.sizes(check.sizes)), in "
        + "floating point"
    case .refuted(let refutation):
      let sizes = Self.sizes(refutation.witness.point.sizes)
      guard let ratio = refutation.ratio else { return "right side 0, left side positive, \(sizes)" }
      return "left/right at least \(ratio.decimal(significantDigits: 5, rounding: .down)), \(sizes)"
    case .undecided(let tried): return tried
    }
  }

  /// `L = 2, d_K = 4`.
  static func sizes(_ sizes: [String: Int]) -> String {
    sizes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
  }

  // MARK: JSON

  /// The whole result in one object.
  public func json() throws -> JSONValue {
    [
      "schema": "hessian.audit/1",
      "verdicts": .object(ClaimVerdict.Name.allCases.map { .init($0.rawValue, .integer(audit.count($0))) }),
      "claims": .array(try audit.entries.map(json)),
    ]
  }

  private func json(_ entry: Audit.Entry) throws -> JSONValue {
    let claim = entry.claim
    let broken = audit.brokenSteps(of: claim).map { JSONValue.string($0.claim.id) }
    return [
      "id": .string(claim.id), "title": .string(claim.title), "kind": .string(claim.kind.rawValue),
      "source": .string(claim.citation.description), "hypotheses": .array(claim.hypotheses.map { .string($0) }),
      "reading": .string(claim.reading), "verdict": .string(entry.verdict.name.rawValue),
      "evidence": .string(try Self.evidence(entry)), "details": try details(entry),
      "broken_steps": .array(broken),
      "proven_instead": entry.repair.map { .string("\($0.bound)") } ?? .null,
      "seconds": .double(entry.duration.seconds),
    ]
  }

  private func details(_ entry: Audit.Entry) throws -> JSONValue {
    switch entry.verdict {
    case .proven(let proof):
      return [
        "steps": .integer(proof.steps), "laws": .array(proof.laws.map { .string($0.id.rawValue) }),
        "bound": .string("\(proof.proof.judgement.right)"),
      ]
    case .checked(.identity(let check)):
      return ["points": .integer(check.points), "failure_exponent": .integer(check.failureExponent)]
    case .checked(.growth(let check)):
      return ["exponent": .double(check.exponent), "slopes": .array(check.slopes.map { .double($0) })]
    case .refuted(let refutation):
      return [
        "witness": refutation.witness.json, "left": try refutation.certification.left.json(),
        "right": try refutation.certification.right.json(),
        "ratio": refutation.ratio.map { .string($0.decimal(significantDigits: 6, rounding: .down)) } ?? .null,
        "precision": refutation.certification.precision.map { .integer($0) } ?? .null,
      ]
    case .undecided: return .null
    }
  }
}

extension Duration {
  /// The number of seconds.
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
