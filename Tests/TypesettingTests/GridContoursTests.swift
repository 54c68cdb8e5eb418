import Testing

@testable import Typesetting

@Suite struct GridContoursTests {
  private func grid(_ rows: Int, _ columns: Int, _ value: (Double, Double) -> Double) -> [[Double]] {
    (0..<rows).map { row in (0..<columns).map { value(Double($0), Double(row)) } }
  }

  @Test func aLinearFunctionHasOneStraightLine() throws {
    let lines = GridContours(grid(6, 9) { x, y in 2 * x + 3 * y }).lines(at: 10.5)
    #expect(lines.count == 1)
    #expect(lines[0].allSatisfy { abs(2 * $0.x + 3 * $0.y - 10.5) < 1e-12 })
    // From one edge of the grid to another.
    for end in [try #require(lines[0].first), try #require(lines[0].last)] {
      #expect(end.x == 0 || end.y == 0 || end.x == 8 || end.y == 5)
    }
    // It crosses four rows and six columns of the grid.
    #expect(lines[0].count == 10)
  }

  @Test func aCircleIsClosedAndRound() throws {
    let lines = GridContours(grid(41, 41) { x, y in (x - 20) * (x - 20) + (y - 20) * (y - 20) }).lines(at: 150)
    #expect(lines.count == 1 && lines[0].first == lines[0].last && lines[0].count > 40)
    #expect(lines[0].allSatisfy { abs(($0.x - 20) * ($0.x - 20) + ($0.y - 20) * ($0.y - 20) - 150) < 0.6 })
    #expect(zip(lines[0], lines[0].dropFirst()).allSatisfy { abs($0.x - $1.x) <= 1 && abs($0.y - $1.y) <= 1 })
  }

  @Test func aSaddleFollowsItsMiddle() {
    // High corners at the upper left and lower right; the middle has 5.
    let values: [[Double]] = [[10, 0], [0, 10]]
    func corners(_ level: Double) -> [Bool] {
      // Whether each line cuts off a low corner: its ends are near the upper right or the lower left one.
      GridContours(values).lines(at: level).map { line in
        let x = line.reduce(0) { $0 + $1.x } / 2, y = line.reduce(0) { $0 + $1.y } / 2
        return (x > 0.5) != (y > 0.5)
      }
    }
    #expect(corners(4) == [true, true])
    #expect(corners(6) == [false, false])
  }

  @Test func twoHillsHaveTwoLines() {
    let values = grid(21, 41) { x, y in
      -min((x - 10) * (x - 10) + (y - 10) * (y - 10), (x - 30) * (x - 30) + (y - 10) * (y - 10))
    }
    let lines = GridContours(values).lines(at: -25.5)
    #expect(lines.count == 2 && lines.allSatisfy { $0.first == $0.last })
  }

  @Test func whatIsNotFiniteHasNoLines() {
    var values = grid(5, 5) { x, _ in x }
    values[2][2] = .nan
    let lines = GridContours(values).lines(at: 1.5)
    #expect(lines.count == 2 && lines.joined().allSatisfy { $0.x == 1.5 })
    #expect(GridContours(grid(3, 3) { _, _ in 1 }).lines(at: 1).isEmpty)
    #expect(GridContours(grid(3, 3) { _, _ in .infinity }).lines(at: 1).isEmpty)
  }
}

@Suite struct LevelScaleTests {
  @Test(arguments: [
    ([0.0, 1], false), ([-3, 8], false), ([0.02, 5], true), ([1e-6, 1e6], true), ([2, 2], false),
    ([1e-300, 1e300], true),
    ([3, 39], false), ([0, 100], false), ([0.1, 2.3], true),
  ])
  func levelsCoverTheValues(_ values: [Double], _ isLogarithmic: Bool) {
    let scale = LevelScale(values)
    #expect(scale.isLogarithmic == isLogarithmic)
    #expect(scale.levels[0] <= values[0] && scale.levels[scale.levels.count - 1] >= values[1] * (1 - 1e-12))
    #expect(zip(scale.levels, scale.levels.dropFirst()).allSatisfy { $0 < $1 })
    #expect((2...40).contains(scale.levels.count), "\(scale.levels)")
    #expect(scale.fraction(scale.levels[0]) == 0 && scale.fraction(scale.levels[scale.levels.count - 1]) == 1)
    for band in 0..<(scale.levels.count - 1) {
      #expect(scale.band((scale.levels[band] + scale.levels[band + 1]) / 2) == band)
    }
  }

  @Test func otherNumbersHaveAPlace() {
    let scale = LevelScale([1, 100, .infinity, .nan])
    #expect(scale.levels.last == 100 && scale.fraction(.infinity) == 1 && scale.fraction(-1) == 0)
    #expect(scale.place(-1) == -.infinity && scale.place(1000) > 1)
    #expect(LevelScale([]).levels.count >= 2)
    #expect(LevelScale([0.5, 1]).label(0.5) == "0.5" && scale.label(10) == "10" && scale.label(1.5) == "1.5")
  }

  @Test func coloursGoFromDarkToLight() {
    #expect(LevelScale.color(0) == "440154" && LevelScale.color(1) == "FDE725")
    #expect(LevelScale.color(0, lightness: 1) == "FFFFFF" && LevelScale.color(1, shade: 0) == "000000")
  }
}
