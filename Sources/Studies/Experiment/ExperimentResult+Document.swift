import Arithmetic
import Typesetting

extension ExperimentResult {
  /// All files of the report, with paths relative to its folder.
  public func files() -> [GeneratedFile] {
    let provenance = "hessian experiment, configuration \(configuration.name)"
    var files: [GeneratedFile] = []
    for table in tables {
      files.append(GeneratedFile(path: "\(table.name).tex", text: table.latex(provenance: provenance)))
      files.append(GeneratedFile(path: "\(table.name).csv", text: table.csv))
    }
    for (name, figure) in figures {
      files.append(GeneratedFile(path: "\(name).svg", text: figure.svg()))
      files.append(GeneratedFile(path: "\(name)-figure.tex", text: figure.pgfplots(provenance: provenance)))
    }
    files.append(GeneratedFile(path: "results.json", text: json.prettyDescription + "\n"))
    files.append(GeneratedFile(path: "experiment.tex", text: document.latex))
    return files
  }

  /// The tables of the report, each with a name of its own.
  var tables: [Table] {
    [networkTable, slopeTable, expansionTable, gradientTable, hessianTable, termTable, lossTable] + sampleSizeTables
  }

  /// The sample sizes at each distance.
  private var sampleSizeTables: [Table] {
    bounds.distances.enumerated().map { index, distance in
      let table = distance.study.table
      return Table(
        name: "sample-size-\(index + 1)", caption: table.caption, columns: table.columns, rows: table.rows,
        notation: table.notation)
    }
  }

  var figures: [(name: String, figure: LogLogFigure)] {
    [("increments", incrementFigure), ("training", trainingFigure)] + (hessianFigure.map { [("hessians", $0)] } ?? [])
      + bounds.distances.enumerated().map { ("sample-size-\($0 + 1)", $1.study.figure) }
  }

  /// The report as a document.
  var document: LaTeXDocument {
    var document = LaTeXDocument(
      title: "Does the loss surface settle? Experiment \(configuration.name)",
      subtitle: "Training on \(samples) images, \(heldOut) held out",
      provenance: "hessian experiment, configuration \(configuration.name)",
      references: Bibliography.references(["petrov2025slides", "transformerhessian2025"]))
    func figure(_ figure: LogLogFigure, _ caption: String) {
      document.figure(caption: caption, pgfplots: figure.pgfplots(provenance: figure.title))
    }
    document.section("What was trained")
    document.paragraph(
      "The data are grey images of \(configuration.data.tokens.patch)×\(configuration.data.tokens.patch) patches; the loss is "
        + "\(configuration.loss.rawValue). The main network is the list of layers `\(main.layers)`.")
    document.table(networkTable)
    figure(trainingFigure, "Mean loss against the epoch, for each network.")
    document.section("What one more sample changes")
    document.paragraph(
      "`L_k` is the mean loss of the first `k` samples of a random order. For every order the identity "
        + "`L_{k+1} − L_k = (ℓ_{k+1} − L_k)/(k + 1)` makes the increments fall like `1/k`, whatever the curvature.")
    figure(incrementFigure, incrementFigure.summary)
    document.table(slopeTable)
    document.section("What it is made of")
    document.paragraph(
      "At `w*` itself neither gradients nor Hessians enter. At `w = w* + r u` they do, along random directions little, along the top "
        + "eigenvector of the mean Hessian as much as anywhere.")
    document.table(expansionTable)
    document.table(gradientTable)
    document.table(hessianTable)
    if let hessianFigure { figure(hessianFigure, hessianFigure.summary) }
    document.section("The bounds beside the measurement")
    if !bounds.limitation.isEmpty { document.paragraph(bounds.limitation) }
    document.table(termTable)
    document.table(lossTable)
    document.section("Sample sizes")
    document.append(
      "The printed bound is that of~\\cite{petrov2025slides}, the criteria with gradients are those of~"
        + "\\cite{transformerhessian2025}.\n")
    for (table, distance) in zip(sampleSizeTables, bounds.distances) {
      document.table(table)
      figure(distance.study.figure, distance.study.figure.summary)
    }
    document.paragraph(SampleSizeStudy.remark)
    return document
  }
}
