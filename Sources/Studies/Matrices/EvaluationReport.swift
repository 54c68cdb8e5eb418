import Contraction
import Arithmetic
import Formulas
import TensorFiles
import Typesetting

/// A value at an instance with what it is: as text for a person, or as JSON.
public struct EvaluationReport<S: ReportedScalar> {
  /// What is evaluated.
  public enum Selection: Hashable, Sendable {
    case loss
    case gradient
    case hessian(HessianPart)
    case block(Symbol, Symbol, HessianPart)
  }

  public let instance: LayerInstance
  public let layout: ParameterLayout
  public let selection: Selection
  /// The value: 1×1 for the loss, a column for the gradient.
  public let value: Matrix<S>

  /// Evaluates what is selected.
  ///
  /// - Errors: a value that is undefined, too large to compute, or not finite.
  public init(_ evaluation: LossEvaluation<S>, _ selection: Selection) throws(LossEvaluationError) {
    instance = evaluation.instance
    layout = evaluation.layout
    self.selection = selection
    let value: Matrix<S>
    switch selection {
    case .loss: value = Matrix(try evaluation.loss())
    case .gradient: value = try evaluation.gradient()
    case .hessian(let part): value = try evaluation.hessian(part)
    case .block(let row, let column, let part): value = try evaluation.block(row, column, part)
    }
    self.value = try value.requiringFinite()
  }

  // MARK: JSON

  /// The whole result in one object.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", "hessian.evaluate/1"), .init("kernel", .string(instance.kernel.rawValue)),
      .init("loss", .string(instance.loss.rawValue)), .init("exact", .boolean(S.isExact)),
      .init("samples", .array(instance.samples.indices.map { Self.json(instance.sizes(ofSample: $0)) })),
      .init("parameters", .array(layout.entries.map(Self.json))),
    ]
    switch selection {
    case .loss: members += [.init("quantity", "loss"), .init("value", value.scalar.json)]
    case .gradient:
      members += [.init("quantity", "gradient"), .init("value", .array(value.entries.map(\.json)))]
    case .hessian(let part):
      members += [.init("quantity", "hessian"), .init("part", .string(part.rawValue)), .init("value", value.json)]
    case .block(let row, let column, let part):
      members += [
        .init("quantity", "hessian"), .init("part", .string(part.rawValue)),
        .init("block", [.string(row.name), .string(column.name)]), .init("value", value.json),
      ]
    }
    return .object(members)
  }

  private static func json(_ sizes: LayerSizes) -> JSONValue {
    [
      "L": .integer(sizes.sequenceLength), "d": .integer(sizes.width), "d_K": .integer(sizes.keyWidth),
      "d_V": .integer(sizes.valueWidth), "d_O": .integer(sizes.outputWidth),
    ]
  }

  private static func json(_ entry: ParameterLayout.Entry) -> JSONValue {
    [
      "name": .string(entry.symbol.name), "rows": .integer(entry.rows), "columns": .integer(entry.columns),
      "offset": .integer(entry.offset),
    ]
  }

  // MARK: Text

  /// The widest matrix that is printed in text.
  private static var widest: Int { 12 }

  /// A heading, the value where it is small, and norms.
  ///
  /// - Errors: those of LAPACK.
  public func text() throws(LinearAlgebraError) -> String {
    var text = "\(title) of the \(instance.loss.rawValue) loss, \(instance.kernel.rawValue) kernel, \(sizes)\n"
    switch selection {
    case .loss: return text + "\(value.scalar.isFiniteNumber && S.isExact ? "=" : "≈") \(shortText(value.scalar))\n"
    case .gradient:
      text += "\(value.rows) entries: \(order)\n\n" + gradientTable.text
    case .hessian:
      text += "\(value.rows)×\(value.columns), rows and columns: \(order)\n\n" + matrixText
      text += try blockTable().text
      text += "\n‖H‖₂ ≈ \(shortText(try LinearAlgebra.symmetricSpectralNorm(of: estimates)))\n"
    case .block:
      text += "\(value.rows)×\(value.columns)\n\n" + matrixText
      text += "‖·‖₂ ≈ \(shortText(try LinearAlgebra.largestSingularValue(of: estimates)))\n"
    }
    return text
  }

  private var title: String {
    func name(_ part: HessianPart, _ suffix: String) -> String {
      switch part {
      case .outer: "Outer-product part H_o\(suffix)"
      case .functional: "Functional part H_f\(suffix)"
      case .both: "Hessian H\(suffix)"
      }
    }
    switch selection {
    case .loss: return "Value"
    case .gradient: return "Gradient"
    case .hessian(let part): return name(part, "")
    case .block(let row, let column, let part): return name(part, "(\(row.name), \(column.name))")
    }
  }

  private var sizes: String {
    let first = "\(instance.sizes())"
    return instance.samples.count == 1 ? first : "\(instance.samples.count) samples, the first with \(first)"
  }

  private var order: String {
    layout.entries.map { "\($0.symbol.name) \($0.range.lowerBound)–\($0.range.upperBound - 1)" }.joined(separator: ", ")
  }

  private var estimates: Matrix<Double> { value.map(\.estimate) }

  private var matrixText: String {
    guard value.columns <= Self.widest, value.rows <= 4 * Self.widest else {
      return "(the entries: --format csv or json)\n\n"
    }
    let columns = (0..<value.columns).map { Table.Column("\($0)", alignment: .right) }
    let rows = (0..<value.rows).map { i in value.row(i).map(\.cell) }
    return Table(name: "entries", caption: "", columns: columns, rows: rows).text + "\n"
  }

  private var gradientTable: Table {
    let rows = layout.entries.flatMap { entry in
      entry.range.prefix(4 * Self.widest).map { index -> [Table.Cell] in
        let (row, column) = ((index - entry.offset) / entry.columns, (index - entry.offset) % entry.columns)
        return [.text("\(entry.symbol.name)[\(row)][\(column)]"), value.entries[index].cell]
      }
    }
    let isWhole = rows.count == value.rows
    return Table(
      name: "gradient", caption: isWhole ? "" : "The first entries of each matrix (all: --format csv or json)",
      columns: [Table.Column("entry"), Table.Column("∂ℓ", alignment: .right)], rows: rows)
  }

  /// The spectral norms of the blocks.
  private func blockTable() throws(LinearAlgebraError) -> Table {
    let estimates = estimates
    var rows: [[Table.Cell]] = []
    for row in layout.entries {
      var cells: [Table.Cell] = [.text(row.symbol.name)]
      for column in layout.entries {
        let block = estimates.submatrix(rows: row.range, columns: column.range)
        cells.append(.estimate(try LinearAlgebra.largestSingularValue(of: block), digits: 6))
      }
      rows.append(cells)
    }
    let columns = [Table.Column("block norms ‖·‖₂")] + layout.entries.map { Table.Column($0.symbol.name) }
    return Table(name: "blocks", caption: "", columns: columns, rows: rows)
  }

  private func shortText(_ number: some ReportedScalar) -> String {
    let exact = number.csv
    return type(of: number).isExact ? exact : Self.sixDigits(number.estimate)
  }

  private static func sixDigits(_ number: Double) -> String {
    guard let exact = Rational(exactly: number) else { return DecimalText.seventeenDigits(number) }
    return exact.decimal(significantDigits: 6, rounding: .nearest)
  }
}
