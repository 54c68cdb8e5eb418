import Formulas
import Typesetting

/// The printed entries of the sources that laws and claims cite, by their keys in `references.bib`.
enum Bibliography {
  /// The entries of the given keys, in the order of the bibliography.
  ///
  /// - Precondition: every key has an entry.
  static func references(_ keys: [String]) -> [LaTeXDocument.Reference] {
    for key in keys { precondition(entries.contains { $0.key == key }, "the bibliography has no entry \(key)") }
    return entries.filter { keys.contains($0.key) }
  }

  /// The entries that rules cite, and further ones.
  static func references(citedBy rules: [Rule], and keys: [String] = []) -> [LaTeXDocument.Reference] {
    references(rules.compactMap(\.citation?.key) + keys)
  }

  static let entries: [LaTeXDocument.Reference] = [
    entry(
      "arb2017",
      "F. Johansson. Arb: efficient arbitrary-precision midpoint-radius interval arithmetic. IEEE Transactions on "
        + "Computers 66(8), 1281–1292, 2017."),
    entry("ba2016", "J. L. Ba, J. R. Kiros and G. E. Hinton. Layer normalization. arXiv:1607.06450, 2016."),
    entry("banach1938", "S. Banach. Über homogene Polynome in (L²). Studia Mathematica 7, 36–44, 1938."),
    entry("griewank2008", "A. Griewank and A. Walther. Evaluating Derivatives. 2nd edition, SIAM, 2008."),
    entry(
      "hoeffding1963",
      "W. Hoeffding. Probability inequalities for sums of bounded random variables. Journal of the American Statistical "
        + "Association 58(301), 13–30, 1963."),
    entry("horn1991", "R. A. Horn and C. R. Johnson. Topics in Matrix Analysis. Cambridge University Press, 1991."),
    entry("horn2012", "R. A. Horn and C. R. Johnson. Matrix Analysis. 2nd edition, Cambridge University Press, 2012."),
    entry(
      "karimi2016",
      "H. Karimi, J. Nutini and M. Schmidt. Linear convergence of gradient and proximal-gradient methods under the "
        + "Polyak–Łojasiewicz condition. ECML PKDD 2016, Lecture Notes in Computer Science 9851, 795–811, Springer."),
    entry(
      "kiselev2024",
      "N. Kiselev and A. Grabovoy. Unraveling the Hessian: a key to smooth convergence in loss function landscapes. "
        + "arXiv:2409.11995, 2024."),
    entry(
      "li2018",
      "H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein. Visualizing the loss landscape of neural nets. NeurIPS 31, 2018, "
        + "arXiv:1712.09913."),
    entry(
      "linsley2018",
      "D. Linsley, J. Kim, V. Veerabadran, C. Windolf and T. Serre. Learning long-range spatial dependencies with horizontal "
        + "gated recurrent units. NeurIPS 31, 2018, arXiv:1805.08315."),
    entry(
      "magnus1979",
      "J. R. Magnus and H. Neudecker. The commutation matrix: some properties and applications. The Annals of "
        + "Statistics 7(2), 381–394, 1979."),
    entry(
      "magnus2019",
      "J. R. Magnus and H. Neudecker. Matrix Differential Calculus with Applications in Statistics and Econometrics. "
        + "3rd edition, Wiley, 2019."),
    entry(
      "maurer2009",
      "A. Maurer and M. Pontil. Empirical Bernstein bounds and sample variance penalization. COLT 2009, "
        + "arXiv:0907.3740."),
    entry(
      "ormaniec2024",
      "W. Ormaniec, F. Dangel and S. P. Singh. What does it mean to be a transformer? Insights from a theoretical "
        + "Hessian analysis. ICLR 2025, arXiv:2410.10986."),
    entry(
      "petrov2025slides",
      "E. Petrov. Convergence of loss function surface in transformers. Slides, Moscow Institute of Physics and "
        + "Technology, undated."),
    entry(
      "popoviciu1935",
      "T. Popoviciu. Sur les équations algébriques ayant toutes leurs racines réelles. Mathematica (Cluj) 9, 129–145, "
        + "1935."),
    entry(
      "qin2025",
      "Z. Qin, J. Zhou and Z. Zhu. On the convergence of gradient descent on learning transformers with residual "
        + "connections. arXiv:2506.05249, 2025."),
    entry(
      "schraudolph2002",
      "N. N. Schraudolph. Fast curvature matrix-vector products for second-order gradient descent. Neural Computation "
        + "14(7), 1723–1738, 2002."),
    entry(
      "schwartz1980",
      "J. T. Schwartz. Fast probabilistic algorithms for verification of polynomial identities. Journal of the ACM "
        + "27(4), 701–717, 1980."),
    entry(
      "song2024",
      "B. Song, B. Han, S. Zhang, J. Ding and M. Hong. Unraveling the gradient descent dynamics of transformers. NeurIPS "
        + "37, 2024, arXiv:2411.07538."),
    entry(
      "transformerhessian2025",
      "E. Petrov, N. Kiselev, V. Meshkov and A. Grabovoy. Closing the curvature gap: full transformer Hessians and "
        + "their implications for scaling laws. arXiv:2510.16927, 2025."),
    entry("vaswani2017", "A. Vaswani et al. Attention is all you need. NeurIPS 30, 2017, arXiv:1706.03762."),
    entry(
      "zippel1979",
      "R. Zippel. Probabilistic algorithms for sparse polynomials. EUROSAM '79, Lecture Notes in Computer Science 72, "
        + "216–226, Springer, 1979."),
  ]

  private static func entry(_ key: String, _ text: String) -> LaTeXDocument.Reference { .init(key: key, text: text) }
}
