import Formulas
import Transformers
import Typesetting

extension ConvergenceStudy {
  /// What is claimed, what is proven in its place, and how the numbers are obtained.
  static func appendTheory(to document: inout LaTeXDocument) {
    document.section("What is claimed and what is proven")
    document.append(
      """
      For samples $X_i$ of $n$ tokens and targets $y_i$, $i \\le N$, let $F_i = \\sum_h A_{ih} X_i W_V^h W_O^h$ be a layer with
      $H$ heads and $f = \\frac12 \\sum_i \\lVert F_i - y_i \\rVert_F^2$. The source~\\cite{song2024} states that for $HD \\ge Nn$ there
      are initial weights and a step size $\\eta$ with $f(M_t) \\le (1 - \\eta\\beta)^t f(M_0)$, $\\beta = \\sigma_{\\min}^2(W_O)
      \\sigma_{\\min}^2(B_0^\\top)$; its $B_0$, its condition on the initial weights and its step size are not public. What follows
      is our reading, not the authors' text.

      Let $B$ have the rows $[A_{i1}X_i \\; \\cdots \\; A_{iH}X_i]$ of all tokens of all samples. The output is linear in $W_V$, and a
      Polyak--{\\L}ojasiewicz inequality~\\cite{karimi2016} follows. For one head, with the stacked outputs $F = B W_V W_O$:

      """)
    let dominance = GradientDominance.derived
    document.display(dominance.gradient.judgement)
    document.append("so that $\\nabla_{W_V} f$ has $G = R$, the residual. With right inverses")
    for hypothesis in dominance.hypotheses { document.display(hypothesis.statement) }
    document.append("a chain of \(dominance.proof.steps.count) laws, replayed by the program, gives")
    document.display(dominance.proof.judgement)
    document.append(
      """
      Of the pseudo-inverses $1/\\lVert P \\rVert_2 = \\sigma_{\\min}(B^\\top) = \\sqrt{\\lambda_{\\min}(BB^\\top)}$ and $1/\\lVert Q
      \\rVert_2 = \\sqrt{\\lambda_{\\min}(W_O^\\top W_O)}$, so that $\\lVert \\nabla f \\rVert^2 \\ge 2 \\beta f$ at every point with
      $\\beta = \\lambda_{\\min}(W_O^\\top W_O) \\lambda_{\\min}(BB^\\top)$. With several heads the same holds with all of $B$ and the least
      of the values of the $W_O^h$, since $\\sum_h \\lVert B_h^\\top R W_O^{h\\top} \\rVert_F^2 \\ge \\min_h \\lambda_{\\min}(W_O^{h\\top} W_O^h)
      \\sum_h \\lVert B_h^\\top R \\rVert_F^2$. It is positive only if $B$ has no more rows than columns, $Nn \\le HD$, and every
      $W_O^h$ no more columns than rows. For any set of trained weights with the Jacobian $J$ of the outputs the best such constant that
      serves every target is $\\gamma = \\lambda_{\\min}(JJ^\\top)$.

      """)
    document.statement(
      "proposition", title: "A guarantee before the first step",
      latex: """
        Let $\\rho = 4\\sqrt{f_0/\\beta_0}$, and on the ball of radius $\\rho$ around $M_0$ let $\\beta \\ge \\beta_0/2$ and $\\lVert
        \\nabla^2 f \\rVert_2 \\le \\Lambda$. Gradient descent with $\\eta = 1/\\Lambda$ stays in the ball, and $f(M_t) \\le (1 - \\eta \\beta_0/2)^t
        f(M_0)$.
        """)
    document.append(
      """
      \\noindent\\emph{Proof.} Follow a step from $M_t$ in the ball, at the part $s \\le 1$ of its length, as long as it has not left the
      ball: $f$ has fallen by at least $\\frac{s\\eta}{2} \\lVert \\nabla f(M_t) \\rVert^2$, since $\\Lambda\\eta \\le 1$. With $\\sqrt a -
      \\sqrt b \\ge (a - b)/(2\\sqrt a)$ and $\\lVert \\nabla f(M_t) \\rVert \\ge \\sqrt{\\beta_0 f(M_t)}$, the root $\\sqrt f$ has fallen by
      at least $\\frac14 \\sqrt{\\beta_0}$ times the distance covered. Summed over all steps so far, the distance is at most
      $4(\\sqrt{f_0} - \\sqrt{f})/\\sqrt{\\beta_0}$, less than $\\rho$ while $f > 0$: the ball is never left, and where $f = 0$ descent stands still. Each whole step takes $\\frac\\eta2 \\beta_0 f(M_t)$ off $f(M_t)$. \\hfill$\\square$

      \\noindent What $\\sigma_{\\min}(B^\\top)$ can change in the ball is at most $\\lVert B - B_0 \\rVert_F$. Let $\\lVert \\partial B_{ih}/\\partial
      W_Q \\rVert_2 \\le q_{ih}$ and $\\lVert \\partial B_{ih}/\\partial W_K \\rVert_2 \\le k_{ih}$ on the ball, for the features $B_{ih} = A_{ih}
      X_i$ of one head on one sample. Along the segment to weights that are $\\Delta_Q^h$, $\\Delta_K^h$ away,
      $\\lVert B_{ih} - (B_0)_{ih} \\rVert_F \\le q_{ih} \\lVert \\Delta_Q^h \\rVert_F + k_{ih} \\lVert \\Delta_K^h \\rVert_F$, whose square is at
      most $(q_{ih}^2 + k_{ih}^2)(\\lVert \\Delta_Q^h \\rVert_F^2 + \\lVert \\Delta_K^h \\rVert_F^2)$ by the Cauchy--Schwarz inequality. Heads share
      the distance: $\\sum_h (\\lVert \\Delta_Q^h \\rVert_F^2 + \\lVert \\Delta_K^h \\rVert_F^2) \\le \\rho^2$. Summed over both,
      \\[ \\lVert B - B_0 \\rVert_F \\le \\rho \\Bigl( \\sum_i \\max_h (q_{ih}^2 + k_{ih}^2) \\Bigr)^{1/2}, \\]
      without the part of a matrix that is not trained. This step is by hand. The bounds of one head on one sample of $L = n$ tokens are
      derived, with $x = \\lVert X \\rVert_2$, $x_{\\mathrm{row}}$ the largest norm of a token, $x_{\\mathrm{diam}}$ the largest distance of two,
      $w_Q$, $w_K$ the norms $\\lVert W_Q \\rVert_2$, $\\lVert W_K \\rVert_2$ at $M_0$ and $r$ the radius:

      """)
    for kernel in [AttentionKernel.softmax, .gaussian] {
      guard let bound = try? FeatureBound(kernel) else { continue }
      document.paragraph("Kernel \(kernel.rawValue):")
      for proof in bound.proofs { document.display(proof.judgement, SampleSizeNotation.notation) }
    }
    document.paragraph(
      "The bound `Λ` of the Hessian on the ball is derived in the same way, times the number of samples. All these numbers are enclosed "
        + "by ball arithmetic and rounded to the safe side. Measured losses, `γ` and `β` along a path are floating-point estimates; "
        + "where a path is called certified, the recorded weights are taken as exact and the losses there are enclosed."
    )
  }
}
