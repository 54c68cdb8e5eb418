import AttentionHessian
import Foundation
import Testing
import Transformers

@testable import Studies

@Suite struct ConvergenceStudyTests {
  static let text = """
    { "name": "small",
      "family": { "samples": 2, "tokens": 2, "key": 1, "value": 2, "heads": 2, "widths": [1, 3], "seed": 5 },
      "kernels": ["softmax", "gaussian"], "train": [["W_Q", "W_K", "W_V"], ["W_Q"]],
      "descent": { "steps": 30, "step": 0.4, "certified": true },
      "vanishing": { "scales": [1, 4], "lengths": [2, 3], "draws": 3 } }
    """

  private func configuration(_ text: String = text) throws -> ConvergenceConfiguration {
    try ConvergenceConfiguration.read(try JSONValue(parsing: Array(text.utf8)), folder: "")
  }

  private func folder() throws -> String {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  @Test func resultsDoNotDependOnThreadsOrInterruptions() throws {
    let configuration = try configuration(), place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let whole = try ConvergenceStudy(configuration, threads: 1, folder: try folder())
    #expect(whole.runs.filter { !$0.isCertified }.count == 8)
    var asked = 0
    #expect(throws: StudyInterruption.self) {
      try ConvergenceStudy(
        configuration, threads: 2, folder: place,
        isInterrupted: {
          asked += 1
          return asked == 45
        })
    }
    let again = try ConvergenceStudy(configuration, threads: 3, folder: place)
    #expect(again.results == whole.results)
    // What was kept is used: nothing is left to do.
    let kept = try ConvergenceStudy(
      configuration, threads: 1, folder: place, isInterrupted: { false },
      report: { event in
        if case .descending = event { Issue.record("a step was taken again") }
      })
    #expect(kept.results == whole.results)
  }

  @Test func reportsSayWhatWasFound() throws {
    let study = try ConvergenceStudy(try configuration(), threads: 1, folder: try folder())
    #expect(study.tables.map(\.name) == ["descents", "paths", "certificates", "stationarity", "query-gradients"])
    #expect(study.text.contains("HD = 2 is less than Nn = 4, so that β = 0"))
    let files = study.files()
    #expect(Set(files.map(\.path)).count == files.count)
    #expect(files.map(\.path).contains("descent-WQ-WK-WV.svg") && files.map(\.path).contains("convergence.tex"))
    // The loss of the family is halved squares, summed up.
    let run = study.runs[0], instance = try #require(try Self.instance(study.configuration))
    var sum = 0.0
    for sample in instance.samples.indices {
      let point = try instance.environment(ofSample: sample, as: Double.self)
      let residual = try instance.objective.residual.value(in: point)
      sum += residual.entries.reduce(0) { $0 + $1 * $1 } / 2
    }
    #expect(abs(run.descent.losses[0] / sum - 1) < 1e-12)
  }

  private static func instance(_ configuration: ConvergenceConfiguration) throws -> LayerInstance? {
    guard case .family(let family, let widths) = configuration.problems else { return nil }
    return try family.instance(.softmax, width: widths[0])
  }

  @Test(arguments: [
    ("\"steps\"", "\"stepps\"", "did you mean \"steps\""), ("\"W_Q\"]]", "\"W_X\"]]", "there is no weight 'W_X'"),
    ("\"step\": 0.4", "\"step\": 2", "no number from"), ("\"heads\": 2", "\"heads\": 0", "whole number from 1"),
    ("[1, 3]", "[]", "the array is empty"), ("[1, 3]", "[3, 3]", "3 stands twice"),
    ("\"samples\": 2, \"tokens\": 2", "\"samples\": 4096, \"tokens\": 128", "more than 1048576 entries"),
    ("[[\"W_Q\", \"W_K\", \"W_V\"], ", "[[\"W_Q\"], ", "stands twice"),
    ("\"scales\": [1, 4]", "\"scales\": [\"1e-400\"]", "no number from"), ("[2, 3]", "[2, 2]", "2 stands twice"),
    ("\"gaussian\"", "\"softmax\"", "stands twice"),
    ("\"gaussian\"", "\"gausian\"", "did you mean \"gaussian\""),
    ("\"family\"", "\"instance\": \"x\", \"family\"", "beside"),
    ("\"scales\": [1, 4]", "\"scales\": [0]", "not above 0"), ("true", "1", "neither true nor false"),
  ])
  func whatIsWrongIsNamed(_ old: String, _ new: String, _ words: String) throws {
    do {
      _ = try configuration(Self.text.replacingOccurrences(of: old, with: new))
      Issue.record("accepted")
    } catch let error as InstanceError {
      #expect("\(error.problem) \(error.advice)".contains(words), "\(error)")
    }
  }

  /// To first order in small weights of queries and keys the gradient by the queries is linear in those of the keys.
  @Test func gradientsByTheQueriesVanishWithTheWeights() throws {
    let text = Self.text.replacingOccurrences(of: "\"scales\": [1, 4]", with: "\"scales\": [\"1/4000\", \"1/1000\"]")
    let study = try ConvergenceStudy(try configuration(text), threads: 1, folder: try folder())
    for length in [2, 3] {
      let some = study.gradients.filter { $0.length == length }
      #expect(some.map { Double($0.scale) } == [0.00025, 0.001])
      #expect(abs(some[1].medians[0] / some[0].medians[0] - 4) < 0.01, "softmax, \(length) tokens")
    }
  }

  @Test(arguments: ["convergence", "convergence-certified", "convergence-queries"])
  func shippedConfigurationsAreRead(_ name: String) throws {
    #expect(try ConvergenceConfiguration(path: "\(Schemas.folder)/\(name).json").name == name)
  }

  /// Every key of the schema is read, and no other is.
  @Test func theSchemaHasTheKeysThatAreRead() throws {
    try Schemas.check(
      "convergence", Self.text,
      places: [
        ([], "\"name\": \"small\""), (["family"], "\"samples\": 2"), (["descent"], "\"steps\": 30"),
        (["vanishing"], "\"draws\": 3"),
      ]
    ) { _ = try configuration($0) }
  }
}

@Suite struct ConditioningTests {
  static let text = """
    { "name": "small",
      "family": { "width": 4, "key": 2, "scales": [1, 5], "lengths": [3, 6], "depths": [1, 2], "draws": 3, "seed": 2 },
      "descent": { "steps": 60, "depths": [1], "samples": 2, "hidden": 3 },
      "layer": { "file": "albert-attention.safetensors" } }
    """

  private func configuration(_ text: String = text) throws -> ConditioningConfiguration {
    try ConditioningConfiguration.read(try JSONValue(parsing: Array(text.utf8)), folder: Schemas.folder)
  }

  @Test func theStudyDoesNotDependOnThreads() throws {
    let configuration = try configuration()
    let studies = try [1, 3].map { try ConditioningStudy(configuration, threads: $0) }
    #expect(studies[0].results == studies[1].results)
    #expect(studies[0].points.count == 3 * 2 * 6)
    #expect(throws: StudyInterruption.self) {
      try ConditioningStudy(configuration, threads: 1, isInterrupted: { true })
    }
    let real = try #require(studies[0].real)
    #expect(real.rows.count == 11 && real.rows.map(\.name).last == "`X + M`")
    // The sum with the input is that of the matrices: its Frobenius norm is between the difference and the sum of theirs.
    let norms = [real.rows[0], real.rows[9], real.rows[10]].map { row in
      sqrt(row.values.values.reduce(0) { $0 + $1 * $1 })
    }
    #expect(abs(norms[0] - norms[1]) < norms[2] && norms[2] < norms[0] + norms[1])
  }

  /// `σ_min²/σ_max²` of features that are known: `1 − κ⁻²` for the distance, measured alike once the slowest direction leads.
  @Test func ratesAreThoseOfTheSingularValues() throws {
    let study = try ConditioningStudy(
      try configuration(Self.text.replacingOccurrences(of: "\"steps\": 60", with: "\"steps\": 4000")), threads: 1)
    var compared = 0
    for one in study.linear where one.condition * one.condition < 300 {
      let measured = try #require(one.distanceDecay).slope, predicted = log(1 - one.predictedDistance)
      #expect(abs(measured / predicted - 1) < 0.02, "\(one.kernel): \(measured) for \(predicted)")
      compared += 1
    }
    #expect(compared > 0)
    for one in study.linear { #expect(abs(one.predictedDistance * one.condition * one.condition - 1) < 1e-9) }
  }

  /// The numbers of a place against the formulas written out with matrices.
  @Test func thePlacesAreThoseOfTheFormulas() throws {
    let study = try ConditioningStudy(
      try configuration(Self.text.replacingOccurrences(of: "\"draws\": 3", with: "\"draws\": 1")), threads: 1)
    let head = Layer.head(.linear, queryKey: .separate(2), valueWidth: 4)
    let network = try Network([.residual([head]), .residual([head])], tokens: 3, width: 4)
    let point = try RandomStack(network: network, seed: 2).environment(draw: 0)
    var Z = try #require(point[network.input])
    for layer in 1...2 {
      let W = try ["Q", "K", "V"].map { name in
        let symbol = try #require(network.parameters.first { $0.name == "W_\(name)^\(layer)" })
        return try #require(point[symbol])
      }
      let A = (Z * W[0] * (Z * W[1]).transposed).scaled(by: 1 / sqrt(2))
      Z = Z + A * Z * W[2]
    }
    let values = try SingularValues(of: Z)
    let found = try #require(
      study.points.first { $0.kernel == .linear && $0.axis == .depth && $0.depth == 2 && $0.hasResidual })
    #expect(abs(found.largest / values.largest - 1) < 1e-9 && abs(found.condition / values.condition - 1) < 1e-6)
  }

  /// Linear attention cubes its input: deep stacks overflow, which is said in their place.
  @Test func whatOverflowsIsSaid() throws {
    let text = Self.text.replacingOccurrences(of: "\"depths\": [1, 2]", with: "\"depths\": [1, 16]")
      .replacingOccurrences(of: "\"scales\": [1, 5]", with: "\"scales\": [9]")
    let study = try ConditioningStudy(try configuration(text), threads: 2)
    let deep = study.points.filter { $0.depth == 16 && $0.axis == .depth }
    #expect(deep.filter { $0.kernel == .linear }.allSatisfy { $0.condition.isNaN })
    #expect(deep.filter { $0.kernel == .softmax }.allSatisfy { !$0.condition.isNaN })
    #expect(study.text.contains("overflow") && !study.results.contains("nan"))
  }

  @Test func singularValuesAreSummarised() throws {
    let values = try SingularValues(of: Matrix(rows: 2, columns: 3, entries: [3, 0, 0, 0, 4, 0]))
    #expect(abs(values.condition - 4.0 / 3) < 1e-12 && abs(values.leadingShare - 0.64) < 1e-12)
    let flat = try SingularValues(of: Matrix(rows: 2, columns: 2, entries: [1, 2, 1, 2]))
    #expect(flat.condition == .infinity && abs(flat.leadingShare - 1) < 1e-12)
  }

  @Test func shippedConfigurationIsRead() throws {
    #expect(try ConditioningConfiguration(path: "\(Schemas.folder)/conditioning.json").name == "conditioning")
  }

  @Test func theSchemaHasTheKeysThatAreRead() throws {
    try Schemas.check(
      "conditioning", Self.text,
      places: [
        ([], "\"name\": \"small\""), (["family"], "\"width\": 4"), (["descent"], "\"hidden\": 3"),
        (["layer"], "\"file\": \"albert-attention.safetensors\""),
      ]
    ) { _ = try configuration($0) }
  }
}

/// The schemas of configurations in Examples.
enum Schemas {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples").path

  /// Compares the keys of a schema with those that a refusal names, at each of the places.
  ///
  /// - Parameter places: the path of an object in the schema, and a member of it in the text.
  static func check(
    _ name: String, _ text: String, places: [(path: [String], member: String)], read: (String) throws -> Void
  ) throws {
    let schema = try FileInput.readJSON("\(folder)/\(name).schema.json")
    for (path, member) in places {
      var json: JSONValue? = schema
      for key in path { json = json?["properties"]?[key] }
      let keys = Set(try #require(json?["properties"]?.members).map(\.key))
      do {
        try read(text.replacingOccurrences(of: member, with: member + ", \"unheard of\": 1"))
        Issue.record("accepted at \(path)")
      } catch let error as InstanceError {
        let known = try #require(error.advice.split(separator: "the keys are ").last).split(separator: ")")[0]
        #expect(Set(known.components(separatedBy: ", ")) == keys, "\(path)")
      }
    }
  }
}
