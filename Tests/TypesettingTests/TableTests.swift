import Formulas
import Testing

@testable import Typesetting

@Suite struct TableTests {
  static func sample() -> Table {
    var table = Table(
      name: "terms", caption: "Terms at 50% of X_max",
      columns: [
        .init("head & layer", key: "head"), .init(Sample.X.norm(), key: "x_max"), .init("exact"),
        .init(Sample.number("M"), key: "M"), .init("mixed"), .init("holds"),
      ])
    table.append([
      .text("0_a"), .estimate(1.234567, digits: 4), .exact("3/4"), .upper("0.5001"), .lower("1.5"),
      .verdict(true, "yes"),
    ])
    table.append([
      .text("comma, \"quote\""), .estimate(0.000_012_34, digits: 3), .exact("-12"), .upper("1234567.8"),
      .estimate(2, digits: 2), .verdict(false, ""),
    ])
    table.append([.formula(Sample.A ⊗ Sample.Q.transposed), .below(exponent: -6), .empty, .upper("2"), .empty, .empty])
    return table
  }

  @Test func printsLaTeX() {
    let expected = #"""
      % hessian tables 1.0
      % seed 7
      % Terms at 50% of X_max
      % \usepackage{booktabs}
      % \usepackage{siunitx}
      % \usepackage{amsmath}
      % \usepackage{amssymb}
      \begin{tabular}{@{}lS[table-format=1.3e-1]S[table-format=-2.0]S[table-format=1.7e1]rc@{}}
      \toprule
      {head \& layer} & {$\lVert X \rVert_2$ \ensuremath{\approx}} & {exact} & {$M$ \ensuremath{\uparrow}} & {mixed} & {holds} \\
      \midrule
      0\_a & 1.235 & {$3/4$} & 0.5001 & \ensuremath{\downarrow}\,\num{1.5} & $\checkmark$ yes \\
      comma, \textquotedbl{}quote\textquotedbl{} & 1.23e-5 & -12 & 1.2345678e6 & \ensuremath{\approx}\,\num{2.0} & $\times$ \\
      $A \otimes W_Q^{\top}$ & {$< 10^{-6}$} &  & 2 &  &  \\
      \bottomrule
      \multicolumn{6}{@{}l@{}}{\footnotesize \ensuremath{\uparrow} rounded up; \ensuremath{\downarrow} rounded down; \ensuremath{\approx} floating-point estimate}
      \end{tabular}

      """#
    #expect(Self.sample().latex(provenance: "hessian tables 1.0\nseed 7") == expected)
  }

  @Test func printsText() {
    let expected = #"""
      Terms at 50% of X_max

      head & layer     ‖X‖₂ ≈  exact          M ↑  mixed  holds
      ──────────────  ───────  ─────  ───────────  ─────  ─────
      0_a               1.235    3/4       0.5001  ↓ 1.5  ✓ yes
      comma, "quote"  1.23e-5    -12  1.2345678e6  ≈ 2.0  ✗
      A ⊗ W_Qᵀ         < 1e-6                   2
      ↑ rounded up; ↓ rounded down; ≈ floating-point estimate

      """#
    #expect(Self.sample().text == expected)
  }

  @Test func printsCSV() {
    let expected = #"""
      head,x_max,exact,M,mixed,holds
      0_a,1.234567,3/4,0.5001,1.5,yes
      "comma, ""quote""",1.234e-05,-12,1234567.8,2,false
      A ⊗ W_Qᵀ,<1e-6,,2,,

      """#
    #expect(Self.sample().csv == expected)
  }

  @Test func printsJSON() {
    let text = Self.sample().json.text
    #expect(text.contains(#""x_max": 1.234567"#))
    #expect(text.contains(#""head": "comma, \"quote\"""#))
    #expect(text.contains(#""exact": "3/4""#))
    let positions = ["\"head\":", "\"x_max\":", "\"exact\":", "\"M\":"].map { text.ranges(of: $0).first?.lowerBound }
    #expect(positions == positions.sorted { ($0 ?? text.startIndex) < ($1 ?? text.startIndex) })
    #expect(JSON.object([]).text == "{}")
    #expect(JSON.array([.null, .bool(true), .integer(-3)]).text == "[\n  null,\n  true,\n  -3\n]")
    #expect(JSON.number(.nan).text == "\"NaN\"")
    #expect(JSON.string("a\u{1}\\\n").text == "\"a\\u0001\\\\\\n\"")
    #expect(JSON.number(0.1).text == "0.10000000000000001")
  }

  @Test func anEmptyTablePrintsItsHeader() {
    let table = Table(name: "none", caption: "", columns: [.init("a"), .init("b", alignment: .paragraph(12))])
    #expect(table.text == "a  b\n─  ─\n")
    #expect(table.csv == "a,b\n")
    #expect(table.latex(provenance: "").contains(##"l>{\raggedright\arraybackslash}p{12.0em}"##))
  }

  @Test func repeatsTheHeadOfALongTableWithoutItsCaption() {
    let table = Table(
      name: "long", caption: "All of `A ⊗ B`", columns: [.init("x")],
      rows: [[.typeset("$\\alpha$", text: "alpha")]], isLong: true)
    let latex = table.latex(provenance: "")
    #expect(latex.ranges(of: "\\caption{All of $A \\ensuremath{\\otimes} B$}").count == 1)
    #expect(latex.ranges(of: "{x} \\\\").count == 2)
    #expect(latex.contains("\\endfirsthead") && latex.contains("\\endhead"))
    #expect(latex.contains("$\\alpha$ \\\\"))
    #expect(table.csv == "x\nalpha\n")
  }
}
