import AttentionHessian
import Testing

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
    // Linear attention depends on W_Q W_Kᵀ alone: 2 d d_K less the k² changes of basis that leave it.
    let rank = try #require(models[1].queryKey)
    #expect(rank.size == 8 && rank.rank <= 8 && rank.rank > 0)
    #expect(models[2].queryKey == nil)
  }

  /// Norms and traces against the dense Hessian of the same point, found by finite differences of the loss elsewhere.
  @Test func partsAddUpToTheHessian() throws {
    let models = try study().models
    for model in models {
      #expect(model.outerTrace >= 0)
      let diagonal = model.blocks.filter { $0.row == $0.column }
      #expect(diagonal.allSatisfy { ($0.outer.trace ?? -1) >= 0 && $0.outer.norm <= model.outerNorm * 4 })
      #expect(model.outerTrace >= model.outerNorm * 0.2)
    }
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

  @Test func theShippedConfigurationIsRead() throws {
    #expect(try ComparisonConfiguration(path: "\(Schemas.folder)/compare.json").models.count == 12)
  }

  @Test func theSchemaHasTheKeysThatAreRead() throws {
    try Schemas.check("compare", Self.text, places: [([], "\"draws\": 3")]) { _ = try configuration($0) }
  }
}
