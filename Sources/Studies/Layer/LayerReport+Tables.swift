import Arithmetic
import Formulas
import TensorFiles
import Transformers
import Typesetting

extension LayerReport {
  /// Sizes and norms of each head, for each target.
  ///
  /// - Parameter digits: significant digits; every norm is a floating-point estimate.
  public func normTable(digits: Int = 4) -> Table {
    var table = Table(
      name: "layer-norms",
      caption: "Sizes and norms of the heads of the layer \(layer), biases absorbed by homogeneous coordinates. "
        + "Floating-point estimates.",
      columns: [
        Table.Column("head"), Table.Column("target", alignment: .left), Table.Column(.symbol("L", 1, 1), key: "L"),
        Table.Column(.symbol("d", 1, 1), key: "d"), Table.Column(.size("d_K"), key: "d_K"),
        Table.Column(.size("d_V"), key: "d_V"), Column.symbol("X_max"), Column.symbol("W_max"), Column.norm("W_Q"),
        Column.norm("W_K"), Column.norm("W_V"), Column.symbol("R_max"),
      ])
    for m in measurements {
      let residual = m.norms.residual < Self.negligible * m.norms.data ? 0 : m.norms.residual
      let norms = [m.norms.data, m.weightNorm, m.norms.query, m.norms.key, m.norms.value, residual]
      let sizes = [m.sizes.sequenceLength, m.sizes.width, m.sizes.keyWidth, m.sizes.valueWidth]
      table.append(
        [.exact("\(m.head)"), .text(m.target.rawValue)] + sizes.map { .exact("\($0)") }
          + norms.map { .estimate($0, digits: digits) })
    }
    return table
  }

  /// The printed terms and `M`, the derived bound and the measured `‖H‖₂` of each head, for each target.
  ///
  /// - Parameter digits: significant digits; every number is a floating-point estimate.
  public func boundTable(digits: Int = 4) throws -> Table {
    let norm = Formula.symbol("H", 1, 1).norm()
    var table = Table(
      name: "layer",
      caption: "Each head of the layer \(layer): the printed entries of Theorem 1 and their maximum M, outside the "
        + "theorem's hypothesis d = d_V; the derived bound; the measured norm of the Hessian. Floating-point estimates.",
      columns: [Table.Column("head"), Table.Column("target", alignment: .left)]
        + TheoremOne.entries.map { Table.Column("entry \($0.block)") }
        + [Column.symbol("M"), Table.Column("derived bound"), Table.Column(norm, key: "norm H")])
    for m in measurements {
      let values = try (m.bounds.entries.map(\.value) + [m.bounds.printed, m.bounds.derived]).map {
        try $0.upper.roundedUp
      }
      table.append(
        [.exact("\(m.head)"), .text(m.target.rawValue)]
          + (values + [m.hessianNorm.norm]).map { .estimate($0, digits: digits) })
    }
    return table
  }

  /// The measured norms of the blocks and their agreement with finite differences.
  public func blockTable(digits: Int = 4) -> Table {
    let pairs = measurements.first?.blocks.map { "\($0.row.shortName),\($0.column.shortName)" } ?? []
    var table = Table(
      name: "layer-blocks",
      caption: "Measured spectral norms of the Hessian's blocks, and the largest relative disagreement of a block with "
        + "finite differences of the loss along random directions. Floating-point estimates.",
      columns: [Table.Column("head"), Table.Column("target", alignment: .left)]
        + pairs.map { Table.Column("block \($0)") } + [Table.Column("finite differences")])
    for m in measurements {
      let worst = m.blocks.map(\.finiteDifference).max() ?? 0
      table.append(
        [.exact("\(m.head)"), .text(m.target.rawValue)]
          + m.blocks.map { .estimate($0.norm, digits: digits) }
          + [worst < BlockVerification.finiteDifferenceTolerance ? .below(exponent: -6) : .estimate(worst, digits: 2)])
    }
    return table
  }

  /// `‖H‖₂` of each head between a Rayleigh quotient and derived bounds, from crude to sharp; every number is rigorous.
  public func ladderTable() -> Table {
    let measures = enclosures.reduce(into: [BoundLadder.Measures]()) { found, enclosure in
      if enclosure.rungs.count > found.count { found = enclosure.rungs.map(\.measures) }
    }
    var table = Table(
      name: "layer-ladder",
      caption:
        "Each head of the layer \(layer): `‖H‖₂` is at least the Rayleigh quotient in the last column and at most "
        + "every derived bound; each column may measure more than the ones before.",
      columns: [Table.Column("head"), Table.Column("target", alignment: .left)]
        + measures.map { Table.Column($0.shortName, key: $0.key) } + [Table.Column("Rayleigh quotient", key: "lower")])
    for enclosure in enclosures {
      table.append(
        [.exact("\(enclosure.head)"), .text(enclosure.target.rawValue)]
          + measures.map { measure in
            guard let rung = enclosure.rungs.first(where: { $0.measures == measure }) else { return .empty }
            return .upper(rung.upper.decimal(significantDigits: 4, rounding: .up))
          } + [.lower(enclosure.lower.decimal(significantDigits: 4, rounding: .down))])
    }
    return table
  }

  /// The heads that are explained.
  var explainedHeads: [(head: Int, explanation: BoundExplanation)] {
    zip(measurements.filter { $0.target == .zero }.map(\.head), explanations).map { ($0, $1) }
  }

  /// What the derived bound in norms of single matrices is made of at each head, and what loses most in its proof.
  public func explanationTable() -> Table {
    let inputs = explanations.first?.bound.dependences.map(\.input) ?? []
    var table = Table(
      name: "layer-explanation",
      caption:
        "Each head of the layer \(layer), target Y = 0: how much of the derived bound M comes from the functional "
        + "parts, the elasticities of M in its inputs, and the law that loses most in its proof, with the factor by which "
        + "all its uses raise the bound.",
      columns: [Table.Column("head"), Table.Column("share of H_f", key: "share_functional")]
        + inputs.map { Table.Column($0.name, key: "elasticity \($0.symbol.name)") }
        + [Table.Column("loses most", key: "law", alignment: .left), Table.Column("factor", key: "factor")])
    for (head, explanation) in explainedHeads {
      let loss = explanation.slack?.proof.laws.first
      table.append(
        [
          .exact("\(head)"), .estimate(explanation.share(of: .functional).upperDouble, digits: 3),
        ] + explanation.bound.dependences.map { .estimate($0.elasticity.upperDouble, digits: 3) }
          + [
            .text(loss?.rule.rawValue ?? ""),
            loss.map { .estimate(BoundExplanation.factor($0.loss), digits: 3) } ?? .empty,
          ])
    }
    return table
  }

  /// Residuals below this part of `‖X‖₂` are rounding: `Y = F` makes them zero.
  static let negligible = 1e-12

  private enum Column {
    static func symbol(_ name: String) -> Table.Column { Table.Column(.symbol(name, 1, 1), key: name) }
    static func norm(_ name: String) -> Table.Column {
      Table.Column(Formula.symbol(name, 1, 1).norm(), key: "norm \(name)")
    }
  }
}

extension Symbol {
  /// `Q` for `W_Q`.
  var shortName: String { name.hasPrefix("W_") ? String(name.dropFirst(2)) : name }
}

extension BoundLadder.Measures {
  /// What a rung measures, in a column's header.
  var shortName: String {
    switch self {
    case .largestWeightNorm: "X_max, W_max"
    case .eachMatrix: "each W"
    case .spanOfData: "span of X"
    case .family(.attention): "A"
    case .family(.jacobian): "covariances"
    case .family(let family): family.rawValue
    }
  }

  /// The same in CSV and JSON.
  var key: String {
    switch self {
    case .largestWeightNorm: "largest_weight_norm"
    case .eachMatrix: "each_matrix"
    case .spanOfData: "span_of_data"
    case .family(let family): family.rawValue
    }
  }
}
