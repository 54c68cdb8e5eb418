import Arithmetic

/// Generated images of dashed paths, two of them long, and two dots at ends of long paths: is it one path that they mark?
///
/// In an image of class 1 both ends of the same path are marked, in one of class 0 one end of each. Further, shorter paths
/// distract. Which image comes out depends on the options, the seed and the image's index alone.
/// - Source: [linsley2018, §3], in small.
public struct Pathfinder: Hashable, Sendable {
  /// The number of images.
  public var count: Int
  /// Height and width, in pixels.
  public var side: Int
  /// The number of dashes of each of the two long paths.
  public var dashes: Int
  /// The length of a dash and of the gap between two, in pixels.
  public var dash: Double
  public var gap: Double
  /// The most that a path turns between two dashes, in radians.
  public var turn: Double
  /// The brightness of dashes; dots have 1.
  public var contrast: Double
  /// The number of further paths, and of their dashes.
  public var distractors: Int
  public var distractorDashes: Int
  /// The expected part of images of class 1.
  public var connected: Double
  public var seed: UInt64

  /// - Parameters: as the properties of the same names; each may be out of any range, which ``images()`` then says.
  public init(
    count: Int, side: Int = 24, dashes: Int = 5, dash: Double = 3, gap: Double = 1.5, turn: Double = 0.5,
    contrast: Double = 0.6, distractors: Int = 2, distractorDashes: Int = 2, connected: Double = 0.5, seed: UInt64 = 1
  ) {
    (self.count, self.side, self.dashes, self.dash, self.gap) = (count, side, dashes, dash, gap)
    (self.turn, self.contrast, self.connected, self.seed) = (turn, contrast, connected, seed)
    (self.distractors, self.distractorDashes) = (distractors, distractorDashes)
  }

  /// No place was found for the paths of an image.
  public struct NoPlace: Error, Hashable, Sendable {
    /// The index of the image.
    public let image: Int
  }

  /// The images, of 16 levels of brightness.
  ///
  /// - Errors: `NoPlace` where paths do not fit after many attempts.
  public func images() throws(NoPlace) -> LabelledImages {
    var pixels: [[Double]] = [], labels: [Int] = []
    for index in 0..<count {
      var generator = SplitMix64(seed: SplitMix64.combined(seed, UInt64(index)))
      let isConnected = Self.part(&generator) < connected
      guard let (paths, dots) = scene(isConnected: isConnected, using: &generator) else { throw NoPlace(image: index) }
      pixels.append(drawing(paths, dots: dots))
      labels.append(isConnected ? 1 : 0)
    }
    return LabelledImages(side: side, pixels: pixels, labels: labels)
  }

  /// A uniform number of `[0, 1)`.
  private static func part(_ generator: inout SplitMix64) -> Double {
    let word: UInt64 = generator.next()
    return Double(word >> 11) * 0x1p-53
  }

  // MARK: Paths

  /// What paths keep between them, in pixels, so that they do not touch where they are drawn; and what dots keep from other
  /// paths and from dots on other paths.
  static let clearance = 2.7, dotClearance = 3.7, dotDistance = 4.8
  /// What everything keeps from the edge.
  private static let margin = 1.8

  /// The paths, the two long ones first, and the dots.
  func scene(
    isConnected: Bool, using generator: inout SplitMix64
  ) -> (paths: [PixelPath], dots: [PixelPoint])? {
    for _ in 0..<400 {
      var paths: [PixelPath] = []
      for length in [dashes, dashes] + [Int](repeating: distractorDashes, count: distractors) {
        guard let path = path(of: length, beside: paths, using: &generator) else { break }
        paths.append(path)
      }
      guard paths.count == 2 + distractors else { continue }
      let (first, second) = (paths[0], paths[1]), isTurned = generator.uniform(below: 2) == 1
      let other = isConnected ? first.end : isTurned ? second.start : second.end
      let dots = [first.start, other], owners = [0, isConnected ? 0 : 1]
      let isClear = zip(dots, owners).allSatisfy { dot, owner in
        paths.enumerated().allSatisfy { index, path in
          index == owner || path.dashes.allSatisfy { $0.distance(to: dot) >= Self.dotClearance }
        }
      }
      if isClear, isConnected || dots[0].distance(to: dots[1]) >= Self.dotDistance { return (paths, dots) }
    }
    return nil
  }

  private func path(of length: Int, beside others: [PixelPath], using generator: inout SplitMix64) -> PixelPath? {
    let room = Double(side) - 2 * Self.margin, obstacles = others.flatMap(\.dashes)
    for _ in 0..<60 {
      var place = PixelPoint(
        x: Self.margin + room * Self.part(&generator), y: Self.margin + room * Self.part(&generator))
      var angle = 2 * Double.pi * Self.part(&generator)
      var dashes: [PixelSegment] = []
      while dashes.count < length {
        guard let (next, turned) = dash(from: place, angle, after: dashes, beside: obstacles, using: &generator) else {
          break
        }
        dashes.append(next)
        angle = turned
        place = next.end.moved(by: gap, at: angle)
      }
      if dashes.count == length { return PixelPath(dashes: dashes) }
    }
    return nil
  }

  private func dash(
    from place: PixelPoint, _ angle: Double, after dashes: [PixelSegment], beside obstacles: [PixelSegment],
    using generator: inout SplitMix64
  ) -> (PixelSegment, angle: Double)? {
    guard isInside(place) else { return nil }
    for _ in 0..<6 {
      let turned = dashes.isEmpty ? angle : angle + turn * (2 * Self.part(&generator) - 1)
      let dash = PixelSegment(start: place, end: place.moved(by: self.dash, at: turned))
      if isInside(dash.end), isClear(dash, of: obstacles), isClear(dash, of: dashes.dropLast()) {
        return (dash, turned)
      }
      // The first dash has one direction only.
      if dashes.isEmpty { return nil }
    }
    return nil
  }

  private func isInside(_ place: PixelPoint) -> Bool {
    min(place.x, place.y) >= Self.margin && max(place.x, place.y) <= Double(side) - Self.margin
  }

  private func isClear(_ dash: PixelSegment, of others: some Sequence<PixelSegment>) -> Bool {
    others.allSatisfy { dash.distance(to: $0) >= Self.clearance }
  }

  // MARK: Pixels

  /// The number of the brightest level.
  private static let levels = 15.0
  private static let dotRadius = 1.4, thickness = 1.0

  /// The pixels' brightness, row by row: how much of a pixel is covered, nearly, by what is brightest there.
  private func drawing(_ paths: [PixelPath], dots: [PixelPoint]) -> [Double] {
    let dashes = paths.flatMap(\.dashes)
    return (0..<(side * side)).map { pixel in
      let center = PixelPoint(x: Double(pixel % side) + 0.5, y: Double(pixel / side) + 0.5)
      func covered(_ distance: Double, _ reach: Double) -> Double { min(1, max(0, 0.5 + reach - distance)) }
      let dash = dashes.reduce(0) { max($0, covered($1.distance(to: center), Self.thickness / 2)) }
      let dot = dots.reduce(0) { max($0, covered($1.distance(to: center), Self.dotRadius)) }
      return (Self.levels * max(contrast * dash, dot)).rounded()
    }
  }
}
