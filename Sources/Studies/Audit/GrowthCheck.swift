import Arithmetic
import Evaluation
import Formulas
import Transformers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A printed order of growth compared with the slopes of the left side for small scales, at random points.
///
/// The slopes are estimates in floating point, of a limit that no finite number of scales decides.
public struct GrowthCheck: Sendable {
  public let sizes: [String: Int]
  public let points: Int
  /// The exponent of the scale on the right side.
  public let exponent: Double
  /// The slope between the two scales at each point.
  public let slopes: [Double]
  /// Whether every slope is the exponent but for a hundredth.
  public var holds: Bool { slopes.allSatisfy { abs($0 - exponent) < 0.01 } }

  /// The scales are `2^-9` and `2^-10`.
  init(_ claim: Claim, points: Int = 8) throws {
    let sizes = ["L": 3, "d": 2, "d_V": 2, "d_K": 1]
    let scale = BlockGrowthClaims.scale
    func slope(_ formula: Formula, _ point: Environment<Double>) throws -> Double {
      let values = try [-9, -10].map { exponent in
        var scaled = point
        scaled[scale] = Matrix(Double(sign: .plus, exponent: exponent, significand: 1))
        return try formula.value(in: scaled).scalar
      }
      return log2(values[0] / values[1])
    }
    slopes = try (1...points).map { seed in
      var generator = SplitMix64(seed: UInt64(seed))
      var point = Environment<Double>(sizes: sizes)
      try point.draw(claim.statement.left.symbols, using: &generator)
      return try slope(claim.statement.left, point)
    }
    exponent = try slope(claim.statement.right, Environment<Double>(sizes: sizes))
    (self.sizes, self.points) = (sizes, points)
  }
}
