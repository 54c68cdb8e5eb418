extension Formula: CustomStringConvertible {
  /// The formula in one line of plain text, in the notation of the papers.
  public var description: String { text(within: .loosest) }

  /// How tightly a context binds: what needs parentheses in it.
  enum Binding: Int, Comparable {
    case loosest, sum, kronecker, product, tightest
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  private func text(within context: Binding) -> String {
    func parenthesized(_ own: Binding, _ text: String) -> String { own <= context ? "(\(text))" : text }
    func arguments() -> String { operands.map(\.description).joined(separator: ", ") }
    switch self.operator {
    case .symbol(let s): return s.name
    case .variable(let s): return s.name
    case .integer(let n): return n < 0 ? parenthesized(.kronecker, "\(n)") : "\(n)"
    case .size(let n): return n.monomials.count > 1 ? parenthesized(.sum, "\(n)") : "\(n)"
    case .identity: return "I_{\(shape.rows)}"
    case .zero: return "0"
    case .ones: return "1_{\(shape)}"
    case .commutation(let m, let n): return "K_{\(m),\(n)}"
    case .sum: return parenthesized(.sum, sumText)
    case .product where shape == .scalar: return parenthesized(.product, fractionText)
    case .product: return parenthesized(.product, operands.map { $0.text(within: .kronecker) }.joined(separator: " "))
    case .kronecker:
      return parenthesized(.kronecker, operands.map { $0.text(within: .kronecker) }.joined(separator: " ⊗ "))
    case .hadamard:
      return parenthesized(
        .kronecker, "\(operands[0].text(within: .kronecker)) ⊙ \(operands[1].text(within: .kronecker))")
    case .scale: return parenthesized(.kronecker, scaleText)
    case .transpose: return operands[0].text(within: .product) + "ᵀ"
    case .vectorize: return "vec_r(\(operands[0]))"
    case .diagonal: return "diag(\(operands[0]))"
    case .blockDiagonal: return "blkdiag(\(arguments()))"
    case .blocks(let rows):
      let columns = operands.count / rows
      return "["
        + (0..<rows).map { i in
          (0..<columns).map { operands[i * columns + $0].description }.joined(separator: ", ")
        }.joined(separator: "; ") + "]"
    case .map(.reciprocal): return "1/\(operands[0].text(within: .product))"
    case .map(.squareRoot): return "√\(operands[0].text(within: .product))"
    case .map(.reciprocalSquareRoot): return "1/√\(operands[0].text(within: .product))"
    case .map(.exponential): return "exp(\(operands[0]))"
    case .map(.positivePart): return "max(\(operands[0]), 0)"
    case .map(.step): return "step(\(operands[0]))"
    case .map(.logarithm): return "log(\(operands[0]))"
    case .map(.normalDistribution): return "Φ(\(operands[0]))"
    case .map(.normalDensity): return "φ(\(operands[0]))"
    case .call(let f): return "\(f.name)(\(arguments()))"
    case .jacobian: return "∂[\(operands[0])]/∂\(operands[1])"
    case .pullback: return "∇_{\(operands[1])}⟨\(operands[2]), \(operands[0])⟩"
    case .contraction: return "(vec_r(\(operands[0]))ᵀ ⊗ I) ∂[\(operands[1])]/∂\(operands[2])"
    case .norm(.spectral): return "‖\(operands[0])‖₂"
    case .norm(.frobenius): return "‖\(operands[0])‖_F"
    case .norm(.largestRow): return "‖\(operands[0])‖_{2,∞}"
    case .norm(.rowSum): return "‖\(operands[0])‖_∞"
    case .norm(.largestEntry): return "‖\(operands[0])‖_max"
    case .norm(.diameter): return "diam(\(operands[0]))"
    case .norm(.rowRange): return "range(\(operands[0]))"
    case .maximum: return "max(\(arguments()))"
    case .minimum: return "min(\(arguments()))"
    }
  }

  private var sumText: String {
    var text = ""
    for (i, term) in operands.enumerated() {
      let own = term.text(within: .sum)
      if own.hasPrefix("−") {
        text += (i == 0 ? "−" : " − ") + own.dropFirst()
      } else {
        text += (i == 0 ? "" : " + ") + own
      }
    }
    return text
  }

  /// `s·A` with the coefficient as one fraction, such as `2/(L d_V √d_K)·A`, and `−A` for minus one.
  private var scaleText: String {
    let matrix = operands[1].text(within: .kronecker)
    let coefficient = operands[0].fractionText
    if coefficient == "1" { return matrix }
    return coefficient == "−1" ? "−\(matrix)" : "\(coefficient)·\(matrix)"
  }

  private var fractionText: String {
    var above: [String] = [], below: [String] = [], sign = ""
    func append(_ factor: Formula, to factors: inout [String], _ last: inout (factor: Formula, count: Int)?) {
      let count = last?.factor == factor ? (last?.count ?? 0) + 1 : 1
      if count > 1 { factors.removeLast() }
      factors.append(factor.text(within: .product) + (count > 1 ? Self.superscript(count) : ""))
      last = (factor, count)
    }
    var lastAbove: (factor: Formula, count: Int)?, lastBelow: (factor: Formula, count: Int)?
    for factor in kind == .product ? operands : [self] {
      switch factor.operator {
      case .integer(let n) where n < 0:
        sign = sign.isEmpty ? "−" : ""
        if n != -1 { above.append("\(n.magnitude)") }
      case .map(.reciprocal): append(factor.operands[0], to: &below, &lastBelow)
      default: append(factor, to: &above, &lastAbove)
      }
    }
    let numerator = above.isEmpty ? "1" : above.joined(separator: " ")
    if below.isEmpty { return sign + numerator }
    let denominator = below.joined(separator: " ").replacing("·", with: " ")
    return sign + numerator + "/" + (denominator.contains(" ") ? "(\(denominator))" : denominator)
  }
}

extension Formula {
  /// `⁶` for 6.
  private static func superscript(_ n: Int) -> String {
    let digits = ["0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹"]
    return "\(n)".compactMap { digits[String($0)] }.joined()
  }
}

extension String {
  fileprivate func replacing(_ character: Character, with other: Character) -> String {
    String(map { $0 == character ? other : $0 })
  }
}
