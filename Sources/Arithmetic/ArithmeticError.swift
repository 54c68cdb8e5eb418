/// Why a number could not be produced.
public enum ArithmeticError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Mathematically undefined, such as `1/0`.
  case undefined(String)
  /// Defined, but not representable in this type, such as `exp` over the rationals.
  case unsupported(String)

  public var description: String {
    switch self {
    case .undefined(let reason): "undefined: \(reason)"
    case .unsupported(let reason): "unsupported: \(reason)"
    }
  }
}
