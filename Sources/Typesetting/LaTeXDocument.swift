import Formulas

/// A complete LaTeX article: preamble, sections and a bibliography without BibTeX.
///
/// It compiles with two runs of `pdflatex`.
public struct LaTeXDocument: Sendable {
  /// An entry of the bibliography.
  public struct Reference: Hashable, Sendable {
    public let key: String
    /// The entry in plain text.
    public let text: String
    public init(key: String, text: String) { (self.key, self.text) = (key, text) }
  }

  public let title: String
  public let subtitle: String
  /// A comment at the head of the file that says where it comes from.
  public let provenance: String
  public let references: [Reference]
  private var body: [String] = []
  private var hasFigures = false

  public init(title: String, subtitle: String = "", provenance: String = "", references: [Reference] = []) {
    (self.title, self.subtitle, self.provenance, self.references) = (title, subtitle, provenance, references)
  }

  public mutating func section(_ title: String) { body.append("\\section{\(LaTeXDocument.heading(title))}") }
  public mutating func subsection(_ title: String) { body.append("\\subsection{\(LaTeXDocument.heading(title))}") }

  /// Adds LaTeX as it is.
  public mutating func append(_ latex: String) { body.append(latex) }

  /// Adds a paragraph of plain text.
  public mutating func paragraph(_ text: String) { body.append(LaTeX.prose(text) + "\n") }

  /// Adds a list of names with a code for each.
  public mutating func list(_ entries: [(name: String, code: String)]) {
    let items = entries.map {
      "\\item[\(LaTeX.escape($0.name))] {\\raggedright\\texttt{\(LaTeX.escape($0.code))}\\par}"
    }
    body.append("\\begin{description}\n" + items.joined(separator: "\n") + "\n\\end{description}\n")
  }

  /// Adds a displayed formula, broken into lines where it is long.
  public mutating func display(_ formula: Formula, _ notation: Notation = .paper) {
    body.append(LaTeX.display(formula.latexLines(notation)))
  }

  /// Adds a displayed statement, broken into lines where it is long.
  public mutating func display(_ judgement: Judgement, _ notation: Notation = .paper) {
    body.append(LaTeX.display(judgement.latexLines(notation)))
  }

  /// Adds a statement with a number of its own: `theorem`, `lemma`, `proposition`, `definition` or `remark`.
  public mutating func statement(_ environment: String, title: String = "", latex: String) {
    let name = title.isEmpty ? "" : "[{\(LaTeX.prose(title))}]"
    body.append("\\begin{\(environment)}\(name)\n\(latex)\n\\end{\(environment)}")
  }

  /// Adds a table with its caption, shrunk to the width of the text where it is wider; a long table runs over pages.
  ///
  /// - Parameters:
  ///   - input: the name of a file with the table's fragment, which is included instead of repeated.
  ///   - isLandscape: whether it has a page of its own, turned.
  public mutating func table(
    _ table: Table, provenance: String = "", input: String? = nil, isLandscape: Bool = false
  ) {
    let fragment = input.map { "\\input{\($0)}%\n" } ?? table.latex(provenance: provenance)
    if table.isLong {
      body.append("{\\small\\renewcommand{\\arraystretch}{1.15}\n\(fragment)}")
    } else {
      let float = """
        \\begin{table}[\(isLandscape ? "p" : "htbp")]
        \\centering
        \\caption{\(LaTeX.prose(table.caption, table.notation))}
        \\begin{adjustbox}{max width=\\linewidth}
        \(fragment)\\end{adjustbox}
        \\end{table}
        """
      body.append(isLandscape ? "\\begin{landscape}\n\(float)\n\\end{landscape}" : float)
    }
  }

  /// Adds a figure with its caption, shrunk to the width of the text where it is wider.
  ///
  /// - Parameter pgfplots: the figure as a pgfplots fragment.
  public mutating func figure(caption: String, pgfplots: String) {
    hasFigures = true
    body.append(
      """
      \\begin{figure}[htbp]
      \\centering
      \\begin{adjustbox}{max width=\\linewidth}
      \(pgfplots)\\end{adjustbox}
      \\caption{\(LaTeX.prose(caption))}
      \\end{figure}
      """)
  }

  /// The source of the document.
  public var latex: String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append(LaTeXDocument.preamble)
    if hasFigures {
      lines += [
        "\\usepackage{pgfplots}", "\\usepgfplotslibrary{groupplots}", "\\pgfplotsset{compat=1.16}",
        "\\usepackage[section]{placeins}",
      ]
    }
    lines.append("\\hypersetup{pdftitle={\(LaTeXDocument.bookmark(title))}}")
    lines.append(
      "\\title{\(LaTeX.prose(title))" + (subtitle.isEmpty ? "" : "\\\\[1ex] \\large \(LaTeX.prose(subtitle))") + "}")
    lines += ["\\author{}", "\\date{}", "\\begin{document}", "\\maketitle"]
    lines += body
    if !references.isEmpty {
      lines.append("\\begin{thebibliography}{\(references.count)}")
      lines += references.map { "\\bibitem{\($0.key)} \(LaTeX.escape($0.text))" }
      lines.append("\\end{thebibliography}")
    }
    lines.append("\\end{document}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let preamble = #"""
    \documentclass[11pt,fleqn]{article}
    \usepackage[T1]{fontenc}
    \usepackage{lmodern}
    \usepackage[a4paper,margin=25mm]{geometry}
    \usepackage{amsmath,amssymb,amsthm,mathtools}
    \usepackage{array,booktabs,longtable,adjustbox,pdflscape}
    \usepackage{siunitx}
    \usepackage{microtype}
    \usepackage[unicode,hidelinks]{hyperref}
    \allowdisplaybreaks
    \setlength{\mathindent}{1.5em}
    \setlength{\emergencystretch}{3em}
    \setcounter{MaxMatrixCols}{64}
    \setlength{\LTcapwidth}{\textwidth}
    \setlength{\belowcaptionskip}{6pt}
    \AtBeginDocument{%
      \setlength{\abovedisplayskip}{5pt plus 2pt minus 1pt}\setlength{\belowdisplayskip}{5pt plus 2pt minus 1pt}%
      \setlength{\abovedisplayshortskip}{3pt plus 1pt}\setlength{\belowdisplayshortskip}{4pt plus 1pt}}
    \newtheorem{theorem}{Theorem}
    \newtheorem{lemma}{Lemma}
    \newtheorem{proposition}{Proposition}
    \theoremstyle{definition}
    \newtheorem{definition}{Definition}
    \theoremstyle{remark}
    \newtheorem{remark}{Remark}
    \theoremstyle{plain}
    \newcommand{\step}[2]{\footnotesize (#1)\enspace #2}
    \newcommand{\bookkeeping}[1]{\par{\noindent\scriptsize\raggedright Bookkeeping: #1.\qedhere\par}}
    \newcommand{\numberedname}{}
    \newtheorem*{numberedstatement}{\numberedname}
    \newenvironment{numbered}[1]{\renewcommand{\numberedname}{#1}\begin{numberedstatement}}{\end{numberedstatement}}
    """#

  /// A heading, with a plain form for bookmarks where it holds mathematics.
  private static func heading(_ title: String) -> String {
    let latex = LaTeX.prose(title)
    let plain = bookmark(title)
    return latex == plain ? latex : "\\texorpdfstring{\(latex)}{\(plain)}"
  }

  private static func bookmark(_ text: String) -> String {
    text.map { character -> String in
      if "\\{}$&#^%~".contains(character) { return " " }
      if character == "_" { return "\\_" }
      return character.isASCII || (character.isLetter && LaTeX.escape(String(character)) == String(character))
        ? String(character) : "?"
    }.joined()
  }
}
