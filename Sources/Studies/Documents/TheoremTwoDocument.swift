import Arithmetic
import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// The printed Theorem 2, what is true in its place, and the sample sizes that follow, as a LaTeX document.
struct TheoremTwoDocument {
  private let audit: Audit
  private let notation = SampleSizeNotation.notation

  /// - Parameter witnesses: the folder with the witnesses against printed statements.
  init(witnesses: String) throws {
    audit = try Audit(Claims.all.filter { $0.theorem == "P4" }, witnesses: witnesses)
  }

  /// The document.
  ///
  /// - Errors: the first step of a proof that does not follow.
  func latex() throws -> String {
    var document = LaTeXDocument(
      title: "How many samples", subtitle: "Theorem 2: what is printed, what is proven, and what it does not say",
      provenance: Documents.provenance("derivations", "Proofs are replayed as they are written."),
      references: Bibliography.references(
        citedBy: NormLaws.all, and: ["hoeffding1963", "maurer2009", "petrov2025slides", "transformerhessian2025"]))
    document.append(Self.introduction)
    document.section("The change by one more sample")
    document.append(Self.identity)
    for law in MeanLaws.all { document.append(law.latex(notation)) }
    for version in IncrementBound.Version.allCases { try append(version, to: &document) }
    document.section("The hypotheses on trial")
    document.append(Self.trial)
    document.table(verdicts)
    document.section("On a ball of weights")
    try appendBall(to: &document)
    document.section("The least number of samples")
    document.append(Self.leastCount)
    document.append(meanSquare)
    document.section("The distance to the limit")
    document.append(Self.harmonic)
    document.append(statistics)
    return document.latex
  }

  // MARK: Text

  private static let introduction = """
    \\begin{abstract}
    \\noindent The slides~\\cite{petrov2025slides} bound what one more sample changes in the mean loss, and derive from it how
    many samples are enough. We state the bound as printed with the hypotheses that its proof uses, put these on trial, and
    derive what holds without them. Every proof is a chain of laws that a program replays.
    \\end{abstract}
    \\noindent $L_k(w) = \\frac1k \\sum_{i \\le k} \\ell_i(w)$ is the mean loss of the first $k$ samples, $w^*$ a point, $\\delta =
    w - w^*$ and $r \\ge \\lVert \\delta \\rVert_2$. Losses, gradients and Hessians without an argument are those at $w^*$:
    $\\ell_{k+1}$, $g_{k+1}$, $H_{k+1}$ of the new sample, $L_k$, $g_k$, $H_k$ of the mean of the others. $\\mathcal{L}$ bounds
    losses; the source writes $L$ for it.

    """

  private static let identity = """
    Everything rests on one identity and two facts about numbers, of which the program uses the following laws beside those of
    \\texttt{laws.tex}.

    """

  private static let trial = """
    The printed proof needs that $w^*$ is a stationary point of the loss of \\emph{every} sample: as a minimiser of the mean alone
    it leaves each sample its gradient, and the first-order term $\\delta^{\\top}(g_{k+1} - g_k)$ stays. It also takes each loss
    for its quadratic model, so that the Hessians at $w^*$ stand for those between $w^*$ and $w$. The verdicts are those of the
    audit, whose evidence is printed in \\texttt{audit.tex}.

    """

  private static let leastCount = """
    A bound $N/(k+1)$ falls with $k$. It is at most $\\varepsilon$ exactly for $k \\ge N/\\varepsilon - 1$, so that the least
    number of samples from which on it is, is
    \\[ k^* = \\max\\bigl(1, \\lceil N/\\varepsilon \\rceil - 1\\bigr). \\]
    It is computed in fractions and certified by the values of the bound at $k^*$ and at $k^* - 1$; in floating point
    $2.1/0.7 = 3.0000000000000004$, and the ceiling is off by one. The later paper~\\cite{transformerhessian2025} prints the
    criterion $m_1^* = N_1/\\varepsilon$ for the same bound: sufficient, a real number, and larger than $k^*$ by more than 0 and at most 1
    where $k^* > 1$.

    """

  private static let harmonic = """
    A mean whose changes are bounded by $N/(k+1)$ need not come near anything, since $\\sum_k 1/(k+1)$ diverges as the harmonic
    series does. From $k$ to $2k$ samples the bounds allow a change of $N \\ln 2$ in all, however large $k$ is. What bounds the
    distance to the expectation $L(w)$ is the independence of the samples, at a $w$ that was not fitted to them.

    """

  // MARK: The bounds

  private static func title(_ version: IncrementBound.Version) -> (section: String, text: String) {
    switch version {
    case .printed:
      (
        "As printed",
        "The bound of~\\cite{petrov2025slides}, under the hypotheses that its proof uses. They do not hold together for the "
          + "layer; the next section says which fail."
      )
    case .withGradient:
      (
        "With the gradient of the new sample",
        "The bound of~\\cite{transformerhessian2025}: $w^*$ is a stationary point of the mean loss, and the Hessians are bounded "
          + "wherever Taylor's theorem needs them."
      )
    case .rigorous:
      (
        "Without hypotheses on the point",
        "Nothing is assumed of $w^*$, and nothing is dropped. The gap of the losses and that of the gradients are bounded as they "
          + "are, the Hessians on the whole ball $\\lVert w - w^* \\rVert_2 \\le r$."
      )
    case .hessianFree:
      ("Without derivatives", "Losses between 0 and $\\sup \\ell$ at $w$ itself need no derivative at all.")
    }
  }

  private func append(_ version: IncrementBound.Version, to document: inout LaTeXDocument) throws {
    let bound = IncrementBound.derived(version), (title, text) = Self.title(version)
    document.subsection(title)
    document.append(text + " Assumed is:")
    document.append(
      "\\begin{itemize}\n"
        + bound.hypotheses.enumerated().map { index, rule in
          "\\item[\(index + 1).] $\\displaystyle \(rule.statement.latex(notation))$\\quad \(LaTeX.prose(rule.justification))"
        }.joined(separator: "\n") + "\n\\end{itemize}")
    document.append(
      try bound.proof.latex(
        bound.rules, environment: "theorem", label: "increment:\(version.rawValue)", title: title, notation: notation))
  }

  // MARK: Verdicts

  private var verdicts: Table {
    var table = Table(
      name: "hypotheses", caption: "The steps and hypotheses of the printed statements, and the verdicts of the audit.",
      columns: [
        .init("claim", alignment: .left), .init("what it says", alignment: .paragraph(22)),
        .init("verdict", alignment: .left),
      ])
    for entry in audit.entries {
      let claim = entry.claim
      let text = ([claim.title] + claim.hypotheses.prefix(1)).joined(separator: "; assumed: ")
      table.append([
        .text(claim.id), .typeset(LaTeX.prose(text), text: text), .text(entry.verdict.name.rawValue),
      ])
    }
    return table
  }

  // MARK: The ball

  private func appendBall(to document: inout LaTeXDocument) throws {
    let bound = try BallBound(HessianDerivation(Objective(SelfAttention(.softmax))))
    document.append(
      """
      The number $M_B$ of the rigorous bound has to hold at every point of the ball, and so must $\\sup \\ell$. For one head of
      self-attention with the mean square loss both are derived like the bounds of \\texttt{bounds.tex}, in norms of the data, which
      stay, and of the weights, of which each is at most its value at $w^*$ plus $r$. Assumed is, with the largest values over all
      samples on the right,

      """)
    document.append(
      "\\begin{itemize}\n"
        + bound.hypotheses.map { rule in
          "\\item $\(rule.statement.latex(notation))$\\quad \(LaTeX.prose(rule.justification))"
        }.joined(separator: "\n") + "\n\\end{itemize}")
    document.append(
      "Then, with $\\ell = \\lVert F - Y \\rVert_F^2/(L d_V)$ and attention weights that are bounded by their form alone,"
    )
    document.append(LaTeX.display(lines("\\ell(w)", .atMost, bound.lossBound)))
    document.append(
      "and the norm of the Hessian is at most that of the symmetric matrix of the following bounds of its blocks:")
    document.append(blocks(bound))
  }

  /// The bounds of the blocks on and above the diagonal.
  private func blocks(_ bound: BallBound) -> String {
    let grid = bound.hessianBound.operands[0].operands, names = ["Q", "K", "V"]
    return LaTeX.display(
      names.indices.flatMap { i in
        names.indices.dropFirst(i).flatMap { j in
          lines("b_{\(names[i])\(names[j])}", .equal, grid[i * names.count + j])
        }
      })
  }

  /// A formula with what it is equal to or bounds, given in LaTeX.
  private func lines(_ name: String, _ relation: Relation, _ formula: Formula) -> [String] {
    var notation = notation
    notation.symbols["left side"] = "{\(name)}"
    return Judgement(.symbol("left side", 1, 1), relation, formula).latexLines(notation)
  }

  // MARK: Other criteria

  private var meanSquare: String {
    "For weights $w \\sim \\mathcal{N}(w^*, \\sigma^2 I)$ with $n$ entries the later paper bounds the mean square of the change by "
      + "$N_2/(k+1)^2$, and prints $m_2^* = \\sqrt{N_2/\\varepsilon}$, with\n"
      + LaTeX.display(lines("N_2", .equal, TheoremTwo.meanSquareNumerator))
      + "\nHere $k^* = \\max(1, \\lceil \\sqrt{N_2/\\varepsilon}\\, \\rceil - 1)$.\n"
  }

  private var statistics: String {
    """
    For independent samples with losses in $[0, B]$, at a $w$ that does not depend on them, the inequality of
    Hoeffding~\\cite[Theorem~2]{hoeffding1963} gives $|L_k(w) - L(w)| \\le \\varepsilon$ with probability at least $1 - \\delta$ as soon as
    \(LaTeX.display(Concentration.hoeffdingTail.latexLines(notation).appending(" \\le \\delta")))
    that is, for $k$ from the ceiling of $\(Concentration.hoeffdingCount.latex(notation))$ on, with $\\lambda = \\ln(2/\\delta)$.
    The empirical Bernstein inequality~\\cite[Theorem~4]{maurer2009}, used on both sides with $\\delta/2$ each, uses the sample
    variance $V$ of the same $k$ losses (with divisor $k - 1$): with $\\lambda = \\ln(4/\\delta)$ and probability at least $1 -
    \\delta$,
    \(LaTeX.display(lines("|L_k(w) - L(w)|", .atMost, Concentration.bernsteinWidth)))
    A sample size from this inequality with the variance of other samples is a plan, not yet a guarantee: it becomes one once the
    variance of the $k$ samples is at most the assumed one. Exponential, logarithm and root are enclosed by ball arithmetic, so that
    $k^*$ is certified at $k^*$ and $k^* - 1$.

    """
  }
}

extension [String] {
  fileprivate func appending(_ end: String) -> [String] { dropLast() + [(last ?? "") + end] }
}
