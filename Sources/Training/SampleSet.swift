import Arithmetic

/// Samples as a network sees them: inputs `X : L×d`, targets `Y` and classes.
public struct SampleSet: Hashable, Sendable {
  /// Each `X`, row by row.
  public let inputs: [[Double]]
  /// Each `Y`, row by row: every row is the unit vector of the class.
  public let targets: [[Double]]
  /// The classes, from 0.
  public let labels: [Int]
  /// `L`.
  public let tokens: Int
  /// `d`.
  public let width: Int
  public let classCount: Int

  public var count: Int { labels.count }

  /// Some of the samples of this set, by their indices.
  public func selecting(_ indices: [Int]) -> SampleSet {
    SampleSet(
      inputs: indices.map { inputs[$0] }, targets: indices.map { targets[$0] }, labels: indices.map { labels[$0] },
      tokens: tokens, width: width, classCount: classCount)
  }

  private init(inputs: [[Double]], targets: [[Double]], labels: [Int], tokens: Int, width: Int, classCount: Int) {
    (self.inputs, self.targets, self.labels) = (inputs, targets, labels)
    (self.tokens, self.width, self.classCount) = (tokens, width, classCount)
  }

  /// The images as tokens, with the class in each of `targetRows` rows of the target.
  ///
  /// - Precondition: the patch divides the side of the images.
  public init(_ images: LabelledImages, tokens: ImageTokens, targetRows: Int) {
    precondition(images.side % tokens.patch == 0, "patches of \(tokens.patch) pixels in images of \(images.side)")
    let classCount = images.classCount
    self.init(
      inputs: images.pixels.map { tokens.entries(of: $0, side: images.side, brightest: images.brightest) },
      targets: images.labels.map { label in
        (0..<(targetRows * classCount)).map { $0 % classCount == label ? 1 : 0 }
      },
      labels: images.labels, tokens: tokens.count(side: images.side), width: tokens.width(side: images.side),
      classCount: classCount)
  }

  /// The set in two: a random order of the samples, drawn from the seed; the last `heldOut` of it are held out.
  ///
  /// - Precondition: `0 ≤ heldOut < count`.
  public func split(heldOut: Int, seed: UInt64) -> (training: SampleSet, heldOut: SampleSet) {
    precondition((0..<count).contains(heldOut), "\(heldOut) of \(count) samples held out")
    let order = Permutation.random(of: count, seed: seed)
    return (selecting(Array(order.dropLast(heldOut))), selecting(Array(order.suffix(heldOut))))
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
