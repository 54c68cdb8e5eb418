import Formulas
import MatrixCalculus

/// Printed statements about gradient descent on attention, and about the Hessian of classical networks beside it.
///
/// Of the theorems on gradient descent the conditions are not public: the statements stand here with what is missing, and the
/// study of convergence says what can be proven in their place.
/// - Source: [song2024, Theorems 1 and 2]; [qin2025, abstract]; [ormaniec2024, §4].
public enum DynamicsClaims {
  public static let claims: [Claim] = descent + hollow

  // MARK: Gradient descent

  private static let first = Formula.symbol("f_0", 1, 1), next = Formula.symbol("f_1", 1, 1)
  private static let step = Formula.symbol("eta", 1, 1)
  private static let song = "song2024"

  /// One step of the printed rate with a constant.
  private static func linear(
    _ id: String, _ title: String, _ citation: Citation, rate: String, hypotheses: [String], reading: String,
    limitation: String
  ) -> Claim {
    Claim(
      id: id, title: title, kind: .existence, citation: citation, hypotheses: hypotheses,
      reading: reading + "; stated for one step", limitation: limitation,
      statement: Judgement(next, .atMost, (.integer(1) - step * .symbol(rate, 1, 1)) * first))
  }

  private static let existence = "there are initial weights and a step size η"

  private static let descent: [Claim] = [
    linear(
      "P6.1", "linear convergence of gradient descent on attention", Citation(song, "Theorem 1"), rate: "beta",
      hypotheses: ["HD at least Nn", existence, "queries, keys and values trained"],
      reading: "`β = σ²_min(W_O) σ²_min(Bᵀ)` with `B` of the features `A X` of all heads",
      limitation:
        "the authors' B, initial weights and step size are not public. For our reading the inequality `‖∇f‖² ≥ 2βf` is proven, "
        + "and hessian convergence certifies initial weights and step sizes at instances"),
    linear(
      "P6.2.gaussian", "linear convergence with queries alone, Gaussian kernel", Citation(song, "Theorem 2"),
      rate: "gamma",
      hypotheses: ["HD at least Nn", existence, "queries trained"],
      reading: "`γ = λ_min(JJᵀ)` at the initial weights, J the Jacobian by the queries",
      limitation:
        "the authors' γ, initial weights and step size are not public; hessian convergence measures the decay, and γ along the path"
    ),
    Claim(
      id: "P6.2.softmax", title: "descent with queries alone, softmax", kind: .existence,
      citation: Citation(song, "Theorem 2"), hypotheses: ["HD at least Nn", existence, "queries trained"],
      reading: "the norm of the gradient squared; stated for one step",
      limitation:
        "which initial weights are meant is not public; at stationary ones it holds and says nothing. To second order a step gains "
        + "`η‖∇f‖² − ½η²∇fᵀH∇f`, less than printed wherever the curvature along the gradient is positive; with half of the sum it is the "
        + "descent lemma. hessian convergence measures both",
      statement: Judgement(
        next, .atMost, first - step * Formula.symbol("G", "d", "d_K").norm(.frobenius).power(2))),
    linear(
      "P7.1", "linear convergence of gradient descent on a transformer layer", Citation("qin2025", "abstract"),
      rate: "rho",
      hypotheses: ["suitable initial weights", "attention, feed-forward network and residual connections"],
      reading: "a rate set by the smallest and largest singular values of the attention's output",
      limitation:
        "the loss, the conditions and the rate are not public to us; hessian conditioning measures the singular values and the decay"
    ),
  ]

  // MARK: Classical networks

  private static let ormaniec = Citation("ormaniec2024", "Section 4")

  /// The second derivative of the outputs by one weight matrix is zero, contracted with any `G`.
  private static let hollow: [Claim] = [nil, Activation.relu].flatMap { activation in
    (1...2).map { layer in
      let input = Formula.symbol("X", "L", "d")
      let weights = [Formula.symbol("W_1", "d", "h"), Formula.symbol("W_2", "h", "c")]
      let hidden = input * weights[0], W = weights[layer - 1]
      let output = (activation.map { $0(hidden) } ?? hidden) * weights[1]
      let name = activation == nil ? "linear" : "relu"
      return Claim(
        id: "P3.hollow.\(name).\(layer)",
        title:
          "zero diagonal block \(layer) of the functional part of a \(activation == nil ? "linear" : "ReLU") perceptron",
        kind: .identity, citation: ormaniec,
        hypotheses: activation == nil ? [] : ["no pre-activation is zero"],
        reading: "two layers without biases; G is the gradient by the outputs",
        statement: .contraction(.symbol("G", "L", "c"), output.jacobian(W), W) ==> .zero(W.shape.count, W.shape.count))
    }
  }
}
