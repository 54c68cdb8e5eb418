import Arithmetic
import TensorFiles
import Transformers
import Typesetting

extension ConvergenceStudy: StudyReport {
  public static let command = "convergence"

  public var tables: [Table] {
    [runTable, pathTable, certificateTable] + (stationary.isEmpty ? [] : [stationarityTable])
      + (gradients.isEmpty ? [] : [gradientTable])
  }

  public var text: String {
    "Convergence \(name): \(runs.count) runs of gradient descent\n\n" + tables.map(\.text).joined(separator: "\n")
  }

  /// Everything as one object, without times.
  public var json: JSONValue {
    [
      "schema": "hessian.convergence/1", "name": .string(name), "configuration": configuration.source,
      "runs": .array(runs.map(\.json)),
      "query_gradients": .array(
        gradients.map { one in
          [
            "scale": .string(one.scale.description), "tokens": .integer(one.length),
            "median": .object(
              zip(configuration.kernels, one.medians).map { JSONValue.Member($0.rawValue, .double($1)) }),
          ]
        }),
    ]
  }

  public static func document(of reports: [ConvergenceStudy]) -> LaTeXDocument {
    let names = reports.map(\.name).joined(separator: ", ")
    var document = LaTeXDocument(
      title: "How fast gradient descent is on a layer of attention", subtitle: "Configurations: \(names)",
      provenance: "hessian convergence, \(names)", references: Bibliography.references(["karimi2016", "song2024"]))
    appendTheory(to: &document)
    for report in reports { report.append(to: &document) }
    return document
  }

  private func append(to document: inout LaTeXDocument) {
    document.section("\(name): descents")
    document.paragraph(
      "Each descent has a constant step size, \(configuration.stepShare.text(significantDigits: 3)) of the reciprocal of the "
        + "norm of the Hessian at the initial weights, or that of a certificate.")
    document.table(runTable, isLandscape: true)
    for (_, figure) in figures {
      document.figure(caption: figure.summary, pgfplots: figure.pgfplots(provenance: figure.title))
    }
    document.table(pathTable, isLandscape: true)
    document.table(certificateTable, isLandscape: true)
    if !stationary.isEmpty {
      document.section("\(name): only queries trained")
      document.table(stationarityTable)
    }
    if !gradients.isEmpty { document.table(gradientTable) }
  }

  // MARK: Tables

  /// All descents.
  public var runTable: Table {
    var table = Table(
      name: "descents",
      caption:
        "Gradient descent on `f`. `β_0 = σ²_min(W_O) σ²_min(Bᵀ)` at the initial weights, with `σ_min(Bᵀ)` the root of the "
        + "least eigenvalue of `BBᵀ`; `γ_0` is the least eigenvalue of `JJᵀ`. The factor is `1 − ηβ_0`, or `1 − ηγ_0` where the "
        + "values are not trained; measured is `f(M_{t+1})/f(M_t)` fitted over the last half of the steps, and over the third and the "
        + "last quarter alone, whose difference says how far it has settled. Empty where it is lost in rounding.",
      columns: [
        .init("kernel", alignment: .left), .init("trained", alignment: .left), .init("D"), .init("HD"), .init("Nn"),
        .init("`β_0`", key: "beta"), .init("`γ_0`", key: "gamma"), .init("`η`", key: "step_size"),
        .init("`1 −` factor", key: "predicted"), .init("`1 −` measured", key: "measured"),
        .init("third quarter", key: "third_quarter"), .init("last quarter", key: "last_quarter"), .init("steps"),
        .init("`f_T/f_0`", key: "reduction"),
      ])
    for run in runs {
      let descent = run.descent
      table.append(
        [
          .text(run.kernelText), .prose(run.trainedText), .exact("\(run.width)"), .exact("\(run.featureCount)"),
          .exact("\(run.rowCount)"), .estimate(run.dominance, digits: 3), .estimate(run.tangentDominance, digits: 3),
          .estimate(descent.stepSize, digits: 3), .estimate(1 - run.factor, digits: 3),
        ] + Table.Cell.rates(descent.decay) + [.text(descent.stepsText), .estimate(descent.reduction, digits: 3)])
    }
    return table
  }

  /// What the paths show against the rate.
  public var pathTable: Table {
    var table = Table(
      name: "paths",
      caption:
        "The paths against the rate that is claimed. \"Above\" is the first step, of all, at which `f(M_t)` exceeds the factor to the "
        + "power t times `f(M_0)`, with `β_0`, or `γ_0` where the values are not trained; \"certified\" counts the recorded steps after the start at "
        + "which it is shown not to, every number enclosed. Along the path β is evaluated anew at the recorded steps: its least "
        + "quotient with `β_0`, and the first recorded step that takes less than `ηβ f(M_t)` off `f(M_t)`, with β at `M_t`. \"Rises\" counts "
        + "the steps after which the loss is larger than before, as happens where η is above `2/‖∇²f‖` on the way.",
      columns: [
        .init("kernel", alignment: .left), .init("trained", alignment: .left), .init("D"), .init("steps"),
        .init("largest `‖M_t − M_0‖`", key: "distance"), .init("least `β/β_0`", key: "least_beta"),
        .init("above", alignment: .right), .init("slower than `1 − ηβ`", key: "slower", alignment: .right),
        .init("rises"), .init("certified", alignment: .right),
      ])
    for run in runs {
      let descent = run.descent, start = run.dominance ?? run.tangentDominance
      let values = descent.records.map { $0.dominance ?? $0.tangentDominance }
      table.append([
        .text(run.kernelText), .prose(run.trainedText), .exact("\(run.width)"), .text(descent.stepsText),
        .estimate(descent.records.map(\.distance).max(), digits: 3),
        run.isClaimed ? .estimate(values.min().map { $0 / start }, digits: 3) : .empty,
        run.isClaimed ? .text(descent.firstAbove(run.factor).map { "step \($0)" } ?? "never") : .empty,
        run.isClaimed
          ? .text(descent.firstSlowStep { $0.dominance ?? $0.tangentDominance }.map { "step \($0)" } ?? "never")
          : .empty,
        .exact("\(descent.rises)"),
        .text(run.certifiedPath.map { "\($0.count) of \(descent.records.count - 1)" } ?? ""),
      ])
    }
    return table
  }

  /// What is guaranteed before the first step.
  public var certificateTable: Table {
    var table = Table(
      name: "certificates",
      caption:
        "Guarantees before the first step, every number rounded to the safe side: on the ball of radius `ρ = 4√(f_0/β_0)` the "
        + "least singular value of `B` changes by at most \"change\" and may change by \"room\"; the Hessian's norm there is at most "
        + "`Λ`; then gradient descent with `η = 1/Λ` has `f(M_t) ≤ (1 − ηβ_0/2)ᵗ f(M_0)`. Where only values are trained, `B` "
        + "stays, and the half is not needed.",
      columns: [
        .init("kernel", alignment: .left), .init("trained", alignment: .left), .init("D"),
        .init("`σ²_min(Bᵀ)`", key: "feature_value"), .init("`β_0`", key: "beta"), .init("`f_0`", key: "loss"),
        .init("`ρ`", key: "radius"), .init("change"), .init("room"), .init("`Λ`", key: "hessian_bound"),
        .init("`1 −` factor", key: "rate"), .init("verdict", alignment: .paragraph(14)),
      ])
    func lower(_ value: Rational) -> Table.Cell { .lower(value.decimal(significantDigits: 3, rounding: .down)) }
    func upper(_ value: Rational) -> Table.Cell { .upper(value.decimal(significantDigits: 3, rounding: .up)) }
    for run in runs where !run.isCertified {
      let one = run.certificate, hasBall = one.radius.sign > 0
      var smoothness: Table.Cell = .empty, verdict = "certified"
      switch one.outcome {
      case .certified(let bound): smoothness = upper(bound)
      case .unavailable(let reason): verdict = reason
      }
      table.append([
        .text(run.kernel.rawValue), .prose(run.trainedText), .exact("\(run.width)"), lower(one.featureValue),
        lower(one.dominance), upper(one.loss), hasBall ? upper(one.radius) : .empty,
        hasBall ? upper(one.change) : .empty, hasBall ? lower(one.room) : .empty, smoothness,
        one.rate.map { lower(Rational(1) - $0.factor) } ?? .empty, .prose(verdict),
      ])
    }
    return table
  }

  /// The runs in which the values stay.
  private var stationary: [Run] { runs.filter { !$0.trained.contains("W_V") } }

  /// Theorem 2: decay, or a sum of squared gradients.
  public var stationarityTable: Table {
    var table = Table(
      name: "stationarity",
      caption:
        "Runs in which the values are not trained: `γ`, the least eigenvalue of `JJᵀ`, at the start and its least along the path; "
        + "the measured decay of `f`; and `(f(M_0) − η s Σ‖∇f(M_r)‖² − f(M_T))/f(M_0)` for `s = 1`, as printed, and `s = 1/2`, the descent "
        + "lemma: negative where the inequality does not hold. One step gains `η‖∇f‖² − ½η²∇fᵀH∇f` to second order, less than the "
        + "printed `η‖∇f‖²` where the curvature along the gradient is positive.",
      columns: [
        .init("kernel", alignment: .left), .init("trained", alignment: .left), .init("D"),
        .init("`γ_0`", key: "gamma"), .init("least `γ`", key: "least_gamma"),
        .init("`1 −` factor", key: "predicted"), .init("`1 −` measured", key: "measured"),
        .init("third quarter", key: "third_quarter"), .init("last quarter", key: "last_quarter"),
        .init("`f_T/f_0`", key: "reduction"), .init("s = 1", key: "slack_printed"), .init("s = 1/2", key: "slack_half"),
      ])
    for run in stationary {
      let descent = run.descent
      table.append(
        [
          .text(run.kernelText), .prose(run.trainedText), .exact("\(run.width)"),
          .estimate(run.tangentDominance, digits: 3),
          .estimate(descent.records.map(\.tangentDominance).min(), digits: 3), .estimate(1 - run.factor, digits: 3),
        ] + Table.Cell.rates(descent.decay) + [
          .estimate(descent.reduction, digits: 3), .estimate(descent.stationaritySlack(), digits: 3),
          .estimate(descent.stationaritySlack(share: 0.5), digits: 3),
        ])
    }
    return table
  }

  /// The table of vanishing gradients.
  public var gradientTable: Table {
    let kernels = configuration.kernels
    let ratio = gradientRatioKernels
    var table = Table(
      name: "query-gradients",
      caption:
        "`‖∇f‖` by the queries alone at random weights, the median over \(configuration.vanishing?.draws ?? 0) draws, against the scale of "
        + "`W_Q` and `W_K` and the number of tokens, at D = \(largestWidth); f is a sum over all tokens. The features of the Gaussian kernel are sums over tokens "
        + "with weights of at most 1, those of softmax are means.",
      columns: [.init("scale"), .init("tokens")] + kernels.map { .init($0.rawValue) }
        + (ratio == nil ? [] : [.init("softmax/gaussian", key: "ratio")]))
    for one in gradients {
      var row: [Table.Cell] = [.exact(ExperimentResult.decimal(one.scale)), .exact("\(one.length)")]
      row += one.medians.map { .estimate($0, digits: 3) }
      if let ratio { row.append(.estimate(one.medians[ratio.0] / one.medians[ratio.1], digits: 3)) }
      table.append(row)
    }
    return table
  }

  private var gradientRatioKernels: (Int, Int)? {
    guard let soft = configuration.kernels.firstIndex(of: .softmax),
      let gauss = configuration.kernels.firstIndex(of: .gaussian)
    else { return nil }
    return (soft, gauss)
  }

  private var largestWidth: Int {
    if case .family(_, let widths) = configuration.problems { return widths.max() ?? 1 }
    return runs.first?.width ?? 1
  }
}

extension ConvergenceStudy.Run {
  /// The trained weights for a person.
  var trainedText: String { trained.map { "`\($0)`" }.joined(separator: ", ") }

  /// The kernel, and whose step size it is where that is the certificate's.
  var kernelText: String { kernel.rawValue + (isCertified ? ", certified η" : "") }

  /// Whether a rate below 1 is claimed, as far as floating point can tell.
  var isClaimed: Bool { factor < 1 - 1e-15 }

  /// Everything about the run, as an object.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("kernel", .string(kernel.rawValue)), .init("width", .integer(width)),
      .init("trained", .array(trained.map { .string($0) })), .init("HD", .integer(featureCount)),
      .init("Nn", .integer(rowCount)),
      .init("sigma_min_B", .double(featureValue)), .init("sigma_min_W_O", .double(outputValue)),
      .init("beta", dominance.map { .double($0) } ?? .null), .init("gamma", .double(tangentDominance)),
      .init("hessian_norm", .double(smoothness)), .init("step_size", .double(descent.stepSize)),
      .init("certified_step_size", .boolean(isCertified)), .init("steps", .string(descent.stepsText)),
      .init("rises", .integer(descent.rises)),
      .init("first_step_above", descent.firstAbove(factor).map { .integer($0) } ?? .null),
      .init("decay", descent.decay?.json ?? .null),
      .init("slack_printed", .double(descent.stationaritySlack())),
      .init("slack_half", .double(descent.stationaritySlack(share: 0.5))),
      .init("least_beta_ratio", descent.leastRatio(\.dominance).map { .double($0) } ?? .null),
      .init(
        "least_gamma_ratio",
        isClaimed ? descent.leastRatio(\.tangentDominance).map { .double($0) } ?? .null : .null),
      .init("first_slow_step", descent.firstSlowStep(\.dominance).map { .integer($0) } ?? .null),
      .init(
        "certified_path",
        certifiedPath.map {
          [
            "shown": .integer($0.count), "of": .integer(descent.records.count - 1),
            "first_not_shown": $0.firstNotShown.map { .integer($0) } ?? .null,
          ]
        } ?? .null),
    ]
    var bounds: [JSONValue.Member] = [
      .init("beta", .string(certificate.dominance.description)), .init("loss", .string(certificate.loss.description)),
      .init("radius", .string(certificate.radius.description)),
      .init("change", .string(certificate.change.description)),
      .init("room", .string(certificate.room.description)),
    ]
    switch certificate.outcome {
    case .certified(let bound): bounds.append(.init("hessian_bound", .string(bound.description)))
    case .unavailable(let reason): bounds.append(.init("unavailable", .string(reason)))
    }
    members.append(.init("certificate", .object(bounds)))
    members.append(
      .init(
        "path",
        .array(
          descent.records.map { record in
            [
              "step": .integer(record.step), "loss": .double(descent.losses[record.step]),
              "gradient_norm": .double(record.gradientNorm), "distance": .double(record.distance),
              "beta": record.dominance.map { .double($0) } ?? .null, "gamma": .double(record.tangentDominance),
            ]
          })))
    return .object(members)
  }
}

extension Table.Cell {
  /// An estimate; empty where there is none.
  static func estimate(_ value: Double?, digits: Int) -> Table.Cell {
    value.map { .estimate($0, digits: digits) } ?? .empty
  }

  /// By how much less than 1 the factor of one step is: over the last half, the third and the last quarter.
  static func rates(_ decay: Decay?) -> [Table.Cell] {
    [\.slope, \.thirdQuarter, \.lastQuarter].map { (slope: KeyPath<Decay, Double>) in
      .estimate(decay.map { Decay.rate($0[keyPath: slope]) }, digits: 3)
    }
  }
}
