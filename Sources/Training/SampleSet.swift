import Arithmetic

/// Samples as a network sees them: inputs `X : L×d`, targets `Y` and classes.
public struct SampleSet: Hashable, Sendable {
  /// Each `X`, row by row.
  public let inputs: [[Double]]
  /// Each `Y`, row by row: every row is the unit vector of the class.
  public let targets: [[Double]]
  /// The classes, from 0.
  public let labels: [Int]
  public let classCount: Int

  public var count: Int { labels.count }

  /// Samples of a regression, which have no classes.
  ///
  /// - Parameter columns: the number of columns of the target.
  /// - Precondition: as many targets as inputs.
  public init(inputs: [[Double]], targets: [[Double]], columns: Int) {
    precondition(inputs.count == targets.count, "\(inputs.count) inputs with \(targets.count) targets")
    (self.inputs, self.targets, classCount) = (inputs, targets, columns)
    labels = [Int](repeating: 0, count: inputs.count)
  }

  /// The images as tokens, with the class in each of `targetRows` rows of the target.
  ///
  /// - Parameters:
  ///   - brightest: what pixels are divided by.
  ///   - classCount: the number of columns of the target.
  /// - Precondition: the patch divides the side of the images, and labels are below the number of classes.
  public init(
    _ images: LabelledImages, tokens: ImageTokens, targetRows: Int, brightest: Double, classCount: Int
  ) {
    precondition(images.side % tokens.patch == 0, "patches of \(tokens.patch) pixels in images of \(images.side)")
    self.init(
      inputs: images.pixels.map { tokens.entries(of: $0, side: images.side, brightest: brightest) },
      labels: images.labels,
      targetRows: targetRows, classCount: classCount)
  }

  /// Inputs with the class in each of `targetRows` rows of the target.
  ///
  /// - Precondition: as many inputs as labels, and labels below the number of classes.
  init(inputs: [[Double]], labels: [Int], targetRows: Int, classCount: Int) {
    precondition(inputs.count == labels.count, "\(inputs.count) inputs, \(labels.count) labels")
    targets = labels.map { label in (0..<(targetRows * classCount)).map { $0 % classCount == label ? 1 : 0 } }
    (self.inputs, self.labels, self.classCount) = (inputs, labels, classCount)
  }

  private init(_ inputs: [[Double]], _ targets: [[Double]], _ labels: [Int], classCount: Int) {
    (self.inputs, self.targets, self.labels, self.classCount) = (inputs, targets, labels, classCount)
  }

  /// Some of the samples, by their indices.
  public func selecting(_ indices: [Int]) -> SampleSet {
    SampleSet(
      indices.map { inputs[$0] }, indices.map { targets[$0] }, indices.map { labels[$0] }, classCount: classCount)
  }
}

/// Random orders.
public enum Permutation {
  /// A uniformly random order of `0..<count`, the same for the same seed everywhere.
  public static func random(of count: Int, seed: UInt64) -> [Int] {
    var generator = SplitMix64(seed: seed)
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, generator.uniform(below: index + 1)) }
    return order
  }
}
