import AttentionHessian

/// How far results differ.
enum Agreement {
  /// The largest difference of two lists of numbers relative to the largest of the second; infinite where one is not a
  /// number or their counts differ.
  static func difference(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count, !b.isEmpty else { return .infinity }
    var largest = 0.0, difference = 0.0
    for (x, y) in zip(a, b) {
      guard x.isFinite, y.isFinite else { return .infinity }
      largest = max(largest, abs(y))
      difference = max(difference, abs(x - y))
    }
    return difference == 0 ? 0 : difference / largest
  }

  /// The numbers of a file of doubles, after a header of so many bytes.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> [Double] {
    stride(from: bytes.startIndex, to: bytes.endIndex - 7, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) })
    }
  }

  /// The numbers of an `.npy` file of doubles.
  static func array(_ bytes: [UInt8]) -> [Double] {
    guard bytes.count > 10, bytes[0] == 0x93 else { return [] }
    let header = Int(bytes[8]) | Int(bytes[9]) << 8
    return bytes.count > 10 + header ? numbers(bytes[(10 + header)...]) : []
  }
}
