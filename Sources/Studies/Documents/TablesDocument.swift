import MatrixCalculus
import Typesetting

/// A document that includes all tables.
enum TablesDocument {
  static func latex(_ tables: [Table]) -> String {
    var document = LaTeXDocument(
      title: "Tables", subtitle: "The Hessian of self-attention: laws, checks, bounds",
      provenance: Documents.provenance("tables", "Includes the fragments beside it."),
      references: Bibliography.references(
        citedBy: Laws.all,
        and: ["kiselev2024", "ormaniec2024", "petrov2025slides", "qin2025", "song2024", "transformerhessian2025"]))
    document.append(
      """
      \\noindent The tables below are fragments that a paper can include; each names the packages it needs. Numbers are
      exact, or rounded in the direction that their column states, or estimates marked as such. Sources are cited as in
      \\texttt{references.bib}; the bounds are those of~\\cite{petrov2025slides}, the printed blocks those
      of~\\cite{ormaniec2024}.

      """)
    for table in tables { document.table(table, input: table.name, isLandscape: table.columns.count > 12) }
    document.append("\\clearpage")
    return document.latex
  }
}
