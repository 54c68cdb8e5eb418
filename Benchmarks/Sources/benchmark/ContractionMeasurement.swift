import AttentionHessian

/// The derived formulas, compiled to contraction programs.
final class ContractionMeasurement: Measured, SymmetricMap {
  private let inputs: Inputs
  private let evaluation: ContractionEvaluation
  private let objective: Objective
  private let directions: [Symbol]
  private let basis = KrylovBasis()

  init(_ inputs: Inputs, _ quantity: MeasuredQuantity, threads: Int) throws {
    self.inputs = inputs
    let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
    let objective = derivation.objective
    let parameters = objective.model.parameters
    self.objective = objective
    directions = parameters.map { Symbol("direction of \($0.name)", $0.shape) }
    let data = [objective.model.input, objective.target]
    let sizes = LayerSizes(
      sequenceLength: inputs.sizes.sequenceLength, width: inputs.sizes.width, keyWidth: inputs.sizes.keyWidth,
      valueWidth: inputs.sizes.valueWidth
    ).assignment
    let names = Self.names(objective)
    let program: ContractionProgram
    switch quantity {
    case .dense:
      let blocks = parameters.indices.map { row in
        parameters[row...].map { derivation.block(parameters[row], $0).total }
      }
      program = try ContractionProgram(
        symmetric: blocks, definitions: names, inputs: data + parameters, sizes: sizes)
    case .product, .norm:
      let seed = objective.residual.scaled(by: .integer(2) * objective.weight)
      let variable = Formula(.variable(derivation.seedSymbol), [])
      let gradients = parameters.compactMap { derivation.gradients[$0]?.judgement.right.replacing([variable: seed]) }
      program = try ContractionProgram(
        derivativesOf: gradients, along: zip(parameters, directions).map { (of: $0, by: $1) }, definitions: names,
        inputs: data + parameters, sizes: sizes)
    case .forward:
      program = try ContractionProgram(
        [objective.loss], definitions: names, inputs: data + parameters, fixed: Set(data), sizes: sizes)
    }
    evaluation = try ContractionEvaluation(program, threads: threads)
    evaluation.bind(objective.model.input, to: inputs.input)
    evaluation.bind(objective.target, to: inputs.target)
  }

  private static func names(_ objective: Objective) -> [(Symbol, Formula)] {
    objective.abbreviations.compactMap { abbreviation in
      guard case .symbol(let name) = abbreviation.definition.statement.right.operator else { return nil }
      return (name, abbreviation.definition.statement.left)
    }
  }

  func prepare(_ weights: [Double]) throws {
    weights.withUnsafeBufferPointer { bind(objective.model.parameters, to: $0) }
    try evaluation.prepare()
  }

  private func bind(_ symbols: [Symbol], to numbers: UnsafeBufferPointer<Double>) {
    var start = 0
    for symbol in symbols {
      evaluation.withInput(symbol) { place in
        _ = place.update(fromContentsOf: numbers[start..<(start + place.count)])
        start += place.count
      }
    }
  }

  func hessian(into result: UnsafeMutableBufferPointer<Double>) throws { try evaluation.run(into: [result]) }

  var dimension: Int { inputs.sizes.dimension }

  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    bind(directions, to: vector)
    var start = 0
    try evaluation.run(
      into: evaluation.program.outputs.map { output in
        defer { start += output.entries }
        return UnsafeMutableBufferPointer(rebasing: result[start..<(start + output.entries)])
      })
  }

  func loss() throws -> Double {
    var value = 0.0
    try withUnsafeMutablePointer(to: &value) {
      try evaluation.run(into: [UnsafeMutableBufferPointer(start: $0, count: 1)])
    }
    return value
  }

  func spectralNorm() throws -> (norm: Double, products: Int) {
    let result = try Lanczos.spectralNorm(of: self, .init(.value(1e-8)), workspace: basis)
    guard result.converged else { throw Refusal("no convergence in \(result.iterations) products") }
    return (result.norm, result.iterations)
  }
}
