/// Why a spectrum cannot be given.
public enum SpectrumError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A product of the map with a vector has an entry that is not a number.
  case notFinite(product: Int)

  public var description: String {
    switch self {
    case .notFinite(let product): "product \(product) with a vector is not finite in floating point"
    }
  }

  /// What to change.
  public var advice: String {
    switch self {
    case .notFinite: "use smaller entries"
    }
  }
}
