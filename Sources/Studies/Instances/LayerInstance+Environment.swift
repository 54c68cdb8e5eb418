import Arithmetic
import Evaluation
import Formulas
import Transformers

extension LayerInstance {
  /// The instance at one of its samples, as an assignment of matrices to the symbols of `objective`.
  ///
  /// Where the target is the output, `Y` is the value of the output's formula in the same arithmetic.
  /// - Errors: an entry without an image in the type, or an output that cannot be evaluated in it.
  public func environment<S: RationalImage>(
    ofSample index: Int = 0, as type: S.Type = S.self
  ) throws(EvaluationError) -> Environment<S> {
    try environment(of: objective, sample: index, as: type)
  }

  /// The same for an objective that was built already.
  public func environment<S: RationalImage>(
    of objective: Objective, sample index: Int = 0, as type: S.Type = S.self
  ) throws(EvaluationError) -> Environment<S> {
    let sample = samples[index]
    var environment = Environment<S>(sizes: sizes(ofSample: index).assignment)
    environment[objective.model.input] = try image(sample.input, "X")
    let symbols = (objective.model as? TrainedPart)?.model.parameters ?? objective.model.parameters
    for (symbol, matrix) in zip(symbols, parameters) {
      environment[symbol] = try image(matrix, symbol.name)
    }
    switch sample.target {
    case .matrix(let matrix): environment[objective.target] = try image(matrix, "Y")
    case .output: environment[objective.target] = try objective.model.output.value(in: environment)
    }
    return environment
  }

  /// The trained matrices in the order of the model's parameters.
  public var parameters: [Matrix<Rational>] {
    var all: [Matrix<Rational>] = []
    for (index, head) in heads.enumerated() {
      all += [head.query, head.key, head.value]
      guard let outputMatrix else { continue }
      let height = head.value.columns
      all.append(
        outputMatrix.submatrix(rows: (index * height)..<((index + 1) * height), columns: 0..<outputMatrix.columns))
    }
    return all
  }

  private func image<S: RationalImage>(
    _ matrix: Matrix<Rational>, _ name: String
  ) throws(EvaluationError) -> Matrix<S> {
    try Matrix(rows: matrix.rows, columns: matrix.columns) { i, j throws(EvaluationError) in
      do throws(ArithmeticError) {
        return try S(image: matrix[i, j])
      } catch {
        throw .arithmetic(error, at: "\(name)[\(i)][\(j)]")
      }
    }
  }
}
