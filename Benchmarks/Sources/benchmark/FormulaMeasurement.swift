import AttentionHessian

/// The derived formulas, evaluated one operation after the other.
final class FormulaMeasurement: Measured {
  private let inputs: Inputs
  private let derivation: HessianDerivation
  private let blocks: [HessianBlock]
  private var point: Environment<Double>
  private var hessianOperator: HessianOperator?

  init(_ inputs: Inputs, _ quantity: MeasuredQuantity, threads: Int) throws {
    if quantity == .dense, inputs.sizes.dimension > 768 {
      throw Refusal("Kronecker products that are formed take too long above n = 768")
    }
    self.inputs = inputs
    derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
    blocks = quantity == .dense ? derivation.blocks() : []
    let sizes = LayerSizes(
      sequenceLength: inputs.sizes.sequenceLength, width: inputs.sizes.width, keyWidth: inputs.sizes.keyWidth,
      valueWidth: inputs.sizes.valueWidth)
    point = Environment(sizes: sizes.assignment)
    point[objective.model.input] = inputs.input
    point[objective.target] = inputs.target
  }

  private var objective: Objective { derivation.objective }

  func prepare(_ weights: [Double]) throws {
    for (symbol, matrix) in zip(objective.model.parameters, inputs.parts(of: weights)) { point[symbol] = matrix }
    hessianOperator = HessianOperator(derivation, at: point)
  }

  func hessian(into result: UnsafeMutableBufferPointer<Double>) throws {
    var environment = point
    for abbreviation in objective.abbreviations { try environment.define(abbreviation.definition) }
    let seed = objective.residual.scaled(by: objective.weight).scaled(by: .integer(2))
    environment[derivation.seedSymbol] = try seed.value(in: environment)
    let evaluator = Evaluator(environment)
    let parameters = objective.model.parameters
    let grid = try parameters.map { row in
      try parameters.map { column in
        try evaluator.value(of: derivedBlock(row, column).total)
      }
    }
    _ = result.update(fromContentsOf: Matrix.blocks(grid).entries)
  }

  private func derivedBlock(_ row: Symbol, _ column: Symbol) -> HessianBlock {
    blocks.first { $0.row == row && $0.column == column } ?? derivation.block(row, column)
  }

  func product(with vector: [Double], into result: UnsafeMutableBufferPointer<Double>) throws {
    _ = result.update(fromContentsOf: try prepared()(vector))
  }

  func loss() throws -> Double { try objective.loss.value(in: point).scalar }

  func spectralNorm(startingAt vector: [Double]) throws -> (norm: Double, products: Int) {
    let result = try prepared().spectralNorm(seed: 1)
    return (result.norm, result.iterations)
  }

  private func prepared() throws -> HessianOperator {
    guard let hessianOperator else { throw Refusal("there are no weights yet") }
    return hessianOperator
  }
}
