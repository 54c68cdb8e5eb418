import AttentionHessian
import Foundation

/// A small experiment on images of 4×4 pixels with two classes, in a folder of its own that goes with it.
final class SampleExperiment {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/hessian-experiment-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(Self.images.utf8).write(to: URL(fileURLWithPath: folder + "/images.csv"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Bright upper halves are of class 0, bright lower halves of class 1.
  static let images: String = {
    var generator = SplitMix64(seed: 11)
    return (0..<30).map { index in
      let label = index % 2
      let pixels = (0..<16).map { pixel in
        (pixel / 8 == label ? 8 : 0) + generator.uniform(below: 8)
      }
      return (pixels + [label]).map(String.init).joined(separator: ",") + "\n"
    }.joined()
  }()

  /// The text of a configuration; parts are replaced.
  static func text(_ replacements: (String, String)...) -> String {
    let text = """
      { "name": "small", "data": { "file": "images.csv", "patch": 2, "positions": "one-hot", "held_out": 6 },
        "network": ["head(softmax, key: 2, value: 2)"], "loss": "mean-square",
        "optimizer": { "epochs": 3, "batch": 5, "rate": 0.05, "warm_up": 1, "clip": 1 },
        "ablations": [{ "name": "frozen", "train": { "only": ["W_V"] } }],
        "measurements": { "permutations": 8, "radii": [0.001, 0.1], "directions": 2, "eigenvectors": 1,
          "epsilon": ["1/10", 0.01], "hessian_orders": 2 } }
      """
    return replacements.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  func configuration(_ text: String = SampleExperiment.text()) throws -> ExperimentConfiguration {
    let path = folder + "/small.json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try ExperimentConfiguration(path: path)
  }

  /// A run whose networks are kept in folders of the given name.
  func run(
    _ configuration: ExperimentConfiguration, in name: String, threads: Int = 1,
    isInterrupted: @escaping () -> Bool = { false }
  ) -> ExperimentRun {
    let parent = "\(folder)/\(name)"
    return ExperimentRun(
      configuration, threads: threads,
      folder: { network in
        let place = "\(parent)/\(network)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return place
      }, isInterrupted: isInterrupted)
  }
}
