/// Breaks a layout into lines: first between the terms of a sum, then between factors, then inside brackets.
struct LineBreaker {
  struct Line {
    var indentation: Int
    var latex = ""
  }

  /// The room on a line, in em.
  let width: Double
  private(set) var lines: [Line]
  private var used: Double
  /// Blocks of matrices too large to be shown in place, with the names that stand for them.
  private var explanations: [(name: Layout, block: Layout)] = []
  private var gridCount = 0

  /// The deepest indentation, in quads; deeper brackets stay at it.
  private static let deepest = 8
  /// The width in em up to which a block of a matrix that does not fit keeps its place.
  private static let smallBlock = 4.0
  private static let letters = ["B", "C", "D", "E", "G", "H"]

  init(width: Double, indentation: Int = 0, prefix: String = "") {
    self.width = width
    lines = [Line(indentation: indentation, latex: prefix)]
    used = Double(indentation) + GlyphWidths.width(of: prefix)
  }

  /// The lines of a layout, each indented by quads, with the names of blocks explained.
  static func lines(
    of layout: Layout, width: Double, indentation: Int = 0, prefix: String = "", level: Int = 0
  ) -> [String] {
    var breaker = LineBreaker(width: width, indentation: indentation, prefix: prefix)
    breaker.place(layout, level: level)
    breaker.explainBlocks()
    return breaker.latex
  }

  /// The lines, each indented by quads.
  var latex: [String] {
    lines.map { line in
      let indentation =
        String(repeating: "\\qquad", count: line.indentation / 2)
        + (line.indentation % 2 == 1 ? "\\quad" : "")
      return indentation.isEmpty ? line.latex : "\(indentation) \(line.latex)"
    }
  }

  mutating func append(_ latex: String) {
    append(latex, width: GlyphWidths.width(of: latex))
  }

  private mutating func append(_ latex: String, width: Double) {
    lines[lines.count - 1].latex += latex
    used += width
  }

  private mutating func startLine(_ indentation: Int) {
    lines[lines.count - 1].latex = lines[lines.count - 1].latex.trimmingTrailingSpaces
    lines.append(Line(indentation: min(indentation, LineBreaker.deepest)))
    used = Double(min(indentation, LineBreaker.deepest))
  }

  private func room(at indentation: Int) -> Double { width - Double(min(indentation, LineBreaker.deepest)) }

  /// Sets a layout from here on, with room kept for what follows it on its last line.
  ///
  /// - Parameter level: the indentation of lines that continue a sum at this place.
  mutating func place(_ layout: Layout, level: Int, reserve: Double = 0) {
    if used + layout.width + reserve <= width {
      append(layout.latex, width: layout.width)
      return
    }
    switch layout.content {
    case .unbreakable: append(layout.latex, width: layout.width)
    case .sum(let terms): place(terms, level: level, reserve: reserve)
    case .product(let factors, let separators): place(factors, separators, level: level, reserve: reserve)
    case .enclosed(let fence, let arguments):
      let size: Layout.Fence.Size = layout.isTall ? .bigger : .big
      append(fence.opening(size), width: fence.openingWidth(isTall: layout.isTall))
      let closing = fence.closingWidth(isTall: layout.isTall)
      for (index, argument) in arguments.enumerated() {
        let isLast = index == arguments.count - 1
        let following = isLast ? closing + reserve : GlyphWidths.comma
        if index > 0 {
          append(", ", width: GlyphWidths.comma)
          if used + argument.width + following > width { startLine(level + 1) }
        }
        place(argument, level: level + 1, reserve: following)
      }
      append(fence.closing(size), width: closing)
    case .grid(let cells, let columns): place(cells, columns: columns)
    }
  }

  private mutating func place(_ terms: [Layout.Term], level: Int, reserve: Double) {
    for (index, term) in terms.enumerated() {
      let following = index == terms.count - 1 ? reserve : 0
      if index == 0 {
        if term.isNegative { append("-", width: 0.8) }
      } else {
        if used + GlyphWidths.binary + term.layout.width + following > width {
          startLine(level)
          append("{} ", width: 0)
        } else {
          append(" ", width: 0)
        }
        append(term.isNegative ? "- " : "+ ", width: GlyphWidths.binary)
      }
      place(term.layout, level: level + 1, reserve: following)
    }
  }

  private mutating func place(_ factors: [Layout], _ separators: [String], level: Int, reserve: Double) {
    let continuation = level + 1
    for (index, factor) in factors.enumerated() {
      let following = index == factors.count - 1 ? reserve : 0
      if index > 0 {
        let separator = separators[index - 1]
        let separatorWidth = GlyphWidths.width(of: separator)
        let fitsHere = used + separatorWidth + factor.width + following <= width
        let fitsBelow = GlyphWidths.binary + factor.width + following <= room(at: continuation)
        let followsCoefficient = index == 1 && factors[0].width < LineBreaker.smallBlock
        let isBreakable = if case .product = factor.content { true } else { false }
        let isNearStart =
          followsCoefficient || used - Double(lines[lines.count - 1].indentation) < width / 4
        if fitsHere || (!fitsBelow && isNearStart) || (followsCoefficient && isBreakable) {
          append(separator.isEmpty ? " " : " \(separator) ", width: separatorWidth)
        } else {
          startLine(continuation)
          append("{} \(separator.isEmpty ? "\\cdot" : separator) ", width: GlyphWidths.binary)
        }
      }
      place(factor, level: continuation, reserve: following)
    }
  }

  /// A matrix of blocks too wide for the line: its large blocks get names, which are explained on lines of their own.
  private mutating func place(_ cells: [Layout], columns: Int) {
    let letter = LineBreaker.letters[gridCount % LineBreaker.letters.count]
    gridCount += 1
    let printed = cells.enumerated().map { index, cell -> Layout in
      if cell.width <= LineBreaker.smallBlock { return cell }
      let name = Layout("\\mathcal{\(letter)}_{\(index / columns + 1)\(columns > 9 ? "," : "")\(index % columns + 1)}")
      explanations.append((name, cell))
      return name
    }
    let matrix = Layout.grid(printed, columns: columns)
    append(matrix.latex, width: matrix.width)
  }

  /// Adds the lines that say what the named blocks are.
  mutating func explainBlocks() {
    var next = 0
    while next < explanations.count {
      let (name, block) = explanations[next]
      startLine(0)
      append(next == 0 ? "\\text{with } " : "\\text{and } ")
      append("\(name.latex) = ")
      place(block, level: 3)
      next += 1
    }
    explanations = []
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
