#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Doubles as decimal text.
public enum DecimalText {
  /// The double with 17 significant digits, trailing zeros dropped: reading it back gives the same double.
  ///
  /// What is not finite is written `nan`, `inf` or `-inf`.
  public static func seventeenDigits(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    // "-1.2345678901234567e-308" is the longest form.
    return String(unsafeUninitializedCapacity: 32) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        Int(withVaList([value]) { vsnprintf(characters.baseAddress, characters.count, "%.17g", $0) })
      }
    }
  }
}
