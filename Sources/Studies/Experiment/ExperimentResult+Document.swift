import Arithmetic
import Typesetting

extension ExperimentResult: StudyReport {
  public static let command = "experiment"
  public var dataDigest: String { digest }

  public var tables: [Table] {
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

  public var figures: [(name: String, figure: any Figure)] {
    [("increments", incrementFigure), ("training", trainingFigure)] + (hessianFigure.map { [("hessians", $0)] } ?? [])
      + bounds.distances.enumerated().map { ("sample-size-\($0 + 1)", $1.study.figure) }
  }

  /// The reports of one experiment or several as a document.
  ///
  /// - Precondition: there is one.
  public static func document(of results: [ExperimentResult]) -> LaTeXDocument {
    let names = results.map(\.configuration.name).joined(separator: ", ")
    var document = LaTeXDocument(
      title: "Does the loss surface settle?", subtitle: "Trained networks: \(names)",
      provenance: "hessian experiment, \(results.count == 1 ? "configuration" : "configurations") \(names)",
      references: Bibliography.references(["petrov2025slides", "transformerhessian2025", "maurer2009"]))
    for result in results { result.append(to: &document) }
    document.section("What small increments do not say")
    document.paragraph(SampleSizeStudy.remark)
    return document
  }

  private func append(to document: inout LaTeXDocument) {
    func figure(_ figure: LogLogFigure, _ caption: String, in document: inout LaTeXDocument) {
      document.figure(caption: caption, pgfplots: figure.pgfplots(provenance: figure.title))
    }
    document.section("\(configuration.name): what was trained")
    document.paragraph(
      configuration.data.description + "; the loss is the "
        + "\(configuration.loss == .meanSquare ? "mean square" : "softmax cross-entropy"). The layers of the networks are:"
    )
    document.list(networks.map { ($0.name, $0.layers) })
    document.table(networkTable)
    figure(trainingFigure, "Mean loss against the epoch, for each network.", in: &document)
    document.section("\(configuration.name): what one more sample changes")
    document.paragraph(
      "`L_k` is the mean loss of the first `k` samples of a random order. For every order the identity "
        + "`L_{k+1} − L_k = (ℓ_{k+1} − L_k)/(k + 1)` makes the increments fall like `1/k`, whatever the curvature.")
    figure(incrementFigure, incrementFigure.summary, in: &document)
    document.table(slopeTable)
    document.section("\(configuration.name): what it is made of")
    document.paragraph(
      "At `w*` itself neither gradients nor Hessians enter. At `w = w* + r u` they do, along random directions little, along the top "
        + "eigenvector of the mean Hessian as much as anywhere.")
    document.table(expansionTable)
    document.table(gradientTable)
    document.table(hessianTable)
    if let hessianFigure { figure(hessianFigure, hessianFigure.summary, in: &document) }
    document.section("\(configuration.name): the bounds beside the measurement")
    if !bounds.limitation.isEmpty { document.paragraph(bounds.limitation) }
    document.table(termTable)
    document.table(lossTable)
    document.section("\(configuration.name): sample sizes")
    document.append(
      "The printed bound is that of~\\cite{petrov2025slides}, the criteria with gradients are those of~"
        + "\\cite{transformerhessian2025}, the empirical Bernstein inequality is that of~\\cite{maurer2009}.\n")
    for (table, distance) in zip(sampleSizeTables, bounds.distances) {
      document.table(table)
      figure(distance.study.figure, distance.study.figure.summary, in: &document)
    }
  }
}
