import Formulas

/// Why layers make no network.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  case headCount(Int)
  /// One matrix for queries and keys with a Gaussian kernel.
  case jointDistances
  /// The layers inside a residual connection change the shape.
  case residual(Layer, expected: Shape, found: Shape)
  /// A flattening after a trained weight.
  case flatten
  /// A name that selects no weight, and those that do.
  case unknownWeight(String, valid: [String])
  case nothingTrained
  case scale(Int)

  public var description: String {
    switch self {
    case .empty: "a network needs at least one layer"
    case .headCount(let count): "attention needs at least one head, not \(count)"
    case .jointDistances:
      "a gaussian kernel measures distances between queries and keys, which one joint matrix does not give; "
        + "write key: with a width in place of joint"
    case .residual(let layer, let expected, let found):
      "\(layer): the layers inside make \(found) of \(expected); end them with a layer of width \(expected.columns)"
    case .flatten: "flatten must come before the first layer with weights"
    case .unknownWeight(let name, let valid):
      "no weight is selected by \"\(name)\"; there are \(valid.joined(separator: ", "))"
    case .nothingTrained: "no weight is trained"
    case .scale(let alpha): "the scale alpha of low-rank adapters must be positive, not \(alpha)"
    }
  }
}
