import Arithmetic
import Formulas

/// Spectral norms of block-diagonal matrices, of which the blocks alone are formed.
extension Evaluator {
  /// The diagonal blocks of a matrix that is block diagonal by its form, one for each row of a function's operands; `nil`
  /// where no such function occurs in it.
  func rowBlocks(of formula: Formula) throws(EvaluationError) -> [Matrix<S>]? {
    switch formula.operator {
    case .call(let function) where function.isBlockDiagonalByRow:
      if let known = blocksByRow[formula] { return known }
      let blocks = try self.blocks(of: function, at: formula.operands)
      blocksByRow[formula] = blocks
      return blocks
    case .product:
      guard formula.operands.allSatisfy({ $0.isBlockDiagonalByRow || $0.repeatedBlock != nil }) else { return nil }
      guard let factor = formula.operands.first(where: \.isBlockDiagonalByRow), let first = try rowBlocks(of: factor)
      else { return nil }
      return try product(formula.operands, count: first.count)
    default: return nil
    }
  }

  /// The products of the blocks of all factors; `nil` where their numbers of blocks differ.
  private func product(_ factors: [Formula], count: Int) throws(EvaluationError) -> [Matrix<S>]? {
    var product: [Matrix<S>]?
    for factor in factors {
      let blocks: [Matrix<S>]
      if let block = factor.repeatedBlock {
        guard try environment.number(factor.operands[0].shape.rows) == count else { return nil }
        blocks = Array(repeating: try value(of: block), count: count)
      } else {
        guard let own = try rowBlocks(of: factor), own.count == count else { return nil }
        blocks = own
      }
      product = product.map { zip($0, blocks).map { $0 * $1 } } ?? blocks
    }
    return product
  }

  private func blocks(of function: Function, at operands: [Formula]) throws(EvaluationError) -> [Matrix<S>] {
    let given = try values(of: operands)
    var blocks: [Matrix<S>] = []
    for i in 0..<given[0].rows {
      var row = Environment<S>(sizes: [:])
      var parameters: [Formula] = []
      for (k, operand) in given.enumerated() {
        let parameter = Symbol("operand \(k + 1) of \(function.name)", Shape(1, Size(operand.columns)))
        // A number is the same for all rows.
        let own = operands[k].shape == .scalar ? 0 : i
        row[parameter] = operand.submatrix(rows: own..<own + 1, columns: 0..<operand.columns)
        parameters.append(.symbol(parameter))
      }
      blocks.append(try Evaluator(row).value(of: function.body(parameters)))
    }
    return blocks
  }

  func largestNorm(of blocks: [Matrix<S>], _ place: Formula) throws(EvaluationError) -> S {
    var largest = S.zero
    for block in blocks {
      let norm = try compute(.spectral, block, place)
      do throws(ArithmeticError) { largest = try S.maximum(largest, norm) } catch {
        throw .arithmetic(error, at: place.description)
      }
    }
    return largest
  }
}

extension Formula {
  fileprivate var isBlockDiagonalByRow: Bool {
    if case .call(let function) = self.operator { function.isBlockDiagonalByRow } else { false }
  }

  /// `B` of `I ⊗ B`.
  fileprivate var repeatedBlock: Formula? {
    kind == .kronecker && operands.count == 2 && operands[0].operator == .identity ? operands[1] : nil
  }
}
