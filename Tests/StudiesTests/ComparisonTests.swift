import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import Testing
import Training
import Transformers

@testable import Studies

@Suite struct ComparisonTests {
  static let text = """
    { "name": "small", "tokens": 3, "width": 2, "draws": 3, "seed": 4,
      "models": [
        { "name": "softmax", "network": ["head(softmax, key: 1, value: 2)"] },
        { "name": "linear", "network": ["head(linear, key: 2, value: 2)"] },
        { "name": "relu", "network": ["linear(2)", "relu", "linear(2)"] },
        { "name": "gelu", "network": ["linear(2)", "gelu", "linear(2)"] }
      ] }
    """

  private func configuration(_ text: String = text) throws -> ComparisonConfiguration {
    try ComparisonConfiguration.read(try JSONValue(parsing: text), folder: "")
  }

  private func study(_ text: String = text, threads: Int = 1) throws -> ComparisonStudy {
    try ComparisonStudy(try configuration(text), threads: threads)
  }

  @Test func whatIsKnownOfTheModelsIsFound() throws {
    let models = try study().models
    #expect(models.map(\.isBlockHollow) == [false, true, true, false])
    // The block of the values is the Gauss–Newton part for every kernel.
    for model in models.prefix(2) {
      let values = try #require(model.blocks.last)
      #expect(values.row.name == "W_V^1" && values.definiteness == .semidefiniteDerived)
    }
    let softmax = models[0].blocks
    func exponent(_ row: String, _ column: String, _ part: (ModelComparison.Block) -> ModelComparison.Part) throws
      -> Double
    {
      let block = try #require(softmax.first { $0.row.name == "W_\(row)^1" && $0.column.name == "W_\(column)^1" })
      return try #require(part(block).exponent)
    }
    // The known orders for small data, with the target held.
    for (row, column, outer, functional) in [("Q", "Q", 6.0, 5.0), ("Q", "V", 4.0, 3.0), ("V", "V", 2.0, nil)] {
      #expect(abs(try exponent(row, column, \.outer) - outer) < 0.05, "H_o(\(row),\(column))")
      if let functional {
        #expect(abs(try exponent(row, column, \.functional) - functional) < 0.05, "H_f(\(row),\(column))")
      }
    }
    let (soft, linear) = (try #require(models[0].queryKey), try #require(models[1].queryKey))
    #expect(soft.size == 4 && linear.size == 8 && linear.rank > 4)
    // Behind normalisation rows of width 2 are ±(1, −1) but for ε: one row of each matrix counts.
    let normalised = try study(
      Self.text.replacing("\"head(linear, key: 2", with: "\"norm(plain)\", \"head(linear, key: 2")
    ).models[1]
    #expect(try #require(normalised.queryKey).rank <= 4)
    #expect(models[2].queryKey == nil)
  }

  /// Both parts against products with the Hessian of the compiled loss, whose functional part is zero where the target is the
  /// output; and all numbers of a study with one draw against these matrices.
  @Test func numbersAreThoseOfTheHessian() throws {
    let configuration = try configuration(Self.text.replacing("\"draws\": 3", with: "\"draws\": 1"))
    for (model, spec) in zip(try ComparisonStudy(configuration, threads: 1).models, configuration.models) {
      let network = try Network(spec.layers, tokens: 3, width: 2)
      let objective = Objective(network, measuredBy: .meanSquare), derivation = HessianDerivation(objective)
      let stack = RandomStack(network: network, seed: 4), parameters = network.parameters
      let point = try ModelComparison.point(stack, objective, 0, scale: 1)
      let blocks = parameters.indices.flatMap { i in parameters[i...].map { derivation.block(parameters[i], $0) } }
      let sample = try HessianSample(derivation, blocks, at: point)
      let problem = try TrainingProblem(objective), weights = parameters.flatMap { point[$0]?.entries ?? [] }
      func hessian(_ target: Matrix<Double>) throws -> Matrix<Double> {
        let samples = SampleSet(
          inputs: [try #require(point[network.input]).entries], targets: [target.entries], columns: target.columns)
        let losses = SampleLosses(problem, samples, threads: 1)
        let columns = try weights.indices.map { k in
          try losses.hessianSum(
            of: [0], coefficients: [1], at: weights, times: weights.indices.map { $0 == k ? 1 : 0 })
        }
        return Matrix(rows: weights.count, columns: weights.count) { columns[$1][$0] }
      }
      let H = try hessian(try #require(point[objective.target]))
      let G = try hessian(try network.output.value(in: point))
      #expect((sample.outer - G).frobeniusNorm < 1e-10 * (1 + G.frobeniusNorm), "\(model.name)")
      #expect((sample.functional - (H - G)).frobeniusNorm < 1e-10 * (1 + H.frobeniusNorm), "\(model.name)")
      #expect(model.count == weights.count)
      let norms = try [G, H - G].map { try LinearAlgebra.symmetricSpectralNorm(of: $0) }
      #expect(abs(model.outerNorm - norms[0]) < 1e-9 && abs(model.functionalNorm - norms[1]) < 1e-9)
      #expect(abs(model.outerTrace - G.trace) < 1e-9 && abs(model.functionalTrace - (H - G).trace) < 1e-9)
      var start = 0
      let own = try parameters.map { parameter in
        let count = try #require(point[parameter]).entries.count
        defer { start += count }
        return try LinearAlgebra.symmetricSpectralNorm(
          of: H.submatrix(rows: start..<start + count, columns: start..<start + count))
      }
      #expect(abs(try #require(model.spread) / (own.max()! / own.min()!) - 1) < 1e-6)
    }
  }

  @Test func signsAreWhatTheEigenvaluesSay() {
    func block(_ eigenvalues: [Double]) -> HessianSample.Block {
      HessianSample.Block(outerNorm: 1, functionalNorm: 1, outerTrace: 0, functionalTrace: 0, eigenvalues: eigenvalues)
    }
    let (up, down, both) = (block([0, 2]), block([-3, -1e-14]), block([-1, 1]))
    #expect(ModelComparison.definiteness([up, up]) == .nonnegative)
    #expect(ModelComparison.definiteness([down, down]) == .nonpositive)
    #expect(ModelComparison.definiteness([up, down]) == .either)
    #expect(ModelComparison.definiteness([up, both]) == .indefinite)
    #expect(down.norm == 3)
  }

  @Test func resultsDoNotDependOnThreads() throws {
    #expect(try study().results == (try study(threads: 3)).results)
    let report = try study()
    #expect(report.text.contains("yes, derived") && report.files().map(\.path).contains("compare.tex"))
    #expect(throws: StudyInterruption.self) {
      try ComparisonStudy(try configuration(), threads: 1, isInterrupted: { true })
    }
  }

  @Test(arguments: [
    ("\"tokens\": 3", "\"tokens\": 0", "whole number"), ("\"name\": \"relu\"", "\"name\": \"gelu\"", "two models"),
    ("head(linear", "heed(linear", "did you mean 'head'"),
    ("\"draws\": 3", "\"draws\": 3, \"drawn\": 1", "'drawn' is unknown"),
  ])
  func whatIsWrongIsNamed(_ old: String, _ new: String, _ words: String) throws {
    do {
      _ = try configuration(Self.text.replacing(old, with: new))
      Issue.record("accepted")
    } catch let error as InstanceError { #expect("\(error.problem) \(error.advice)".contains(words), "\(error)") }
  }

  @Test func layersThatDoNotFitAreRefused() throws {
    do {
      _ = try study(Self.text.replacing("[\"linear(2)\", \"relu\"", with: "[\"residual(linear(3))\", \"relu\""))
      Issue.record("accepted")
    } catch let error as FileError { #expect(error.reason.contains("model \"relu\"")) }
  }

  @Test func modelsThatAreTooLargeAreRefused() throws {
    for width in [2000, 4_000_000_000] {
      do {
        _ = try study(
          Self.text.replacing("[\"linear(2)\", \"relu\", \"linear(2)\"]", with: "[\"linear(\(width))\", \"linear(2)\"]")
        )
        Issue.record("accepted")
      } catch let error as FileError {
        #expect(error.reason.contains("model \"relu\"") && error.reason.contains("2048"), "\(error.reason)")
      }
    }
  }

  @Test func theShippedConfigurationIsRead() throws {
    #expect(try ComparisonConfiguration(path: "\(Schemas.folder)/compare.json").models.count == 12)
  }

  @Test func theSchemaHasTheKeysThatAreRead() throws {
    try Schemas.check("compare", Self.text, places: [([], "\"draws\": 3")]) { _ = try configuration($0) }
  }
}
