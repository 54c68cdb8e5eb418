import Arithmetic
import Contraction
import Evaluation
import Formulas
import TensorFiles

/// The weights that a training begins with.
///
/// A matrix is drawn uniformly from `±√(6/(rows + columns))` [glorot2010]; biases `b`, the shifts `beta` of layer normalisation and
/// the second factors `B` of low-rank adapters are zero, its scales `gamma` one. What is drawn depends on the seed and on the matrix's name alone, so that networks that share a
/// matrix begin with the same.
public struct InitialWeights: Sendable {
  public let weights: [Double]
  public let constants: [Double]

  /// - Parameters:
  ///   - start: a file with tensors for some or all of the matrices, which are taken from there.
  /// - Errors: as for `SafetensorsFile.matrix(named:)`; `badData` where a tensor has another shape, or none is of the network.
  public init(_ problem: TrainingProblem, seed: UInt64, from start: String? = nil) throws(FileError) {
    let file = try start.map { path throws(FileError) in try SafetensorsFile(path: path) }
    var found = 0
    func values(_ layout: ParameterLayout) throws(FileError) -> [Double] {
      var values: [Double] = []
      for entry in layout.entries {
        if let file, file.tensor(named: entry.symbol.name) != nil {
          values += try Checkpoint.matrix(entry.symbol.name, entry, file)
          found += 1
        } else {
          values += Self.draw(entry, seed: seed)
        }
      }
      return values
    }
    weights = try values(problem.layout)
    constants = try values(problem.constantLayout)
    if let start, found == 0 {
      let names = (problem.layout.entries + problem.constantLayout.entries).map(\.symbol.name)
      throw FileError(
        .badData, path: start, reason: "none of its tensors is a weight of the network",
        advice: "its weights are \(names.joined(separator: ", "))")
    }
  }

  private static func draw(_ entry: ParameterLayout.Entry, seed: UInt64) -> [Double] {
    let count = entry.rows * entry.columns, name = entry.symbol.name
    let kind = entry.symbol.baseName
    if kind == "gamma" { return [Double](repeating: 1, count: count) }
    if kind == "b" || kind == "beta" || kind.hasPrefix("B_") { return [Double](repeating: 0, count: count) }
    var generator = SplitMix64(seed: name.utf8.reduce(seed) { SplitMix64.combined($0, UInt64($1)) })
    let scale = root(6 / Double(entry.rows + entry.columns))
    return (0..<count).map { _ in scale * Double.random(using: &generator) }
  }
}
