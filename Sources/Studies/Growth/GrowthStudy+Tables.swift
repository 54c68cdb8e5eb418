import Arithmetic
import Formulas
import Transformers
import Typesetting

extension GrowthStudy {
  /// The measured slope, its interval, the exact power and the printed one of each part of each block.
  public var table: Table {
    table(
      caption: "Growth of the blocks of the Hessian with the data scale `σ`: \(subject); \(targetRemark). Slopes of "
        + "`log ‖·‖₂` against `log σ` by least squares over \(fitRange), with half widths at 95 % from residuals and "
        + "draws; the local slope between the two least scales; the exact order of vanishing; the power printed in the "
        + "literature.")
  }

  func table(caption: String) -> Table {
    var table = Table(
      name: "growth-\(kernel.rawValue)", caption: caption,
      columns: [
        .init("block", alignment: .left), .init("slope"), .init("±", key: "half_width"),
        .init("local", key: "local_slope"), .init("exact", key: "exact", alignment: .right),
        .init("printed", key: "printed", alignment: .right), .init("verdict", alignment: .left),
      ])
    for row in rows {
      table.append([
        .typeset(row.block.latex, text: row.block.description),
        row.fit.map { .estimate($0.slope, digits: 4) } ?? .empty,
        row.fit?.halfWidth.map(Self.halfWidth) ?? .empty,
        row.localSlope.map { .estimate($0, digits: 4) } ?? .empty, Self.cell(row.exponents),
        row.printed.map { .exact("\($0)") } ?? .empty, Self.verdict(row),
      ])
    }
    return table
  }

  /// The geometric mean over the draws of the norm of each part of each block, a line for each scale.
  public var normTable: Table {
    var table = Table(
      name: "growth-\(kernel.rawValue)-norms",
      caption: "Spectral norms of the blocks of the Hessian at each data scale `σ`, geometric means over the draws: "
        + "\(subject); \(targetRemark).",
      columns: [.init("σ", key: "sigma")] + measuredRows.map { .init($0.block.description, key: $0.block.description) })
    let norms = measuredRows.map(\.norms)
    for (index, scale) in scales.enumerated() {
      table.append(
        [.estimate(Double(scale), digits: 4)] + norms.map { $0[index].map { .estimate($0, digits: 6) } ?? .empty })
    }
    return table
  }

  /// The rows that are not zero at every scale.
  var measuredRows: [Row] { rows.filter { $0.norms.contains { $0 != nil } } }

  /// The scales that the fit is over.
  var fitRange: String {
    let text = [scales[0], scales[fittedScales - 1]].map { scale -> String in
      let parts = Double(scale).text(significantDigits: 3).split(separator: "e")
      var mantissa = parts[0]
      while mantissa.contains("."), let last = mantissa.last, "0.".contains(last) {
        mantissa.removeLast()
        if last == "." { break }
      }
      return parts.count == 2 ? "\(mantissa)e\(parts[1])" : String(mantissa)
    }
    return "\(fittedScales) scales from \(text[0]) to \(text[1])"
  }

  var targetRemark: String {
    switch targetPower {
    case nil: "data `σX`, target fixed"
    case 0?: "data `σX`, target not scaled, as the output is not"
    case 1?: "data `σX`, target `σY`, scaled like the output"
    case let power?: "data `σX`, target scaled like the output, with power \(power) of `σ`"
    }
  }

  private static func cell(_ exponents: [GrowthExponent]) -> Table.Cell {
    var distinct: [GrowthExponent] = []
    for exponent in exponents where !distinct.contains(exponent) { distinct.append(exponent) }
    return distinct.count == 1 ? distinct[0].cell : .text(distinct.map(\.description).joined(separator: ", "))
  }

  /// Half widths of the size of rounding errors say nothing more.
  private static func halfWidth(_ value: Double) -> Table.Cell {
    value < 1e-9 ? .below(exponent: -9) : .estimate(value, digits: 2)
  }

  private static func verdict(_ row: Row) -> Table.Cell {
    if row.agrees == false { return .verdict(false, "not asymptotic") }
    switch row.confirmsPrinted {
    case true?: return .verdict(true, "as printed")
    case false?: return .verdict(false, "not as printed")
    case nil: return row.agrees == true ? .verdict(true, "") : .empty
    }
  }
}
