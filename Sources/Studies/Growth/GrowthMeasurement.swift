import Arithmetic
import Evaluation
import Formulas
import Transformers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The blocks of one instance, evaluated over power series in the data scale and over balls.
struct GrowthMeasurement: Sendable {
  let instance: LayerInstance
  let derivation: HessianDerivation
  let blocks: [GrowthBlock]
  /// Whether the target is multiplied by the power of the scale with which the output vanishes.
  let scalesTarget: Bool

  // MARK: Leading powers

  /// The order of vanishing of every block, over ℚ or the prime field.
  func exponents(_ field: ExponentField) throws -> [GrowthExponent] {
    switch field {
    case .rational:
      return (try? Rational(instance.sizes().keyWidth).squareRoot()) == nil
        ? try exponents(Surd<Rational>.self) : try exponents(Rational.self)
    case .primeField:
      return (try? Modular(instance.sizes().keyWidth).squareRoot()) == nil
        ? try exponents(Surd<Modular>.self) : try exponents(Modular.self)
    }
  }

  private func exponents<S: RationalImage>(_ type: S.Type) throws -> [GrowthExponent] {
    let power = scalesTarget ? try outputPower(S.self) : 0
    let scaling = seriesScaling(S.self, targetPower: power)
    let evaluators = try instance.samples.indices.map { try evaluator($0, scaling) }
    return try blocks.map { block in
      if block.formula.operator == .zero || (block.part == .functional && instance.hasZeroResidual) { return .zero }
      return try total(block, evaluators).order().map { .power($0) } ?? .above(TruncatedSeries<S>.truncation)
    }
  }

  /// The power of the scale with which the output `F` vanishes, the least of all samples.
  func outputPower() throws -> Int {
    (try? Modular(instance.sizes().keyWidth).squareRoot()) == nil
      ? try outputPower(Surd<Modular>.self) : try outputPower(Modular.self)
  }

  private func outputPower<S: RationalImage>(_ type: S.Type) throws -> Int {
    let objective = derivation.objective, scaling = seriesScaling(S.self, targetPower: 0)
    let orders = try instance.samples.indices.map { index in
      let point = try instance.environment(of: objective, sample: index, scaling: scaling)
      return try objective.model.output.value(in: point).order()
    }
    return orders.compactMap { $0 }.min() ?? 0
  }

  private func seriesScaling<S: RationalImage>(
    _ type: S.Type, targetPower: Int
  ) -> GrowthScaling<TruncatedSeries<S>> {
    GrowthScaling(
      data: TruncatedSeries(.one, power: 1), target: TruncatedSeries(.one, power: targetPower),
      image: { value throws(ArithmeticError) in TruncatedSeries(constant: try S(image: value)) })
  }

  // MARK: Norms

  /// The most bits that are tried: the numbers in the formulas, such as `1/√d_K`, have no more than the standard ones.
  static let largestPrecision = 512
  /// What the entries of a block may be uncertain by, relative to its Frobenius norm, before more bits are taken.
  static let tolerance = 1e-12

  /// `log ‖block‖₂` at a scale; `nil` where the block is zero, where its norm is below floating point, and where
  /// `largestPrecision` bits do not tell it from zero.
  ///
  /// Every entry is enclosed over balls and the norm is LAPACK's of the midpoints, after division by the leading power
  /// of the scale: cancellation is answered by more bits, and nothing underflows.
  /// - Errors: a block that is undefined.
  func logarithmicNorms(at scale: Rational, exponents: [GrowthExponent], outputPower: Int) throws -> [Double?] {
    var norms = [Double?](repeating: nil, count: blocks.count)
    var open = blocks.indices.filter { exponents[$0].power != nil }
    var precision = 128
    while !open.isEmpty, precision <= Self.largestPrecision {
      let evaluators = try evaluators(at: scale, precision: precision, outputPower: outputPower)
      var undecided: [Int] = []
      for index in open {
        let power = exponents[index].power ?? 0
        let matrix = try total(blocks[index], evaluators)
        let unit = Ball(try scale.power(-power), precision: precision)
        guard let midpoints = Self.midpoints(matrix.scaled(by: unit)) else {
          undecided.append(index)
          continue
        }
        let norm = try LinearAlgebra.largestSingularValue(of: midpoints)
        norms[index] = norm > 0 ? log(norm) + Double(power) * log(Double(scale)) : nil
      }
      open = undecided
      precision *= 2
    }
    return norms
  }

  private func evaluators(at scale: Rational, precision: Int, outputPower: Int) throws -> [Evaluator<Ball>] {
    let factor = scalesTarget ? try scale.power(outputPower) : 1
    let scaling = GrowthScaling(
      data: Ball(scale, precision: precision), target: Ball(factor, precision: precision),
      image: { value in Ball(value, precision: precision) })
    return try instance.samples.indices.map { try evaluator($0, scaling) }
  }

  /// The midpoints; `nil` where the balls are too wide.
  private static func midpoints(_ matrix: Matrix<Ball>) -> Matrix<Double>? {
    var midpoints = Matrix<Double>.zero(rows: matrix.rows, columns: matrix.columns)
    var uncertainty = 0.0, squares = 0.0
    for (index, ball) in matrix.entries.enumerated() {
      let (lower, upper) = (ball.lowerDouble, ball.upperDouble)
      let middle = lower + (upper - lower) / 2
      midpoints.entries[index] = middle
      squares += middle * middle
      let width = upper - lower
      uncertainty += width * width
    }
    guard uncertainty.isFinite, squares.isFinite else { return nil }
    // A block below the range of floating point stays zero with any number of bits.
    if squares == 0, uncertainty < 1e-300 { return midpoints }
    return sqrt(uncertainty) <= tolerance * sqrt(squares) ? midpoints : nil
  }

  // MARK: Evaluation

  private func evaluator<S: Scalar>(_ sample: Int, _ scaling: GrowthScaling<S>) throws -> Evaluator<S> {
    let objective = derivation.objective
    var point = try instance.environment(of: objective, sample: sample, scaling: scaling)
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return Evaluator(point)
  }

  /// The mean over the samples, or the sum for the loss `half-sum-square`.
  private func total<S: Scalar>(_ block: GrowthBlock, _ evaluators: [Evaluator<S>]) throws -> Matrix<S> {
    var total = try evaluators[0].value(of: block.formula)
    for evaluator in evaluators.dropFirst() { total = total + (try evaluator.value(of: block.formula)) }
    guard evaluators.count > 1, instance.loss == .meanSquare else { return total }
    return total.scaled(by: try S(evaluators.count).reciprocal())
  }
}
