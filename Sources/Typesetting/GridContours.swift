/// Lines of equal value of numbers on a grid, by marching squares: between neighbours a value changes linearly, and where a
/// square has its level at all four sides, the value at its middle tells which corners belong together.
struct GridContours {
  /// A place in units of the grid: `(0, 0)` is the first number, `(columns − 1, rows − 1)` the last.
  struct Point: Hashable {
    let x: Double
    let y: Double
  }

  /// The numbers of each row.
  let values: [[Double]]
  private var rows: Int { values.count }
  private var columns: Int { values.first?.count ?? 0 }

  /// - Precondition: all rows have the same number of columns.
  init(_ values: [[Double]]) {
    precondition(values.allSatisfy { $0.count == values[0].count }, "rows of different lengths")
    self.values = values
  }

  /// The side between a grid point and its right or lower neighbour.
  private struct Side: Hashable {
    let row: Int
    let column: Int
    let isVertical: Bool
  }

  /// The lines of a level; a closed one ends where it begins. Squares with a corner that is not finite have none.
  ///
  /// A number equal to the level counts as above.
  func lines(at level: Double) -> [[Point]] {
    var neighbours: [Side: [Side]] = [:]
    var order: [Side] = []
    func connect(_ a: Side, _ b: Side) {
      for (from, to) in [(a, b), (b, a)] {
        if neighbours[from] == nil { order.append(from) }
        neighbours[from, default: []].append(to)
      }
    }
    for row in 0..<max(0, rows - 1) {
      for column in 0..<max(0, columns - 1) { connectSides(row, column, level, connect) }
    }
    // Open lines begin at sides with one neighbour; what is left then is closed.
    var lines: [[Point]] = []
    var used: Set<Side> = []
    for start in order.filter({ neighbours[$0]?.count == 1 }) + order where !used.contains(start) {
      var line = [start], current = start
      used.insert(start)
      while let next = neighbours[current]?.first(where: { !used.contains($0) }) {
        used.insert(next)
        line.append(next)
        current = next
      }
      if line.count > 2, neighbours[start]?.count == 2, neighbours[current]?.contains(start) == true {
        line.append(start)
      }
      lines.append(line.map { point($0, level) })
    }
    return lines
  }

  private func connectSides(_ row: Int, _ column: Int, _ level: Double, _ connect: (Side, Side) -> Void) {
    let corners = [
      values[row][column], values[row][column + 1], values[row + 1][column + 1], values[row + 1][column],
    ]
    guard corners.allSatisfy(\.isFinite) else { return }
    // Sides in the order of the corners they begin at, clockwise.
    let sides = [
      Side(row: row, column: column, isVertical: false), Side(row: row, column: column + 1, isVertical: true),
      Side(row: row + 1, column: column, isVertical: false), Side(row: row, column: column, isVertical: true),
    ]
    let isAbove = corners.map { $0 >= level }
    let crossed = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }
    if crossed.count == 2 { connect(sides[crossed[0]], sides[crossed[1]]) }
    guard crossed.count == 4 else { return }
    let isMiddleAbove = corners.reduce(0) { $0 + $1 / 4 } >= level
    // The first corner is joined with the middle, or cut off.
    if isMiddleAbove == isAbove[0] {
      connect(sides[0], sides[1])
      connect(sides[2], sides[3])
    } else {
      connect(sides[3], sides[0])
      connect(sides[1], sides[2])
    }
  }

  private func point(_ side: Side, _ level: Double) -> Point {
    let first = values[side.row][side.column]
    let second = side.isVertical ? values[side.row + 1][side.column] : values[side.row][side.column + 1]
    let part = first == second ? 0.5 : min(1, max(0, (level - first) / (second - first)))
    return side.isVertical
      ? Point(x: Double(side.column), y: Double(side.row) + part)
      : Point(x: Double(side.column) + part, y: Double(side.row))
  }
}
