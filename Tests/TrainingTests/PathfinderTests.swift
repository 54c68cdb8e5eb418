import Arithmetic
import Foundation
import Testing

@testable import Training

@Suite struct PathfinderTests {
  private static let easy = Pathfinder(
    count: 60, side: 24, dashes: 3, dash: 3, gap: 1.5, contrast: 0.6, distractors: 1, distractorDashes: 2, seed: 5)

  /// The connected areas of pixels that hold a condition, each with its pixels; corners touch.
  private func areas(_ pixels: [Double], _ side: Int, _ holds: (Double) -> Bool) -> [[Int]] {
    var left = Set(pixels.indices.filter { holds(pixels[$0]) }), areas: [[Int]] = []
    while let start = left.min() {
      var area = [start], next = 0
      left.remove(start)
      while next < area.count {
        let (row, column) = (area[next] / side, area[next] % side)
        next += 1
        for i in max(0, row - 1)...min(side - 1, row + 1) {
          for j in max(0, column - 1)...min(side - 1, column + 1) where left.remove(i * side + j) != nil {
            area.append(i * side + j)
          }
        }
      }
      areas.append(area)
    }
    return areas
  }

  /// Whether the dots lie on one path: with dashes drawn without gaps, a path is one area, and paths keep apart.
  private func isConnected(_ pixels: [Double], _ side: Int) throws -> Bool {
    let dots = areas(pixels, side) { $0 > 11 }
    try #require(dots.count == 2, "\(dots.count) dots")
    let paths = areas(pixels, side) { $0 > 3 }
    let owners = dots.map { dot in paths.firstIndex { $0.contains(dot[0]) } }
    return owners[0] == owners[1]
  }

  @Test func theLabelSaysWhetherTheDotsAreOnOnePath() throws {
    var task = Self.easy
    task.gap = 0
    task.turn = 0.3
    let images = try task.images()
    for index in 0..<images.count {
      #expect(try isConnected(images.pixels[index], 24) == (images.labels[index] == 1), "image \(index)")
    }
    #expect((15...45).contains(images.labels.count { $0 == 1 }))
  }

  @Test func pathsKeepApart() throws {
    var generator = SplitMix64(seed: 3)
    for index in 0..<40 {
      let scene = try #require(Self.easy.scene(isConnected: index % 2 == 0, using: &generator))
      #expect(scene.paths.map(\.dashes.count) == [3, 3, 2] && scene.dots.count == 2)
      for (one, path) in scene.paths.enumerated() {
        for (other, second) in scene.paths.enumerated() where one < other {
          for dash in path.dashes {
            #expect(second.dashes.allSatisfy { $0.distance(to: dash) >= Pathfinder.clearance })
          }
        }
        // Dashes follow each other after the gap, and turn by as much as they may.
        for (dash, next) in zip(path.dashes, path.dashes.dropFirst()) {
          #expect(abs(dash.end.distance(to: next.start) - 1.5) < 1e-9)
          let turn =
            (next.end.x - next.start.x) * (dash.end.x - dash.start.x) + (next.end.y - next.start.y)
            * (dash.end.y - dash.start.y)
          #expect(turn >= 9 * cos(0.5) - 1e-9)
        }
      }
      let ends = scene.paths.map { [$0.start, $0.end] }
      let owners = scene.dots.map { dot in ends.firstIndex { $0.contains(dot) } }
      #expect(owners == (index % 2 == 0 ? [0, 0] : [0, 1]))
    }
  }

  @Test func anImageFollowsFromSeedAndIndex() throws {
    let images = try Self.easy.images()
    var more = Self.easy
    more.count = 70
    #expect(try Array(more.images().pixels.prefix(60)) == images.pixels)
    more.seed = 6
    #expect(try more.images().pixels[0] != images.pixels[0])
    #expect(images.side == 24 && images.count == 60 && Set(images.pixels).count == 60)
    #expect(images.pixels.joined().allSatisfy { $0 >= 0 && $0 <= 15 && $0 == $0.rounded() })
  }

  @Test func optionsAreFollowed() throws {
    var task = Self.easy
    task.count = 20
    func light() throws -> Double { try task.images().pixels.joined().reduce(0, +) }
    let base = try light()
    task.distractors = 3
    #expect(try light() > base)
    task = Self.easy
    task.count = 20
    task.contrast = 0
    // Only dots are left.
    for pixels in try task.images().pixels { #expect(areas(pixels, 24) { $0 > 0 }.count == 2) }
    for (share, label) in [(1.0, 1), (0, 0)] {
      task.connected = share
      #expect(try task.images().labels.allSatisfy { $0 == label })
    }
  }

  @Test func pathsWithoutPlaceAreRefused() {
    let error = #expect(throws: Pathfinder.NoPlace.self) { try Pathfinder(count: 2, side: 8, dashes: 9).images() }
    #expect(error?.image == 0)
  }

  @Test func distancesOfSegments() {
    func segment(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> PixelSegment {
      PixelSegment(start: PixelPoint(x: a, y: b), end: PixelPoint(x: c, y: d))
    }
    #expect(segment(0, 0, 2, 2).distance(to: segment(0, 2, 2, 0)) == 0)
    #expect(segment(0, 0, 4, 0).distance(to: segment(1, 3, 2, 5)) == 3)
    #expect(segment(0, 0, 1, 0).distance(to: segment(4, 4, 4, 9)) == 5)
    #expect(segment(1, 1, 1, 1).distance(to: PixelPoint(x: 1, y: 3)) == 2)
  }
}
