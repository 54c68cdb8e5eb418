import Arithmetic
import Evaluation
import Formulas
import TensorFiles
import Transformers
import Typesetting

/// A ladder of bounds beside the printed claim and the measured norm, as text, LaTeX, CSV or JSON.
public struct BoundLadderReport: Sendable {
  public let ladder: BoundLadder
  /// What the instance is called.
  public let subject: String
  /// `M` of the printed Theorem 1, rounded up; `nil` where it is not about such a layer.
  public let printed: Rational?
  /// `‖H‖₂` in floating point, an estimate from below; `nil` of several samples and where the iteration did not converge.
  public let measured: Double?

  /// - Errors: those of evaluation.
  public init(_ ladder: BoundLadder, subject: String, seed: UInt64 = 1) throws {
    (self.ladder, self.subject) = (ladder, subject)
    printed = try Self.printed(ladder)
    measured = try Self.measured(ladder.instance, seed)
  }

  private static func printed(_ ladder: BoundLadder) throws -> Rational? {
    let instance = ladder.instance
    guard instance.kernel == .softmax, instance.outputMatrix == nil, instance.samples.count == 1,
      instance.loss == .meanSquare
    else { return nil }
    let objective = instance.objective, sizes = instance.sizes()
    let point = try BoundPoint(instance, sample: 0, .given, precision: Ball.defaultPrecision)
    func upper(_ norm: Formula) throws -> Rational { try point.enclosure(of: norm).upper }
    let weights = try objective.model.parameters.map { try upper(Formula.symbol($0).norm()) }
    let R = objective.abbreviations[0].name
    let evaluation = try BoundEvaluation(
      .init(
        dataNorm: try upper(Formula.symbol(objective.model.input).norm()), weightNorm: weights.max() ?? .zero,
        sequenceLength: sizes.sequenceLength, keyWidth: sizes.keyWidth, valueWidth: sizes.valueWidth,
        residual: .norm(try upper(R.norm(.frobenius)))))
    return try evaluation.printed.upper
  }

  private static func measured(_ instance: LayerInstance, _ seed: UInt64) throws -> Double? {
    guard instance.samples.count == 1 else { return nil }
    let derivation = DerivedHessian(of: instance).derivation
    let point = try instance.environment(of: derivation.objective, as: Double.self)
    let result = try HessianOperator(derivation, at: point).spectralNorm(seed: seed)
    return result.converged ? result.norm : nil
  }

  /// What a rung may measure, given the rung before.
  static func name(_ measures: BoundLadder.Measures) -> String {
    switch measures {
    case .largestWeightNorm: "X_max, W_max and the target"
    case .eachMatrix: "the norm of each weight matrix"
    case .family(.residual): "+ norms of the residual"
    case .family(.rows): "+ row and Frobenius norms"
    case .family(.attention): "+ norms of the attention A"
    case .family(.products): "+ norms of XW_Q, XW_K, XW_V, AX"
    case .family(.distances): "+ distances of tokens"
    case .family(.jacobian): "+ covariances under the attention"
    case .family(.moments): "+ moments with the residual"
    case .spanOfData: "weights on the span of the data"
    }
  }

  // MARK: Tables

  private static let derivedStatus = "derived, proven"
  private static let claimStatus = "printed claim, false in general"
  private static let estimateStatus = "estimate, from below"

  /// The rungs, from crude to sharp.
  public func table() throws -> Table {
    var table = Table(
      name: "ladder",
      caption: "Bounds of `‖H‖₂` for \(subject), from crude to sharp; each may use what the ones above it use.",
      columns: [
        .init("may measure", key: "measures", alignment: .left), .init("bound"),
        .init("bound / ‖H‖₂", key: "ratio"), .init("steps of proof", key: "steps"), .init("status", alignment: .left),
      ])
    if let printed {
      table.append([
        .text("Theorem 1 as printed"), cell(printed), ratio(Double(printed)), .empty, .text(Self.claimStatus),
      ])
    }
    for rung in ladder.rungs {
      let upper = try rung.value.upper
      table.append([
        .text(Self.name(rung.measures)), cell(upper), ratio(Double(upper)), .exact("\(rung.bound.proof.totalSteps)"),
        .text(Self.derivedStatus),
      ])
    }
    if let measured {
      table.append([
        .text("‖H‖₂ measured"), .estimate(measured, digits: 6), .empty, .empty, .text(Self.estimateStatus),
      ])
    }
    return table
  }

  private func cell(_ upper: Rational) -> Table.Cell {
    .upper(upper.decimal(significantDigits: 6, rounding: .up))
  }

  private func ratio(_ bound: Double) -> Table.Cell {
    guard let measured, measured > 0 else { return .empty }
    return .estimate(bound / measured, digits: 3)
  }

  /// The bounds of the blocks at the sharpest rung, per part.
  public func blockTable() throws -> Table {
    let sharpest = try ladder.sharpest
    var table = Table(
      name: "ladder-blocks",
      caption: "The sharpest bounds of the blocks and of their parts, for \(subject); rung: "
        + "\(Self.name(sharpest.measures)).",
      columns: [
        .init("block", alignment: .left), .init("outer-product part", key: "outer"),
        .init("functional part", key: "functional"), .init("block norm", key: "whole"),
      ])
    for block in sharpest.blocks {
      table.append(
        [.text("\(block.row.shortName),\(block.column.shortName)")]
          + (try [block.outerProduct, block.functional, block.whole].map { cell(try $0.upper) }))
    }
    return table
  }

  // MARK: Output

  /// The ladder as a person reads it in a terminal.
  public func text() throws -> String {
    let sharpest = try ladder.sharpest
    return """
      \(try table().text)
      \(try blockTable().text)
      ‖H‖₂ ≤ \(try sharpest.value.upper.decimal(significantDigits: 6, rounding: .up)) is proven at this instance \
      (hessian derive --bound shows formulas and proofs).

      """
  }

  /// The ladder and the blocks as LaTeX tables.
  public func latex(provenance: String) throws -> String {
    try table().latex(provenance: provenance) + "\n" + (try blockTable().latex(provenance: provenance))
  }

  /// Everything as one object; bounds are rounded up.
  public func json() throws -> JSONValue {
    [
      "schema": "hessian.bound-ladder/1", "subject": .string(subject),
      "printed": printed.map { .double($0.roundedUp) } ?? .null,
      "printed_status": .string(Self.claimStatus),
      "rungs": .array(try ladder.rungs.map { try Self.json($0) }),
      "measured_estimate": measured.map { .double($0) } ?? .null,
    ]
  }

  private static func json(_ rung: BoundLadder.Rung) throws -> JSONValue {
    [
      "measures": .string(name(rung.measures)), "status": .string(derivedStatus),
      "bound": .double(try rung.value.upper.roundedUp), "steps": .integer(rung.bound.proof.totalSteps),
      "formula": .string(rung.bound.bound.description),
      "blocks": .array(
        try rung.blocks.map { block in
          [
            "row": .string(block.row.name), "column": .string(block.column.name),
            "formula": .string(rung.bound.block(block.row, block.column).bound.description),
            "outer": .double(try block.outerProduct.upper.roundedUp),
            "functional": .double(try block.functional.upper.roundedUp),
            "bound": .double(try block.whole.upper.roundedUp),
          ]
        }),
    ]
  }
}
