/// Doubles from the bits of shorter formats; every value is represented exactly.
enum FloatingPointDecoding {
  /// IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits.
  ///
  /// Done by hand because `Float16` does not exist on every platform of the package.
  static func float16(_ bits: UInt16) -> Double {
    let sign = UInt64(bits >> 15) << 63
    let exponent = UInt64(bits >> 10 & 0x1F)
    let fraction = UInt64(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Double(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 0x1F: return Double(bitPattern: sign | 0x7FF << 52 | fraction << 42)
    default: return Double(bitPattern: sign | (exponent + 1023 - 15) << 52 | fraction << 42)
    }
  }

  /// bfloat16: the upper half of an IEEE 754 binary32.
  static func bfloat16(_ bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }
}
