import Formulas

/// Laws of which there is one for each number of operands.
extension NormLaws {
  /// Block compression: `‖[B_ij]‖₂ ≤ ‖[‖B_ij‖₂]‖₂`, for a grid of blocks of any sizes.
  ///
  /// - Precondition: at least one block.
  public static func blocks(rows: Int, columns: Int) -> Rule {
    Rule(
      Rule.ID(rawValue: "norm_blocks_\(rows)x\(columns)"), citing: Citation("horn2012", "§5.6"),
      because: "Row i of the image of `v = (v_1, …)` has length at most the sum of `‖B_ij‖₂ ‖v_j‖` over j."
    ) {
      let grid = (1...rows).map { i in
        (1...columns).map { j in Formula.variable("B_\(i)\(j)", Size("m_\(i)"), Size("n_\(j)")) }
      }
      return Formula.blocks(grid).norm() ≤ Formula.blocks(grid.map { row in row.map { $0.norm() } }).norm()
    }
  }

  /// `min(s, …, s) = s`: one number bounded in several ways.
  ///
  /// - Precondition: at least one operand.
  public static func minimum(of count: Int) -> Rule {
    let s = Formula.variable("s", 1, 1)
    return Rule(Rule.ID(rawValue: "minimum_self_\(count)"), .law, .bookkeeping, because: "All are equal.") {
      .minimum(Array(repeating: s, count: count)) ==> s
    }
  }
}
