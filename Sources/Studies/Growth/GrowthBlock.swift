import Formulas
import Transformers

/// One part of one block of the Hessian, as a formula: what is measured against the data scale.
public struct GrowthBlock: Hashable, Sendable, CustomStringConvertible {
  public let row: Symbol
  public let column: Symbol
  public let part: HessianPart
  /// Its closed form, in the names of the derivation.
  public let formula: Formula

  /// `H_o(V,Q)`.
  public var description: String { "\(part.letter)(\(row.shortName),\(column.shortName))" }

  /// `V,Q`.
  var pair: String { "\(row.shortName),\(column.shortName)" }

  /// `H_o(V,Q)` in LaTeX.
  var latex: String { "$\(part.letter)(\(row.shortName),\(column.shortName))$" }

  /// The six blocks of one head, from values to keys, by parts.
  ///
  /// - Precondition: the derivation is for one head without output matrix.
  static func all(of derivation: HessianDerivation) -> [GrowthBlock] {
    let parameters = derivation.objective.model.parameters
    precondition(parameters.count == 3, "growth is studied for one head without output matrix")
    let order = [parameters[2], parameters[0], parameters[1]]
    let blocks = order.indices.flatMap { i in order[i...].map { derivation.block(order[i], $0) } }
    return HessianPart.allCases.flatMap { part in
      blocks.map { GrowthBlock(row: $0.row, column: $0.column, part: part, formula: part.formula(of: $0)) }
    }
  }

  /// The power that the literature prints for this part's growth; `nil` where it prints none.
  ///
  /// - Source: [ormaniec2024], for one layer with data scaled by `σ` and attention near uniform; for `D` layers of
  ///   linear attention `σ^(2·3^D)`.
  func printedExponent(_ kernel: AttentionKernel) -> Int? {
    switch (kernel, part, pair) {
    case (.softmax, .outer, "Q,Q"), (.linear, .outer, "Q,Q"): 6
    case (.softmax, .functional, "Q,Q"): 5
    case (.softmax, .outer, "V,Q"): 4
    case (.softmax, .both, "V,V"): 2
    default: nil
    }
  }
}

extension HessianPart {
  /// `H_o`, `H_f` or `H`.
  var letter: String {
    switch self {
    case .outer: "H_o"
    case .functional: "H_f"
    case .both: "H"
    }
  }
}
