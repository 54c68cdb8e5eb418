#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A place in an image, in pixels from its upper left corner.
struct PixelPoint: Hashable {
  var x: Double
  var y: Double

  func moved(by length: Double, at angle: Double) -> PixelPoint {
    PixelPoint(x: x + length * cos(angle), y: y + length * sin(angle))
  }

  func distance(to other: PixelPoint) -> Double {
    root((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y))
  }
}

/// A straight line between two places.
struct PixelSegment: Hashable {
  let start: PixelPoint
  let end: PixelPoint

  func distance(to point: PixelPoint) -> Double {
    let (x, y) = (end.x - start.x, end.y - start.y), square = x * x + y * y
    guard square > 0 else { return start.distance(to: point) }
    let part = min(1, max(0, ((point.x - start.x) * x + (point.y - start.y) * y) / square))
    return point.distance(to: PixelPoint(x: start.x + part * x, y: start.y + part * y))
  }

  /// The least distance of points of the two; zero where they cross.
  func distance(to other: PixelSegment) -> Double {
    if crosses(other) { return 0 }
    return min(
      min(distance(to: other.start), distance(to: other.end)), min(other.distance(to: start), other.distance(to: end)))
  }

  private func crosses(_ other: PixelSegment) -> Bool {
    func side(_ point: PixelPoint, of line: PixelSegment) -> Double {
      (line.end.x - line.start.x) * (point.y - line.start.y) - (line.end.y - line.start.y) * (point.x - line.start.x)
    }
    return side(other.start, of: self) * side(other.end, of: self) < 0
      && side(start, of: other) * side(end, of: other) < 0
  }
}

/// Dashes one after the other.
struct PixelPath: Hashable {
  let dashes: [PixelSegment]
  var start: PixelPoint { dashes[0].start }
  var end: PixelPoint { dashes[dashes.count - 1].end }
}
