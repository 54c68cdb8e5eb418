import Arithmetic
import Evaluation
import Formulas
import Transformers
import Typesetting

extension BoundTightness {
  /// What is certain of one bound.
  public struct Certificate: Sendable {
    public let entry: Entry
    /// Norm and bound at the point; `nil` where there is no point.
    public let certification: Certification?
    /// A number that norm/bound is at least there.
    public let ratio: Rational?
    /// Whether norm and bound are equal there.
    public let isReached: Bool

    init(_ entry: Entry) throws {
      self.entry = entry
      guard let witness = entry.witness else {
        (certification, ratio, isReached) = (nil, nil, false)
        return
      }
      let statement = witness.statement
      let certification = try Certification(statement, at: witness.point, precisionLimit: BoundTightness.precision)
      if certification.verdict == .refuted {
        throw MeasurementError("the bound of \(entry.statement.id) does not hold at the point of its file")
      }
      self.certification = certification
      let converse = try Certification(
        Judgement(statement.right, .atMost, statement.left), at: witness.point, precisionLimit: BoundTightness.precision
      )
      isReached = converse.verdict == .proven && certification.verdict == .proven
      ratio = isReached ? 1 : try certification.ratioLowerBound
    }
  }

  fileprivate static let precision = 256
  /// From this quotient on a bound counts as reached, or as approached as closely as one likes.
  private static let sharp = Rational(999, over: 1000)

  /// Certifies every point, without searching.
  ///
  /// - Errors: a bound that is exceeded, which a proof rules out.
  public func certificates() throws -> [Certificate] { try entries.map { try Certificate($0) } }

  /// The tables of quotients, and of the points where a bound is reached.
  public func tables() throws -> [Table] {
    let certificates = try certificates()
    return [Self.table(certificates), Self.instanceTable(certificates)]
  }

  private static func table(_ certificates: [Certificate]) -> Table {
    var table = Table(
      name: "tightness",
      caption:
        "How much of the derived bounds in norms of single matrices is reached: the quotient of the norm and its "
        + "bound at the worst instance that adversarial search found, for the parts `H_o` and `H_f` of each block and "
        + "the block `H`. Certified at the instance and rounded down; 1 where norm and bound are equal there. A "
        + "block without a value for its parts has only one of them.",
      columns: [
        .init("kernel", alignment: .left), .init("block", alignment: .left), .init(.symbol("H_o", 1, 1), key: "H_o"),
        .init(.symbol("H_f", 1, 1), key: "H_f"), .init(.symbol("H", 1, 1), key: "H"),
      ])
    var seen: [(kernel: AttentionKernel, block: String?)] = []
    for certificate in certificates {
      let statement = certificate.entry.statement
      if seen.contains(where: { $0 == (statement.kernel, statement.block) }) { continue }
      seen.append((statement.kernel, statement.block))
      let cells = HessianPart.allCases.map { part in
        certificates.first {
          $0.entry.statement.kernel == statement.kernel && $0.entry.statement.block == statement.block
            && $0.entry.statement.part == part
        }.map(cell) ?? .empty
      }
      table.append([.text(statement.kernel.rawValue), .text(statement.block ?? "all")] + cells)
    }
    return table
  }

  private static func cell(_ certificate: Certificate) -> Table.Cell {
    if certificate.isReached { return .exact("1") }
    return certificate.ratio.map { .lower($0.decimal(significantDigits: 5, rounding: .down)) } ?? .empty
  }

  private static func instanceTable(_ certificates: [Certificate]) -> Table {
    let names = ["X", "W_Q", "W_K", "W_V", "R"]
    var table = Table(
      name: "tightness-instances",
      caption: "Instances at which a derived bound is reached, or nearly so: the quotient of norm and bound, certified "
        + "and rounded down. A matrix that the norm does not depend on is left out.",
      columns: [.init("bound", alignment: .left)]
        + names.map { .init(.symbol($0, 1, 1), key: $0, alignment: .center) } + [.init("quotient")],
      isLong: true)
    for certificate in certificates {
      guard let witness = certificate.entry.witness, let ratio = certificate.ratio, ratio >= sharp else { continue }
      let matrices = names.map { name -> Table.Cell in
        guard let symbol = witness.statement.freeMatrices.first(where: { $0.name == name }),
          let matrix = witness.point[symbol]
        else { return .empty }
        return .typeset(latex(matrix), text: text(matrix))
      }
      table.append([label(certificate.entry.statement)] + matrices + [cell(certificate)])
    }
    return table
  }

  private static func label(_ statement: TightnessStatement) -> Table.Cell {
    .typeset("\(statement.kernel.rawValue) \(LaTeX.prose("`\(statement.name)`"))", text: statement.id)
  }

  private static func latex(_ matrix: Matrix<Rational>) -> String {
    let rows = (0..<matrix.rows).map { row in
      matrix.row(row).map { $0.isInteger ? $0.description : "\($0.numerator)/\($0.denominator)" }.joined(
        separator: " & ")
    }
    return "$\\left(\\begin{smallmatrix} \(rows.joined(separator: " \\\\ ")) \\end{smallmatrix}\\right)$"
  }

  private static func text(_ matrix: Matrix<Rational>) -> String {
    let rows = (0..<matrix.rows).map { row in
      matrix.row(row).map(\.description).joined(separator: " ")
    }
    return "[\(rows.joined(separator: "; "))]"
  }
}
