import CGMP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Rational: CustomStringConvertible {
  /// `a/b` in lowest terms, or `a` for an integer.
  public var description: String {
    switch storage {
    case .small(let numerator, 1): return String(numerator)
    case .small(let numerator, let denominator): return "\(numerator)/\(denominator)"
    case .big:
      return withPointer { source in
        guard let text = __gmpq_get_str(nil, 10, source) else { return "" }
        defer { free(text) }
        return String(cString: text)
      }
    }
  }

  /// The description, or the nearest `Double` where that would be long: for messages.
  var shortDescription: String {
    if case .small = storage { return description }
    return "about \(Double(self))"
  }
}
