import Arithmetic
import Formulas
import TensorFiles
import Typesetting

extension SpectrumStudy {
  /// The study as a person reads it in a terminal.
  ///
  /// - Parameters:
  ///   - title: what the spectrum is of, such as `H of the mean-square loss`.
  ///   - subject: the instance.
  public func text(title: String, subject: String) -> String {
    let size = "\(rows)×\(columns)"
    let values = isOffDiagonal ? "singular values" : "eigenvalues"
    let method =
      isDense
      ? "all \(values) by LAPACK, the matrix from \(products) products"
      : "matrix-free, \(products) products with vectors; Lanczos iteration"
    var lines = ["Spectrum of \(title)", subject, "\(size), \(method)", "", normLine, ""]
    lines.append(endTable.text.trimmedNewline)
    if (largest + smallest).contains(where: { ($0.residual ?? 0) > options.tolerance * norm.value }), converged {
      lines.append(
        "eigenvalues within \((options.nearZero * norm.value).text(significantDigits: 2)) of zero are not resolved further "
          + "(--tolerance)")
    }
    lines += ["", momentLine]
    if let shares { lines.append(shareLine(shares)) }
    if let density { lines += [""] + densityLines(density) }
    if !blocks.isEmpty { lines += ["", blockTable.text.trimmedNewline] }
    if !converged { lines += ["", convergenceRemark] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the norm is known to be.
  var normLine: String {
    let value = "‖\(isOffDiagonal ? "B" : "H")‖₂ ≈ \(norm.value.text(significantDigits: 10))"
    guard let residual = norm.residual else { return value + ", by LAPACK: an estimate, not a bound" }
    return value + ", an estimate from below, not a bound; residual \(residual.text(significantDigits: 2))"
  }

  /// The eigenvalues at both ends, each with its residual.
  var endTable: Table {
    func cells(_ values: [Value], _ index: Int) -> [Table.Cell] {
      guard index < values.count else { return isDense ? [.empty] : [.empty, .empty] }
      let value = Table.Cell.estimate(isRounding(values[index]) ? 0 : values[index].value, digits: 9)
      return isDense ? [value] : [value, values[index].residual.map { .estimate($0, digits: 2) } ?? .empty]
    }
    var columns = [Table.Column("k")]
    for (name, isShown) in [
      (isOffDiagonal ? "largest singular values" : "largest λ", true), ("smallest λ", !isOffDiagonal),
    ] {
      guard isShown else { continue }
      columns.append(Table.Column(name))
      if !isDense { columns.append(Table.Column("residual")) }
    }
    let rows = (0..<max(largest.count, smallest.count)).map { index in
      [.exact("\(index + 1)")] + cells(largest, index) + (isOffDiagonal ? [] : cells(smallest, index))
    }
    return Table(name: "ends", caption: "", columns: columns, rows: rows)
  }

  /// Whether nothing but rounding errors tells a value from zero.
  private func isRounding(_ value: Value) -> Bool {
    abs(value.value) <= max(value.residual ?? 0, 1e-14 * norm.value)
  }

  private var momentLine: String {
    let frobenius = "‖\(isOffDiagonal ? "B" : "H")‖_F ≈ \(Self.text(frobeniusNorm))"
    let parts = [trace.map { "tr H ≈ \(Self.text($0))" }, frobenius].compactMap { $0 }.joined(separator: ", ")
    guard !isDense else { return parts }
    return parts + " (\(options.density?.probes ?? Self.momentProbes) random vectors, ± their standard error)"
  }

  private func shareLine(_ shares: Shares) -> String {
    func percent(_ share: SampleEstimate) -> String {
      let error = share.standardError.map { $0 == 0 ? "" : " ± \((100 * $0).text(decimals: 1))" } ?? ""
      return "\((100 * share.value).text(decimals: 1))\(error) %"
    }
    return "eigenvalues: \(percent(shares.negative)) negative, \(percent(shares.zero)) within "
      + "\(shares.threshold.text(significantDigits: 2)) of zero, \(percent(shares.positive)) positive"
  }

  /// An estimate with its standard error, in as many digits as tell.
  static func text(_ estimate: SampleEstimate) -> String {
    guard let error = estimate.standardError, error > 1e-12 * abs(estimate.value) else {
      return estimate.value.text(significantDigits: 8)
    }
    var (digits, ratio) = (2, abs(estimate.value) / error)
    while ratio >= 10, digits < 10 { (digits, ratio) = (digits + 1, ratio / 10) }
    return "\(estimate.value.text(significantDigits: digits)) ± \(error.text(significantDigits: 2))"
  }

  // MARK: Density and blocks

  /// The density as a line of bars on a logarithmic scale.
  private func densityLines(_ density: SpectralDensity) -> [String] {
    guard let first = density.points.first, let last = density.points.last else { return [] }
    let cells = 72, floor = densityFloor(density)
    let bars = Array(" ▁▂▃▄▅▆▇█")
    let peak = density.points.map(\.density.value).max() ?? 0
    let line = (0..<cells).map { cell -> Character in
      let range = (cell * density.points.count / cells)..<max((cell + 1) * density.points.count / cells, 1)
      let value = density.points[range].map(\.density.value).max() ?? 0
      guard value > floor, peak > floor else { return bars[0] }
      return bars[1 + Int((logarithm(value / floor) / logarithm(peak / floor) * 7).rounded())]
    }
    let (low, high) = (first.eigenvalue.text(significantDigits: 3), last.eigenvalue.text(significantDigits: 3))
    let gap = String(repeating: " ", count: max(1, cells - low.count - high.count))
    let source: String
    if let quadrature = options.density, !density.isExact {
      let error = density.largestError.map { ", shares ± \($0.text(significantDigits: 2))" } ?? ""
      source = "\(quadrature.probes) vectors of \(quadrature.steps) steps\(error)"
    } else {
      source = "all eigenvalues"
    }
    return [
      "density, logarithmic, σ = \(density.width.text(significantDigits: 3)); \(source)",
      String(line), low + gap + high,
    ]
  }

  /// A tenth of what one eigenvalue adds at its place.
  func densityFloor(_ density: SpectralDensity) -> Double { 0.04 / (density.width * Double(max(rows, 1))) }

  /// The ends of every block on and above the diagonal.
  var blockTable: Table {
    func end(_ value: Value) -> Table.Cell {
      .estimate(isRounding(value) ? 0 : value.value, digits: 6)
    }
    return Table(
      name: "blocks", caption: "",
      columns: [
        Table.Column("block"), Table.Column("smallest λ"), Table.Column("largest λ"), Table.Column("‖·‖₂"),
        Table.Column("residual"),
      ],
      rows: blocks.map { block in
        [
          .text("\(block.row.shortName),\(block.column.shortName)"),
          block.ends.map { end($0.smallest) } ?? .empty,
          block.ends.map { end($0.largest) } ?? .empty, .estimate(block.norm.value, digits: 6),
          block.norm.residual.map { .estimate($0, digits: 2) } ?? .empty,
        ]
      })
  }

  /// Why the numbers are not what was asked for.
  public var convergenceRemark: String {
    "Lanczos iteration did not converge in \(options.products) products: values are only as good as their residuals, "
      + "and eigenvalues beyond them may be missing"
  }
}

extension String {
  /// Without the line feed at the end.
  fileprivate var trimmedNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
