import Arithmetic
import TensorFiles
import Typesetting

extension Quantity {
  /// The value in decimal, rounded up.
  public func upperText(digits: Int = 6) throws -> String {
    try upper.decimal(significantDigits: digits, rounding: .up)
  }

  /// The exact value as a fraction; `nil` where it is not known or too long to read.
  public var fraction: String? {
    guard case .exact(let value) = self else { return nil }
    let text = value.description
    return text.utf8.count <= 24 ? text : nil
  }

  /// In a table: rounded up.
  public func cell() throws -> Table.Cell { .upper(try upperText()) }

  /// An exact value as a string, an enclosure as numbers rounded outward.
  public func json() throws -> JSONValue {
    switch self {
    case .exact(let value): .string(value.description)
    case .enclosure: ["lower": .double(try lower.roundedDown), "upper": .double(try upper.roundedUp)]
    }
  }
}
