import Arithmetic
import Formulas
import MatrixCalculus
import Transformers
import Typesetting

/// The audit of the printed statements as a LaTeX document: for each its statement, our reading, the verdict and what the
/// verdict rests on.
struct AuditDocument {
  let audit: Audit
  let notation: Notation

  init(_ audit: Audit) {
    self.audit = audit
    notation = AuditNotation.notation
  }

  /// The theorems with the place they are printed in.
  private static let sections = [
    ("P1", "The norm of the Hessian: the slides"), ("P2", "The norm of the Hessian: the later paper"),
    ("P3", "The blocks and their growth"), ("P4", "One more sample"), ("P5", "Fully connected networks"),
    ("P6", "Gradient descent on attention"), ("P7", "Gradient descent on transformer layers"),
  ]

  /// The document.
  ///
  /// - Errors: the first step of a proof that does not follow, a number that cannot be rounded.
  func latex() throws -> String {
    let cited = audit.entries.map(\.claim.citation.key)
    let laws = provenLaws
    var document = LaTeXDocument(
      title: "Printed theorems on trial",
      subtitle: "Statements about the Hessian of self-attention, and their verdicts",
      provenance: Documents.provenance(
        "derivations", "Every witness is certified and every proof replayed as it is written."),
      references: Bibliography.references(citedBy: laws, and: cited + ["schwartz1980", "zippel1979", "arb2017"]))
    document.append(abstract)
    document.section("How to read this")
    document.append(Self.introduction)
    document.table(summary)
    for (theorem, title) in Self.sections {
      let entries = audit.entries.filter { $0.claim.theorem == theorem }
      if entries.isEmpty { continue }
      document.section(title)
      for entry in entries { try append(entry, to: &document) }
    }
    return document.latex
  }

  /// The laws of substance in the proofs.
  private var provenLaws: [Rule] {
    audit.entries.flatMap { entry -> [Rule] in
      if case .proven(let proof) = entry.verdict { return proof.laws }
      return []
    }
  }

  private var abstract: String {
    let counts = ClaimVerdict.Name.allCases.map { "\(audit.count($0)) \($0.rawValue)" }
    let list = counts.dropLast().joined(separator: ", ") + " and " + (counts.last ?? "")
    return """
      \\begin{abstract}
      \\noindent \(audit.entries.count) printed statements about the curvature of self-attention are put on trial, theorems
      and the inequalities that their proofs use: \(list). A refutation is a point given by fractions
      at which the inequality fails with certainty; a proof is a chain of laws that a program replays.
      \\end{abstract}
      """
  }

  private static let introduction = """
    The statements are transcribed as printed; where the print leaves something open, the reading that we chose is given.
    All norms are spectral unless marked. $A = \\operatorname{softmax}(T)$ are the attention weights, row by row, of logits
    $T = X W_Q W_K^{\\top} X^{\\top}/\\sqrt{d_K}$, $F = A X W_V$ is the output and $Y$ the target. A verdict is one of four.
    \\begin{description}
    \\item[proven] A chain of laws leads from the left side to a bound that is at most the printed right side: every term of the
      one is covered by terms of the other, for all sizes of at least 1. A program replays the chain.
    \\item[checked] Both sides are equal at random points of the field with $2^{61}-1$ elements, where exponentials are
      independent unknowns; the probability that a false identity passes is bounded~\\cite{schwartz1980,zippel1979}. An order
      of growth is checked by slopes in floating point, which is no proof.
    \\item[refuted] At a point given by fractions the left side exceeds the right side. Both sides are computed as
      fractions or enclosed by ball arithmetic~\\cite{arb2017}; lower bounds are rounded down, upper bounds up.
    \\item[undecided] Neither; what was tried is stated.
    \\end{description}
    Short chains are printed, of longer ones the laws are named; all laws are stated in \\texttt{laws.tex}, and the bounds of
    blocks are derived step by step in \\texttt{bounds.tex}.

    """

  // MARK: Overview

  private var summary: Table {
    var table = Table(
      name: "verdicts", caption: "Verdicts. Ratio: a certified lower bound of left side over right side, rounded down.",
      columns: [
        .init("claim", alignment: .left), .init("about", alignment: .paragraph(20)), .init("verdict", alignment: .left),
        .init("ratio", alignment: .right),
      ], isLong: true)
    for entry in audit.entries {
      var ratio = Table.Cell.empty
      if case .refuted(let refutation) = entry.verdict {
        ratio = refutation.ratio.map { .text($0.decimal(significantDigits: 4, rounding: .down)) } ?? .text("∞")
      }
      let id = entry.claim.id
      table.append([
        .typeset("\\hyperref[\(Self.label(id))]{\(LaTeX.escape(id))}", text: id),
        .typeset(LaTeX.prose(entry.claim.title), text: entry.claim.title), .text(entry.verdict.name.rawValue), ratio,
      ])
    }
    return table
  }

  static func label(_ id: String) -> String { "claim:\(id)" }

  // MARK: One claim

  private func append(_ entry: Audit.Entry, to document: inout LaTeXDocument) throws {
    let claim = entry.claim
    let title = "\(claim.id)\\quad \(LaTeX.prose(Self.sentence(claim.title)))"
    document.append(
      "\\subsection*{\(title) \\hfill \\mbox{\\textnormal{\\textsc{\(entry.verdict.name.rawValue)}}}}\\label{\(Self.label(claim.id))}"
    )
    document.append(statement(of: claim))
    document.append(about(claim))
    document.append(try evidence(entry))
    let broken = audit.brokenSteps(of: claim)
    if !broken.isEmpty { document.append(breaks(broken)) }
    guard entry.verdict.name == .refuted else { return }
    if let repair = entry.repair { document.append(try proven(repair, claim)) }
    if let other = audit.entries.first(where: { $0.claim.id == claim.replacement }), other.verdict.name == .proven {
      document.append("\n\\noindent What is proven instead: \(Self.reference(to: other.claim)).\n")
    }
  }

  /// The printed statement; a Hessian is written by its name.
  private func statement(of claim: Claim) -> String {
    if claim.statement.left == claim.statement.right {
      let right = claim.statement.right.latex(AuditNotation.notation(for: claim))
      return LaTeX.display(["\\text{\(LaTeX.prose(claim.title))} = \(right)"])
    }
    let lines = claim.statement.latexLines(AuditNotation.notation(for: claim), width: LaTeX.lineWidth)
    guard claim.kind == .asymptotic else { return LaTeX.display(lines) }
    let left = claim.statement.left.latexLines(AuditNotation.notation(for: claim))
    return LaTeX.display(
      left.dropLast() + [(left.last ?? "") + " \\sim \(claim.statement.right.latex(notation)) \\quad (\\sigma \\to 0)"])
  }

  private func about(_ claim: Claim) -> String {
    var sentences = ["Printed in~\(claim.citation.latex)."]
    if !claim.hypotheses.isEmpty {
      sentences.append("Hypotheses: \(claim.hypotheses.map { LaTeX.prose($0) }.joined(separator: "; ")).")
    }
    if !claim.reading.isEmpty { sentences.append("Our reading: \(LaTeX.prose(claim.reading)).") }
    return "\\noindent " + sentences.joined(separator: " ") + "\n"
  }

  private func evidence(_ entry: Audit.Entry) throws -> String {
    switch entry.verdict {
    case .proven(let proof): return try text(proof, entry.claim)
    case .checked, .undecided:
      let verdict = entry.verdict.name == .checked ? "Checked" : "Not decided"
      return "\\noindent \(verdict): \(LaTeX.prose(try AuditReport.evidence(entry))).\n"
    case .refuted(let refutation): return try text(refutation)
    }
  }

  /// Proofs of more steps are named by their laws, not printed.
  private static let printedSteps = 16

  private func text(_ proof: ClaimProof, _ claim: Claim) throws -> String {
    let own = AuditNotation.notation(for: claim)
    let isPrinted = (2...Self.printedSteps).contains(proof.steps)
    var text = "\\noindent Proven: "
    if claim.kind == .identity {
      text += "both sides have the same normal form. "
    } else if proof.proof.judgement.right == claim.statement.left {
      text += "every term of the left side is at most a term of the right side. "
    } else if isPrinted {
      text += "the chain ends with a number that is at most the right side. "
    } else {
      text += "the left side is at most\n"
      text += LaTeX.display(proof.proof.judgement.right.latexLines(own)) + "\n"
      text += "which is at most the right side. "
    }
    if isPrinted { return text + "\n\n" + (try proof.proof.latex(proof.rules, heading: "Chain", notation: own)) }
    let laws = proof.laws.map { LaTeX.lawName($0.id.rawValue) }
    if proof.steps == 1 {
      text += "This is \(laws.joined()).\n"
    } else if !laws.isEmpty {
      text += "The chain has \(proof.steps) steps and uses \(laws.joined(separator: ", ")).\n"
    } else if proof.steps > 0 {
      text += "The chain has \(proof.steps) steps, all of bookkeeping.\n"
    } else {
      text += "No law is needed.\n"
    }
    return text
  }

  private func text(_ refutation: ClaimRefutation) throws -> String {
    var text = "\\noindent Refuted. " + (try refutation.witness.latex(refutation.certification))
    if let precision = refutation.certification.precision {
      text += "Both sides are enclosed with \(precision) bits. "
    } else {
      text += "Both sides are compared as fractions. "
    }
    if let summary = refutation.summary {
      text += LaTeX.prose(summary.tried) + ". "
      let byLength = summary.ratiosByLength
      if byLength.count > 1 {
        let list = byLength.map { "$L = \($0.length)$: \(LaTeX.escape($0.ratio))" }.joined(separator: ", ")
        text += "The largest quotients found, as floating-point estimates: \(list)."
      }
    }
    return text + "\n"
  }

  private func breaks(_ steps: [Audit.Entry]) -> String {
    let list = steps.map { Self.reference(to: $0.claim) }
    return "\n\\noindent Where the printed proof breaks: \(list.joined(separator: "; ")).\n"
  }

  private static func reference(to claim: Claim) -> String {
    "\\hyperref[\(label(claim.id))]{\(LaTeX.escape(claim.id))} (\(LaTeX.prose(claim.title)))"
  }

  private func proven(_ repair: ClaimRepair, _ claim: Claim) throws -> String {
    let own = AuditNotation.notation(for: claim)
    let count = repair.proof.totalSteps
    return "\n\\noindent What is proven instead (\(count) step\(count == 1 ? "" : "s")): the left side is at most\n"
      + LaTeX.display(repair.bound.latexLines(own))
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
