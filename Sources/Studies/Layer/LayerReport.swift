import Arithmetic
import Formulas
import TensorFiles
import Transformers
import Typesetting

/// The main job: every head of a real layer, measured and bounded, for two targets.
public struct LayerReport: Sendable {
  public let layer: String
  public let path: String
  /// By head, then by target.
  public let measurements: [HeadMeasurement]
  /// In the same order; none where they were not asked for.
  public let enclosures: [HeadEnclosure]
  /// For each head the derived bound at the target zero, explained; none where norms are not enclosed.
  public let explanations: [BoundExplanation]

  /// Measures every head of a layer with its stored input.
  ///
  /// - Parameters:
  ///   - layer: the layer's name; `nil` for the only one.
  ///   - selected: the heads to measure; `nil` for all.
  ///   - enclosing: whether norms are also enclosed between rigorous ends, and the bounds explained.
  ///   - progress: called after each head and target, from any thread.
  public init(
    path: String, layer: String? = nil, heads: Int? = nil, input: String = "hidden_states", seed: UInt64 = 1,
    only selected: [Int]? = nil, enclosing: Bool = true,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    let catalogue = try AttentionLayerCatalogue(of: try SafetensorsFile(path: path), heads: heads)
    let found = try catalogue.layer(named: layer)
    let count = try catalogue.headSizes(of: found).heads
    let jobs = (selected ?? Array(0..<count)).flatMap { head in
      HeadMeasurement.Target.allCases.map { (head: head, target: $0) }
    }
    let counter = Counter()
    let results = try parallelMap(jobs) { job in
      let selection = WeightsSelection(path: path, layer: found.name, head: job.head, heads: count, input: input)
      let measurement = try HeadMeasurement(selection, target: job.target, seed: seed)
      let enclosure = enclosing ? try HeadEnclosure(selection, target: job.target, seed: seed) : nil
      let explanation =
        enclosing && job.target == .zero ? try BoundExplanation(ofHead: selection, of: found.name, seed: seed) : nil
      progress(counter.next(), jobs.count)
      return (measurement, enclosure, explanation)
    }
    (measurements, enclosures) = (results.map(\.0), results.compactMap(\.1))
    explanations = results.compactMap(\.2)
    (self.layer, self.path) = (found.name, path)
  }

  /// Whether every block agrees with finite differences.
  public var holds: Bool { largestDisagreement <= BlockVerification.finiteDifferenceTolerance }

  /// The largest relative disagreement of a block with finite differences.
  public var largestDisagreement: Double {
    measurements.flatMap { $0.blocks.map(\.finiteDifference) }.reduce(0) { max($0, $1.isNaN ? .infinity : $1) }
  }
}

extension BoundExplanation {
  /// The derived bound of one head, with the target zero.
  fileprivate init(ofHead selection: WeightsSelection, of layer: String, seed: UInt64) throws {
    var selection = selection
    selection.target = "zero"
    let instance = try LayerInstance(exactly: try WeightsInstance(reading: selection))
    try self.init(instance, subject: "head \(selection.head) of the layer \(layer), target zero", seed: seed)
  }
}
