import Formulas

/// The printed bound on the Hessian of a fully connected ReLU network with cross-entropy: a claim, never used as true.
///
/// `‖H_i‖ ≤ L√2 M_x² M_W^{2L} + √2 M_W² (M_W^{2L} − 1)/(M_W² − 1)`, here at `L = 2` layers, where the quotient is
/// `1 + M_W²`: a formula has no exponent that is a size.
/// - Source: [kiselev2024, Theorem 1].
public enum FullyConnectedTheorem {
  public static let claim: Claim = {
    let x = Formula.symbol("x", "d", 1)
    let weights = [Formula.symbol("W_1", "h", "d"), Formula.symbol("W_2", "c", "h")]
    let H = Formula.symbol("H", "n", "n")
    let MW = Formula.maximum(weights.map { $0.norm() }), Mx = x.norm(), root = Formula.integer(2).squareRoot
    return Claim(
      id: "P5", title: "norm of the Hessian of a fully connected network", kind: .inequality,
      citation: Citation("kiselev2024", "Theorem 1"),
      hypotheses: ["ReLU network without biases, cross-entropy", "`‖W_p‖` at most M_W, `‖x_i‖` at most M_x"],
      reading: "at L = 2 layers; the functional term is left out", names: [.init(MW, "M_W"), .init(Mx, "M_x")],
      limitation: "H stands for the Hessian of a fully connected network, which the layers at hand do not include",
      statement: Judgement(
        H.norm(), .atMost,
        .integer(2) * root * Mx.power(2) * MW.power(4) + root * MW.power(2) * (.integer(1) + MW.power(2))))
  }()
}
