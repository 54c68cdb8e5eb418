import TensorFiles

/// Grey images of one size with a class each.
public struct LabelledImages: Hashable, Sendable {
  /// Height and width, in pixels.
  public let side: Int
  /// The brightness of an image's pixels, row by row, as stored.
  public let pixels: [[Double]]
  /// The class of each image, from 0.
  public let labels: [Int]

  public var count: Int { labels.count }
  /// The greatest brightness of all, at least 1.
  public var brightest: Double { max(1, pixels.reduce(0) { max($0, $1.max() ?? 0) }) }
  /// The number of classes: one more than the greatest label.
  public var classCount: Int { (labels.max() ?? -1) + 1 }

  /// Reads images from a CSV file, compressed with gzip or not: one image in each line, its pixels row by row, then its
  /// label. A first line that holds no number is taken for names of the columns.
  ///
  /// - Errors: `inputMissing`; `badData` naming the line that is not such an image, or where there is none.
  public init(path: String) throws(FileError) {
    let bytes = try FileInput.readDecompressed(path)
    var pixels: [[Double]] = [], labels: [Int] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self).trimmed
      if text.isEmpty { continue }
      let fields = text.split(separator: ",", omittingEmptySubsequences: false).map { Double(String($0).trimmed) }
      if index == 0, fields.allSatisfy({ $0 == nil }) { continue }
      func offence(_ reason: String, _ advice: String) -> FileError {
        FileError(.badData, path: path, reason: "line \(index + 1) \(reason)", advice: advice)
      }
      if let place = fields.firstIndex(where: { !($0?.isFinite ?? false) }) {
        throw offence(
          "has no number in column \(place + 1)", "give pixels and the label as numbers, separated by commas")
      }
      let numbers = fields.compactMap { $0 }
      if let first = pixels.first, first.count != numbers.count - 1 {
        throw offence("has \(numbers.count) columns, the first image \(first.count + 1)", "give images of one size")
      }
      guard Self.side(of: numbers.count - 1) != nil else {
        throw offence("has \(numbers.count) columns", "give a square number of pixels and a label")
      }
      guard let last = numbers.last, let label = Int(exactly: last), (0..<1000).contains(label) else {
        throw offence("ends with \(text.split(separator: ",").last ?? ""), which is no label", "give labels 0, 1, 2, …")
      }
      pixels.append(Array(numbers.dropLast()))
      labels.append(label)
    }
    guard let first = pixels.first, let side = Self.side(of: first.count) else {
      throw FileError(.badData, path: path, reason: "there is no image in it", advice: "give one image in each line")
    }
    (self.side, self.pixels, self.labels) = (side, pixels, labels)
  }

  /// The images, followed by copies of all of them moved by up to so many pixels in both directions: `(2s + 1)²` times as
  /// many. What moves in from outside is black.
  public func moved(by shift: Int) -> LabelledImages {
    let moves = (-shift...shift).flatMap { down in (-shift...shift).map { (down: down, right: $0) } }
      .filter { $0 != (0, 0) }
    let copies = moves.flatMap { move in pixels.map { moved($0, move) } }
    return LabelledImages(
      side: side, pixels: pixels + copies, labels: (0...moves.count).flatMap { _ in labels })
  }

  private func moved(_ image: [Double], _ move: (down: Int, right: Int)) -> [Double] {
    (0..<side).flatMap { row in
      (0..<side).map { column in
        let (i, j) = (row - move.down, column - move.right)
        return (0..<side).contains(i) && (0..<side).contains(j) ? image[i * side + j] : 0
      }
    }
  }

  /// Some of the images, by their indices.
  func selecting(_ indices: [Int]) -> LabelledImages {
    LabelledImages(side: side, pixels: indices.map { pixels[$0] }, labels: indices.map { labels[$0] })
  }

  /// The images in two: a random order, drawn from the seed; the last `heldOut` of it are held out.
  ///
  /// - Precondition: `0 ≤ heldOut < count`.
  public func split(heldOut: Int, seed: UInt64) -> (training: LabelledImages, heldOut: LabelledImages) {
    precondition((0..<count).contains(heldOut), "\(heldOut) of \(count) images held out")
    let order = Permutation.random(of: count, seed: seed)
    return (selecting(Array(order.dropLast(heldOut))), selecting(Array(order.suffix(heldOut))))
  }

  init(side: Int, pixels: [[Double]], labels: [Int]) {
    (self.side, self.pixels, self.labels) = (side, pixels, labels)
  }

  /// The number whose square is this one, if there is one above 0.
  private static func side(of count: Int) -> Int? { (1...256).first { $0 * $0 == count } }
}

extension StringProtocol {
  /// Without spaces and carriage returns at its ends.
  fileprivate var trimmed: String {
    var view = Substring(self)
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }
}
