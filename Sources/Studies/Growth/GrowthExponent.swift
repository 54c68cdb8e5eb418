import Typesetting

/// How fast a matrix that depends on the data scale `σ` vanishes as `σ → 0`: its order of vanishing, exactly.
public enum GrowthExponent: Hashable, Sendable, CustomStringConvertible {
  /// Zero for every `σ`, because its formula is zero or the residual is.
  case zero
  /// `σⁿ` times a matrix that is not zero, up to higher powers.
  case power(Int)
  /// No coefficient other than zero up to `σⁿ`: nothing more is known.
  case above(Int)

  public var description: String {
    switch self {
    case .zero: "≡ 0"
    case .power(let n): "\(n)"
    case .above(let n): "> \(n)"
    }
  }

  /// `n`, where there is a leading power.
  public var power: Int? { if case .power(let n) = self { n } else { nil } }

  var cell: Table.Cell {
    switch self {
    case .zero: .typeset("$\\equiv 0$", text: description)
    case .power: .exact(description)
    case .above(let n): .typeset("$> \(n)$", text: description)
    }
  }
}

/// The arithmetic in which leading powers are found.
public enum ExponentField: String, Hashable, Sendable {
  /// ℚ, with `√d_K` adjoined where it is not rational: the powers are those of the given matrices.
  case rational
  /// `F_p`, `p = 2⁶¹ − 1`: no power is below the one given, unless numerators vanish modulo `p`; a coefficient that is
  /// not zero there is not zero.
  case primeField = "prime field"
}
