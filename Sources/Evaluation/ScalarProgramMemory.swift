/// The numbers that a running program works on: 256 for each place, and what the spectral norm needs.
final class ScalarProgramMemory {
  /// The number of points that an instruction is carried out for at once.
  static let chunk = 256

  private let numbers: UnsafeMutablePointer<SIMD8<Double>>
  private let scratch: UnsafeMutablePointer<SIMD8<Double>>

  init(_ code: ScalarProgramCode) {
    let count = code.placeCount * Self.chunk / 8
    numbers = .allocate(capacity: max(count, 1))
    numbers.initialize(repeating: .zero, count: max(count, 1))
    let working = ScalarProgramSpectralNorm.scratchCount(order: code.largestOrder)
    scratch = .allocate(capacity: working)
    scratch.initialize(repeating: .zero, count: working)
  }

  deinit {
    numbers.deallocate()
    scratch.deallocate()
  }

  private func lanes(_ place: Int) -> UnsafeMutablePointer<SIMD8<Double>> { numbers + place * (Self.chunk / 8) }

  private func at(_ place: Int) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(lanes(place)).assumingMemoryBound(to: Double.self)
  }

  /// Whether a number may be an input: finite, at least zero, and whole for a size.
  static func isAllowed(_ value: Double, whole: Bool) -> Bool {
    value >= 0 && value.isFinite && (!whole || value.rounded() == value)
  }

  /// Copies a part of a column to a place; `false` where a number is not allowed.
  func load(_ column: [Double], from start: Int, count: Int, into place: Int, whole: Bool) -> Bool {
    let target = at(place)
    var signs: UInt64 = 0
    var fractions: UInt64 = 0
    column.withUnsafeBufferPointer { source in
      for lane in 0..<count {
        // Adding zero makes −0 a zero like any other.
        let value = source[start &+ lane] + 0
        target[lane] = value
        // The top bit of one or the other is set just where the number is negative, infinite or a NaN.
        signs |= value.bitPattern | (value.bitPattern &+ 0x0010_0000_0000_0000)
      }
      if whole {
        for lane in 0..<count {
          let value = target[lane]
          fractions |= ((value + 0x1p52) - 0x1p52).bitPattern ^ value.bitPattern
        }
      }
    }
    if signs >> 63 == 0 && fractions == 0 { return true }
    return (0..<count).allSatisfy { Self.isAllowed(target[$0], whole: whole) }
  }

  /// Copies the numbers of a place to a part of the result.
  func store(_ place: Int, into result: inout [Double], from start: Int, count: Int) {
    result.withUnsafeMutableBufferPointer { target in
      let source = at(place)
      for lane in 0..<count { target[start &+ lane] = source[lane] }
    }
  }

  func run(_ step: ScalarProgramCode.Step, count: Int) {
    let target = at(step.destination)
    let rounding = step.instruction.rounding
    switch step.instruction.operation {
    case .constant(let value): for lane in 0..<count { target[lane] = value }
    case .input: break
    case .sum(let a, let b): Self.sum(at(a), at(b), target, rounding, count)
    case .product(let a, let b): Self.product(at(a), at(b), target, rounding, count)
    case .reciprocal(let a): Self.reciprocal(at(a), target, rounding, count)
    case .squareRoot(let a): Self.squareRoot(at(a), target, rounding, count)
    case .magnitude(let a):
      let a = at(a)
      for lane in 0..<count { target[lane] = a[lane].magnitude }
    case .maximum(let a, let b):
      let (a, b) = (at(a), at(b))
      // Written so that a NaN on either side stays.
      for lane in 0..<count { target[lane] = a[lane] > b[lane] || a[lane] != a[lane] ? a[lane] : b[lane] }
    case .minimum(let a, let b):
      let (a, b) = (at(a), at(b))
      for lane in 0..<count { target[lane] = a[lane] < b[lane] || a[lane] != a[lane] ? a[lane] : b[lane] }
    case .spectralNorm(let order, let entries):
      let norm = ScalarProgramSpectralNorm(order: order, rounding: rounding, scratch: scratch)
      let groups = (count + 7) / 8
      let pointers = entries.map(lanes)
      for group in 0..<groups { lanes(step.destination)[group] = norm.value(pointers, group) }
    }
  }
}

/// Directed rounding from rounding to nearest: `x(1 + 2⁻⁵²)` and `x(1 − 2⁻⁵²)` are at least one unit in the last place
/// above and below a normal `x ≥ 0`; below the normal numbers, sums and roots are exact or need no more, and products and
/// reciprocals are moved by the least positive number.
extension ScalarProgramMemory {
  private typealias Rounding = ScalarProgramInstruction.Rounding
  private static let inflation = 1 + 0x1p-52
  private static let deflation = 1 - 0x1p-52

  private static func sum(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>,
    _ rounding: Rounding, _ count: Int
  ) {
    switch rounding {
    case .nearest: for lane in 0..<count { target[lane] = a[lane] + b[lane] }
    case .up: for lane in 0..<count { target[lane] = (a[lane] + b[lane]) * inflation }
    case .down:
      for lane in 0..<count { target[lane] = limited(a[lane] + b[lane]) * deflation }
    }
  }

  private static func product(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>,
    _ rounding: Rounding, _ count: Int
  ) {
    let least = Double.leastNonzeroMagnitude
    switch rounding {
    case .nearest: for lane in 0..<count { target[lane] = a[lane] * b[lane] }
    case .up:
      for lane in 0..<count {
        let x = a[lane]
        let y = b[lane]
        // Zero where a factor is, so that a product with zero stays zero.
        let smaller = x < y ? x : y
        let product = (x * y) * inflation + (smaller < least ? smaller : least)
        target[lane] = product == product ? product : .infinity
      }
    case .down:
      for lane in 0..<count {
        let product = limited(a[lane] * b[lane]) * deflation - least
        target[lane] = product > 0 ? product : 0
      }
    }
  }

  private static func reciprocal(
    _ a: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ rounding: Rounding, _ count: Int
  ) {
    let least = Double.leastNonzeroMagnitude
    switch rounding {
    case .nearest: for lane in 0..<count { target[lane] = 1 / a[lane] }
    case .up: for lane in 0..<count { target[lane] = (1 / a[lane]) * inflation + least }
    case .down:
      for lane in 0..<count {
        let quotient = limited(1 / a[lane]) * deflation - least
        target[lane] = quotient > 0 ? quotient : 0
      }
    }
  }

  private static func squareRoot(
    _ a: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ rounding: Rounding, _ count: Int
  ) {
    switch rounding {
    case .nearest: for lane in 0..<count { target[lane] = root(a[lane]) }
    case .up: for lane in 0..<count { target[lane] = root(a[lane]) * inflation }
    case .down: for lane in 0..<count { target[lane] = root(limited(a[lane])) * deflation }
    }
  }

  @inline(__always)
  private static func root(_ value: Double) -> Double {
    var root = value
    root.formSquareRoot()
    return root
  }

  /// What an overflow is at least.
  @inline(__always)
  private static func limited(_ value: Double) -> Double {
    value < .greatestFiniteMagnitude ? value : .greatestFiniteMagnitude
  }
}
