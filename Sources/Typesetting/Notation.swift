import Formulas

/// How names look in print: symbols, sizes and named functions.
public struct Notation: Sendable {
  /// Typesets a call, given the operands and the LaTeX of a formula.
  public typealias FunctionStyle = @Sendable ([Formula], (Formula) -> String) -> PrintedCall

  /// The LaTeX of a symbol or size name, where the rule of ``latex(ofName:)`` does not fit.
  public var symbols: [String: String]
  /// The LaTeX of a call, by name of the function; others print as `\operatorname{name}(…)`.
  public var functions: [String: FunctionStyle]
  /// Whether numbers in front of a matrix are gathered into one fraction, with powers and without common factors of
  /// its integers.
  ///
  /// Laws are stated without gathering: `s(tA) = (st)A` would otherwise read `stA = stA`.
  public var gathersCoefficients: Bool
  /// Formulas that print as another one wherever they occur inside a formula, such as a definition by its name.
  public var abbreviations: [Formula: Formula]
  /// The width in em beyond which the operand of `∂` no longer stands in the numerator.
  public var longestNumerator: Double

  public init(
    symbols: [String: String] = [:], functions: [String: FunctionStyle] = [:], gathersCoefficients: Bool = true,
    abbreviations: [Formula: Formula] = [:], longestNumerator: Double = 7
  ) {
    (self.symbols, self.functions, self.abbreviations) = (symbols, functions, abbreviations)
    (self.gathersCoefficients, self.longestNumerator) = (gathersCoefficients, longestNumerator)
  }

  /// The notation of the papers.
  public static let paper = Notation()

  /// The same names with every grouping of factors shown as it is.
  public var literal: Notation {
    var copy = self
    copy.gathersCoefficients = false
    return copy
  }
}

/// How a call of a named function prints.
public enum PrintedCall: Sendable, ExpressibleByStringInterpolation {
  /// As this LaTeX.
  case latex(String)
  /// As a prefix and operands in parentheses, which grow with what they enclose.
  case enclosed(prefix: String, [Formula])

  public init(stringLiteral value: String) { self = .latex(value) }
}
