import AttentionHessian
import Testing

@Suite struct SpectrumStudyTests {
  private func study(
    _ instance: LayerInstance, part: HessianPart = .both, _ change: (inout SpectrumStudy.Options) -> Void = { _ in }
  ) throws -> SpectrumStudy {
    var options = SpectrumStudy.Options()
    change(&options)
    return try SpectrumStudy(instance, part: part, options)
  }

  @Test(arguments: HessianPart.allCases) func bothMethodsAgree(part: HessianPart) throws {
    let instance = try LayerHessianMapTests.instance(samples: 2, seed: 4)
    let dense = try study(instance, part: part) { $0.blocks = true }
    let free = try study(instance, part: part) {
      $0.method = .matrixFree
      $0.blocks = true
    }
    #expect(dense.isDense && !free.isDense && free.converged && free.eigenvalues == nil)
    let exact = try LinearAlgebra.symmetricEigenvalues(of: LossEvaluation(instance, as: Double.self).hessian(part))
    let norm = dense.norm.value
    #expect(dense.eigenvalues?.count == exact.count)
    for (x, y) in zip(dense.eigenvalues ?? [], exact) { #expect(abs(x - y) <= 1e-13 * norm) }
    #expect(abs(free.norm.value - norm) <= 1e-9 * norm && free.norm.value <= norm * (1 + 1e-12))
    for (x, y) in zip(free.largest, dense.largest) { #expect(abs(x.value - y.value) <= 1e-8 * norm) }
    for (x, y) in zip(free.smallest, dense.smallest) { #expect(abs(x.value - y.value) <= 1e-8 * norm) }
    #expect(free.largest.allSatisfy { $0.residual != nil } && dense.largest.allSatisfy { $0.residual == nil })
    let trace = try #require(free.trace), exactTrace = try #require(dense.trace)
    #expect(abs(trace.value - exactTrace.value) <= 4 * (trace.standardError ?? 0) + 1e-12)
    #expect(abs(exactTrace.value - exact.reduce(0, +)) <= 1e-12)
    #expect(
      abs(free.frobeniusNorm.value - dense.frobeniusNorm.value) <= 4 * (free.frobeniusNorm.standardError ?? 0) + 1e-12)
    #expect(dense.blocks.count == 6 && free.blocks.count == 6)
    for (x, y) in zip(free.blocks, dense.blocks) {
      #expect((x.row, x.column) == (y.row, y.column) && (x.ends == nil) == (x.row != x.column))
      #expect(abs(x.norm.value - y.norm.value) <= 1e-8 * norm)
      #expect(abs((x.ends?.smallest.value ?? 0) - (y.ends?.smallest.value ?? 0)) <= 1e-8 * norm)
      #expect(abs((x.ends?.largest.value ?? 0) - (y.ends?.largest.value ?? 0)) <= 1e-8 * norm)
    }
  }

  @Test func blocksOffTheDiagonalHaveSingularValues() throws {
    let instance = try LayerHessianMapTests.instance(seed: 7)
    let parameters = instance.model.parameters
    let exact = try LinearAlgebra.singularValues(
      of: LossEvaluation(instance, as: Double.self).block(parameters[0], parameters[2]))
    for method in [SpectrumStudy.Method.dense, .matrixFree] {
      let found = try study(instance) {
        $0.method = method
        $0.subject = .block(parameters[0], parameters[2])
      }
      #expect(
        found.isOffDiagonal && found.smallest.isEmpty && found.trace == nil && found.rows == 4 && found.columns == 6)
      #expect(found.largest.count == 4)
      for (x, y) in zip(found.largest, exact) { #expect(abs(x.value - y) <= 1e-9 * exact[0]) }
      let text = found.text(title: "a block", subject: "a test")
      #expect(text.contains("singular") && !text.contains("tr H") && !text.contains("smallest"))
    }
    #expect(throws: SpectrumError.noEigenvalues) {
      _ = try study(instance) {
        $0.subject = .block(parameters[0], parameters[2])
        $0.density = .init()
      }
    }
  }

  @Test func theTextSaysWhatTheNormIs() throws {
    let instance = try LayerHessianMapTests.instance(seed: 2)
    let free = try study(instance) { $0.method = .matrixFree }.text(title: "the Hessian H", subject: "a test")
    #expect(free.contains("‖H‖₂ ≈ ") && free.contains("an estimate from below, not a bound; residual"))
    #expect(free.contains("± their standard error"))
    let dense = try study(instance).text(title: "the Hessian H", subject: "a test")
    #expect(dense.contains("by LAPACK: an estimate, not a bound") && dense.contains("% negative"))
  }

  @Test func theDensityIsTheSameByBothMethods() throws {
    let instance = try LayerHessianMapTests.instance(seed: 2)
    let dense = try study(instance) { $0.density = .init() }
    let free = try study(instance) {
      $0.method = .matrixFree
      $0.density = .init(probes: 50, steps: 40)
    }
    let (exact, found) = (try #require(dense.density), try #require(free.density))
    #expect(exact.isExact && !found.isExact && abs(exact.width - found.width) <= 1e-9 * exact.width)
    for (x, y) in zip(exact.points, found.points) {
      #expect(abs(x.cumulative.value - y.cumulative.value) <= 4 * (y.cumulative.standardError ?? 0) + 1e-3)
    }
    #expect(dense.csv.split(separator: "\n").count == 402)
    let figure = try #require(free.figure(title: "H", subject: "a test"))
    #expect(figure.svg().contains("50 random vectors") && figure.pgfplots(provenance: "a test").contains("only marks"))
    #expect(try study(instance).figure(title: "H", subject: "a test") == nil)
    let shares = try #require(free.shares)
    #expect(abs(shares.negative.value + shares.zero.value + shares.positive.value - 1) <= 1e-12)
    #expect(shares.threshold == found.width)
  }

  @Test func tooLargeAMatrixIsRefusedWithTheMemoryItNeeds() throws {
    let map = SymmetricFunction(dimension: 100_000) { $0 }
    var options = SpectrumStudy.Options()
    options.method = .dense
    let layout = ParameterLayout([(Symbol("W_Q", Shape("m", "n")), 1000, 100)])
    do {
      _ = try SpectrumStudy(map, layout, options)
      Issue.record("it was not refused")
    } catch let error as SpectrumError {
      #expect(error.description.contains("149.1 GiB") && error.advice.contains("--dense"))
    }
  }

  @Test func tooFewProductsAreReported() throws {
    let found = try study(LayerHessianMapTests.instance(seed: 2)) {
      $0.method = .matrixFree
      $0.products = 3
    }
    #expect(!found.converged)
    let text = found.text(title: "H", subject: "a test")
    #expect(text.contains("did not converge in 3 products"))
    #expect(JSONWriter(.pretty).text(found.json(subject: "a test", part: .both)).contains("\"converged\": false"))
  }

  @Test func everythingIsTheSameInEveryRun() throws {
    let instance = try LayerHessianMapTests.instance(seed: 3)
    func text() throws -> String {
      let found = try study(instance) {
        $0.method = .matrixFree
        $0.blocks = true
        $0.density = .init(probes: 3, steps: 7)
      }
      return found.text(title: "H", subject: "a test") + JSONWriter(.pretty).text(found.json(subject: "", part: .both))
    }
    #expect(try text() == text())
  }
}
