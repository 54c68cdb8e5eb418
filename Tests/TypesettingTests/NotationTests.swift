import Formulas
import Testing

@testable import Typesetting

@Suite struct NotationTests {
  @Test(arguments: [
    ("X", "X"), ("W_Q", "W_Q"), ("W_Q^1", "W_Q^{(1)}"), ("X_max", "X_{\\max}"), ("d_K", "d_K"), ("alpha", "\\alpha"),
    ("rho_inf", "\\rho_\\infty"), ("kappa", "\\kappa"), ("rho_infty", "\\rho_\\infty"), ("tau", "\\tau"),
    ("ell", "\\ell"), ("h_QK", "h_{QK}"),
    ("M_repaired", "M_{\\mathrm{repaired}}"), ("w*", "w^{*}"), ("x1", "x_1"), ("W_O^12", "W_O^{(12)}"),
    ("M_1_2", "M_{1,2}"),
    ("𝒟", "\\mathcal{D}"), ("ρ", "\\rho"), ("W_V'", "W_V^{\\prime}"), ("loss", "\\mathrm{loss}"),
    ("a%b", "\\mathrm{\\text{a\\%b}}"), ("", "\\square"),
    ("W_Q^h", "W_Q^{(h)}"), ("W_Q^{2,1}", "W_Q^{(2,1)}"), ("A^{12,3}", "A^{(12,3)}"),
  ])
  func printsNames(name: String, latex: String) {
    let printed = Notation.paper.latex(ofName: name)
    #expect(printed == latex.replacing("_\\infty", with: "_{\\infty}"))
  }

  @Test func printsSizes() {
    let size: Size = Size(2) * "d" * "d_K" + "d" * "d_V"
    #expect(Notation.paper.latex(size) == "2 d d_K + d d_V")
    #expect(Notation.paper.latex(Size("d") * "d" * "L") == "L d^{2}")
    #expect(Notation.paper.latex(Size(0)) == "0")
    #expect(Formula.identity(Size("d") * "d_K").latex() == "I_{d d_K}")
  }

  @Test func overridesJoinTheTranspose() {
    let notation = Notation(symbols: ["T": "\\tilde{T}^{(2)}", "Z": "Z^{a_1}"])
    #expect(Formula.symbol("T", "n", "n").transposed.latex(notation) == "\\tilde{T}^{(2)\\top}")
    #expect(Formula.symbol("Z", "n", "n").transposed.latex(notation) == "{Z^{a_1}}^{\\top}")
  }
}
