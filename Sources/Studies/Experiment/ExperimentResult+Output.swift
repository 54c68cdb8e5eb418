import Arithmetic
import TensorFiles
import Training
import Typesetting

extension ExperimentResult {
  /// The result for a person.
  public var text: String {
    var text = "Experiment \(configuration.name): \(samples) training samples, \(heldOut) held out\n\n"
    text += [networkTable, slopeTable, expansionTable, gradientTable, hessianTable, termTable, lossTable]
      .map(\.text).joined(separator: "\n")
    if !bounds.limitation.isEmpty { text += "\n" + bounds.limitation + "\n" }
    if let distance = bounds.distances.last { text += "\n" + distance.study.text }
    return text
  }

  /// Everything as one object. It holds no times, so that equal runs give equal objects.
  public var json: JSONValue {
    [
      "schema": "hessian.experiment/1", "name": .string(configuration.name), "configuration": configuration.source,
      "data_sha256": .string(digest), "training_samples": .integer(samples), "held_out_samples": .integer(heldOut),
      "networks": .array(networks.map(Self.json)), "measurement": measurement.json,
      "bounds": [
        "limitation": .string(bounds.limitation),
        "hessian_bound_at_center": bounds.center.map { .string($0.hessianBound.description) } ?? .null,
        "distances": .array(
          bounds.distances.map { distance in
            [
              "radius": .string(distance.radius.description),
              "hessian_bound_on_ball": distance.ball.map { .string($0.hessianBound.description) } ?? .null,
              "loss_bound_on_ball": distance.ball.map { .string($0.lossBound.description) } ?? .null,
              "steps": .array(hessianSteps(distance).map(Self.json)), "sample_sizes": distance.study.json,
            ]
          }),
      ],
    ]
  }

  private static func json(_ step: Step) -> JSONValue {
    [
      "quantity": .string(step.quantity), "value": .double(step.value), "is_bound": .boolean(step.isBound),
      "because": .string(step.reason),
    ]
  }

  static func json(_ network: Trained) -> JSONValue {
    [
      "name": .string(network.name), "layers": .string(network.layers), "weights": .integer(network.weights),
      "constants": .integer(network.constants), "epochs": .integer(network.records.count),
      "loss": .double(network.loss), "accuracy": .double(network.accuracy),
      "held_out_loss": network.heldOutLoss.map { .double($0) } ?? .null,
      "held_out_accuracy": network.heldOutAccuracy.map { .double($0) } ?? .null,
      "gradient_norm": .double(network.gradientNorm),
    ]
  }
}

extension ExperimentMeasurement {
  /// Everything measured, as an object.
  var json: JSONValue {
    [
      "samples": .integer(count), "weight_norm": .double(weightNorm), "gradient_norm": .double(gradientNorm),
      "losses": .array(losses.map { .double($0) }),
      "sample_gradient_norms": .array(sampleGradientNorms.map { .double($0) }),
      "gradient_gaps": .array(gradientGaps.map { .double($0) }),
      "eigenvalues": .array(eigenvalues.map { .double($0) }), "spectrum_converged": .boolean(isSpectrumConverged),
      "hessian_gaps": .array(
        hessianGaps.map {
          [
            "order": .integer($0.order), "k": .integer($0.count), "norm": .double($0.norm),
            "single": .double($0.single), "converged": .boolean($0.isConverged),
          ]
        }),
      "expansions": .array(
        expansions.map {
          [
            "radius": .string($0.radius.description), "direction": .string($0.direction.name), "loss": .double($0.loss),
            "constant": .double($0.constant), "gradient": .double($0.gradient), "hessian": .double($0.hessian),
            "remainder": .double($0.remainder),
          ]
        }),
      "increments": .array(
        increments.map {
          [
            "radius": .string($0.radius.description),
            "directions": .string($0.radius.isZero ? "none" : $0.isRandom ? "random" : "eigenvectors"),
            "measured": $0.means.json,
          ]
        }),
    ]
  }
}
