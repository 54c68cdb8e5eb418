import Typesetting

extension LandscapeResult {
  /// The networks side by side.
  public var networkTable: Table {
    var table = Table(
      name: "networks",
      caption:
        "Networks of the landscape \(configuration.name): trained on \(samples) samples, first together (\(LandscapeRun.start)), then "
        + "from there with each kernel; mean loss and accuracy on these and on the \(heldOut) held-out samples at the final weights, "
        + "and the norm of the gradient of the mean loss there.",
      columns: [
        .init("network", alignment: .left), .init("weights"), .init("epochs"), .init("loss"),
        .init("accuracy", alignment: .right), .init("held-out loss"), .init("held-out accuracy", alignment: .right),
        .init("`‖∇L‖₂`", key: "gradient_norm"),
      ])
    for network in networks {
      table.append([
        .text(network.name), .exact("\(network.weights)"), .exact("\(network.records.count)"),
        .estimate(network.loss, digits: 4), .text(ExperimentResult.percent(network.accuracy)),
        network.heldOutLoss.map { .estimate($0, digits: 4) } ?? .empty,
        network.heldOutAccuracy.map { .text(ExperimentResult.percent($0)) } ?? .empty,
        .estimate(network.gradientNorm, digits: 3),
      ])
    }
    return table
  }

  /// The second-order model of each plane.
  public var curvatureTable: Table {
    var table = Table(
      name: "curvature",
      caption:
        "The second-order model in each plane, from exact derivatives at the weights: loss, norm of the gradient's part in the plane, "
        + "and eigenvalues of the Hessian in the plane, once in orthonormal coordinates, which do not depend on the scaling of the "
        + "directions, and once in those of the figure."
        + (planes.allSatisfy(\.directionsConverged)
          ? "" : " In planes with a star the eigenvectors have not converged."),
      columns: [
        .init("plane", alignment: .left), .init("network", alignment: .left), .init("loss"),
        .init("`‖∇L‖₂` in the plane", key: "gradient_norm"), .init("`λ_1`", key: "lambda_1"),
        .init("`λ_2`", key: "lambda_2"), .init("`λ_1` of the figure", key: "figure_lambda_1"),
        .init("`λ_2` of the figure", key: "figure_lambda_2"), .init("`‖u‖`", key: "norm_u"),
        .init("`‖v‖`", key: "norm_v"),
      ])
    for plane in planes {
      let model = plane.model, orthonormal = model.orthonormalForm?.eigenvalues, own = model.form.eigenvalues
      func number(_ value: Double?) -> Table.Cell { value.map { .estimate($0, digits: 3) } ?? .empty }
      table.append([
        .text(plane.specification.name + (plane.directionsConverged ? "" : "*")), .text(plane.network),
        .estimate(model.loss, digits: 4),
        number(model.gradientNorm), number(orthonormal?.0), number(orthonormal?.1), number(own.0), number(own.1),
        number(root(model.gram.uu)), number(root(model.gram.vv)),
      ])
    }
    return table
  }

  /// How far the loss is from its model.
  public var roughnessTable: Table {
    var table = Table(
      name: "roughness",
      caption:
        "How far the mean loss is from its second-order model: mean of `|L − q|` over the points of the plane whose coordinates are at "
        + "most a part of the radius, and the same divided by the mean of `|L − L_0|`, which is 0 for a quadratic function and 1 where "
        + "the model is as far off as a constant. Measured numbers of these points, and no bounds.",
      columns: [.init("plane", alignment: .left), .init("network", alignment: .left), .init("radius")]
        + Self.parts.flatMap { part -> [Table.Column] in
          let name = part == 1 ? "whole" : "\(part.text(decimals: 2)) of it"
          return [
            .init("\(name): mean `|L − q|`", key: "deviation_\(part)"), .init("relative", key: "relative_\(part)"),
          ]
        })
    for plane in planes {
      table.append(
        [
          .text(plane.specification.name), .text(plane.network),
          .estimate(plane.specification.radius, digits: 3),
        ]
          + Self.parts.flatMap { part -> [Table.Cell] in
            let roughness = plane.roughness(within: part)
            return [.estimate(roughness.deviation, digits: 3), .estimate(roughness.relative, digits: 3)]
          })
    }
    return table
  }

  /// The planes of the networks against each other; `nil` where there is one network.
  public var comparisonTable: Table? {
    let names = configuration.continuation?.kernels.map(\.rawValue) ?? []
    guard names.count > 1, let first = names.first else { return nil }
    var table = Table(
      name: "comparison",
      caption:
        "Each kernel against \(first) in the same plane: quotients of the mean deviation from the second-order model over the whole plane, "
        + "of its relative form, of the spread of the loss and of the largest eigenvalue in the plane, where both are positive. Below 1: smoother than "
        + "\(first). Quotients of measured numbers; they hold for these directions and this radius.",
      columns: [
        .init("plane", alignment: .left), .init("kernel", alignment: .left), .init("mean `|L − q|`", key: "deviation"),
        .init("relative"), .init("mean `|L − L_0|`", key: "rise"), .init("`λ_1`", key: "lambda_1"),
      ])
    for specification in configuration.planes {
      let some = planes(of: specification)
      guard let base = some.first else { continue }
      for plane in some.dropFirst() {
        let (here, there) = (plane.roughness(), base.roughness())
        func quotient(_ value: Double?, _ other: Double?) -> Table.Cell {
          guard let value, let other, value > 0, other > 0 else { return .empty }
          return .estimate(value / other, digits: 3)
        }
        table.append([
          .text(specification.name), .text(plane.network), quotient(here.deviation, there.deviation),
          quotient(here.relative, there.relative), quotient(here.rise, there.rise),
          quotient(plane.model.orthonormalForm?.eigenvalues.0, base.model.orthonormalForm?.eigenvalues.0),
        ])
      }
    }
    return table
  }
}
