import Formulas
import MatrixCalculus

/// The printed bound on the Hessian of a fully connected ReLU network with cross-entropy: claims, never used as true.
///
/// `‖H_i‖ ≤ L√2 M_x² M_W^{2L} + √2 M_W² (M_W^{2L} − 1)/(M_W² − 1)`, here for two layers and for three, where the quotient is
/// `1 + M_W²` and `1 + M_W² + M_W⁴`: a formula has no exponent that is a size.
/// - Source: [kiselev2024, Theorem 1].
public enum FullyConnectedTheorem {
  /// The printed bound read for the Hessian and, since the functional term is left out, for its Gauss–Newton part.
  public static let claims: [Claim] = [
    claim("P5", layers: 2, isWhole: true), claim("P5.o", layers: 2, isWhole: false),
    claim("P5.3", layers: 3, isWhole: true), claim("P5.3.o", layers: 3, isWhole: false),
  ]

  private static let input = Formula.symbol("x", 1, "d")
  /// The number of classes: the class of the sample and `q` others.
  private static let classes = Size(1) + "q"

  private static func claim(_ id: String, layers count: Int, isWhole: Bool) -> Claim {
    let parts = Deferred { Self.parts(layers: count, isWhole: isWhole) }
    return Claim(
      id: id,
      title: "norm of the \(isWhole ? "Hessian" : "Gauss–Newton part") of a fully connected network of \(count) layers",
      kind: .inequality, citation: Citation("kiselev2024", "Theorem 1"),
      hypotheses: [
        "ReLU network without biases, cross-entropy of one sample of the first of 1 + q classes",
        "no entry of a matrix under ReLU is zero", "`‖W_p‖` at most M_W, `‖x_i‖` at most M_x",
      ],
      reading: "at L = \(count) layers"
        + (isWhole ? "" : "; for the Gauss–Newton part, since the printed proof leaves the functional term out"),
      names: [
        .init(parts.value.hessian, isWhole ? "H" : "H_o"), .init(parts.value.weight, "M_W"), .init(input.norm(), "M_x"),
      ],
      steps: isWhole ? [id + ".o"] : [],
      statement: Judgement(
        parts.value.hessian.norm(), .atMost, bound(input.norm(), parts.value.weight, layers: count)))
  }

  /// The Hessian, or its Gauss–Newton part, and `M_W`.
  private static func parts(layers count: Int, isWhole: Bool) -> (hessian: Formula, weight: Formula) {
    let derivation = derivation(count), objective = derivation.objective, parameters = objective.model.parameters
    // The classes are numbered such that the sample's is the first.
    let label = Formula.blocks([[.integer(1), .zero(1, "q")]])
    let names: [Formula: Formula] = [
      .symbol(objective.model.input): input, .symbol(objective.target): label,
    ]
    func closed(_ formula: Formula) -> Formula { derivation.unfolded(formula).replacing(names) }
    let hessian = Formula.blocks(
      parameters.map { row in
        parameters.map { column in
          closed(isWhole ? derivation.block(row, column).total : derivation.outerProduct(row, column).judgement.right)
        }
      })
    return (hessian, .maximum(parameters.map { Formula.symbol($0).norm() }))
  }

  private static func bound(_ Mx: Formula, _ MW: Formula, layers count: Int) -> Formula {
    let root = Formula.integer(2).squareRoot
    let quotient = Formula.sum((0..<count).map { $0 == 0 ? .integer(1) : MW.power(2 * $0) })
    return .integer(count) * root * Mx.power(2) * MW.power(2 * count) + root * MW.power(2) * quotient
  }

  private static func derivation(_ count: Int) -> HessianDerivation {
    let hidden = ["h", "m"].prefix(count - 1).flatMap { width -> [Layer] in
      [.linear(width: Size(width), bias: false), .activation(.relu)]
    }
    let network: Network
    do {
      network = try Network(hidden + [.linear(width: classes, bias: false)], tokens: 1)
    } catch {
      preconditionFailure("\(error)")
    }
    return HessianDerivation(Objective(network, measuredBy: .crossEntropy))
  }
}
