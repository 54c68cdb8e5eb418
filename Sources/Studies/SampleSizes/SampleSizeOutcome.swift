import Arithmetic
import Evaluation
import Formulas
import Transformers

/// What one version says for one tolerance: a certified sample size, or why there is none.
public struct SampleSizeOutcome: Sendable {
  /// A term of the bound with its value.
  public struct Term: Hashable, Sendable {
    public let formula: Formula
    /// The value, or for a statistical version a number above it, at `k*`.
    public let value: Rational
  }

  /// A sample size and what it rests on.
  public struct Found: Sendable {
    public let size: SampleSize
    /// The terms of `N`, or of the width at `k*`.
    public let terms: [Term]
    /// The index of the largest term.
    public let dominating: Int
    /// The weakest origin among the numbers used.
    public let origin: SampleSizeNumbers.Origin
    /// `m* = N/ε`, or for the mean square a lower bound of `√(N/ε)`, where the source states it.
    public let criterion: Rational?
  }

  public let version: SampleSizeVersion
  public let tolerance: Rational
  /// The sample size; `nil` where it is unavailable.
  public let found: Found?
  /// Why it is unavailable, and how to get it.
  public let reason: String?

  /// - Errors: those of evaluation; `SampleSizeError` for numbers out of range.
  init(_ version: SampleSizeVersion, _ numbers: SampleSizeNumbers, tolerance: Rational) throws {
    (self.version, self.tolerance) = (version, tolerance)
    let needs = Self.needs(version, numbers)
    let missing = needs.filter { $0.value == nil }
    guard missing.isEmpty else {
      (found, reason) = (nil, "needs " + missing.map(\.name).joined(separator: ", "))
      return
    }
    if version == .meanSquare, numbers.parameters == nil {
      (found, reason) = (nil, "needs the number of weights")
      return
    }
    let values = Dictionary(uniqueKeysWithValues: needs.compactMap { need in need.value.map { (need.symbol, $0) } })
    (found, reason) = (try Self.found(version, values, numbers, tolerance), nil)
  }

  // MARK: What each version needs

  private struct Need {
    let name: String
    let symbol: Symbol
    let value: SampleSizeNumbers.Value?
  }

  private static func needs(_ version: SampleSizeVersion, _ numbers: SampleSizeNumbers) -> [Need] {
    let radius = Need(name: "the radius r", symbol: TheoremTwo.radius, value: numbers.radius)
    let range = Need(
      name: "a bound sup ℓ on the losses at w", symbol: Concentration.range, value: numbers.lossSupremum)
    func loss(_ symbol: Symbol) -> Need {
      Need(name: "a bound on the losses at w*", symbol: symbol, value: numbers.lossBound)
    }
    func gradient(_ symbol: Symbol) -> Need {
      Need(
        name: "a bound on ‖∇ℓ_{k+1}(w*) − ∇L_k(w*)‖", symbol: symbol, value: numbers.gradientGap)
    }
    func onBall(_ symbol: Symbol) -> Need {
      Need(name: "a bound on the Hessians on the whole ball", symbol: symbol, value: numbers.ballHessianBound)
    }
    func atCenter(_ symbol: Symbol) -> Need {
      Need(name: "a bound on the Hessians at w*", symbol: symbol, value: numbers.hessianBound)
    }
    switch version {
    case .printed: return [loss(TheoremTwo.lossBound), atCenter(TheoremTwo.hessianBound), radius]
    case .withGradient:
      return [
        loss(IncrementBound.largestLoss), gradient(IncrementBound.largestGradient),
        onBall(IncrementBound.largestHessian), radius,
      ]
    case .meanSquare:
      return [
        loss(IncrementBound.largestLoss), gradient(IncrementBound.largestGradient),
        atCenter(IncrementBound.largestHessian),
        Need(name: "the deviation σ of the weights", symbol: TheoremTwo.deviation, value: numbers.deviation),
      ]
    case .rigorous:
      return [
        Need(name: "a bound on the gap of the losses at w*", symbol: IncrementBound.lossGap, value: numbers.lossGap),
        gradient(IncrementBound.gradientGap), onBall(IncrementBound.ballHessianBound), radius,
      ]
    case .hessianFree:
      return [Need(name: range.name, symbol: IncrementBound.lossSupremum, value: numbers.lossSupremum)]
    case .hoeffding: return [range]
    case .bernstein:
      return [
        range, Need(name: "the sample variance V", symbol: Concentration.variance, value: numbers.variance),
      ]
    }
  }

  // MARK: Evaluation

  private static func found(
    _ version: SampleSizeVersion, _ values: [Symbol: SampleSizeNumbers.Value], _ numbers: SampleSizeNumbers,
    _ tolerance: Rational
  ) throws -> Found {
    func value(_ formula: Formula) throws -> Rational {
      let sizes = numbers.parameters.map { [TheoremTwo.parameters: $0] } ?? [:]
      return try formula.value(
        in: Environment<Rational>(sizes: sizes, values: values.mapValues { Matrix($0.value) })
      ).scalar
    }
    let order = SampleSizeNumbers.Origin.allCases
    let origin = values.values.map { order.firstIndex(of: $0.origin) ?? 0 }.max().map { order[$0] } ?? .given
    func result(_ size: SampleSize, _ terms: [Term], criterion: Rational? = nil) -> Found {
      let largest = terms.map(\.value).max()
      return Found(
        size: size, terms: terms, dominating: terms.firstIndex { $0.value == largest } ?? 0, origin: origin,
        criterion: criterion)
    }
    let statistical = StatisticalSampleSize(
      range: values[Concentration.range]?.value ?? 0, failure: numbers.failure, tolerance: tolerance)
    switch version {
    case .printed, .withGradient, .rigorous, .hessianFree:
      guard let increment = version.increment else { preconditionFailure("\(version) is about increments") }
      let bound = IncrementBound.derived(increment)
      let terms = try bound.terms.map { Term(formula: $0, value: try value($0)) }
      let size = try SampleSize(numerator: try value(bound.numerator), tolerance: tolerance)
      let hasCriterion = version == .printed || version == .withGradient
      return result(
        size, terms, criterion: hasCriterion ? try size.numerator?.divided(by: tolerance) : nil)
    case .meanSquare:
      let terms = try TheoremTwo.meanSquareNumerator.operands.map { Term(formula: $0, value: try value($0)) }
      let size = try SampleSize(
        squareNumerator: try value(TheoremTwo.meanSquareNumerator), tolerance: tolerance)
      let root = try size.numerator?.divided(by: tolerance).squareRootEnclosure(digits: 20).lower
      return result(size, terms, criterion: root)
    case .hoeffding:
      let size = try statistical.hoeffding()
      return result(size, [Term(formula: Concentration.hoeffdingTail, value: size.boundAtCount)])
    case .bernstein:
      let (size, terms) = try statistical.bernstein(variance: values[Concentration.variance]?.value ?? 0)
      let formulas = Concentration.bernsteinWidth.operands
      return result(size, zip(formulas, terms).map { Term(formula: $0, value: $1) })
    }
  }
}
