import Arithmetic
import Contraction
import Evaluation
import Formulas
import Training
import Transformers

/// The sum `f = ½ Σ_i ‖F_i − Y_i‖_F²` over a layer's samples as a function of the weights that are trained: values, gradients, products
/// with the Hessian, and the matrices whose least singular values decide how fast gradient descent is.
public final class LayerDescent {
  public let instance: LayerInstance
  /// The kinds of weights that are trained, such as `W_Q`.
  public let trained: [String]
  public let objective: Objective
  public let layout: ParameterLayout
  /// The trained weights of the instance.
  public let start: [Double]
  let losses: SampleLosses
  private let features: ContractionEvaluation
  private let jacobians: ContractionEvaluation
  private let points: [Environment<Double>]
  private lazy var all = Array(0..<instance.samples.count)

  /// - Parameter kinds: the kinds of weights that are trained.
  /// - Errors: `NetworkError` for a kind that there is not; `InstanceError` where samples differ in length or the loss is
  ///   another, for which `‖∇f‖² ≥ 2βf` is another inequality; those of evaluation.
  public init(_ instance: LayerInstance, training kinds: [String], threads: Int = 1) throws {
    guard instance.loss == .halfSumSquare else {
      throw InstanceError(
        "loss", "rates are known for the sum of halved squares", advice: "give \"\(Loss.halfSumSquare.rawValue)\"")
    }
    let model = instance.model, part = try TrainedPart(model, training: kinds)
    let objective = Objective(part, measuredBy: instance.loss), sizes = instance.sizes().assignment
    for index in instance.samples.indices where instance.sizes(ofSample: index).assignment != sizes {
      throw InstanceError(
        "samples[\(index)]", "it has another number of tokens than the first",
        advice: "give samples of one length, or one at a time")
    }
    (self.instance, trained, self.objective) = (instance, kinds, objective)
    let problem = try TrainingProblem(objective, sizes: sizes)
    layout = problem.layout
    let points = try instance.samples.indices.map {
      try instance.environment(of: objective, sample: $0, as: Double.self)
    }
    func entries(_ symbols: [Symbol]) -> [Double] { symbols.flatMap { points[0][$0]?.entries ?? [] } }
    start = entries(part.parameters)
    let samples = SampleSet(
      inputs: points.map { $0[part.input]?.entries ?? [] }, targets: points.map { $0[objective.target]?.entries ?? [] },
      columns: points[0][objective.target]?.columns ?? 1)
    losses = SampleLosses(problem, samples, constants: entries(part.constants), threads: threads)
    self.points = points
    let inputs = [part.input] + part.parameters + part.constants
    features = try ContractionEvaluation(ContractionProgram(model.features, inputs: inputs, sizes: sizes))
    let derivation = HessianDerivation(objective)
    jacobians = try ContractionEvaluation(
      ContractionProgram(
        part.parameters.compactMap { derivation.jacobians[$0]?.judgement.right }, inputs: inputs, sizes: sizes))
  }

  /// `f`, the sum of the samples' losses, and its gradient.
  public func gradient(at weights: [Double]) throws -> (loss: Double, gradient: [Double]) {
    let (sum, gradient) = try losses.gradientSum(of: all, at: weights)
    return (sum.loss, gradient)
  }

  /// `‖∇²f‖₂` by Lanczos iteration, estimated from below.
  public func hessianNorm(at weights: [Double]) throws -> Double {
    let map = SampleHessian(
      losses: losses, weights: weights, samples: all, coefficients: [Double](repeating: 1, count: all.count))
    return try Lanczos.spectralNorm(of: map, Lanczos.Options(.value(1e-6), products: 400, seed: 1)).norm
  }

  /// A sample's data and the weights, those that are trained as given.
  func environment<S: RationalImage>(
    _ sample: Int, at weights: [Double], as type: S.Type = S.self, _ image: (Double) -> S?
  ) throws(EvaluationError) -> Environment<S> {
    var point = try instance.environment(of: objective, sample: sample, as: S.self)
    for entry in layout.entries {
      var numbers: [S] = []
      for weight in weights[entry.range] {
        guard let number = image(weight) else {
          throw .arithmetic(.undefined("a weight that is not finite"), at: entry.symbol.name)
        }
        numbers.append(number)
      }
      point[entry.symbol] = Matrix(rows: entry.rows, columns: entry.columns, entries: numbers)
    }
    return point
  }

  private func bind(_ evaluation: ContractionEvaluation, _ sample: Int, _ weights: [Double]) {
    var point = points[sample]
    for entry in layout.entries {
      point[entry.symbol] = Matrix(rows: entry.rows, columns: entry.columns, entries: Array(weights[entry.range]))
    }
    evaluation.bind(point)
  }

  /// `B`, the features `A_h X_i` of all heads side by side, those of the samples below one another.
  ///
  /// - Shapes: `(Nn)×(HD)`.
  public func featureMatrix(at weights: [Double]) throws -> Matrix<Double> {
    try Matrix.blocks(
      all.map { sample in
        bind(features, sample, weights)
        return try features()
      })
  }

  /// `J = ∂F/∂w` by all trained weights, those of the samples below one another.
  ///
  /// - Shapes: `(N·n·o)×(number of weights)`.
  public func jacobian(at weights: [Double]) throws -> Matrix<Double> {
    try Matrix.blocks(
      all.map { sample in
        bind(jacobians, sample, weights)
        return try jacobians()
      })
  }

  /// `σ_min(W_O)`, the least over the heads: the root of the least eigenvalue of `W_OᵀW_O`, zero where `W_O` has more
  /// columns than rows.
  public func outputSingularValue() throws -> Double {
    try instance.headOutputs.map { try Self.leastSingularValue(ofColumns: $0.map { Double($0) }) }.min() ?? 1
  }

  /// `√λ_min(MᵀM)`: zero where there are more columns than rows, or where it is lost in rounding.
  static func leastSingularValue(ofColumns matrix: Matrix<Double>) throws -> Double {
    guard matrix.rows >= matrix.columns else { return 0 }
    let values = try SingularValues(of: matrix)
    return values.rank == matrix.columns ? values.least : 0
  }

  /// `β = σ²_min(W_O) σ²_min(Bᵀ)`, with `σ_min(Bᵀ) = √λ_min(BBᵀ)`; `nil` where the values are not trained.
  public func dominance(at weights: [Double]) throws -> Double? {
    guard trained.contains("W_V") else { return nil }
    let features = try Self.leastSingularValue(ofColumns: featureMatrix(at: weights).transposed)
    let output = try outputSingularValue()
    return features * features * output * output
  }

  /// `γ = λ_min(JJᵀ)`, the largest number with `‖∇f‖² ≥ 2γf` for every target.
  public func tangentDominance(at weights: [Double]) throws -> Double {
    let value = try Self.leastSingularValue(ofColumns: jacobian(at: weights).transposed)
    return value * value
  }
}
