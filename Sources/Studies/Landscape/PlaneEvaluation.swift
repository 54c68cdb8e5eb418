import TensorFiles
import Training

/// The evaluation of a plane, row by row; finished rows are kept in a file, from which an interrupted evaluation goes on.
struct PlaneEvaluation {
  let plane: LandscapeConfiguration.Plane
  let network: NetworkTraining
  /// Where finished rows are kept.
  let path: String
  private let losses: SampleLosses
  private let identity: String

  /// - Parameters:
  ///   - digest: of the data.
  ///   - threads: what comes out does not depend on them.
  init(
    _ plane: LandscapeConfiguration.Plane, _ network: NetworkTraining, digest: String, path: String, threads: Int
  ) {
    (self.plane, self.network, self.path) = (plane, network, path)
    let all = network.training.samples
    let chosen = Permutation.random(of: all.count, seed: plane.seed).prefix(plane.batch).sorted()
    losses = SampleLosses(
      network.problem, all.selecting(chosen), constants: network.constants, threads: threads)
    var text = "\(plane.identity)\n\(network.network.text)\n\(network.objective.measure)\n\(digest)\n"
    text += chosen.map(String.init).joined(separator: " ") + "\n"
    text += network.weights.map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
    identity = SHA256.hexadecimal(of: Array(text.utf8))
  }

  /// Evaluates the plane.
  ///
  /// - Parameters:
  ///   - progress: told the number of points that are done, of how many, and asked whether to stop by an error.
  /// - Errors: those of evaluation, of the file and of `progress`; `badData` for a file of another plane.
  func run(progress: (_ done: Int, _ of: Int, _ work: LandscapeRun.Work) throws -> Void) throws -> LossPlane {
    let weights = network.weights, total = plane.points * plane.points
    let directions = try PlaneDirections(plane, losses, at: weights) { try progress($0, 0, .products) }
    let model = try SecondOrderModel(losses, at: weights, directions)
    var rows = FileInput.exists(path) ? try kept() : []
    try progress(rows.count * plane.points, total, .points)
    let coordinates = plane.coordinates
    while rows.count < plane.points {
      var row = Row(losses: [], correct: [])
      for a in coordinates {
        let sum = try losses.total(at: directions.point(a, coordinates[rows.count], from: weights))
        row.losses.append(sum.loss / Double(losses.samples.count))
        row.correct.append(sum.correct)
      }
      rows.append(row)
      try AtomicFile.write(text(rows), to: path)
      try progress(rows.count * plane.points, total, .points)
    }
    return LossPlane(
      specification: plane, network: network.variant.name, samples: losses.samples.count, model: model,
      directionsConverged: directions.converged, losses: rows.map(\.losses), correct: rows.map(\.correct))
  }

  // MARK: Rows

  private struct Row {
    var losses: [Double]
    var correct: [Int]
  }

  /// One object in each line: what the rows belong to, then the rows.
  private func text(_ rows: [Row]) -> String {
    let head: JSONValue = ["schema": "hessian.plane/1", "identity": .string(identity)]
    let lines = rows.map { row -> JSONValue in
      [
        "losses": .array(row.losses.map { .double($0) }),
        "correct": .array(row.correct.map { .integer($0) }),
      ]
    }
    return ([head] + lines).map { $0.description + "\n" }.joined()
  }

  private func kept() throws(FileError) -> [Row] {
    func offence(_ reason: String) -> FileError {
      FileError(.badData, path: path, reason: reason, advice: "remove the file, or give another output folder")
    }
    let lines = try FileInput.readText(path).split(separator: "\n")
    guard let first = lines.first, let head = try? JSONValue(parsing: String(first)),
      head["schema"] == "hessian.plane/1"
    else { throw offence("it holds no rows of a plane") }
    guard head["identity"] == .string(identity) else { throw offence("its rows belong to another plane") }
    var rows: [Row] = []
    for (index, line) in lines.dropFirst().enumerated() {
      let json = try? JSONValue(parsing: String(line))
      let losses = (json?["losses"]?.elements ?? []).compactMap(\.extendedDouble)
      let correct = (json?["correct"]?.elements ?? []).compactMap(\.integer)
      guard losses.count == plane.points, correct.count == plane.points, index < plane.points else {
        throw offence("line \(index + 2) is no row of \(plane.points) points")
      }
      rows.append(Row(losses: losses, correct: correct))
    }
    return rows
  }
}
