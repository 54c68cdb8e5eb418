import Formulas

/// Turns formulas into layouts; remembers the subformulas it has met.
final class Typesetter {
  let notation: Notation
  private var known: [Formula: Layout] = [:]

  init(_ notation: Notation) { self.notation = notation }

  /// The layout of a formula that stands alone: it is not abbreviated itself, only what it contains.
  func whole(_ formula: Formula) -> Layout {
    guard !notation.abbreviations.isEmpty, !formula.operands.isEmpty else { return layout(formula) }
    return layout(Formula(formula.operator, formula.operands.map { $0.replacing(notation.abbreviations) }))
  }

  /// The layout of a formula in which nothing is left to abbreviate.
  func layout(_ formula: Formula) -> Layout {
    if formula.operands.isEmpty { return compute(formula) }
    if let found = known[formula] { return found }
    let layout = compute(formula)
    known[formula] = layout
    return layout
  }

  private func compute(_ formula: Formula) -> Layout {
    let operands = formula.operands
    func name(_ text: String) -> Layout { Layout(notation.printed(text)) }
    func call(_ prefix: String) -> Layout {
      .enclosed(Layout.Fence(prefix: prefix), operands.map { layout($0) })
    }
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol): return name(symbol.name)
    case .integer, .scale: return signed(formula).unified
    case .size(let size): return layout(size)
    case .identity: return Layout(PrintedName(base: "I_{\(notation.latex(formula.shape.rows))}", superscript: ""))
    case .zero: return Layout("0")
    case .ones:
      let (rows, columns) = (notation.latex(formula.shape.rows), notation.latex(formula.shape.columns))
      return Layout("\\mathbf{1}_{\(rows) \\times \(columns)}")
    case .commutation(let m, let n): return Layout("K_{\(notation.latex(m)), \(notation.latex(n))}")
    case .sum: return sum(operands)
    case .product: return formula.shape == .scalar ? signed(formula).unified : product(operands)
    case .hadamard: return hadamard(formula)
    case .kronecker: return .joined(operands.map { kroneckerFactor($0) }, by: "\\otimes", binding: .kronecker)
    case .transpose: return layout(operands[0]).raised(to: "\\top", joins: true)
    case .vectorize: return call("\\operatorname{vec}_r")
    case .diagonal: return call("\\operatorname{diag}")
    case .blockDiagonal: return call("\\operatorname{blkdiag}")
    case .blocks(let rows): return .grid(operands.map { layout($0) }, columns: operands.count / rows)
    case .map(let primitive): return map(primitive, formula)
    case .call(let function): return layout(function, operands)
    case .jacobian: return jacobian(formula)
    case .pullback:
      let fence = Layout.Fence(
        prefix: "\\nabla_{\(layout(operands[1]).latex)}", open: "\\langle", close: "\\rangle")
      return .enclosed(fence, [layout(operands[2]), layout(operands[0])], takesExponent: false)
    case .contraction: return contraction(formula)
    case .norm(let norm): return layout(norm, operands[0])
    case .maximum: return call("\\max")
    case .minimum: return call("\\min")
    }
  }

  private func layout(_ size: Size) -> Layout {
    if size.monomials.count <= 1 {
      let latex = notation.latex(size)
      guard let name = size.name else {
        return Layout(latex, binding: size.constant == nil ? .product : .atom)
      }
      return Layout(notation.printed(name))
    }
    return .sum(
      size.monomials.map { Layout.Term(isNegative: false, layout: Layout(notation.latex($0), binding: .product)) })
  }

  private func sum(_ operands: [Formula]) -> Layout {
    .sum(
      operands.map { operand in
        let term = signed(operand)
        let needsFence = term.isNegative && term.layout.binding == .sum || operand.operator == .sum
        return Layout.Term(isNegative: term.isNegative, layout: needsFence ? term.layout.parenthesized : term.layout)
      })
  }

  /// A product of matrices: a Kronecker product in it stands in parentheses, and so does a scaled factor.
  func product(_ operands: [Formula]) -> Layout {
    .product(
      operands.map { operand in
        let factor = layout(operand)
        return operand.operator == .scale && !isBareNumber(operand) ? factor.parenthesized : factor.within(.kronecker)
      })
  }

  private func kroneckerFactor(_ operand: Formula) -> Layout {
    let factor = layout(operand)
    return operand.operator == .scale ? factor.parenthesized : factor.within(.kronecker)
  }

  private func hadamard(_ formula: Formula) -> Layout {
    let left = layout(formula.operands[0])
    let right = layout(formula.operands[1])
    func isPlain(_ operand: Formula, _ layout: Layout) -> Bool {
      layout.binding > .kronecker && operand.operator != .scale
    }
    let factors = [
      formula.operands[0].operator == .hadamard || isPlain(formula.operands[0], left) ? left : left.parenthesized,
      isPlain(formula.operands[1], right) ? right : right.parenthesized,
    ]
    return .joined(factors, by: "\\odot", binding: .kronecker)
  }

  private func map(_ primitive: Primitive, _ formula: Formula) -> Layout {
    let operand = formula.operands[0]
    let isNumber = formula.shape == .scalar
    switch primitive {
    case .exponential: return .enclosed(Layout.Fence(prefix: "\\exp"), [layout(operand)])
    case .reciprocal:
      return isNumber ? signed(formula).unified : layout(operand).raised(to: "\\odot(-1)")
    case .squareRoot:
      guard isNumber else { return layout(operand).raised(to: "\\odot 1/2") }
      return squareRoot(layout(operand))
    case .reciprocalSquareRoot:
      guard isNumber else { return layout(operand).raised(to: "\\odot(-1/2)") }
      return signed(operand.squareRoot.inverse).unified
    case .step: return .enclosed(Layout.Fence(prefix: "\\operatorname{step}"), [layout(operand)])
    case .logarithm: return .enclosed(Layout.Fence(prefix: "\\log"), [layout(operand)])
    case .normalDistribution: return .enclosed(Layout.Fence(prefix: "\\Phi"), [layout(operand)])
    case .normalDensity: return .enclosed(Layout.Fence(prefix: "\\varphi"), [layout(operand)])
    case .positivePart:
      return .enclosed(Layout.Fence(open: "[", close: "]", suffix: "_{+}"), [layout(operand)])
    }
  }

  private func squareRoot(_ operand: Layout) -> Layout {
    Layout("\\sqrt{\(operand.latex)}", width: operand.width + 0.85, isTall: operand.isTall, takesExponent: false)
  }

  private func layout(_ function: Function, _ operands: [Formula]) -> Layout {
    guard let style = notation.functions[function.name] else {
      return .enclosed(Layout.Fence(prefix: Notation.latex(ofFunction: function.name)), operands.map { layout($0) })
    }
    let latex: String
    switch style(operands, { self.layout($0).latex }) {
    case .enclosed(let prefix, let arguments):
      return .enclosed(Layout.Fence(prefix: prefix), arguments.map { layout($0) })
    case .latex(let given): latex = given
    }
    let binding = LaTeX.binding(of: latex)
    let isTall = latex.contains("\\frac") || latex.contains("\\begin")
    if binding == .atom, !isTall { return Layout(Notation.separated(latex)) }
    return Layout(latex, binding: binding, isTall: isTall, takesExponent: false)
  }

  private func layout(_ norm: Norm, _ operand: Formula) -> Layout {
    let suffix: String
    switch norm {
    case .diameter:
      return .enclosed(Layout.Fence(prefix: "\\operatorname{diam}", open: "(", close: ")"), [layout(operand)])
    case .rowRange:
      return .enclosed(Layout.Fence(prefix: "\\operatorname{range}", open: "(", close: ")"), [layout(operand)])
    case .largestEntry: suffix = "_{\\max}"
    case .spectral: suffix = "_2"
    case .frobenius: suffix = "_F"
    case .largestRow: suffix = "_{2,\\infty}"
    case .rowSum: suffix = "_\\infty"
    }
    return .enclosed(Layout.Fence(open: "\\lVert", close: "\\rVert", suffix: suffix), [layout(operand)])
  }

  private func jacobian(_ formula: Formula) -> Layout {
    var variables = [formula.operands[1]]
    var operand = formula.operands[0]
    while operand.operator == .jacobian, variables.count < 2 {
      variables.insert(operand.operands[1], at: 0)
      operand = operand.operands[0]
    }
    let order = variables.count == 1 ? "" : "^{2}"
    let below = Layout(variables.map { "\\partial \(layout($0).latex)" }.joined(separator: " \\, "))
    let inner = layout(operand)
    let isSimple = inner.binding == .atom && !inner.isTall
    if inner.width <= notation.longestNumerator, !inner.isTall {
      let fenced = isSimple ? inner : inner.parenthesized
      let above = Layout("\\partial\(order) \(fenced.latex)", width: fenced.width + 0.6 + (order.isEmpty ? 0 : 0.4))
      return .fraction(above, below)
    }
    let fraction = Layout.fraction(Layout("\\partial\(order)"), below)
    return .enclosed(Layout.Fence(prefix: fraction.latex, open: "[", close: "]"), [inner], takesExponent: false)
  }

  private func contraction(_ formula: Formula) -> Layout {
    let (gradient, matrix, variable) = (formula.operands[0], formula.operands[1], formula.operands[2])
    let pairing = Layout.joined(
      [layout(gradient.vectorized.transposed), layout(.identity(matrix.shape.columns))], by: "\\otimes",
      binding: .kronecker)
    return .product([pairing.parenthesized, layout(matrix.jacobian(variable))])
  }
}
