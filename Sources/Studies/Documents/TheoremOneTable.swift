import Arithmetic
import Formulas
import Transformers
import Typesetting

/// The terms of the printed Theorem 1 over a grid of norms and sizes, beside the derived bound.
enum TheoremOneTable {
  private static let dataNorms: [Rational] = [tenth, 1, 10]
  private static let weightNorms: [Rational] = [half, 2]
  /// `(L, d_V, d_K)`.
  private static let sizes = [(2, 2, 4), (53, 32, 32), (512, 64, 64)]
  private static let tenth = Rational(1, over: 10)
  private static let half = Rational(1, over: 2)

  static func table() throws -> Table {
    let terms = distinctTerms
    var table = Table(
      name: "theorem-1",
      caption:
        "The terms of the printed Theorem 1 with R_max = 1 and S_max read as `√d_V`, the maximum `M` of their sums over blocks, and the derived bound "
        + "with `ρ = R_max`. The printed `M` is a claim that does not hold in general; the derived bound does.",
      columns: [
        .init(.symbol(TheoremOne.dataNorm)), .init(.symbol(TheoremOne.weightNorm)), .init(.size("L")),
        .init(.size("d_V")), .init(.size("d_K")),
      ] + terms.map { .init($0.formula, alignment: .right) }
        + [.init(.symbol("M", 1, 1), alignment: .right), .init("derived", alignment: .right)])
    for (length, valueWidth, keyWidth) in sizes {
      for weightNorm in weightNorms {
        for dataNorm in dataNorms {
          let bounds = try BoundEvaluation(
            .init(
              dataNorm: dataNorm, weightNorm: weightNorm, sequenceLength: length, keyWidth: keyWidth,
              valueWidth: valueWidth, residual: .norm(1)))
          let values = terms.map { bounds.entries[$0.entry].terms[$0.term] } + [bounds.printed, bounds.derived]
          table.append(
            [dataNorm, weightNorm].map { .exact($0.decimal(significantDigits: 2, rounding: .nearest)) }
              + [length, valueWidth, keyWidth].map { .exact("\($0)") }
              + (try values.map { .upper(try $0.upper.decimal(significantDigits: 3, rounding: .up)) }))
        }
      }
    }
    return table
  }

  /// Where each term of the printed maximum occurs first.
  private static var distinctTerms: [(formula: Formula, entry: Int, term: Int)] {
    var found: [(formula: Formula, entry: Int, term: Int)] = []
    for (i, entry) in TheoremOne.entries.enumerated() {
      for (j, term) in entry.terms.enumerated() where !found.contains(where: { $0.formula == term }) {
        found.append((term, i, j))
      }
    }
    return found
  }
}
