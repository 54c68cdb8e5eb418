import AttentionHessian

/// The derived formulas, compiled to contraction programs.
final class ContractionMeasurement: Measured, SymmetricMap {
  let dimension: Int
  private let parameters: [Symbol]
  private let directions: [Symbol]
  private let evaluation: ContractionEvaluation
  private let basis = KrylovBasis()

  init(_ inputs: Inputs, _ quantity: MeasuredQuantity, threads: Int) throws {
    let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
    let objective = derivation.objective
    dimension = inputs.sizes.dimension
    parameters = objective.model.parameters
    directions = parameters.map { LayerPrograms.direction(of: $0) }
    let sizes = LayerSizes(
      sequenceLength: inputs.sizes.sequenceLength, width: inputs.sizes.width, keyWidth: inputs.sizes.keyWidth,
      valueWidth: inputs.sizes.valueWidth)
    let programs = LayerPrograms(derivation, sizes: sizes.assignment)
    let program =
      switch quantity {
      case .dense: try programs.hessian()
      case .product, .norm: try programs.product()
      case .forward: try programs.loss()
      case .step, .point: throw Refusal("a \(quantity.rawValue) is not of a single head")
      }
    evaluation = try ContractionEvaluation(program, threads: threads)
    evaluation.bind(objective.model.input, to: inputs.input)
    evaluation.bind(objective.target, to: inputs.target)
  }

  func prepare(_ weights: [Double]) throws {
    weights.withUnsafeBufferPointer { bind(parameters, to: $0) }
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
