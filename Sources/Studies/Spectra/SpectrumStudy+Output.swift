import Arithmetic
import Formulas
import TensorFiles
import Typesetting

extension SpectrumStudy {
  /// The whole result in one object.
  public func json(subject: String, part: HessianPart) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", "hessian.spectrum/1"), .init("subject", .string(subject)), .init("part", .string(part.rawValue)),
    ]
    if case .block(let row, let column) = options.subject {
      members.append(.init("block", [.string(row.name), .string(column.name)]))
    }
    members += [
      .init("rows", .integer(rows)), .init("columns", .integer(columns)),
      .init("method", .string(isDense ? "dense" : "matrix-free")), .init("products", .integer(products)),
      .init("converged", .boolean(converged)), .init("tolerance", .double(options.tolerance)),
      .init("near_zero", .double(options.nearZero)),
      .init("norm", Self.json(norm, key: "estimate")), .init("norm_is_a_bound", false),
      .init(isOffDiagonal ? "largest_singular_values" : "largest", .array(largest.map { Self.json($0) })),
    ]
    if !isOffDiagonal { members.append(.init("smallest", .array(smallest.map { Self.json($0) }))) }
    if let trace { members.append(.init("trace", Self.json(trace))) }
    members.append(.init("frobenius_norm", Self.json(frobeniusNorm)))
    if let shares {
      members.append(
        .init(
          "shares",
          [
            "threshold": .double(shares.threshold), "negative": Self.json(shares.negative),
            "zero": Self.json(shares.zero), "positive": Self.json(shares.positive),
          ]))
    }
    if let eigenvalues { members.append(.init("eigenvalues", .array(eigenvalues.map { .double($0) }))) }
    if let density { members.append(.init("density", json(density))) }
    if !blocks.isEmpty { members.append(.init("blocks", .array(blocks.map(Self.json)))) }
    return .object(members)
  }

  private static func json(_ value: Value, key: String = "value") -> JSONValue {
    .object([.init(key, .double(value.value)), .init("residual", value.residual.map { .double($0) } ?? .null)])
  }

  private static func json(_ estimate: SampleEstimate) -> JSONValue {
    [
      "value": .double(estimate.value), "standard_error": estimate.standardError.map { .double($0) } ?? .null,
    ]
  }

  private static func json(_ block: Block) -> JSONValue {
    [
      "block": [.string(block.row.name), .string(block.column.name)],
      "smallest": block.ends.map { json($0.smallest) } ?? .null,
      "largest": block.ends.map { json($0.largest) } ?? .null, "norm": json(block.norm, key: "estimate"),
    ]
  }

  private func json(_ density: SpectralDensity) -> JSONValue {
    let quadrature = density.isExact ? nil : options.density
    return [
      "width": .double(density.width), "exact": .boolean(density.isExact),
      "probes": quadrature.map { .integer($0.probes) } ?? .null,
      "steps": quadrature.map { .integer($0.steps) } ?? .null,
      "distribution": quadrature.map { .string($0.distribution.rawValue) } ?? .null,
      "columns": .array(Self.densityColumns.map { .string($0) }),
      "points": .array(density.points.map { .array(Self.numbers($0).map { $0.isNaN ? .null : .double($0) }) }),
    ]
  }

  private static let densityColumns = ["eigenvalue", "density", "density_error", "cumulative", "cumulative_error"]

  private static func numbers(_ point: SpectralDensity.Point) -> [Double] {
    [
      point.eigenvalue, point.density.value, point.density.standardError ?? .nan, point.cumulative.value,
      point.cumulative.standardError ?? .nan,
    ]
  }

  /// The density where there is one, else all eigenvalues or those at the ends, as comma-separated values.
  public var csv: String {
    if let density {
      return CSVWriter.text(
        header: Self.densityColumns, rows: density.points.map { Self.numbers($0).map { .number($0) } })
    }
    if let eigenvalues {
      return CSVWriter.text(header: ["eigenvalue"], rows: eigenvalues.map { [.number($0)] })
    }
    let ends: [(String, [Value])] =
      isOffDiagonal ? [("largest singular", largest)] : [("largest", largest), ("smallest", smallest)]
    return CSVWriter.text(
      header: ["end", "index", "value", "residual"],
      rows: ends.flatMap { name, values in
        values.enumerated().map { index, value in
          [.text(name), .number(Double(index + 1)), .number(value.value), .number(value.residual ?? .nan)]
        }
      })
  }

  /// The density with marks at the ends; `nil` where none was asked for.
  ///
  /// - Parameters:
  ///   - title: what the spectrum is of.
  ///   - subject: the instance.
  public func figure(title: String, subject: String) -> DensityFigure? {
    guard let density else { return nil }
    let points = density.points.map { point in
      DensityFigure.Point(
        point.eigenvalue, density: point.density.value, error: point.density.standardError ?? 0,
        cumulative: point.cumulative.value)
    }
    let source: String
    if let quadrature = options.density, !density.isExact {
      source = "\(quadrature.probes) random vectors, \(quadrature.steps) Lanczos steps each, band ± standard error"
    } else {
      source = "all \(rows) eigenvalues"
    }
    return DensityFigure(
      title: "Spectrum of \(title)",
      subtitle: "\(subject)\n\(source); σ = \(density.width.text(significantDigits: 3)); triangles: the ends",
      summary: "The density of the eigenvalues on a logarithmic axis, the share of eigenvalues below each number, and "
        + "marks at the smallest and the largest eigenvalues. Floating-point estimates.",
      abscissaLabel: "eigenvalue λ", densityLabel: "density", cumulativeLabel: "share below",
      points: points, marks: (smallest + largest.reversed()).map(\.value), floor: densityFloor(density))
  }
}
