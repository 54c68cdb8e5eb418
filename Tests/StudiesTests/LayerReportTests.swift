import AttentionHessian
import Foundation
import Testing

@Suite struct LayerReportTests {
  private static let example =
    String(#filePath.dropLast("/Tests/StudiesTests/LayerReportTests.swift".count))
    + "/Examples/albert-attention.safetensors"

  /// A layer of two heads with biases in a file of its own, removed when the test is over.
  private func withSmallLayer(_ body: (String) throws -> Void) throws {
    var generator = SplitMix64(seed: 3), writer = SafetensorsWriter(metadata: [("heads", "2")])
    for name in ["query", "key", "value"] {
      writer.add("\(name).weight", shape: [4, 4], values: (0..<16).map { _ in .random(using: &generator) })
      writer.add("\(name).bias", shape: [4], values: (0..<4).map { _ in .random(using: &generator) })
    }
    writer.add("hidden_states", shape: [3, 4], values: (0..<12).map { _ in .random(using: &generator) })
    let path = FileManager.default.temporaryDirectory.path + "/layer-report-\(UUID().uuidString).safetensors"
    try #require(FileManager.default.createFile(atPath: path, contents: Data(writer.bytes())))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func everyHeadIsMeasuredForBothTargets() throws {
    try withSmallLayer { path in
      let report = try LayerReport(path: path, seed: 2)
      #expect(report.measurements.map(\.head) == [0, 0, 1, 1])
      #expect(report.measurements.map(\.target) == [.output, .zero, .output, .zero])
      #expect(report.holds && report.largestDisagreement < 1e-6)
      for measurement in report.measurements {
        #expect(measurement.sizes.width == 5, "biases make one more coordinate")
        #expect(measurement.blocks.count == 6)
        #expect(try measurement.hessianNorm.norm <= measurement.bounds.derived.upper.roundedUp * (1 + 1e-9))
        #expect(measurement.blocks.allSatisfy { $0.norm <= measurement.hessianNorm.norm * (1 + 1e-9) })
        #expect((measurement.norms.residual < 1e-12) == (measurement.target == .output))
      }
    }
  }

  /// The measured norm is that of the dense Hessian of the same head.
  @Test func theMeasuredNormIsTheNorm() throws {
    try withSmallLayer { path in
      let selection = WeightsSelection(path: path, head: 1, target: "zero")
      let measurement = try HeadMeasurement(selection, target: .zero, seed: 1)
      let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
      var point = try WeightsInstance(reading: selection).environment(of: derivation.objective)
      for abbreviation in derivation.objective.abbreviations { try point.define(abbreviation.definition) }
      let values = try derivation.blocks().map { try $0.total.value(in: point) }
      let dense = Matrix<Double>.blocks((0..<3).map { Array(values[(3 * $0)..<(3 * $0 + 3)]) })
      let norm = try LinearAlgebra.symmetricSpectralNorm(of: dense)
      #expect(abs(measurement.hessianNorm.norm - norm) <= 1e-9 * norm)
      let data = try #require(point[derivation.objective.model.input])
      #expect(abs(measurement.norms.data - (try LinearAlgebra.largestSingularValue(of: data))) <= 1e-12)
    }
  }

  @Test func everyHeadIsEnclosed() throws {
    try withSmallLayer { path in
      let report = try LayerReport(path: path, seed: 2)
      for (measurement, enclosure) in zip(report.measurements, report.enclosures) {
        #expect(measurement.head == enclosure.head && measurement.target == enclosure.target)
        let norm = measurement.hessianNorm.norm
        #expect(abs(Double(enclosure.lower) - norm) <= 1e-6 * norm)
        #expect(enclosure.rungs.allSatisfy { $0.upper >= enclosure.lower })
        #expect(enclosure.rungs.count == 10, "X has fewer rows than columns")
      }
      #expect(report.ladderTable().rows.count == 4)
      #expect(report.explanations.count == 2 && report.explanationTable().rows.count == 2)
      #expect(try LayerReport(path: path, seed: 2, enclosing: false).enclosures.isEmpty)
    }
  }

  @Test func tablesAndFiles() throws {
    try withSmallLayer { path in
      let report = try LayerReport(path: path, seed: 2)
      #expect(try report.boundTable().rows.count == 4)
      #expect(report.normTable().rows.count == 4 && report.blockTable().rows.count == 4)
      let text = try report.text()
      for part in ["2 heads", "Floating-point estimates", "agrees"] { #expect(text.contains(part), "\(part)") }
      #expect(
        try report.files().map(\.path) == [
          "layer.tex", "layer-norms.tex", "layer-norms.csv", "layer-blocks.tex", "layer.csv", "layer-blocks.csv",
          "layer.svg", "layer-ladder.tex", "layer-ladder.csv", "layer-ladder.svg", "layer-explanation.tex",
          "layer-explanation.csv",
        ]
          + (0..<2).flatMap { head in
            ["", "svg", "figure"].map { kind in
              "explanation/head-\(head)" + (kind == "svg" ? ".svg" : kind.isEmpty ? ".tex" : "-figure.tex")
            }
          })
      #expect(try report.files().allSatisfy { !$0.text.isEmpty })
      let again = try LayerReport(path: path, seed: 2)
      #expect(try again.files() == report.files(), "the same in every run")
    }
  }

  /// Head 0 of the shipped layer, at full size.
  @Test func aRealHead() throws {
    let measurement = try HeadMeasurement(WeightsSelection(path: Self.example, head: 0), target: .zero, seed: 1)
    #expect(measurement.sizes == LayerSizes(sequenceLength: 53, width: 257, keyWidth: 32, valueWidth: 32))
    #expect(measurement.hessianNorm.converged && measurement.hessianNorm.norm > 0)
    #expect(measurement.blocks.allSatisfy { $0.finiteDifference < 1e-6 })
    #expect(try measurement.bounds.derived.lower.roundedDown > measurement.hessianNorm.norm)
    let largest = try #require(measurement.blocks.map(\.norm).max())
    #expect(largest <= measurement.hessianNorm.norm * (1 + 1e-9))
    #expect(measurement.hessianNorm.norm <= 3 * largest)
  }

  @Test func whatCannotBeReadIsAnError() {
    #expect(throws: FileError.self) { _ = try LayerReport(path: "/nowhere/layer.safetensors") }
    #expect(throws: FileError.self) { _ = try LayerReport(path: Self.example, layer: "no such layer") }
    #expect(throws: FileError.self) { _ = try LayerReport(path: Self.example, input: "no such tensor") }
    #expect(throws: FileError.self) {
      _ = try HeadMeasurement(WeightsSelection(path: Self.example, head: 8), target: .zero, seed: 1)
    }
  }
}
