import AttentionHessian
import Foundation

/// A small landscape on the images of the sample experiment.
enum SampleLandscape {
  /// The text of a configuration; parts are replaced.
  static func text(_ replacements: (String, String)...) -> String {
    let text = """
      { "name": "small", "data": { "file": "images.csv", "patch": 2, "positions": "one-hot", "held_out": 6 },
        "network": ["linear(5)", "residual(attention(softmax, heads: 2, key: 2, value: 3))", "gelu",
          "head(softmax, key: 3, value: 2)"],
        "loss": "cross-entropy", "optimizer": { "epochs": 2, "batch": 5, "rate": 0.05 },
        "continue": { "kernels": ["softmax", "gaussian"], "optimizer": { "epochs": 2, "batch": 6, "rate": 0.01 } },
        "planes": [
          { "name": "scaled", "normalization": "matrix", "radius": 0.5, "points": 5, "batch": 12, "seed": 3 },
          { "normalization": "raw", "directions": "joint", "radius": 2, "points": 7, "batch": 100 },
          { "name": "top", "normalization": "raw", "directions": "eigenvectors", "radius": 0.1, "points": 3 }
        ] }
      """
    return replacements.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  static func configuration(_ text: String = text(), in experiment: SampleExperiment) throws -> LandscapeConfiguration {
    let path = experiment.folder + "/landscape.json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try LandscapeConfiguration(path: path)
  }

  /// A run whose networks are kept in folders of the given name.
  static func run(
    _ configuration: LandscapeConfiguration, in name: String, of experiment: SampleExperiment, threads: Int = 1,
    isInterrupted: @escaping () -> Bool = { false }, report: @escaping (LandscapeRun.Event) -> Void = { _ in }
  ) -> LandscapeRun {
    LandscapeRun(
      configuration, threads: threads,
      folder: { network in
        let place = "\(experiment.folder)/\(name)/\(network)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return place
      }, isInterrupted: isInterrupted, report: report)
  }
}
