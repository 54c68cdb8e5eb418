import Formulas

/// Why a formula could not be compiled to a scalar program, or the program not be run.
public enum ScalarProgramError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The formula, given as text, is no number.
  case notScalar(Shape, at: String)
  /// An operator that scalar programs do not have, and the subformula with it.
  case unsupported(operator: String, at: String)
  /// A symbol that is no input.
  case unbound(Symbol)
  /// A size name that is no input and has no number.
  case unknownSize(String)
  /// An input given twice.
  case duplicateInput(String)
  /// A subformula that may be negative where only non-negative numbers are allowed.
  case mayBeNegative(String)
  /// A subformula without a value at any point.
  case undefined(String)
  case columnCount(expected: Int, found: Int)
  case columnLength(String, expected: Int, found: Int)
  /// A value of a symbol that is negative or not finite.
  case badInput(String, index: Int, value: Double)
  /// A value of a size that is negative, not finite or not whole.
  case badSize(String, index: Int, value: Double)

  public var description: String {
    switch self {
    case .notScalar(let shape, let place): "\(place) is \(shape), but a scalar program computes 1×1 formulas"
    case .unsupported(let name, let place): "scalar programs have no \(name), which occurs in \(place)"
    case .unbound(let symbol): "\(symbol) is not among the inputs; add it to them"
    case .unknownSize(let name):
      "the size \(name) is not among the size inputs and has no number; give one or the other"
    case .duplicateInput(let name): "\(name) is given twice; keep one"
    case .mayBeNegative(let place): "\(place) may be negative, which an upper bound and a spectral norm do not allow"
    case .undefined(let place): "\(place) is undefined"
    case .columnCount(let expected, let found): "\(found) columns were given, but there are \(expected) inputs"
    case .columnLength(let name, let expected, let found):
      "the column of \(name) has \(found) values, but the first one has \(expected)"
    case .badInput(let name, let index, let value):
      "\(name) is \(value) at point \(index); it must be a finite number of at least 0"
    case .badSize(let name, let index, let value):
      "\(name) is \(value) at point \(index); it must be a whole number of at least 0"
    }
  }
}
