import Arithmetic
import Transformers
import Typesetting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ConvergenceStudy {
  public var figures: [(name: String, figure: any Figure)] {
    pathFigures + (gradients.isEmpty ? [] : [("query-gradients", gradientFigure)])
  }

  /// For each set of trained weights `f(M_t)` with `(1 − ηβ_0)ᵗ f(M_0)`, one panel for each kernel.
  private var pathFigures: [(name: String, figure: any Figure)] {
    configuration.trained.compactMap { trained in
      let some = runs.filter { $0.trained == trained && !$0.isCertified }
      let last = some.map { $0.descent.losses.count - 1 }.max() ?? 0
      guard last > 0 else { return nil }
      let steps = Array(stride(from: 0, through: last, by: max(1, last / 30)))
      let panels = configuration.kernels.compactMap { kernel -> LogLogFigure.Panel? in
        let own = some.filter { $0.kernel == kernel }
        return own.isEmpty
          ? nil : LogLogFigure.Panel(kernel.rawValue, own.enumerated().flatMap { curves($1, $0, steps) })
      }
      let names = trained.joined(separator: ", ")
      return (
        "descent-" + trained.joined(separator: "-").replacing("_", with: ""),
        LogLogFigure(
          title: "Gradient descent: \(name)", subtitle: "trained: \(names); the loss, and the rate that is claimed",
          summary:
            "The loss against the step of gradient descent on `\(trained.joined(separator: "`, `"))`, over the loss at the start, "
            + "and the rate that is claimed, `(1 − ηβ_0)ᵗ` with `β_0`"
            + (trained.contains("W_V") ? "" : " read as `γ_0`, since the values are not trained")
            + ", where that is positive.",
          abscissaLabel: "step t", valueLabel: "`f(M_t)/f(M_0)`", abscissas: steps.map(Double.init),
          isLinearAcross: true, panels: panels)
      )
    }
  }

  /// The loss of a run and its bound.
  private func curves(_ run: Run, _ style: Int, _ steps: [Int]) -> [LogLogFigure.Curve] {
    let losses = run.descent.losses, first = losses.first ?? 1
    let measured = steps.map { $0 < losses.count ? losses[$0] / first : nil }
    let side = run.featureCount >= run.rowCount ? "≥" : "<"
    let curve = LogLogFigure.Curve("D = \(run.width)", note: "HD \(side) Nn", style: style, measured)
    guard run.factor < 1 - 1e-15 else { return [curve] }
    // Not far below the losses.
    let least = measured.compactMap { $0 }.min() ?? 1
    let bound = steps.map { step -> Double? in
      let value = pow(run.factor, Double(step))
      return value >= least / 100 ? value : nil
    }
    return [curve, LogLogFigure.Curve("rate", note: "D = \(run.width)", style: 3 + style % 3, bound)]
  }

  /// `‖∇_{W_Q} f‖` against the scale, and against the length.
  private var gradientFigure: LogLogFigure {
    let plan = configuration.vanishing
    let scales = plan?.scales ?? [], lengths = plan?.lengths ?? []
    let panels = lengths.map { length in
      LogLogFigure.Panel(
        "n = \(length)",
        configuration.kernels.enumerated().map { index, kernel in
          LogLogFigure.Curve(
            kernel.rawValue, style: index,
            scales.map { scale in gradients.first { $0.scale == scale && $0.length == length }?.medians[index] })
        })
    }
    return LogLogFigure(
      title: "The gradient by the queries at random weights: \(name)",
      subtitle: "median over \(plan?.draws ?? 0) draws; n tokens",
      summary:
        "The norm of the gradient by the queries against the scale of `W_Q` and `W_K`, for each number of tokens n.",
      abscissaLabel: "scale", valueLabel: "`‖∇f‖`", abscissas: scales.map { Double($0) }, panels: panels)
  }
}
