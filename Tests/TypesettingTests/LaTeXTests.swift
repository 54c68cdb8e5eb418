import Testing

@testable import Typesetting

@Suite struct LaTeXTests {
  @Test(arguments: [
    (
      "50% of $x_1 & #2 {a} ~b^c \\d",
      "50\\% of \\$x\\_1 \\& \\#2 \\{a\\} \\textasciitilde{}b\\textasciicircum{}c \\textbackslash{}d"
    ),
    ("--quiet", "-{}-quiet"), ("a ⊗ b", "a \\ensuremath{\\otimes} b"), ("é ß", "é ß"),
    ("\u{1F600}", "{\\small U+1F600}"),
    ("line\nbreak\u{7}", "line break"), ("", ""),
  ])
  func escapes(text: String, latex: String) { #expect(LaTeX.escape(text) == latex) }

  @Test(arguments: [
    ("the block of W_Q and X_max, 5%", "the block of $W_Q$ and $X_{\\max}$, 5\\%"),
    ("transpose_mul", "transpose\\_mul"),
    ("5% of `vec_r(AᵀGB)` by `U_i`", "5\\% of $\\operatorname{vec}_r(A^{\\top}GB)$ by $U_i$"),
    ("d_", "d\\_"), ("W_Q^1.", "$W_Q^{(1)}$."), ("", ""),
    ("`σ²_min(Bᵀ)`", "$\\ensuremath{\\sigma}^{2}_{\\mathrm{min}}(B^{\\top})$"),
    ("`(1 − η)ᵗ`, `min(a, b)`", "$(1 \\ensuremath{-} \\ensuremath{\\eta})^{t}$, $\\min (a, b)$"),
  ])
  func setsNamesAsMathematics(text: String, latex: String) { #expect(LaTeX.prose(text) == latex) }

  @Test func buildsDisplays() {
    #expect(LaTeX.display(["a"]) == "\\[ a \\]")
    #expect(LaTeX.display(["-a", "b"]) == "\\begin{align*}\n  & {-}a \\\\\n  & b\n\\end{align*}")
  }

  @Test func numbersEquationsOnTheirLastLine() {
    let display = LaTeX.display([(label: "eq:a", lines: ["a", "= b"]), (label: "eq:c", lines: ["c"])])
    #expect(
      display == "\\begin{align}\n  & a \\notag \\\\\n  & = b \\label{eq:a} \\\\\n  & c \\label{eq:c}\n\\end{align}")
  }

  @Test(arguments: [
    ("\\frac{a + b}{c}", Layout.Binding.atom), ("a + b", .sum), ("a b", .product), ("\\alpha x", .atom),
    ("W_{Q}^{\\top}", .atom), ("A \\otimes B", .kronecker),
  ])
  func judgesHowLaTeXBinds(latex: String, binding: Layout.Binding) { #expect(LaTeX.binding(of: latex) == binding) }
}
