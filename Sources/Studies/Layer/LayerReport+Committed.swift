import Typesetting

extension LayerReport {
  /// The tables with so few digits that no BLAS, core type or thread count can change them.
  ///
  /// - Errors: `MeasurementError` when an estimate lies so near to a rounding boundary that its digits are not certain.
  public func committedTables() throws -> [Table] {
    let tables = [normTable(digits: 3), try boundTable(digits: 3), blockTable(digits: 3)]
    for table in tables { try table.requireCertainDigits(relativeError: 1e-6) }
    return tables
  }
}

extension Table {
  /// Refuses estimates whose printed digits would change with the value by the given relative error.
  func requireCertainDigits(relativeError: Double) throws {
    for row in rows {
      for case .estimate(let value, let digits) in row {
        let below = value * (1 - relativeError), above = value * (1 + relativeError)
        guard below.text(significantDigits: digits) == above.text(significantDigits: digits) else {
          throw MeasurementError("\(value) in table \(name) lies too near to a rounding boundary for \(digits) digits")
        }
      }
    }
  }
}
