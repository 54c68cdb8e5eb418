/// Typeset mathematics on one line, which still knows where it may be broken.
struct Layout {
  /// How tightly the outermost construction binds.
  enum Binding: Int, Comparable {
    case sum, kronecker, product, atom
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  struct Term {
    let isNegative: Bool
    let layout: Layout
  }

  /// Delimiters with what stands before and after them.
  struct Fence {
    var prefix = ""
    var open = "("
    var close = ")"
    var suffix = ""
  }

  enum Content {
    case unbreakable
    case sum([Term])
    /// Factors with what stands between each two; an empty string is juxtaposition.
    case product([Layout], separators: [String])
    case enclosed(Fence, [Layout])
    /// A matrix of blocks with this many columns.
    case grid([Layout], columns: Int)
  }

  let latex: String
  /// The estimated width in em.
  let width: Double
  let binding: Binding
  /// Whether it is taller than a line of text.
  let isTall: Bool
  /// The LaTeX without its exponent, when an exponent may follow; `nil` when parentheses are needed first.
  let base: String?
  /// The exponent that is there already.
  let exponent: String
  let content: Content

  /// An indivisible piece.
  init(
    _ latex: String, width: Double? = nil, binding: Binding = .atom, isTall: Bool = false, takesExponent: Bool = true
  ) {
    self.latex = latex
    self.width = width ?? GlyphWidths.width(of: latex)
    (self.binding, self.isTall, content) = (binding, isTall, .unbreakable)
    (base, exponent) = (takesExponent && binding == .atom ? latex : nil, "")
  }

  init(_ name: PrintedName) {
    latex = name.latex
    width = GlyphWidths.width(of: latex)
    (binding, isTall, content) = (.atom, false, .unbreakable)
    (base, exponent) = (name.base, name.superscript)
  }

  private init(
    latex: String, width: Double, binding: Binding, isTall: Bool, base: String? = nil, exponent: String = "",
    content: Content
  ) {
    (self.latex, self.width, self.binding, self.isTall) = (latex, width, binding, isTall)
    (self.base, self.exponent, self.content) = (base, exponent, content)
  }
}

extension Layout {
  static func sum(_ terms: [Term]) -> Layout {
    var latex = ""
    var width = 0.0
    for (index, term) in terms.enumerated() {
      latex += index == 0 ? (term.isNegative ? "-" : "") : (term.isNegative ? " - " : " + ")
      latex += term.layout.latex
      width += term.layout.width + (index > 0 ? GlyphWidths.binary : term.isNegative ? 0.8 : 0)
    }
    return Layout(
      latex: latex, width: width, binding: .sum, isTall: terms.contains { $0.layout.isTall }, content: .sum(terms))
  }

  /// Factors side by side, those of a product among them one by one. A number after another factor gets a dot, so that
  /// `2 · 3` is not read as 23.
  static func product(_ factors: [Layout]) -> Layout {
    if factors.count == 1 { return factors[0] }
    let flat = factors.flatMap { factor -> [Layout] in
      if factor.binding == .product, case .product(let inner, _) = factor.content { inner } else { [factor] }
    }
    let separators = flat.dropFirst().map { $0.latex.first?.isNumber == true ? "\\cdot" : "" }
    return joined(flat, separators: separators, binding: .product)
  }

  /// Factors with an operator between each two.
  static func joined(_ factors: [Layout], by separator: String, binding: Binding) -> Layout {
    joined(factors, separators: Array(repeating: separator, count: max(0, factors.count - 1)), binding: binding)
  }

  private static func joined(_ factors: [Layout], separators: [String], binding: Binding) -> Layout {
    var latex = factors.first?.latex ?? ""
    var width = factors.first?.width ?? 0
    for (separator, factor) in zip(separators, factors.dropFirst()) {
      latex += separator.isEmpty ? " " : " \(separator) "
      latex += factor.latex
      width += factor.width + (separator.isEmpty ? 0 : GlyphWidths.width(of: separator))
    }
    return Layout(
      latex: latex, width: width, binding: binding, isTall: factors.contains(where: \.isTall),
      content: .product(factors, separators: separators))
  }

  static func enclosed(_ fence: Fence, _ arguments: [Layout], takesExponent: Bool = true) -> Layout {
    let isTall = arguments.contains(where: \.isTall)
    let size: Fence.Size = isTall ? .automatic : .plain
    let latex = fence.opening(size) + arguments.map(\.latex).joined(separator: ", ") + fence.closing(size)
    let width =
      fence.openingWidth(isTall: isTall) + fence.closingWidth(isTall: isTall)
      + arguments.reduce(0) { $0 + $1.width } + Double(max(0, arguments.count - 1)) * GlyphWidths.comma
    return Layout(
      latex: latex, width: width, binding: .atom, isTall: isTall, base: takesExponent ? latex : nil,
      content: .enclosed(fence, arguments))
  }

  static func grid(_ cells: [Layout], columns: Int) -> Layout {
    let rows = stride(from: 0, to: cells.count, by: columns).map { cells[$0..<min($0 + columns, cells.count)] }
    let latex =
      "\\begin{pmatrix} "
      + rows.map { $0.map(\.latex).joined(separator: " & ") }.joined(separator: " \\\\ ") + " \\end{pmatrix}"
    let widths = (0..<columns).map { column in rows.compactMap { Array($0)[column].width }.max() ?? 0 }
    return Layout(
      latex: latex, width: widths.reduce(0, +) + Double(columns - 1) + 1.8, binding: .atom, isTall: true, base: latex,
      content: .grid(cells, columns: columns))
  }

  static func fraction(_ above: Layout, _ below: Layout) -> Layout {
    Layout(
      "\\frac{\(above.latex)}{\(below.latex)}", width: max(above.width, below.width) + GlyphWidths.fraction,
      isTall: true, takesExponent: false)
  }

  private var isUnbreakable: Bool {
    if case .unbreakable = content { true } else { false }
  }

  var parenthesized: Layout { .enclosed(Fence(), [self]) }

  /// In parentheses unless it binds tighter than the limit.
  func within(_ limit: Binding) -> Layout { binding > limit ? self : parenthesized }

  /// With an exponent, in parentheses where one stands there already or the form takes none.
  ///
  /// - Parameter joins: whether the exponent may stand behind another one, as in `W^{(1)\top}`.
  func raised(to exponent: String, joins: Bool = false) -> Layout {
    let mayJoin = joins && isUnbreakable && !self.exponent.contains("\\top")
    guard let base, self.exponent.isEmpty || mayJoin else {
      return parenthesized.raised(to: exponent)
    }
    let added = GlyphWidths.script * GlyphWidths.width(of: exponent)
    var content = content
    if case .enclosed(var fence, let arguments) = content {
      fence.suffix += "^{\(exponent)}"
      content = .enclosed(fence, arguments)
    }
    let joined = self.exponent + exponent
    return Layout(
      latex: "\(base)^{\(joined)}", width: width + added, binding: .atom, isTall: isTall, base: base, exponent: joined,
      content: content)
  }
}

extension Layout.Fence {
  enum Size { case plain, automatic, big, bigger }

  func opening(_ size: Size) -> String {
    let command: String
    switch size {
    case .plain: command = ""
    case .automatic: command = "\\left"
    case .big: command = "\\bigl"
    case .bigger: command = "\\Bigl"
    }
    return prefix + command + open + (open.count > 2 ? " " : "")
  }

  func closing(_ size: Size) -> String {
    let command: String
    switch size {
    case .plain: command = close.count > 2 ? " " : ""
    case .automatic: command = " \\right"
    case .big: command = " \\bigr"
    case .bigger: command = " \\Bigr"
    }
    return command + close + suffix
  }

  func openingWidth(isTall: Bool) -> Double {
    GlyphWidths.width(of: prefix) + (isTall ? GlyphWidths.tallParenthesis : GlyphWidths.parenthesis + 0.1)
  }

  func closingWidth(isTall: Bool) -> Double {
    GlyphWidths.width(of: suffix) + (isTall ? GlyphWidths.tallParenthesis : GlyphWidths.parenthesis + 0.1)
  }
}
