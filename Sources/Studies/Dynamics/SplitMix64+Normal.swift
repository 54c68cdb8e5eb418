import Arithmetic

extension SplitMix64 {
  /// A standard normal number, by the polar method.
  mutating func standardNormal() -> Double {
    while true {
      let x = Double.random(using: &self), y = Double.random(using: &self)
      let square = x * x + y * y
      if square > 0, square < 1 { return x * root(-2 * logarithm(square) / square) }
    }
  }
}
