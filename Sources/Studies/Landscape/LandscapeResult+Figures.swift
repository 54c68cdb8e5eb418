import Training
import Typesetting

extension LandscapeResult {
  /// A plane's losses for each network side by side, with the second-order model of each.
  public func figure(
    of plane: LandscapeConfiguration.Plane, _ style: PlaneFigure.Style
  ) -> PlaneFigure {
    let some = planes(of: plane)
    let what = style == .contours ? "Contours of the loss" : "The loss as a surface"
    return PlaneFigure(
      title: "\(what) over a plane: \(configuration.name), \(plane.name)",
      subtitle:
        "\(plane.directionStatement)\n\(plane.scalingStatement)\nmean loss of \(some.first?.samples ?? 0) training samples",
      summary:
        "\(what) over the plane \(plane.name) through the final weights of each network, with the second-order model at its middle; "
        + "levels and colours are shared by the panels.",
      abscissaLabel: "along u", ordinateLabel: "along v", valueLabel: "mean loss",
      modelLabel: "second-order model", coordinates: plane.coordinates,
      panels: some.map { one in
        PlaneFigure.Panel(one.network, notes: Self.notes(one), values: one.losses, model: one.modelLosses)
      }, style: style)
  }

  private static func notes(_ plane: LossPlane) -> [String] {
    let roughness = plane.roughness()
    var notes = [
      "loss \(plane.model.loss.text(significantDigits: 3)); roughness \(roughness.deviation.text(significantDigits: 3))"
        + (roughness.relative.map { ", relative \($0.text(significantDigits: 3))" } ?? "")
    ]
    if let values = plane.model.orthonormalForm?.eigenvalues {
      notes.append(
        "eigenvalues in the plane \(values.0.text(significantDigits: 3)), \(values.1.text(significantDigits: 3))")
    }
    if plane.gaps > 0 { notes.append("not finite at \(plane.gaps) points") }
    return notes
  }

  /// The most images that are shown.
  private static let shownImages = 32

  /// The first images of the data, with their classes.
  public static func imageFigure(_ images: LabelledImages, name: String) -> ImageFigure {
    let count = min(shownImages, images.count), brightest = images.brightest
    return ImageFigure(
      title: "Images: \(name)", subtitle: "the first \(count) of \(images.count), with their classes",
      summary: "The first \(count) images of the data, each with its class.", side: images.side,
      images: (0..<count).map { index in
        ImageFigure.Image(
          caption: "\(images.labels[index])", values: images.pixels[index].map { $0 / brightest })
      })
  }

  /// Losses against epochs, of the first training and of what follows.
  public var trainingFigure: LogLogFigure {
    ExperimentResult.trainingFigure(
      of: networks, configuration.name, hasHeldOut: heldOut > 0, note: "; each training counts its own epochs")
  }
}
