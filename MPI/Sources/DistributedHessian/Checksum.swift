/// A number that almost surely differs where one bit of some numbers does; it is no protection against intent.
public struct Checksum: Hashable, Sendable {
  /// The sum so far.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  public init() {}

  public init(_ numbers: some Sequence<Double>) {
    for number in numbers { add(number.bitPattern) }
  }

  public mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
    // A product carries upwards only.
    value ^= value >> 29
  }

  mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }
}

extension Checksum {
  /// Of an instance in double precision, and of a part of its Hessian.
  init(_ instance: LayerInstance, _ part: HessianPart) {
    self.init()
    for name in [part.rawValue, instance.kernel.rawValue, instance.loss.rawValue] { add(name) }
    instance.parameters.forEach { add($0) }
    for sample in instance.samples {
      add(sample.input)
      switch sample.target {
      case .matrix(let matrix): add(matrix)
      case .output: add("output")
      }
    }
  }

  private mutating func add(_ matrix: Matrix<Rational>) {
    for size in [matrix.rows, matrix.columns] { add(UInt64(size)) }
    for i in 0..<matrix.rows {
      // Entries without an image are refused elsewhere.
      for j in 0..<matrix.columns { add(((try? Double(image: matrix[i, j])) ?? .nan).bitPattern) }
    }
  }
}
