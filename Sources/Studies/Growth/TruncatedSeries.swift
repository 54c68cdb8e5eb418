import Arithmetic

/// A power series `Σ cₙ tⁿ` up to and including `t¹⁰`, over any ring: how fast a formula vanishes as `t → 0`, exactly.
///
/// Coefficients up to the truncation are exact; what is beyond is dropped.
public struct TruncatedSeries<Base: Scalar>: Hashable, Sendable {
  /// `c₀, c₁, …` without trailing zeros.
  public let coefficients: [Base]

  /// The highest power that is kept.
  public static var truncation: Int { 10 }

  /// `Σ cₙ tⁿ`; coefficients beyond the truncation are dropped.
  public init(_ coefficients: [Base]) {
    var kept = coefficients.prefix(Self.truncation + 1)
    while kept.last?.isZero == true { kept.removeLast() }
    self.coefficients = Array(kept)
  }

  /// The constant `value`.
  public init(constant value: Base) { self.init([value]) }

  /// `value · tⁿ`.
  ///
  /// - Precondition: `n ≥ 0`.
  public init(_ value: Base, power n: Int) {
    precondition(n >= 0, "a power series has no power \(n)")
    self.init(n > Self.truncation ? [] : [Base](repeating: .zero, count: n) + [value])
  }

  /// The least power with a coefficient other than zero; `nil` where there is none up to the truncation.
  public var order: Int? { coefficients.firstIndex { !$0.isZero } }

  /// `cₙ`.
  subscript(n: Int) -> Base { n < coefficients.count ? coefficients[n] : .zero }
}

extension TruncatedSeries: CustomStringConvertible {
  public var description: String {
    let terms = coefficients.enumerated().filter { !$0.element.isZero }.map { "\($0.element) t^\($0.offset)" }
    return terms.isEmpty ? "0" : terms.joined(separator: " + ")
  }
}

extension Matrix {
  /// The least power at which some entry has a coefficient other than zero.
  func order<Base>() -> Int? where S == TruncatedSeries<Base> { entries.compactMap(\.order).min() }
}
