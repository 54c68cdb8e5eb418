import Foundation
import MatrixCalculus
import Testing
import Transformers
import Typesetting

@testable import Studies

/// The committed documents and tables, generated anew and compared byte for byte.
///
/// After a change that is meant, `make regenerate` writes them.
@Suite struct DocumentsTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static var exampleLayer: String { root.appendingPathComponent(Documents.exampleLayer).path }

  static func committed(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Compares with the committed file and names the first line that differs.
  static func compare(_ file: GeneratedFile) throws {
    let old = try committed(file.path)
    guard old != file.text else { return }
    let (oldLines, newLines) = (old.split(separator: "\n"), file.text.split(separator: "\n"))
    let line = zip(oldLines, newLines).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      """
      \(file.path) differs from what is generated (run make regenerate if that is meant), at line \
      \(line.map { "\($0.offset + 1): \($0.element.0) | \($0.element.1)" } ?? "\(min(oldLines.count, newLines.count) + 1)")
      """)
  }

  @Test func derivationsAreCommitted() throws {
    let files = try Documents.derivations()
    #expect(
      files.map(\.path)
        == ["softmax", "gaussian", "linear", "multihead", "bounds", "networks", "laws", "audit"].map {
          "derivations/\($0).tex"
        })
    for file in files { try Self.compare(file) }
  }

  /// The real layer's rows are measured anew for one head only; `make check-generated` measures all.
  @Test func tablesAreCommitted() throws {
    let head = 3
    let theory = try Documents.theoryTables()
    let layer = try LayerReport(path: Self.exampleLayer, only: [head], enclosing: false).committedTables()
    let names = Set(layer.map(\.name))
    for file in Documents.files(tables: theory + layer) {
      guard let name = names.first(where: { file.path == "tables/\($0).tex" }) else {
        try Self.compare(file)
        continue
      }
      let text = try Self.committed(file.path)
      let isRow = { (line: Substring) in line.hasPrefix("\(head) & ") }
      let rows = file.text.split(separator: "\n").filter(isRow)
      #expect(rows.count == HeadMeasurement.Target.allCases.count, "\(name)")
      #expect(text.split(separator: "\n").filter(isRow) == rows, "\(name)")
    }
    for table in theory {
      for case .verdict(let holds, _) in table.rows.joined() { #expect(holds, "\(table.name)") }
    }
  }

  /// A law that is declared but not in the catalogue would be in no test and no document.
  @Test func everyDeclaredLawIsInTheCatalogue() throws {
    let sources = Self.root.appendingPathComponent("Sources/MatrixCalculus")
    let declaration = /[Rr]ule\(\s*"([A-Za-z_]+)"/
    var declared: Set<String> = []
    for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
      for match in try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8).matches(
        of: declaration)
      {
        declared.insert(String(match.1))
      }
    }
    #expect(declared.count > 90)
    let catalogued = Set((Laws.all + ElasticityLaws.all).map(\.id.rawValue))
    #expect(declared.subtracting(catalogued).isEmpty)
    let document = LawsDocument.latex()
    for rule in Laws.all + ElasticityLaws.all {
      #expect(document.contains(rule.latex(PaperNotation.laws)), "\(rule.id)")
    }
    #expect(LawTable.table().rows.count == Laws.all.count + Laws.catalogue.count)
  }

  @Test(arguments: AttentionKernel.allCases)
  func everyReferenceHasItsPlace(kernel: AttentionKernel) throws {
    let text = try KernelDocument(kernel).latex()
    let labels = text.matches(of: /\\label\{([^}]+)\}/).map { String($0.1) }
    #expect(Set(labels).count == labels.count)
    for match in text.matches(of: /\\(?:eq)?ref\{([^}]+)\}/) { #expect(labels.contains(String(match.1)), "\(match.1)") }
    let entries = text.matches(of: /\\bibitem\{([^}]+)\}/).map { String($0.1) }
    for match in text.matches(of: /\\cite(?:\[[^\]]*\])?\{([^}]+)\}/) {
      for key in match.1.split(separator: ",") { #expect(entries.contains(String(key)), "\(key)") }
    }
    for match in text.matches(of: /\\hyperlink\{([^}]+)\}/) {
      #expect(text.contains("\\hypertarget{\(match.1)}"), "\(match.1)")
    }
  }

  /// Every block by both routes: the lemma of its second derivative, its two parts and the block itself.
  @Test(arguments: AttentionKernel.allCases)
  func everyBlockIsDerivedByBothRoutes(kernel: AttentionKernel) throws {
    let text = try KernelDocument(kernel).latex()
    for route in ["j", "g"] {
      for row in ["Q", "K", "V"] {
        for column in ["Q", "K", "V"] {
          for kind in ["contraction", "outer", "functional", "block"] {
            #expect(text.contains("\\label{\(route):\(kind):\(row)-\(column)}"), "\(route) \(kind) \(row),\(column)")
          }
        }
      }
    }
  }

  @Test func everySourceIsInTheBibliography() throws {
    let bibliography = try Self.committed("references.bib")
    for entry in Bibliography.entries { #expect(bibliography.contains("{\(entry.key),"), "\(entry.key)") }
    let printed = Set(Bibliography.entries.map(\.key))
    for rule in Laws.all {
      if let citation = rule.citation { #expect(printed.contains(citation.key), "\(rule.id) cites \(citation.key)") }
    }
  }

  @Test func typesetsMultipleHeadsWithTheirMarks() {
    let text = MultiHeadDocument(.softmax, heads: 2).latex()
    #expect(text.contains("{H_{\\mathrm o}(Q^{(1)},K^{(2)})} ="))
    #expect(text.contains("\\frac{\\partial A^{(2)}}{\\partial T^{(2)}}"))
    #expect(!text.contains("{H_{\\mathrm f}(Q^{(1)},K^{(2)})} ="))
  }
}
