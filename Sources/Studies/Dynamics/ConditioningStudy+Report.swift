import Arithmetic
import TensorFiles
import Transformers
import Typesetting

extension ConditioningStudy: StudyReport {
  public static let command = "conditioning"
  public var dataDigest: String { real?.digest ?? "" }

  public var tables: [Table] {
    [conditionTable, readoutTable, layerTable] + (real.map { [Self.table(of: $0)] } ?? [])
  }

  public var text: String { "Conditioning \(name)\n\n" + tables.map(\.text).joined(separator: "\n") }

  /// Everything as one object, without times.
  public var json: JSONValue {
    [
      "schema": "hessian.conditioning/1", "name": .string(name), "configuration": configuration.source,
      "points": .array(
        points.map { point in
          [
            "kernel": .string(point.kernel.rawValue), "axis": .string(point.axis.rawValue),
            "scale": .string(point.scale.description), "tokens": .integer(point.tokens), "depth": .integer(point.depth),
            "residual": .boolean(point.hasResidual), "sigma_max": Self.json(point.largest),
            "sigma_min": Self.json(point.least), "condition": Self.json(point.condition),
            "leading_share": Self.json(point.leadingShare),
          ]
        }),
      "readouts": .array(
        linear.map { one in
          [
            "kernel": .string(one.kernel.rawValue), "depth": .integer(one.depth),
            "residual": .boolean(one.hasResidual), "condition_nonzero": Self.json(one.condition),
            "predicted_distance_rate": .double(one.predictedDistance), "steps": .integer(one.steps),
            "distance_decay": one.distanceDecay?.json ?? .null, "loss_decay": one.lossDecay?.json ?? .null,
          ]
        }),
      "layers": .array(
        layers.map { one in
          [
            "kernel": .string(one.kernel.rawValue), "depth": .integer(one.depth),
            "residual": .boolean(one.hasResidual), "condition": Self.json(one.condition),
            "weights": .integer(one.weights), "step_size": .double(one.run.stepSize),
            "losses": .array(
              DescentRun.recorded(upTo: one.run.losses.count - 1).sorted().map { .double(one.run.losses[$0]) }),
            "loss_decay": one.run.decay?.json ?? .null,
          ]
        }),
      "real_layer": real.map { real in
        [
          "layer": .string(real.layer), "sha256": .string(real.digest),
          "matrices": .array(
            real.rows.map { row in
              [
                "name": .string(row.name), "rows": .integer(row.rows), "columns": .integer(row.columns),
                "singular_values": .array(row.values.values.map { .double($0) }),
              ]
            }),
        ]
      } ?? .null,
    ]
  }

  /// Null where it is beyond rounding, or overflows.
  private static func json(_ value: Double) -> JSONValue { value.isFinite ? .double(value) : .null }

  /// The descents on whole layers that diverged, for a person.
  public var diverged: [String] {
    layers.compactMap { one in
      guard case .diverged(let step) = one.run.end else { return nil }
      let residual = one.hasResidual ? "with" : "without"
      return "\(one.kernel.rawValue), depth \(one.depth), \(residual) residual, at step \(step)"
    }
  }

  public static func document(of reports: [ConditioningStudy]) -> LaTeXDocument {
    let names = reports.map(\.name).joined(separator: ", ")
    var document = LaTeXDocument(
      title: "How well conditioned the output of attention is", subtitle: "Configurations: \(names)",
      provenance: "hessian conditioning, \(names)", references: Bibliography.references(["karimi2016", "qin2025"]))
    document.section("What is claimed and what is measured")
    document.append(
      """
      The source~\\cite{qin2025} states that gradient descent on a transformer layer converges linearly under suitable initial
      weights, at a rate set by the smallest and largest singular values of the attention's output; that softmax makes this
      output ill-conditioned; and that the residual connection mends it. The form of the loss, the conditions and the rate are
      not public to us. What is provable is this helper: for $f = \\frac12 \\lVert \\Phi W - Y \\rVert_F^2$ with fixed features
      $\\Phi$, the Hessian is $\\Phi^\\top\\Phi \\otimes I$; gradient descent with the step size $1/\\sigma_{\\max}^2$ multiplies
      the component of $W - W^*$ along the $i$-th right singular vector by $1 - \\sigma_i^2/\\sigma_{\\max}^2$ in each step. The
      distance to the nearest minimiser so is multiplied by at most $1 - \\sigma^2/\\sigma_{\\max}^2$, with the least singular value
      $\\sigma$ that is not zero, and $f - \\min f$ by at most its square~\\cite{karimi2016}. All numbers here are floating-point estimates.

      """)
    for report in reports { report.append(to: &document) }
    return document
  }

  private func append(to document: inout LaTeXDocument) {
    document.section("\(name): singular values")
    document.table(conditionTable)
    for (_, figure) in figures {
      document.figure(caption: figure.summary, pgfplots: figure.pgfplots(provenance: figure.title))
    }
    document.section("\(name): gradient descent")
    document.table(readoutTable, isLandscape: true)
    document.table(layerTable, isLandscape: true)
    if let real {
      document.section("\(name): a trained layer")
      document.table(Self.table(of: real))
    }
  }

  // MARK: Tables

  /// `κ` over the axes, with and without the residual connection.
  public var conditionTable: Table {
    let family = configuration.family
    var table = Table(
      name: "condition-numbers",
      caption:
        "The output of attention layers in sequence, each `A Z W_V` or `Z + A Z W_V`, at random weights of width \(family.width): medians over "
        + "\(family.draws) draws of the condition number `κ = σ_max/σ_min` over all `min(n, D)` singular values and of the share of the "
        + "largest, `σ_max²/Σσ²`, which is 1 for rank one. Scale is that of `W_Q` and `W_K`. Linear attention has no more rank than its "
        + "keys have columns, \(family.keyWidth).",
      columns: [
        .init("kernel", alignment: .left), .init("scale"), .init("tokens"), .init("depth"), .init("`κ`", key: "kappa"),
        .init("with residual", key: "kappa_residual"), .init("share"), .init("with residual", key: "share_residual"),
      ])
    for point in points where !point.hasResidual {
      // The place that all axes share stands once.
      let isShared = point.axis != .scale && point.scale == family.scales[0] && point.tokens == family.lengths[0]
      if isShared, point.depth == family.depths[0] { continue }
      guard let other = partner(of: point) else { continue }
      table.append([
        .text(point.kernel.rawValue), .exact(ExperimentResult.decimal(point.scale)), .exact("\(point.tokens)"),
        .exact("\(point.depth)"), Self.condition(point.condition), Self.condition(other.condition),
        Self.share(point.leadingShare), Self.share(other.leadingShare),
      ])
    }
    return table
  }

  private static func condition(_ value: Double) -> Table.Cell {
    value.isFinite ? .estimate(value, digits: 3) : .text(value.isNaN ? "overflow" : "beyond rounding")
  }

  private static func share(_ value: Double) -> Table.Cell { value.isNaN ? .empty : .estimate(value, digits: 3) }

  /// The same place with the residual connection.
  private func partner(of point: Point) -> Point? {
    points.first {
      $0.hasResidual && $0.kernel == point.kernel && $0.axis == point.axis && $0.scale == point.scale
        && $0.tokens == point.tokens && $0.depth == point.depth
    }
  }

  /// Rates of a last linear map, predicted and measured.
  public var readoutTable: Table {
    var table = Table(
      name: "readouts",
      caption:
        "Gradient descent on a last linear map behind fixed features, those of one draw of \(configuration.family.lengths[0]) tokens at the "
        + "scale \(ExperimentResult.decimal(configuration.family.scales[0])), at the step size `1/σ_max²`: by how much less than 1 the factor of one "
        + "step is, predicted from `κ_+ = σ_max/σ` with the least singular value `σ` that is not zero, and measured over the last half of the "
        + "steps, for the distance to the nearest minimiser also over the third and the last quarter alone; and for `f − min f`, the "
        + "square. Where `κ_+²` is far above the number of steps, the slowest direction has not come to the fore. Empty where the decay is "
        + "lost in rounding.",
      columns: [
        .init("kernel", alignment: .left), .init("depth"), .init("residual", alignment: .left),
        .init("`κ_+`", key: "kappa_nonzero"), .init("distance: predicted", key: "distance_predicted"),
        .init("measured", key: "distance_measured"), .init("third quarter", key: "distance_third_quarter"),
        .init("last quarter", key: "distance_last_quarter"), .init("loss: predicted", key: "loss_predicted"),
        .init("measured", key: "loss_measured"), .init("steps"),
      ])
    for one in linear {
      table.append(
        [
          .text(one.kernel.rawValue), .exact("\(one.depth)"), .text(one.hasResidual ? "yes" : "no"),
          Self.condition(one.condition), .estimate(one.predictedDistance, digits: 3),
        ] + Table.Cell.rates(one.distanceDecay) + [
          .estimate(one.predictedLoss, digits: 3), Table.Cell.rates(one.lossDecay)[0], .exact("\(one.steps)"),
        ])
    }
    return table
  }

  /// Whole layers trained.
  public var layerTable: Table {
    var table = Table(
      name: "layers",
      caption:
        "Gradient descent on all weights of transformer layers, each attention and a feed-forward network, with and without residual "
        + "connections, for a regression on \(configuration.descent.samples) sequences: `κ` of the first attention's output at the start, "
        + "over all samples; the measured factor of the loss over the last half of the steps, the third and the last quarter; how far the loss fell. The step size "
        + "`η` is half the reciprocal of the Hessian's norm at the start, and so differs.",
      columns: [
        .init("kernel", alignment: .left), .init("depth"), .init("residual", alignment: .left), .init("weights"),
        .init("`κ`", key: "kappa"), .init("`η`", key: "step_size"), .init("`1 −` measured", key: "measured"),
        .init("third quarter", key: "third_quarter"), .init("last quarter", key: "last_quarter"), .init("steps"),
        .init("`f_T/f_0`", key: "reduction"),
      ])
    for one in layers {
      let run = one.run
      table.append(
        [
          .text(one.kernel.rawValue), .exact("\(one.depth)"), .text(one.hasResidual ? "yes" : "no"),
          .exact("\(one.weights)"), Self.condition(one.condition), .estimate(run.stepSize, digits: 3),
        ] + Table.Cell.rates(run.decay) + [.text(run.stepsText), .estimate(run.reduction, digits: 3)])
    }
    return table
  }

  private static func table(of real: RealLayerConditioning) -> Table {
    var table = Table(
      name: "trained-layer",
      caption:
        "Singular values of the trained layer \(real.layer) at its true input: of the input, of each head's output, of all heads behind "
        + "their output matrix, and of that with the residual connection.",
      columns: [
        .init("matrix", alignment: .left), .init("rows"), .init("columns"), .init("`σ_max`", key: "sigma_max"),
        .init("`σ_min`", key: "sigma_min"), .init("`κ`", key: "kappa"), .init("share"),
      ])
    for row in real.rows {
      table.append([
        .prose(row.name), .exact("\(row.rows)"), .exact("\(row.columns)"), .estimate(row.values.largest, digits: 4),
        .estimate(row.values.least, digits: 4), condition(row.values.condition),
        .estimate(row.values.leadingShare, digits: 3),
      ])
    }
    return table
  }

  // MARK: Figures

  public var figures: [(name: String, figure: any Figure)] {
    var found: [(name: String, figure: any Figure)] = Axis.allCases.compactMap { axis in
      figure(along: axis).map { ("condition-\(axis.rawValue)", $0) }
    }
    if let trained = trainingFigure { found.append(("layers-descent", trained)) }
    return found
  }

  private func figure(along axis: Axis) -> LogLogFigure? {
    let family = configuration.family
    let (values, label): ([Double], String) =
      switch axis {
      case .scale: (family.scales.map { Double($0) }, "scale of `W_Q` and `W_K`")
      case .tokens: (family.lengths.map(Double.init), "tokens")
      case .depth: (family.depths.map(Double.init), "depth")
      }
    let order = values.indices.sorted { values[$0] < values[$1] }
    guard Set(values).count > 1, Set(values).count == values.count else { return nil }
    func place(_ point: Point) -> Double {
      switch axis {
      case .scale: Double(point.scale)
      case .tokens: Double(point.tokens)
      case .depth: Double(point.depth)
      }
    }
    let panels = [false, true].map { residual in
      LogLogFigure.Panel(
        residual ? "with residual" : "without",
        family.kernels.enumerated().map { index, kernel in
          LogLogFigure.Curve(
            kernel.rawValue, style: index,
            order.map { i in
              points.first {
                $0.axis == axis && $0.kernel == kernel && $0.hasResidual == residual && place($0) == values[i]
              }.map(\.condition).flatMap { $0.isFinite ? $0 : nil }
            })
        })
    }
    return LogLogFigure(
      title: "The condition number of attention's output: \(name)",
      subtitle: "medians over \(family.draws) draws at random weights, width \(family.width)",
      summary:
        "The condition number of the output of attention against the \(label), without and with the residual connection.",
      abscissaLabel: label, valueLabel: "`κ`", abscissas: order.map { values[$0] }, panels: panels)
  }

  /// The loss of whole layers against the step.
  private var trainingFigure: LogLogFigure? {
    let last = layers.map { $0.run.losses.count - 1 }.max() ?? 0
    guard last > 0 else { return nil }
    let steps = Array(stride(from: 0, through: last, by: max(1, last / 30)))
    let panels = configuration.descent.depths.map { depth in
      LogLogFigure.Panel(
        depth == 1 ? "one layer" : "\(depth) layers",
        layers.filter { $0.depth == depth }.enumerated().map { index, one in
          LogLogFigure.Curve(
            one.kernel.rawValue, note: one.hasResidual ? "residual" : "", style: index,
            steps.map { $0 < one.run.losses.count ? one.run.losses[$0] / (one.run.losses.first ?? 1) : nil })
        })
    }
    return LogLogFigure(
      title: "Gradient descent on transformer layers: \(name)",
      subtitle: "all weights trained, with and without residual connections",
      summary:
        "The loss of transformer layers against the step of gradient descent, with and without residual connections.",
      abscissaLabel: "step t", valueLabel: "`f(M_t)/f(M_0)`", abscissas: steps.map(Double.init), isLinearAcross: true,
      panels: panels)
  }
}
