import Formulas

/// A table of exact numbers, bounds and estimates, which prints as LaTeX, plain text, CSV and JSON.
public struct Table: Sendable {
  public enum Header: Sendable {
    case text(String)
    case formula(Formula)

    public var text: String {
      switch self {
      case .text(let text): text
      case .formula(let formula): formula.description
      }
    }
  }

  public enum Alignment: Hashable, Sendable {
    /// Numbers at their decimal marker, everything else at the left.
    case automatic
    case left, center, right
    /// Text that is wrapped at a width in em.
    case paragraph(Double)
    /// Numbers at their decimal marker with an explicit siunitx `table-format`.
    case number(format: String)
  }

  public struct Column: Sendable {
    public let header: Header
    /// The name in CSV and JSON.
    public let key: String
    public let alignment: Alignment

    public init(_ header: Header, key: String? = nil, alignment: Alignment = .automatic) {
      (self.header, self.key, self.alignment) = (header, key ?? header.text, alignment)
    }
    public init(_ header: String, key: String? = nil, alignment: Alignment = .automatic) {
      self.init(.text(header), key: key, alignment: alignment)
    }
    public init(_ header: Formula, key: String? = nil, alignment: Alignment = .automatic) {
      self.init(.formula(header), key: key, alignment: alignment)
    }
  }

  public enum Cell: Sendable {
    case text(String)
    case formula(Formula)
    /// LaTeX written by the caller, with its plain form.
    case typeset(String, text: String)
    /// Text in which backquotes mark mathematics.
    public static func prose(_ text: String) -> Cell { .typeset(LaTeX.prose(text), text: SVGText.plain(text)) }
    /// An exact integer, decimal or fraction `a/b`.
    case exact(String)
    /// A decimal that was rounded up.
    case upper(String)
    /// A decimal that was rounded down.
    case lower(String)
    /// A floating-point value without an error bound, printed with this many significant digits.
    case estimate(Double, digits: Int)
    /// A magnitude below `10ᵏ`.
    case below(exponent: Int)
    /// Whether something holds, with a word for it.
    case verdict(Bool, String)
    case empty
  }

  public let name: String
  public let caption: String
  public let columns: [Column]
  public private(set) var rows: [[Cell]]
  /// Whether it may run over several pages.
  public let isLong: Bool
  public let notation: Notation

  /// - Precondition: every row has one cell for each column.
  public init(
    name: String, caption: String, columns: [Column], rows: [[Cell]] = [], isLong: Bool = false,
    notation: Notation = .paper
  ) {
    for row in rows { Table.check(row, columns) }
    (self.name, self.caption, self.columns, self.rows) = (name, caption, columns, rows)
    (self.isLong, self.notation) = (isLong, notation)
  }

  public mutating func append(_ row: [Cell]) {
    Table.check(row, columns)
    rows.append(row)
  }

  private static func check(_ row: [Cell], _ columns: [Column]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
  }
}

extension Table {
  /// What a number in a table is.
  enum Quality: Hashable {
    case exact, upper, lower, estimate

    var sign: String {
      switch self {
      case .exact: ""
      case .upper: "↑"
      case .lower: "↓"
      case .estimate: "≈"
      }
    }

    var explanation: String {
      switch self {
      case .exact: ""
      case .upper: "↑ rounded up"
      case .lower: "↓ rounded down"
      case .estimate: "≈ floating-point estimate"
      }
    }
  }

  /// The quality that all numbers of a column share; `nil` where they differ or there are none.
  func quality(ofColumn column: Int) -> Quality? {
    let found = rows.compactMap { $0[column].quality }
    return Set(found).count == 1 ? found[0] : nil
  }

  /// Explanations of the signs that occur, in a fixed order.
  var legend: [String] {
    let found = Set(rows.joined().compactMap(\.quality))
    return [Quality.upper, .lower, .estimate].filter { found.contains($0) }.map(\.explanation)
  }
}

extension Table.Cell {
  var quality: Table.Quality? {
    switch self {
    case .exact: .exact
    case .upper: .upper
    case .lower: .lower
    case .estimate: .estimate
    case .text, .typeset, .formula, .below, .verdict, .empty: nil
    }
  }

  /// The numeral to align at its decimal marker; `nil` for fractions and everything that is not a number.
  var numeral: DecimalNumeral? {
    switch self {
    case .exact(let text), .upper(let text), .lower(let text): DecimalNumeral(text)
    case .estimate(let value, let digits): DecimalNumeral(value, significantDigits: digits)
    case .text, .typeset, .formula, .below, .verdict, .empty: nil
    }
  }

  /// The numeral as printed: exact integers in full, others with a power of ten where that is shorter to read.
  var numeralText: String? {
    guard let numeral else { return nil }
    switch self {
    case .exact(let text) where !text.contains("."): return numeral.digits.count <= 15 ? numeral.plain : text
    case .estimate(let value, let digits): return value.text(significantDigits: digits)
    default: return numeral.text
    }
  }
}
