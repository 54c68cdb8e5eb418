import Formulas
import Foundation
import Testing

@testable import Typesetting

@Suite struct LaTeXDocumentTests {
  static func sample() throws -> LaTeXDocument {
    var document = LaTeXDocument(
      title: "Hessian blocks ⊗ bounds", subtitle: "softmax_kernel at 100%",
      provenance: "hessian derivations\nversion 1",
      references: [
        .init(
          key: "magnus2019", text: "J. R. Magnus and H. Neudecker. Matrix Differential Calculus, 3rd ed. Wiley, 2019.")
      ])
    document.section("Laws & ‖norms‖₂")
    for rule in ToyLaws.all { document.append(rule.latex()) }
    document.section("Proofs")
    document.append(
      try ToyLaws.mixedProduct.latex(
        ToyLaws.rules, heading: "Theorem 1", references: ProofReferences(laws: Set(ToyLaws.rules.keys))))
    document.append(
      try ToyLaws.bound.latex(
        ToyLaws.rules, heading: "Theorem 2", references: ProofReferences(laws: Set(ToyLaws.rules.keys))))
    document.section("Long formulas")
    document.paragraph("A formula that has to be broken, in full and in a narrow column: x_1 < 5% & more.")
    document.display(ToyLaws.long)
    document.append(LaTeX.display(ToyLaws.long.latexLines(width: 18)))
    document.display(Judgement(ToyLaws.long, .equal, ToyLaws.long))
    document.display(.blocks([[ToyLaws.long, .zero(ToyLaws.long.shape)], [.zero(ToyLaws.long.shape), ToyLaws.long]]))
    document.display(ToyLaws.long.jacobian(Sample.Q).jacobian(Sample.K))
    document.display(.maximum([ToyLaws.long.norm(), ToyLaws.long.norm(.largestRow), Sample.number("M_repaired")]))
    document.statement("theorem", title: "A bound", latex: "Inside a theorem, $\(Sample.meanSquare.latex())$.")
    document.section("Tables")
    document.table(TableTests.sample(), provenance: "hessian tables")
    var long = Table(
      name: "laws", caption: "Every law_name",
      columns: [.init("law"), .init("why", alignment: .paragraph(14)), .init("steps")],
      isLong: true)
    for index in 0..<60 {
      long.append([.text("law_\(index)"), .text("because it is so, & for 100% of all cases"), .exact("\(index * 37)")])
    }
    document.table(long)
    return document
  }

  @Test func isBalancedAndDeterministic() throws {
    let latex = try Self.sample().latex
    #expect(latex == (try Self.sample().latex))
    #expect(latex.hasPrefix("% hessian derivations\n% version 1\n\\documentclass[11pt,fleqn]{article}"))
    for environment in [
      "document", "proof", "align*", "pmatrix", "numbered", "tabular", "longtable", "thebibliography",
    ] {
      let begins = latex.ranges(of: "\\begin{\(environment)}").count
      #expect(begins == latex.ranges(of: "\\end{\(environment)}").count, "\(environment)")
      #expect(begins > 0, "\(environment)")
    }
    var depth = 0
    var isEscaped = false
    for character in latex {
      if !isEscaped, character == "{" { depth += 1 }
      if !isEscaped, character == "}" { depth -= 1 }
      #expect(depth >= 0)
      isEscaped = character == "\\" && !isEscaped
    }
    #expect(depth == 0)
  }

  /// Compiles the sample; set `TYPESET_SAMPLES` to a folder to run it and to look at the pages.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TYPESET_SAMPLES"] != nil)) func compilesWithoutWarnings()
    throws
  {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["TYPESET_SAMPLES"] ?? "")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.sample().latex.write(to: folder.appendingPathComponent("sample.tex"), atomically: true, encoding: .utf8)
    for _ in 0..<3 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sample.tex"]
      process.currentDirectoryURL = folder
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let log = String(decoding: try Data(contentsOf: folder.appendingPathComponent("sample.log")), as: UTF8.self)
    for complaint in ["Overfull", "undefined", "Warning", "Missing character"] {
      #expect(log.split(separator: "\n").filter { $0.contains(complaint) } == [], "\(complaint)")
    }
  }
}
