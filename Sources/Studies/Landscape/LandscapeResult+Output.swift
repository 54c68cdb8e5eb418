import TensorFiles
import Typesetting

extension LandscapeResult: StudyReport {
  public static let command = "landscape"
  public var dataDigest: String { digest }

  public var tables: [Table] {
    [networkTable, curvatureTable, roughnessTable] + (comparisonTable.map { [$0] } ?? [])
  }

  public var figures: [(name: String, figure: any Figure)] {
    let planes = configuration.planes.flatMap { plane -> [(name: String, figure: any Figure)] in
      [
        ("plane-\(plane.name)-contours", figure(of: plane, .contours)),
        ("plane-\(plane.name)-surface", figure(of: plane, .surface)),
      ]
    }
    let sheet = images.map { [("images", Self.imageFigure($0, name: name) as any Figure)] } ?? []
    return planes + [("training", trainingFigure)] + sheet
  }

  /// The points of each plane.
  public var data: [GeneratedFile] {
    planes.map { GeneratedFile(path: "plane-\($0.specification.name)-\($0.network).csv", text: $0.csv) }
  }

  public var text: String {
    "Landscape \(name): \(samples) training samples, \(heldOut) held out\n\n"
      + tables.map(\.text).joined(separator: "\n")
  }

  /// Everything as one object. It holds no times, so that equal runs give equal objects.
  public var json: JSONValue {
    [
      "schema": "hessian.landscape/1", "name": .string(name), "configuration": configuration.source,
      "data_sha256": .string(digest), "training_samples": .integer(samples), "held_out_samples": .integer(heldOut),
      "networks": .array(networks.map(ExperimentResult.json)), "planes": .array(planes.map(\.json)),
    ]
  }

  /// The reports of one landscape or several as a document.
  ///
  /// - Precondition: there is one.
  public static func document(of reports: [Self]) -> LaTeXDocument {
    let names = reports.map(\.name).joined(separator: ", ")
    var document = LaTeXDocument(
      title: "The loss over planes of query and key weights", subtitle: names,
      provenance: "hessian landscape, \(reports.count == 1 ? "configuration" : "configurations") \(names)",
      references: Bibliography.references(["li2018", "song2024"]))
    for report in reports { report.append(to: &document) }
    document.section("What the numbers say, and what not")
    document.append(
      "Planes of two directions in all query and all key matrices, after a training with softmax and a further one with either "
        + "kernel, are those of~\\cite{song2024}; scaling directions to the weights they are added to follows~\\cite{li2018}. "
    )
    document.paragraph(
      "The second-order model is made of the gradient and of products with the Hessian of the compiled loss at the weights, not of "
        + "differences of losses. Roughness is measured over the points of one plane. It is no bound, says nothing about other "
        + "directions, and depends on the radius; with raw directions two networks are compared at the same distances, with scaled "
        + "ones at distances in proportion to their weights.")
    return document
  }

  private func append(to document: inout LaTeXDocument) {
    document.section("\(name): the networks")
    document.paragraph(
      configuration.data.description + "; the loss is the "
        + "\(configuration.loss == .meanSquare ? "mean square" : "softmax cross-entropy"). The layers of the networks are:"
    )
    document.list(networks.map { ($0.name, $0.layers) })
    document.table(networkTable)
    func figure(_ figure: any Figure) {
      document.figure(caption: figure.summary, pgfplots: figure.pgfplots(provenance: figure.title))
    }
    figure(trainingFigure)
    if let images { figure(Self.imageFigure(images, name: name)) }
    for plane in configuration.planes {
      document.section("\(name): the plane \(plane.name)")
      document.paragraph(
        "Here \(plane.directionStatement); \(plane.scalingStatement). Coordinates go up to "
          + "\(plane.radius.text(significantDigits: 4)).")
      figure(self.figure(of: plane, .contours))
      figure(self.figure(of: plane, .surface))
    }
    document.section("\(name): curvature and roughness")
    for table in tables.dropFirst() { document.table(table) }
  }
}

extension LossPlane {
  var json: JSONValue {
    func form(_ form: SecondOrderModel.Form?) -> JSONValue {
      guard let form else { return .null }
      return [
        "uu": .double(form.uu), "uv": .double(form.uv), "vv": .double(form.vv),
        "eigenvalues": [.double(form.eigenvalues.0), .double(form.eigenvalues.1)],
      ]
    }
    return [
      "plane": .string(specification.name), "directions": .string(specification.directions.rawValue),
      "normalization": .string(specification.normalization.rawValue), "network": .string(network),
      "samples": .integer(samples),
      "directions_converged": .boolean(directionsConverged),
      "model": [
        "loss": .double(model.loss), "slope_u": .double(model.slopeU), "slope_v": .double(model.slopeV),
        "hessian": form(model.form), "gram": form(model.gram), "hessian_orthonormal": form(model.orthonormalForm),
        "gradient_norm": model.gradientNorm.map { .double($0) } ?? .null,
      ],
      "roughness": .array(
        LandscapeResult.parts.map { part in
          let roughness = roughness(within: part)
          return [
            "part": .double(part), "deviation": .double(roughness.deviation), "rise": .double(roughness.rise),
            "relative": roughness.relative.map { .double($0) } ?? .null,
          ]
        }),
      "points_not_finite": .integer(gaps), "coordinates": .array(coordinates.map { .double($0) }),
      "losses": .array(losses.map { .array($0.map { .double($0) }) }),
    ]
  }
}
