import Arithmetic
import Formulas

extension Formula {
  /// The value of the formula over any scalar; `∂` means pushing dual numbers through the very same evaluation.
  ///
  /// - Errors: a symbol or size without a value, or an operation that is undefined at, or unsupported by, the scalar.
  public func value<S: Scalar>(in environment: Environment<S>) throws(EvaluationError) -> Matrix<S> {
    try Evaluator(environment).value(of: self)
  }
}

/// Evaluates formulas in one environment; values of shared subformulas are computed once.
public final class Evaluator<S: Scalar> {
  /// Values of formulas that do not depend on what is being differentiated.
  typealias Constants = (Formula) throws(EvaluationError) -> Matrix<S>?

  let environment: Environment<S>
  private let constants: Constants?
  private var memo: [Formula: Matrix<S>] = [:]
  var blocksByRow: [Formula: [Matrix<S>]] = [:]

  public convenience init(_ environment: Environment<S>) { self.init(environment, constants: nil) }

  private init(_ environment: Environment<S>, constants: Constants?) {
    (self.environment, self.constants) = (environment, constants)
  }

  public func value(of formula: Formula) throws(EvaluationError) -> Matrix<S> {
    if let known = memo[formula] { return known }
    let value: Matrix<S>
    if let constants, let constant = try constants(formula) { value = constant } else { value = try compute(formula) }
    memo[formula] = value
    return value
  }

  private func compute(_ formula: Formula) throws(EvaluationError) -> Matrix<S> {
    let operands = formula.operands
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol): return try lookUp(symbol)
    case .integer(let n): return Matrix(S(n))
    case .size(let n): return Matrix(S(try environment.number(n)))
    case .identity: return .identity(try environment.number(formula.shape.rows))
    case .zero: return try constant(.zero, formula.shape)
    case .ones: return try constant(.one, formula.shape)
    case .commutation(let m, let n): return .commutation(try environment.number(m), try environment.number(n))
    case .sum: return try fold(operands) { $0 + $1 }
    case .product: return try product(operands)
    case .kronecker: return try fold(operands) { $0.kronecker($1) }
    case .scale: return try value(of: operands[1]).scaled(by: try value(of: operands[0]).scalar)
    case .hadamard: return try value(of: operands[0]).hadamard(try value(of: operands[1]))
    case .transpose: return try value(of: operands[0]).transposed
    case .vectorize: return try value(of: operands[0]).vectorized
    case .diagonal: return .diagonal(of: try value(of: operands[0]))
    case .blockDiagonal: return .blockDiagonal(try values(of: operands))
    case .blocks(let rows):
      let all = try values(of: operands), columns = all.count / rows
      return .blocks((0..<rows).map { Array(all[($0 * columns)..<(($0 + 1) * columns)]) })
    case .map(let primitive): return try map(primitive, try value(of: operands[0]), formula)
    case .call(let function): return try call(function, operands)
    case .jacobian: return try jacobian(operands[0], operands[1])
    case .pullback:
      let transposed = try jacobian(operands[0], operands[1]).transposed
      let column = transposed * (try value(of: operands[2]).vectorized)
      return column.reshaped(
        rows: try environment.number(formula.shape.rows), columns: try environment.number(formula.shape.columns))
    case .contraction:
      let seed = try value(of: operands[0]).vectorized.transposed
      let width = try environment.number(formula.shape.rows)
      return seed.kronecker(.identity(width)) * (try jacobian(operands[1], operands[2]))
    case .norm(let norm):
      if norm == .spectral, let blocks = try rowBlocks(of: operands[0]) {
        return Matrix(try largestNorm(of: blocks, formula))
      }
      return Matrix(try compute(norm, try value(of: operands[0]), formula))
    case .maximum, .minimum: return try extremum(formula)
    }
  }

  private func lookUp(_ symbol: Symbol) throws(EvaluationError) -> Matrix<S> {
    guard let value = environment[symbol] else { throw .unbound(symbol) }
    let rows = try environment.number(symbol.shape.rows), columns = try environment.number(symbol.shape.columns)
    guard value.rows == rows, value.columns == columns else {
      throw .wrongShape(symbol, expected: "\(rows)×\(columns)", found: "\(value.rows)×\(value.columns)")
    }
    return value
  }

  private func constant(_ scalar: S, _ shape: Shape) throws(EvaluationError) -> Matrix<S> {
    Matrix(repeating: scalar, rows: try environment.number(shape.rows), columns: try environment.number(shape.columns))
  }

  func values(of formulas: [Formula]) throws(EvaluationError) -> [Matrix<S>] {
    var all: [Matrix<S>] = []
    for formula in formulas { all.append(try value(of: formula)) }
    return all
  }

  private func fold(
    _ formulas: [Formula], _ combine: (Matrix<S>, Matrix<S>) -> Matrix<S>
  ) throws(EvaluationError) -> Matrix<S> {
    var result = try value(of: formulas[0])
    for formula in formulas.dropFirst() { result = combine(result, try value(of: formula)) }
    return result
  }

  /// Multiplies from the end at which the partial products stay smaller.
  private func product(_ factors: [Formula]) throws(EvaluationError) -> Matrix<S> {
    let all = try values(of: factors)
    if all[all.count - 1].columns < all[0].rows {
      return all.dropLast().reversed().reduce(all[all.count - 1]) { $1 * $0 }
    }
    return all.dropFirst().reduce(all[0]) { $0 * $1 }
  }

  private func map(_ primitive: Primitive, _ matrix: Matrix<S>, _ place: Formula) throws(EvaluationError) -> Matrix<S> {
    do throws(ArithmeticError) {
      switch primitive {
      case .exponential: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.exponential() }
      case .reciprocal: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.reciprocal() }
      case .squareRoot: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.squareRoot() }
      case .reciprocalSquareRoot:
        return try matrix.mapThrowing { x throws(ArithmeticError) in try x.reciprocalSquareRoot() }
      case .positivePart: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.positivePart() }
      case .step: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.step() }
      case .logarithm: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.logarithm() }
      case .normalDistribution:
        return try matrix.mapThrowing { x throws(ArithmeticError) in try x.normalDistribution() }
      case .normalDensity: return try matrix.mapThrowing { x throws(ArithmeticError) in try x.normalDensity() }
      }
    } catch { throw .arithmetic(error, at: place.description) }
  }

  /// Evaluates the body of a named function at the values of its operands.
  private func call(_ function: Function, _ operands: [Formula]) throws(EvaluationError) -> Matrix<S> {
    var inner = Environment<S>(sizes: environment.sizes)
    var parameters: [Formula] = []
    for (i, operand) in operands.enumerated() {
      let parameter = Symbol("operand \(i + 1) of \(function.name)", operand.shape)
      let given = try value(of: operand)
      inner[parameter] = i == 0 && function.isRowShiftInvariant ? given.shiftedByRow() : given
      parameters.append(.symbol(parameter))
    }
    return try Evaluator(inner).value(of: function.body(parameters))
  }

  private func extremum(_ formula: Formula) throws(EvaluationError) -> Matrix<S> {
    let numbers = try values(of: formula.operands).map(\.scalar)
    let isMaximum = formula.operator == .maximum
    do throws(ArithmeticError) {
      var best = isMaximum ? numbers[0] : -numbers[0]
      for number in numbers.dropFirst() { best = try S.maximum(best, isMaximum ? number : -number) }
      return Matrix(isMaximum ? best : -best)
    } catch { throw .arithmetic(error, at: formula.description) }
  }

  /// `∂vec_r(F)/∂vec_r(W)`, a column for each entry of `W`, by dual numbers.
  private func jacobian(_ F: Formula, _ W: Formula) throws(EvaluationError) -> Matrix<S> {
    guard let symbol = W.namedSymbol else { preconditionFailure("∂ by something that is no symbol") }
    let point = try value(of: W)
    let rows = try environment.number(F.shape.count)
    var lifted: [Formula: Matrix<Dual<S>>] = [:]
    let constants: Evaluator<Dual<S>>.Constants = { formula throws(EvaluationError) in
      if formula.contains(W) { return nil }
      if let known = lifted[formula] { return known }
      let value = try self.value(of: formula).map { Dual(constant: $0) }
      lifted[formula] = value
      return value
    }
    var jacobian = Matrix<S>.zero(rows: rows, columns: point.entries.count)
    var seed = point.map { Dual(constant: $0) }
    for k in point.entries.indices {
      seed.entries[k] = Dual(point.entries[k], tangent: .one)
      let environment = Environment<Dual<S>>(sizes: self.environment.sizes, values: [symbol: seed])
      let value = try Evaluator<Dual<S>>(environment, constants: constants).value(of: F)
      seed.entries[k] = Dual(constant: point.entries[k])
      for i in 0..<rows { jacobian.entries[i * jacobian.columns + k] = value.entries[i].tangent }
    }
    return jacobian
  }
}

extension Formula {
  /// The symbol that a symbol or variable is looked up by.
  fileprivate var namedSymbol: Symbol? {
    switch self.operator {
    case .symbol(let symbol), .variable(let symbol): symbol
    default: nil
    }
  }
}
