import Arithmetic
import Evaluation
import Formulas
import Transformers

/// How an instance is changed with the data scale `σ`.
struct GrowthScaling<S: Scalar> {
  /// `σ`, by which the data are multiplied.
  let data: S
  /// By what the target is multiplied.
  let target: S
  /// The image of a rational number.
  let image: (Rational) throws(ArithmeticError) -> S
}

extension LayerInstance {
  /// The instance with the data `σX` at one of its samples.
  func environment<S: Scalar>(
    of objective: Objective, sample index: Int, scaling: GrowthScaling<S>
  ) throws(EvaluationError) -> Environment<S> {
    var environment = Environment<S>(sizes: sizes(ofSample: index).assignment)
    environment[objective.model.input] = try image(samples[index].input, "X", scaling).scaled(by: scaling.data)
    for (symbol, matrix) in zip(objective.model.parameters, parameters) {
      environment[symbol] = try image(matrix, symbol.name, scaling)
    }
    switch samples[index].target {
    case .matrix(let matrix): environment[objective.target] = try image(matrix, "Y", scaling).scaled(by: scaling.target)
    case .output: environment[objective.target] = try objective.model.output.value(in: environment)
    }
    return environment
  }

  private func image<S: Scalar>(
    _ matrix: Matrix<Rational>, _ name: String, _ scaling: GrowthScaling<S>
  ) throws(EvaluationError) -> Matrix<S> {
    do throws(ArithmeticError) { return try matrix.mapThrowing(scaling.image) } catch {
      throw .arithmetic(error, at: name)
    }
  }

  /// Whether the residual is zero whatever the scale.
  var hasZeroResidual: Bool { samples.allSatisfy { $0.target == .output } }

  /// An instance whose entries are independent uniform multiples of `1/8` in `[−2, 2]`.
  static func random(_ kernel: AttentionKernel, sizes: LayerSizes, seed: UInt64) throws(InstanceError) -> LayerInstance
  {
    var generator = SplitMix64(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational(generator.uniform(below: 33) - 16, over: 8) }
    }
    let input = matrix(sizes.sequenceLength, sizes.width)
    let target = matrix(sizes.sequenceLength, sizes.valueWidth)
    let query = matrix(sizes.width, sizes.keyWidth), key = matrix(sizes.width, sizes.keyWidth)
    return try LayerInstance(
      kernel: kernel, samples: [Sample(input: input, target: .matrix(target))],
      heads: [Head(query: query, key: key, value: matrix(sizes.width, sizes.valueWidth))])
  }
}
