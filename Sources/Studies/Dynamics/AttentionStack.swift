import Arithmetic
import Contraction
import Evaluation
import Formulas
import Transformers

/// Layers of attention one after the other, each `A Z W_V` or with its residual connection `Z + A Z W_V`, at random weights.
struct AttentionStack {
  /// One of the layers.
  private let random: RandomStack
  private let program: ContractionProgram

  init(
    _ kernel: AttentionKernel, residual: Bool, tokens: Int, scale: Rational,
    _ family: ConditioningConfiguration.Family
  ) throws {
    let head = Layer.head(kernel, queryKey: .separate(Size(family.keyWidth)), valueWidth: Size(family.width))
    let layer = try Network([residual ? .residual([head]) : head], tokens: Size(tokens), width: Size(family.width))
    random = RandomStack(network: layer, scale: Double(scale), seed: family.seed)
    program = try ContractionProgram([layer.output], inputs: [layer.input] + layer.parameters, sizes: [:])
  }

  /// What so many layers make of the data of a draw.
  ///
  /// - Shapes: `n×D`.
  func output(depth: Int, draw: Int) throws -> Matrix<Double> {
    let evaluation = try ContractionEvaluation(program)
    var output: Matrix<Double>?
    for layer in 1...depth {
      var point = try random.environment(draw: draw, layer: layer)
      if let output { point[random.network.input] = output }
      evaluation.bind(point)
      output = try evaluation()[0]
    }
    return try output ?? Matrix(rows: 0, columns: 0, entries: [])
  }

  /// A target for a linear map of the output, one number for each token.
  func target(rows: Int) throws -> Matrix<Double> {
    try random.matrix(Symbol("Y", Shape(Size(rows), 1)), 0, 1, stream: 0)
  }
}
