import Typesetting

/// Why a spectrum cannot be given.
public enum SpectrumError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A product of the map with a vector has an entry that is not a number.
  case notFinite(product: Int)
  /// A matrix that does not fit into memory was asked for.
  case tooLarge(rows: Int, columns: Int, MemoryEstimate, limit: MemoryEstimate)
  /// A block with two different matrices has no eigenvalues.
  case noEigenvalues
  /// A width with which floating point does not tell points apart.
  case narrow(width: Double, norm: Double)

  public var description: String {
    switch self {
    case .notFinite(let product): "product \(product) with a vector is not finite in floating point"
    case .tooLarge(let rows, let columns, let needed, let limit):
      "the \(rows)×\(columns) matrix and LAPACK's copy need about \(needed) of memory, the limit is \(limit)"
    case .noEigenvalues: "a block of two different matrices has no eigenvalues, and so no density of them"
    case .narrow(let width, let norm):
      "the density cannot be drawn with a width of \(width), as eigenvalues reach \(norm.text(significantDigits: 3))"
    }
  }

  /// What to change.
  public var advice: String {
    switch self {
    case .notFinite: "use an instance with smaller entries"
    case .tooLarge: "leave out --dense: products with vectors give norms, ends and density without a matrix"
    case .noEigenvalues: "ask for the density of a diagonal block such as Q,Q, or of the whole (--block)"
    case .narrow(_, let norm): "give a width of at least \((1e-9 * norm).text(significantDigits: 2)) (--width)"
    }
  }
}
