import Arithmetic

extension Ball: RationalImage {
  /// The tightest enclosure at the working precision.
  public init(image value: Rational) { self.init(value) }
}

extension RadicalSum: RationalImage {
  public init(image value: Rational) { self.init(value) }
}
