import Arithmetic
import Evaluation
import Formulas
import Transformers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the blocks of the Hessian grow with the scale `σ` of the data: `X → σX`, weights fixed, target fixed or scaled
/// like the output.
///
/// For each of the blocks (V,V), (V,Q), (V,K), (Q,Q), (Q,K), (K,K) and the parts `H_o`, `H_f` and `H`: the exact order
/// of vanishing as `σ → 0`, from power series in `σ`, and the measured slope of `log ‖block‖₂` against `log σ`, by
/// least squares over several instances.
public struct GrowthStudy: Sendable {
  /// One part of one block.
  public struct Row: Sendable {
    public let block: GrowthBlock
    /// The order of vanishing in each draw.
    public let exponents: [GrowthExponent]
    /// `log ‖block‖₂` for each draw and scale; `nil` where it is zero or beyond floating point.
    public let logarithms: [[Double?]]
    /// The slope over the scales up to the limit of the fit; `nil` where a norm there is missing.
    public let fit: SlopeFit?
    /// The slope between the two least scales, the mean over the draws.
    public let localSlope: Double?
    /// The power that the literature prints, where it does.
    public let printed: Int?

    /// The order of vanishing that all draws share; `nil` where they differ.
    public var exponent: GrowthExponent? { Set(exponents).count == 1 ? exponents[0] : nil }

    /// Whether the measured slope is the exact power, to 0.1; `nil` where there is nothing to compare.
    public var agrees: Bool? {
      guard let fit, let power = exponent?.power else { return nil }
      return abs(fit.slope - Double(power)) <= GrowthStudy.slopeTolerance
    }

    /// Whether the exact power is the printed one; `nil` where nothing is printed.
    public var confirmsPrinted: Bool? { printed.flatMap { printed in exponent.map { $0 == .power(printed) } } }

    /// The geometric mean over the draws of the norm at each scale.
    public var norms: [Double?] {
      logarithms[0].indices.map { index in
        let values = logarithms.compactMap { $0[index] }
        return values.count == logarithms.count ? exp(values.reduce(0, +) / Double(values.count)) : nil
      }
    }
  }

  /// How far a measured slope may lie from the exact power.
  public static let slopeTolerance = 0.1
  /// The scales at which growth is measured where none are given: nine from `10⁻⁴` to `10⁻²` with even ratios.
  public static let standardScales = (0..<9).compactMap { try? Rational(exactly: "\(pow(10, -4 + Double($0) / 4))") }
  /// The largest scale that enters the fit where no other is given.
  public static let standardFitLimit = Rational(1, over: 100)

  /// What was studied, such as the kernel, the sizes and the draws.
  public let subject: String
  public let kernel: AttentionKernel
  public let sizes: LayerSizes
  /// In ascending order.
  public let scales: [Rational]
  public let draws: Int
  /// The power of `σ` by which the target was multiplied; `nil` for a fixed target.
  public let targetPower: Int?
  /// The number of scales, the least ones, that the fit is over.
  public let fittedScales: Int
  /// Where the leading powers come from.
  public let field: ExponentField
  /// The parts `H_o`, `H_f`, `H`, each with its six blocks.
  public let rows: [Row]

  /// Seeded instances with entries that are multiples of `1/8` in `[−2, 2]`.
  ///
  /// - Parameters:
  ///   - scalesTarget: multiply the target with the power of `σ` with which the output vanishes.
  ///   - fitLimit: the largest scale that enters the fit.
  ///   - progress: called after each evaluation, from any thread.
  /// - Errors: `GrowthError` for sizes, scales or numbers of draws that cannot be studied.
  public init(
    kernel: AttentionKernel = .softmax,
    sizes: LayerSizes = LayerSizes(sequenceLength: 4, width: 3, keyWidth: 2, valueWidth: 3),
    scales: [Rational] = GrowthStudy.standardScales, draws: Int = 5, seed: UInt64 = 1, scalesTarget: Bool = false,
    fitLimit: Rational = GrowthStudy.standardFitLimit,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    guard (1...Self.largestDraws).contains(draws) else {
      throw GrowthError(
        "the number of draws is \(draws)", advice: "give a number of draws from 1 to \(Self.largestDraws)")
    }
    try Self.check(sizes)
    let instances = try (0..<draws).map { draw in
      let seed = SplitMix64.combined(seed, UInt64(draw))
      return try LayerInstance.random(kernel, sizes: sizes, seed: seed)
    }
    try self.init(
      instances,
      subject: "\(kernel.rawValue) kernel, \(sizes), \(draws) \(draws == 1 ? "draw" : "draws"), seed \(seed)",
      scales: scales, scalesTarget: scalesTarget, fitLimit: fitLimit, progress: progress)
  }

  /// The growth of given instances, which have to have one kernel, one loss and equal sizes.
  ///
  /// - Parameter field: where the leading powers are found; `nil` for ℚ at small sizes and `F_p` at others.
  /// - Errors: `GrowthError` for several heads, an output matrix, and sizes or scales that cannot be studied;
  ///   `EvaluationError` where a block is undefined.
  public init(
    _ instances: [LayerInstance], subject: String, scales: [Rational] = GrowthStudy.standardScales,
    scalesTarget: Bool = false, fitLimit: Rational = GrowthStudy.standardFitLimit, field: ExponentField? = nil,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    try self.init(
      instances, subject: subject, scales: scales, scalesTarget: scalesTarget, fitLimit: fitLimit, field: field,
      progress: progress, changing: { $0 })
  }

  /// The same with blocks changed before they are measured: so the checks are checked.
  init(
    _ instances: [LayerInstance], subject: String, scales: [Rational], scalesTarget: Bool, fitLimit: Rational,
    field: ExponentField?, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void,
    changing change: (GrowthBlock) -> GrowthBlock
  ) throws {
    let scales = try Self.checked(scales), fitted = scales.filter { $0 <= fitLimit }.count
    guard fitted >= 2 else {
      throw GrowthError(
        "\(fitted == 0 ? "no data scale is" : "only one data scale is") at most \(fitLimit), the limit of the fit",
        advice: "give smaller scales, or a larger limit (--fit-below)")
    }
    let first = try Self.checked(instances)
    let field = field ?? Self.field(for: first.sizes())
    let derivation = HessianDerivation(first.objective)
    let blocks = GrowthBlock.all(of: derivation).map(change)
    let measurements = instances.map {
      GrowthMeasurement(instance: $0, derivation: derivation, blocks: blocks, scalesTarget: scalesTarget)
    }
    let counter = Counter(), total = instances.count * (scales.count + 1)
    let powers = try parallelMap(measurements) { measurement in
      let exponents = try measurement.exponents(field)
      let output = scalesTarget ? try measurement.outputPower() : 0
      progress(counter.next(), total)
      return (exponents: exponents, output: output)
    }
    let tasks = measurements.indices.flatMap { draw in scales.map { (draw: draw, scale: $0) } }
    let norms = try parallelMap(tasks) { task in
      let power = powers[task.draw]
      let norms = try measurements[task.draw].logarithmicNorms(
        at: task.scale, exponents: power.exponents, outputPower: power.output)
      progress(counter.next(), total)
      return norms
    }
    rows = blocks.indices.map { index in
      Row(
        block: blocks[index], exponents: powers.map { $0.exponents[index] },
        logarithms: instances.indices.map { draw in
          scales.indices.map { norms[draw * scales.count + $0][index] }
        }, scales: scales, fitted: fitted, printed: blocks[index].printedExponent(first.kernel))
    }
    (self.subject, kernel, sizes) = (subject, first.kernel, first.sizes())
    (self.scales, draws, fittedScales, self.field) = (scales, instances.count, fitted, field)
    targetPower = scalesTarget ? powers.map(\.output).min() : nil
  }
}

extension GrowthStudy.Row {
  fileprivate init(
    block: GrowthBlock, exponents: [GrowthExponent], logarithms: [[Double?]], scales: [Rational], fitted: Int,
    printed: Int?
  ) {
    (self.block, self.exponents, self.logarithms, self.printed) = (block, exponents, logarithms, printed)
    let abscissas = scales.map { log(Double($0)) }
    let curves = logarithms.map { Array($0.prefix(fitted).compactMap { $0 }) }
    guard curves.allSatisfy({ $0.count == fitted }) else {
      (fit, localSlope) = (nil, nil)
      return
    }
    fit = SlopeFit(abscissas: Array(abscissas.prefix(fitted)), curves: curves)
    localSlope = SlopeFit(abscissas: Array(abscissas.prefix(2)), curves: curves.map { Array($0.prefix(2)) }).slope
  }
}
