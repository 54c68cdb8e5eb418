import AttentionHessian
import Foundation
import Testing

@testable import Studies

@Suite struct LandscapeRunTests {
  private let experiment: SampleExperiment
  private let configuration: LandscapeConfiguration
  private let result: LandscapeResult
  /// The training with the Gaussian kernel, and the losses of the samples of the first plane.
  private let training: NetworkTraining

  init() throws {
    experiment = try SampleExperiment()
    configuration = try SampleLandscape.configuration(in: experiment)
    result = try SampleLandscape.run(configuration, in: "first", of: experiment).run()
    training = try Self.training("gaussian", configuration, experiment)
  }

  private static func training(
    _ kernel: String, _ configuration: LandscapeConfiguration, _ experiment: SampleExperiment
  ) throws -> NetworkTraining {
    let continuation = try #require(configuration.continuation), kind = try #require(AttentionKernel(rawValue: kernel))
    return try NetworkTraining(
      ExperimentConfiguration.Variant(
        name: kernel, layers: configuration.layers.map { $0.with(kind) }, training: .all,
        start: "\(experiment.folder)/first/start/checkpoint.safetensors"),
      of: configuration.continued(continuation), try ExperimentSamples(configuration.task),
      folder: "\(experiment.folder)/first/\(kernel)", threads: 1)
  }

  private func plane(_ name: String, _ network: String = "gaussian") throws -> LossPlane {
    try #require(result.planes.first { $0.specification.name == name && $0.network == network })
  }

  /// The mean loss of a plane's samples, computed directly.
  private func losses(_ plane: LandscapeConfiguration.Plane) -> SampleLosses {
    let all = training.training.samples
    let chosen = Permutation.random(of: all.count, seed: plane.seed).prefix(plane.batch).sorted()
    return SampleLosses(training.problem, all.selecting(chosen), threads: 1)
  }

  private func norm(_ x: some Sequence<Double>) -> Double { sqrt(x.reduce(0) { $0 + $1 * $1 }) }

  // MARK: Trainings

  @Test func bothKernelsBeginWithTheWeightsOfTheFirstTraining() throws {
    #expect(result.networks.map(\.name) == ["start", "softmax", "gaussian"])
    #expect(
      result.networks[1].layers.contains("attention(softmax") && result.networks[2].layers.contains("head(gaussian"))
    let folder = experiment.folder + "/first"
    let start = try InitialWeights(training.problem, seed: 9, from: folder + "/start/checkpoint.safetensors").weights
    #expect(training.isFinished && training.weights != start)
    let softmax = try Self.training("softmax", configuration, experiment)
    #expect(softmax.weights != training.weights && softmax.problem.layout.count == training.problem.layout.count)
    // One epoch at rate zero would leave them there; two small ones go not far.
    for weights in [softmax.weights, training.weights] {
      #expect(norm(zip(weights, start).map { $0 - $1 }) < 0.3 * norm(start))
    }
  }

  // MARK: Directions

  @Test func directionsAreScaledAsTheySay() throws {
    let weights = training.weights, entries = training.problem.layout.entries
    let scaled = try PlaneDirections(configuration.planes[0], losses(configuration.planes[0]), at: weights)
    for entry in entries {
      let kind = entry.symbol.name.prefix { $0 != "^" }, length = norm(weights[entry.range])
      for (vector, own) in [(scaled.first, "W_Q"), (scaled.second, "W_K")] {
        let expected = kind == own ? length : 0
        #expect(abs(norm(vector[entry.range]) - expected) < 1e-12, "\(entry.symbol.name)")
      }
    }
    #expect(entries.count { $0.symbol.name.hasPrefix("W_Q") } == 3)
    let raw = try PlaneDirections(configuration.planes[1], losses(configuration.planes[1]), at: weights)
    for vector in [raw.first, raw.second] {
      #expect(abs(norm(vector) - 1) < 1e-12)
      for entry in entries {
        let isMoved = ["W_Q", "W_K"].contains(entry.symbol.name.prefix { $0 != "^" })
        #expect((norm(vector[entry.range]) > 0) == isMoved)
      }
    }
    #expect(raw.first != raw.second)
  }

  @Test func eigenvectorsAreThoseOfTheHessian() throws {
    let plane = try plane("top"), weights = training.weights, losses = losses(plane.specification)
    let directions = try PlaneDirections(plane.specification, losses, at: weights),
      all = Array(0..<losses.samples.count)
    let values = plane.model.form.eigenvalues
    for (vector, value) in [(directions.first, values.0), (directions.second, values.1)] {
      let product = try losses.hessianSum(
        of: all, coefficients: all.map { _ in 1 / Double(all.count) }, at: weights, times: vector)
      // In the query and key matrices alone.
      let rest = zip(product, vector).map { $1 == 0 ? 0 : $0 - value * $1 }
      #expect(norm(rest) < 1e-3 * abs(values.0))
    }
    #expect(abs(plane.model.form.uv) < 1e-3 * values.0 && values.0 > values.1)
  }

  // MARK: The model

  @Test(arguments: ["scaled", "raw", "top"]) func theModelIsTheSecondOrderExpansion(_ name: String) throws {
    let plane = try plane(name), losses = losses(plane.specification), weights = training.weights
    let directions = try PlaneDirections(plane.specification, losses, at: weights)
    func value(_ a: Double, _ b: Double) throws -> Double {
      try losses.total(at: directions.point(a, b, from: weights)).loss / Double(losses.samples.count)
    }
    #expect(abs(try value(0, 0) - plane.model.loss) < 1e-13)
    // What is left beyond the second order shrinks like the third power.
    for (a, b) in [(1.0, 0.0), (0, 1), (0.7, -0.7), (0.6, 0.8)] {
      func rest(_ t: Double) throws -> Double { abs(try value(t * a, t * b) - plane.model.value(t * a, t * b)) }
      let (far, near) = (try rest(0.04), try rest(0.01))
      #expect(near < 1e-12 || near < far / 40, "\(far) \(near)")
    }
    #expect(abs(plane.centerLoss - plane.model.loss) < 1e-13)
  }

  @Test func eigenvaluesDoNotDependOnScaling() throws {
    for plane in result.planes {
      let directions = try PlaneDirections(plane.specification, losses(plane.specification), at: training.weights)
      guard plane.network == "gaussian" else { continue }
      // The same with an orthonormal basis by Gram and Schmidt.
      func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      let e = directions.first.map { $0 / norm(directions.first) }
      let rest = zip(directions.second, e).map { $0 - dot(directions.second, e) * $1 }, f = rest.map { $0 / norm(rest) }
      let some = losses(plane.specification), all = Array(0..<some.samples.count)
      func product(_ x: [Double]) throws -> [Double] {
        try some.hessianSum(
          of: all, coefficients: all.map { _ in 1 / Double(all.count) }, at: training.weights, times: x)
      }
      let form = try #require(plane.model.orthonormalForm), (he, hf) = (try product(e), try product(f))
      let scale = abs(dot(e, he)) + abs(dot(f, hf)) + 1e-12
      #expect(abs(form.uu - dot(e, he)) < 1e-10 * scale && abs(form.uv - dot(e, hf)) < 1e-10 * scale)
      #expect(abs(form.vv - dot(f, hf)) < 1e-10 * scale)
      let (_, gradient) = try some.gradientSum(of: all, at: training.weights)
      let slope = norm([dot(gradient, e), dot(gradient, f)]) / Double(all.count)
      #expect(abs(try #require(plane.model.gradientNorm) - slope) < 1e-10 * (1 + slope))
    }
    let form = SecondOrderModel.Form(uu: 2, uv: 2, vv: 5)
    #expect(abs(form.eigenvalues.0 - 6) < 1e-14 && abs(form.eigenvalues.1 - 1) < 1e-14)
  }

  // MARK: Numbers of a plane

  @Test func pointsAreWhereTheySay() throws {
    for plane in result.planes where plane.network == "gaussian" {
      let some = losses(plane.specification)
      #expect(plane.samples == min(24, plane.specification.batch) && some.samples.count == plane.samples)
      let directions = try PlaneDirections(plane.specification, some, at: training.weights)
      #expect(
        plane.coordinates.count == plane.specification.points && plane.coordinates[plane.coordinates.count / 2] == 0)
      #expect(
        plane.coordinates.last == plane.specification.radius && plane.coordinates.first == -plane.specification.radius)
      for (row, column) in [(0, 0), (0, 2), (1, 0)] {
        let (a, b) = (plane.coordinates[column], plane.coordinates[row])
        let sum = try some.total(at: directions.point(a, b, from: training.weights))
        #expect(
          plane.losses[row][column] == sum.loss / Double(plane.samples) && plane.correct[row][column] == sum.correct)
        let line = try #require(
          plane.csv.split(separator: "\n").dropFirst(1 + row * plane.coordinates.count + column).first)
        let numbers = line.split(separator: ",").compactMap { Double($0) }
        let model = plane.model.value(a, b)
        #expect(
          numbers == [
            a, b, plane.losses[row][column], model, plane.losses[row][column] - model,
            Double(sum.correct) / Double(plane.samples),
          ])
      }
    }
  }

  @Test func roughnessIsTheMeanDeviation() throws {
    let plane = try plane("raw")
    func changed(_ loss: (Double, Double, Double) -> Double) -> LossPlane {
      let coordinates = plane.coordinates
      return LossPlane(
        specification: plane.specification, network: "x", samples: 1, model: plane.model, directionsConverged: true,
        losses: coordinates.map { b in coordinates.map { a in loss(a, b, plane.model.value(a, b)) } },
        correct: plane.correct)
    }
    let smooth = changed { _, _, model in model }
    #expect(smooth.roughness().deviation == 0 && smooth.roughness().relative == 0 && smooth.roughness().rise > 0)
    // A deviation of |a|, over seven coordinates from −2 to 2.
    let rough = changed { a, _, model in model + a }
    #expect(abs(rough.roughness().deviation - 2 * (2 + 4 + 6) / 3 / 7.0) < 1e-12)
    // Within half of the radius there are the coordinates −2/3, 0 and 2/3.
    #expect(abs(rough.roughness(within: 0.5).deviation - 4.0 / 9) < 1e-12)
    let across = changed { _, b, model in model + b }
    #expect(abs(across.roughness(within: 0.5).deviation - 4.0 / 9) < 1e-12)
    let flat = changed { a, b, _ in a == 2 && b == 2 ? .infinity : plane.model.loss }
    #expect(flat.gaps == 1 && flat.roughness().rise == 0 && flat.roughness().relative == nil)
    #expect(flat.roughness().deviation.isFinite && flat.roughness().deviation > 0)
    let constantModel = changed { _, _, model in 2 * model - plane.model.loss }
    #expect(abs(try #require(constantModel.roughness().relative) - 0.5) < 1e-12)
  }

  // MARK: Resumption

  @Test func threadsDoNotMatter() throws {
    let other = try SampleLandscape.run(configuration, in: "second", of: experiment, threads: 2).run()
    #expect(other.json == result.json)
  }

  @Test(arguments: [1, 7, 12, 18, 24, 33]) func anInterruptedRunGoesOn(_ events: Int) throws {
    var count = 0
    let stopped = SampleLandscape.run(
      configuration, in: "third", of: experiment,
      isInterrupted: {
        count += 1
        return count > events
      })
    #expect(throws: StudyInterruption.self) { try stopped.run() }
    #expect(try SampleLandscape.run(configuration, in: "third", of: experiment).run().json == result.json)
  }

  @Test func finishedRowsAreKept() throws {
    let path = experiment.folder + "/first/gaussian/plane-raw.jsonl"
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.count == 8)
    // The first row is changed, and the last two are lost: the first is taken as it stands, the others are computed.
    lines[1] = lines[1].replacing(/"losses":\[[^,]*,/) { _ in "\"losses\":[\"inf\"," }
    try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    var points = -1
    let again = try SampleLandscape.run(
      configuration, in: "first", of: experiment,
      report: { event in
        if case .evaluated("raw", "gaussian", let some, _, _) = event { points = some }
      }
    ).run()
    let here = try #require(again.planes.first { $0.specification.name == "raw" && $0.network == "gaussian" })
    #expect(points == 14 && here.gaps == 1 && here.losses[0][0] == .infinity)
    #expect(try Array(here.losses.dropFirst()) == Array(plane("raw").losses.dropFirst()))
  }

  @Test func rowsOfAnotherPlaneAreRefused() throws {
    for text in [
      SampleLandscape.text(("\"radius\": 0.5", "\"radius\": 0.25")),
      SampleLandscape.text(("\"seed\": 3", "\"seed\": 4")),
    ] {
      let other = try SampleLandscape.configuration(text, in: experiment)
      let error = #expect(throws: FileError.self) {
        try SampleLandscape.run(other, in: "first", of: experiment).run()
      }
      #expect(error?.reason.contains("another plane") == true)
    }
    let path = experiment.folder + "/first/gaussian/plane-raw.jsonl"
    for (text, words) in [("no json\n", "no rows"), ("{\"schema\":\"hessian.plane/1\"}\n", "another plane")] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileError.self) {
        try SampleLandscape.run(configuration, in: "first", of: experiment).run()
      }
      #expect(error?.reason.contains(words) == true)
    }
  }

  // MARK: The report

  @Test func theReportHasItsFiles() throws {
    let files = result.files(), names = Set(files.map(\.path))
    for name in [
      "networks.tex", "curvature.csv", "roughness.tex", "comparison.csv", "plane-scaled-contours.svg", "images.svg",
      "plane-raw-surface-figure.tex", "plane-top-gaussian.csv", "training.svg", "results.json", "landscape.tex",
    ] { #expect(names.contains(name), "\(name)") }
    let roughness = try #require(files.first { $0.path == "roughness.csv" }).text
    #expect(roughness.split(separator: "\n").count == 7)
    let (first, second) = (try plane("raw", "softmax").roughness(), try plane("raw").roughness())
    #expect(
      try #require(files.first { $0.path == "comparison.csv" }).text
        .contains((second.deviation / first.deviation).text(significantDigits: 3)))
    #expect(result.text.contains("no bounds"))
    let manifest = StudyManifest(result, version: "1")
    #expect(manifest.command == "landscape" && manifest.data == result.digest)
  }

  @Test func withoutContinuationThePlanesAreThoseOfTheFirstTraining() throws {
    let start = SampleLandscape.text().ranges(of: "\"continue\"")[0].lowerBound
    let end = SampleLandscape.text().ranges(of: "\"planes\"")[0].lowerBound
    let text = SampleLandscape.text()[..<start] + SampleLandscape.text()[end...]
    let other = try SampleLandscape.run(
      SampleLandscape.configuration(String(text), in: experiment), in: "first", of: experiment
    ).run()
    #expect(other.networks.map(\.name) == ["start"] && other.comparisonTable == nil)
    #expect(other.planes.map(\.network) == ["start", "start", "start"])
  }

  /// Texts of a small grammar, which say good or bad things of a film.
  @Test func textsAreClassified() throws {
    var generator = SplitMix64(seed: 2)
    func one(_ words: [String]) -> String { words[generator.uniform(below: words.count)] }
    let lines = (0..<120).map { index in
      let isGood = index % 2 == 0
      let verdict = one(isGood ? ["great", "fine", "moving"] : ["dull", "poor", "tedious"])
      return
        "\"\(one(["The", "This"])) \(one(["film", "plot", "cast"])), I think, is \(verdict)!\",\(isGood ? "pos" : "neg")\n"
    }
    try Data(("text,label\n" + lines.joined()).utf8).write(to: URL(fileURLWithPath: experiment.folder + "/t.csv"))
    let text = SampleLandscape.text(
      (
        "\"file\": \"images.csv\", \"patch\": 2, \"positions\": \"one-hot\", \"held_out\": 6",
        "\"text\": { \"file\": \"t.csv\", \"tokens\": 8, \"vocabulary\": 20 }, \"held_out\": 20"
      ),
      ("\"epochs\": 2, \"batch\": 5", "\"epochs\": 6, \"batch\": 5"))
    let other = try SampleLandscape.run(
      SampleLandscape.configuration(text, in: experiment), in: "texts", of: experiment
    ).run()
    #expect(other.images == nil && !other.files().contains { $0.path == "images.svg" })
    #expect(other.samples == 100 && other.heldOut == 20)
    #expect(try #require(other.networks[1].heldOutAccuracy) > 0.9)
  }
}
