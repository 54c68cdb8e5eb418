import Arithmetic
import Contraction
import Evaluation
import Formulas
import TensorFiles
import Transformers

/// Singular values of the output of attention, with and without the residual connection, and how fast gradient descent is
/// on what comes after it.
public struct ConditioningStudy: Sendable {
  /// What is varied.
  public enum Axis: String, CaseIterable, Hashable, Sendable {
    case scale, tokens, depth
  }

  /// The medians over draws at one place of an axis.
  public struct Point: Hashable, Sendable {
    public let kernel: AttentionKernel
    public let axis: Axis
    public let scale: Rational
    public let tokens: Int
    public let depth: Int
    public let hasResidual: Bool
    /// Medians of `σ_max`, `σ_min` and `κ`, and of `σ_max²/Σσ²`; κ is infinite where it is beyond rounding, and all are
    /// `nan` where the output of a draw overflows.
    public let largest: Double
    public let least: Double
    public let condition: Double
    public let leadingShare: Double
  }

  public let configuration: ConditioningConfiguration
  public let points: [Point]
  public let linear: [LinearReadout]
  public let layers: [LayerTraining]
  public let real: RealLayerConditioning?

  public enum Event: Sendable {
    case measuring(done: Int, of: Int)
    case descending(done: Int, of: Int)
  }

  /// - Parameter threads: the results do not depend on them.
  /// - Errors: those of the files, of evaluation and of LAPACK; `StudyInterruption`.
  public init(
    _ configuration: ConditioningConfiguration, threads: Int,
    isInterrupted: @escaping @Sendable () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws {
    self.configuration = configuration
    func check() throws { if isInterrupted() { throw StudyInterruption(place: nil) } }
    let family = configuration.family
    real = try configuration.realLayer.map { try RealLayerConditioning($0, path: configuration.path($0.file)) }
    var points: [Point] = []
    let places = Self.places(family)
    for (index, place) in places.enumerated() {
      try check()
      report(.measuring(done: index, of: places.count))
      points.append(try Self.point(family, place, threads))
    }
    self.points = points
    var linear: [LinearReadout] = [], layers: [LayerTraining] = []
    let jobs = family.kernels.flatMap { kernel in
      configuration.descent.depths.flatMap { depth in [false, true].map { (kernel, depth, $0) } }
    }
    while linear.count < jobs.count {
      try check()
      report(.descending(done: linear.count, of: jobs.count))
      let some = Array(jobs[linear.count...].prefix(max(1, threads)))
      let found = try parallelMap(some, threads: threads) { kernel, depth, hasResidual in
        (
          try LinearReadout(configuration, kernel, depth: depth, hasResidual: hasResidual, isInterrupted),
          try LayerTraining(configuration, kernel, depth: depth, hasResidual: hasResidual, isInterrupted)
        )
      }
      linear += found.map(\.0)
      layers += found.map(\.1)
    }
    (self.linear, self.layers) = (linear, layers)
  }

  // MARK: Places

  private typealias Place = (
    kernel: AttentionKernel, axis: Axis, scale: Rational, tokens: Int, depth: Int, residual: Bool
  )

  private static func places(_ family: ConditioningConfiguration.Family) -> [Place] {
    let (scale, tokens, depth) = (family.scales[0], family.lengths[0], family.depths[0])
    return family.kernels.flatMap { kernel in
      [false, true].flatMap { residual -> [Place] in
        family.scales.map { (kernel, .scale, $0, tokens, depth, residual) }
          + family.lengths.map { (kernel, .tokens, scale, $0, depth, residual) }
          + family.depths.map { (kernel, .depth, scale, tokens, $0, residual) }
      }
    }
  }

  private static func point(
    _ family: ConditioningConfiguration.Family, _ place: Place, _ threads: Int
  ) throws -> Point {
    let stack = try AttentionStack(
      place.kernel, residual: place.residual, tokens: place.tokens, scale: place.scale, family)
    let found = try parallelMap(Array(0..<family.draws), threads: threads) { draw -> SingularValues? in
      let output = try stack.output(depth: place.depth, draw: draw)
      return output.entries.allSatisfy(\.isFinite) ? try SingularValues(of: output) : nil
    }
    let values = found.compactMap { $0 }, isWhole = values.count == found.count
    // One of the draws, since there is nothing between a number and infinity.
    func median(_ value: (SingularValues) -> Double) -> Double {
      isWhole ? values.map(value).sorted()[(values.count - 1) / 2] : .nan
    }
    return Point(
      kernel: place.kernel, axis: place.axis, scale: place.scale, tokens: place.tokens, depth: place.depth,
      hasResidual: place.residual, largest: median(\.largest), least: median(\.least),
      condition: median(\.condition), leadingShare: median(\.leadingShare))
  }
}

/// Singular values of a trained layer at its true input.
public struct RealLayerConditioning: Sendable {
  public struct Row: Sendable {
    public let name: String
    public let rows: Int
    public let columns: Int
    public let values: SingularValues
  }

  public let layer: String
  public let rows: [Row]
  /// The SHA-256 of the file.
  public let digest: String

  /// A layer without output weights, or with an output that is not as wide as its input, has no residual connection to
  /// measure: its rows are left out.
  /// - Errors: those of the file.
  init(_ configuration: ConditioningConfiguration.RealLayer, path: String) throws {
    let file = try SafetensorsFile(path: path)
    let catalogue = try AttentionLayerCatalogue(of: file, heads: configuration.heads)
    let found = try catalogue.layer(named: configuration.layer)
    let count = try catalogue.headSizes(of: found).heads
    let X = Matrix(try file.matrix(named: configuration.input))
    var rows = [Row(name: "X", rows: X.rows, columns: X.columns, values: try SingularValues(of: X))]
    let model = SelfAttention(.softmax)
    var heads: [Matrix<Double>] = []
    for head in 0..<count {
      let instance = try WeightsInstance(
        reading: WeightsSelection(
          path: path, layer: found.name, head: head, heads: count, input: configuration.input))
      let output = try model.output.value(in: try instance.environment(of: Objective(model)))
      heads.append(output)
      rows.append(
        Row(
          name: "`A X W_V`, head \(head)", rows: output.rows, columns: output.columns,
          values: try SingularValues(of: output)))
    }
    if let output = try catalogue.outputWeights(of: found) {
      let W = Matrix(output.weight)
      var all = Matrix.blocks([heads]) * W
      if let bias = output.bias {
        all = all + Matrix(rows: all.rows, columns: all.columns) { _, j in bias[j] }
      }
      rows.append(
        Row(name: "all heads, `M`", rows: all.rows, columns: all.columns, values: try SingularValues(of: all)))
      if all.columns == X.columns {
        rows.append(
          Row(name: "`X + M`", rows: all.rows, columns: all.columns, values: try SingularValues(of: X + all)))
      }
    }
    (layer, self.rows) = (found.name, rows)
    digest = SHA256.hexadecimal(of: try FileInput.read(path))
  }
}
