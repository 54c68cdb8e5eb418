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

  /// The deepest indentation, in quads; deeper brackets stay at it.
  private static let deepest = 8

  init(width: Double, indentation: Int = 0, prefix: String = "") {
    self.width = width
    lines = [Line(indentation: indentation, latex: prefix)]
    used = Double(indentation) + GlyphWidths.width(of: prefix)
  }

  /// The lines, each indented by quads.
  var latex: [String] {
    lines.map { line in
      let indentation = String(repeating: "\\qquad", count: line.indentation / 2)
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
    case .grid(let cells, let columns): place(cells, columns: columns, reserve: reserve)
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
        let isNearStart = used - Double(lines[lines.count - 1].indentation) < width / 4
        if fitsHere || (!fitsBelow && isNearStart) {
          append(separator.isEmpty ? " " : " \(separator) ", width: separatorWidth)
        } else {
          startLine(continuation)
          append("{} \(separator.isEmpty ? "\\cdot" : separator) ", width: GlyphWidths.binary)
        }
      }
      place(factor, level: continuation, reserve: following)
    }
  }

  /// A matrix of blocks too wide for the line: its cells are broken within their share of the width.
  private mutating func place(_ cells: [Layout], columns: Int, reserve: Double) {
    let share = max(8, (width - used - reserve - 1.8 - Double(columns - 1)) / Double(columns))
    let printed = cells.map { cell -> String in
      if cell.width <= share { return cell.latex }
      var breaker = LineBreaker(width: share)
      breaker.place(cell, level: 0)
      let lines = breaker.latex.map { "& \($0)" }
      return "\\begin{aligned} " + lines.joined(separator: " \\\\ ") + " \\end{aligned}"
    }
    let rows = stride(from: 0, to: printed.count, by: columns).map { start in
      printed[start..<min(start + columns, printed.count)].joined(separator: " & ")
    }
    append("\\begin{pmatrix} " + rows.joined(separator: " \\\\ ") + " \\end{pmatrix}", width: width - used - reserve)
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
