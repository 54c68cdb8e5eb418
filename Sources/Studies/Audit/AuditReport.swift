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
    return try audit.entries.map(text).joined() + "\n\(audit.entries.count) claims: \(counts).\n"
  }

  /// One claim: its name, verdict, title and source, and below what the verdict rests on.
  private func text(_ entry: Audit.Entry) throws -> String {
    let claim = entry.claim, width = audit.entries.map(\.claim.id.count).max() ?? 0
    let name = claim.id.padding(to: width), verdict = entry.verdict.name.rawValue.padding(to: Self.verdictWidth)
    let indent = String(repeating: " ", count: width + 2)
    var lines = ["\(name)  \(verdict)  \(claim.title) \(claim.citation)"]
    lines.append(indent + (try Self.evidence(entry) + found(entry) + breaks(of: claim)).filter { $0 != "`" })
    if entry.verdict.name == .refuted, case .string(let bound) = Self.replacement(entry), bound.count <= Self.shortBound
    {
      lines.append(indent + "proven instead: \(claim.replacement == nil ? "at most " : "")\(bound)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static let verdictWidth = ClaimVerdict.Name.allCases.map(\.rawValue.count).max() ?? 0
  /// Longer bounds are in the document and in JSON.
  private static let shortBound = 100

  public func csv() throws -> String { try table().csv }

  /// The fragment of `tables/claims.tex`.
  public func latex() throws -> String {
    try table().latex(provenance: Documents.provenance("audit --format latex"))
  }

  // MARK: The table

  func table() throws -> Table {
    let columns: [Table.Column] = [
      .init("claim", alignment: .left), .init("about", alignment: .paragraph(10)),
      .init("source", alignment: .paragraph(5.5)),
      .init("verdict", alignment: .left), .init("evidence", alignment: .paragraph(12)),
    ]
    var table = Table(
      name: "claims",
      caption:
        "The printed statements under audit. Proven: by a chain of laws. Checked: equal at random points of a prime "
        + "field, or slopes in floating point. Refuted: at a point given by fractions; the quotient of left and right side is "
        + "certified and rounded down.",
      columns: columns, isLong: true)
    for entry in audit.entries {
      let claim = entry.claim
      let evidence = try Self.evidence(entry) + found(entry) + breaks(of: claim)
      let row: [Table.Cell] = [
        .text(claim.id), .typeset(LaTeX.prose(claim.title), text: claim.title),
        .typeset(claim.citation.latex, text: claim.citation.description), .text(entry.verdict.name.rawValue),
        .typeset(LaTeX.prose(evidence), text: evidence.filter { $0 != "`" }),
      ]
      table.append(row)
    }
    return table
  }

  /// The largest quotients that were found, by sequence length.
  private func found(_ entry: Audit.Entry) -> String {
    guard case .refuted(let refutation) = entry.verdict, let summary = refutation.summary else { return "" }
    let ratios = summary.ratiosByLength
    if ratios.count > 1, ratios.allSatisfy({ $0.ratio == ratios[0].ratio }) {
      let lengths = ratios.map { "\($0.length)" }.joined(separator: ", ")
      return "; found \(ratios[0].ratio) at L = \(lengths) (estimates)"
    }
    let found = ratios.map { "\($0.ratio) at L = \($0.length)" }
    return found.count < 2 ? "" : "; found up to \(found.joined(separator: ", ")) (estimates)"
  }

  /// Where the printed proof breaks.
  private func breaks(of claim: Claim) -> String {
    let steps = audit.brokenSteps(of: claim).map(\.claim.id)
    return steps.isEmpty ? "" : "; the printed proof breaks at \(steps.joined(separator: ", "))"
  }

  /// What the verdict rests on, in a few words.
  static func evidence(_ entry: Audit.Entry) throws -> String {
    switch entry.verdict {
    case .proven(let proof):
      return proof.steps == 0 ? "by form" : "\(proof.steps) step\(proof.steps == 1 ? "" : "s") by laws"
    case .checked(.identity(let check)):
      let sizes = check.sizes.map(Self.sizes).joined(separator: "; ")
      return
        "equal at \(check.points) points each for \(sizes); chance of an error below `2\(Self.superscript(check.failureExponent))`"
    case .checked(.growth(let check)):
      return
        "slopes within 0.01 of \(Int(check.exponent.rounded())) at \(check.points) points, \(Self.sizes(check.sizes)), in "
        + "floating point"
    case .refuted(let refutation):
      let sizes = Self.sizes(refutation.witness.point.sizes)
      guard let ratio = refutation.ratio else { return "right side 0, left side positive at \(sizes)" }
      return "left/right at least \(ratio.decimal(significantDigits: 5, rounding: .down)) at \(sizes)"
    case .undecided(let tried): return tried
    }
  }

  /// `⁻¹²` for −12.
  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (number < 0 ? "⁻" : "")
      + String(number.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }.map(String.init).joined()
  }

  /// `L = 2, d_K = 4`.
  static func sizes(_ sizes: [String: Int]) -> String { SizeTuple.text(sizes) }

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
      "evidence": .string(try Self.evidence(entry).filter { $0 != "`" }), "details": try details(entry),
      "broken_steps": .array(broken),
      "proven_instead": Self.replacement(entry),
    ]
  }

  /// The proven bound, the parts of the claim by their names, or the claim that holds in its place.
  private static func replacement(_ entry: Audit.Entry) -> JSONValue {
    if let other = entry.claim.replacement { return .string(other) }
    guard let bound = entry.repair?.bound else { return .null }
    let named = entry.claim.names.reduce(bound) { bound, part in
      bound.replacing([part.formula: .symbol(part.text, part.formula.shape.rows, part.formula.shape.columns)])
    }
    return .string("\(named)")
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
        "estimates_by_length": .array(
          (refutation.summary?.ratiosByLength ?? []).map {
            ["length": .integer($0.length), "ratio": .string($0.ratio)]
          }),
      ]
    case .undecided: return .null
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
