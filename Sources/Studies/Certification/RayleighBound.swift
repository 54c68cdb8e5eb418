import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A rigorous lower bound of `‖H‖₂` at any size: `|vᵀHv|/vᵀv` for an exact vector `v`, with `Hv` the derivative of the derived
/// gradient along `v`, in balls; `H` is never formed.
struct RayleighBound {
  /// Encloses the Rayleigh quotient's magnitude: its lower end bounds the norm.
  let quotient: Ball

  /// - Parameters:
  ///   - hessian: where the data and weights are enclosed.
  ///   - seed: of Lanczos iteration in floating point, which finds `v`.
  init(_ hessian: HessianPoint, precision: Int, seed: UInt64) throws {
    let objective = hessian.derivation.objective
    // Floating point needs no enclosures, only nearby numbers.
    let estimates = hessian.point.values.mapValues { $0.map { DoubleBall($0).midpoint } }
    let operation = try HessianOperator(
      hessian.derivation, at: Environment<Double>(sizes: hessian.point.sizes, values: estimates))
    let vector = try RitzVector(dimension: operation.dimension, seed: seed) { try operation($0) }
    let seedFormula = objective.residual.scaled(by: .integer(2) * objective.weight)
    let variable = Formula.variable(
      hessian.derivation.seedSymbol.name, objective.residual.shape.rows, objective.residual.shape.columns)
    quotient = try Ball.withWorkingPrecision(precision) {
      var lifted = Environment<Dual<Ball>>(sizes: hessian.point.sizes)
      for (symbol, value) in hessian.point.values { lifted[symbol] = value.map { Dual(constant: $0) } }
      var directions: [[Ball]] = []
      for (parameter, range) in zip(operation.parameters, operation.ranges) {
        guard let value = hessian.point[parameter] else { throw EvaluationError.unbound(parameter) }
        let direction = vector.entries[range].map { Ball(exactly: $0) ?? .zero }
        lifted[parameter] = Matrix(
          rows: value.rows, columns: value.columns,
          entries: zip(value.entries, direction).map { Dual($0, tangent: $1) })
        directions.append(direction)
      }
      let evaluator = Evaluator(lifted)
      var numerator = Ball.zero, denominator = Ball.zero
      for (parameter, direction) in zip(operation.parameters, directions) {
        guard let gradient = hessian.derivation.gradients[parameter]?.judgement.right else { continue }
        let image = try evaluator.value(of: gradient.replacing([variable: seedFormula])).entries
        for (x, y) in zip(direction, image) {
          numerator = numerator + x * y.tangent
          denominator = denominator + x * x
        }
      }
      return denominator.isZero ? .zero : try numerator.divided(by: denominator).magnitude
    }
  }
}
