import Arithmetic
import Formulas

extension GradientEvaluation {
  @inline(__always)
  private func adjoint(_ node: Int) -> UnsafeMutablePointer<Double> { adjoints + program.nodes[node].offset }

  /// Passes the adjoint of a node on to its operands.
  func propagate(_ node: Node) {
    let source = adjoints + node.offset, count = node.count
    switch node.operation {
    case .input, .constant, .derivative: break
    case .sum, .reshape, .rowShift:
      for operand in node.operands where program.nodes[operand].isActive {
        let target = adjoint(operand)
        for k in 0..<count { target[k] += source[k] }
      }
    case .product: propagateProduct(node, source)
    case .kronecker: propagateKronecker(node, source)
    case .scale:
      let factor = value(node.operands[0])[0], matrix = value(node.operands[1])
      if program.nodes[node.operands[0]].isActive {
        var sum = 0.0
        for k in 0..<count { sum += source[k] * matrix[k] }
        adjoint(node.operands[0])[0] += sum
      }
      if program.nodes[node.operands[1]].isActive {
        let target = adjoint(node.operands[1])
        for k in 0..<count { target[k] += factor * source[k] }
      }
    case .hadamard:
      for (operand, other) in [(0, 1), (1, 0)] where program.nodes[node.operands[operand]].isActive {
        let target = adjoint(node.operands[operand]), factor = value(node.operands[other])
        for k in 0..<count { target[k] += source[k] * factor[k] }
      }
    case .transpose:
      let target = adjoint(node.operands[0])
      for i in 0..<node.rows {
        for j in 0..<node.columns { target[j &* node.rows &+ i] += source[i &* node.columns &+ j] }
      }
    case .diagonal:
      let target = adjoint(node.operands[0])
      for k in 0..<node.rows { target[k] += source[k &* (node.rows &+ 1)] }
    case .assembly(let offsets):
      for (operand, offset) in zip(node.operands, offsets) where program.nodes[operand].isActive {
        let block = program.nodes[operand], target = adjoint(operand)
        for i in 0..<block.rows {
          for j in 0..<block.columns {
            target[i &* block.columns &+ j] += source[offset &+ i &* node.columns &+ j]
          }
        }
      }
    case .map(let primitive): propagateMap(primitive, node, source)
    case .norm(let norm): propagateNorm(norm, node, source[0])
    case .maximum, .minimum:
      let chosen = node.operands[Int(values[node.offset + 1])]
      adjoint(chosen)[0] += source[0]
    }
  }

  private func propagateProduct(_ node: Node, _ source: UnsafePointer<Double>) {
    let (left, right) = (program.nodes[node.operands[0]], program.nodes[node.operands[1]])
    let a = value(node.operands[0]), b = value(node.operands[1])
    let inner = left.columns, width = node.columns
    let leftAdjoint = adjoint(node.operands[0]), rightAdjoint = adjoint(node.operands[1])
    for i in 0..<node.rows {
      let row = source + (i &* width)
      for k in 0..<inner {
        if left.isActive {
          let other = b + (k &* width)
          var sum = 0.0
          for j in 0..<width { sum += row[j] * other[j] }
          leftAdjoint[i &* inner &+ k] += sum
        }
        let factor = a[i &* inner &+ k]
        if right.isActive, factor != 0 {
          let target = rightAdjoint + (k &* width)
          for j in 0..<width { target[j] += factor * row[j] }
        }
      }
    }
  }

  private func propagateKronecker(_ node: Node, _ source: UnsafePointer<Double>) {
    let (left, right) = (program.nodes[node.operands[0]], program.nodes[node.operands[1]])
    let a = value(node.operands[0]), b = value(node.operands[1])
    let leftAdjoint = adjoint(node.operands[0]), rightAdjoint = adjoint(node.operands[1])
    for i in 0..<left.rows {
      for j in 0..<left.columns {
        let factor = a[i &* left.columns &+ j]
        if factor == 0, !left.isActive { continue }
        var sum = 0.0
        for k in 0..<right.rows {
          let row = source + ((i &* right.rows &+ k) &* node.columns &+ j &* right.columns)
          let place = k &* right.columns
          for l in 0..<right.columns { sum += row[l] * b[place &+ l] }
          if right.isActive { for l in 0..<right.columns { rightAdjoint[place &+ l] += factor * row[l] } }
        }
        if left.isActive { leftAdjoint[i &* left.columns &+ j] += sum }
      }
    }
  }

  private func propagateMap(_ primitive: Primitive, _ node: Node, _ source: UnsafePointer<Double>) {
    let result = values + node.offset, operand = value(node.operands[0]), target = adjoint(node.operands[0])
    for k in 0..<node.count {
      switch primitive {
      case .exponential: target[k] += source[k] * result[k]
      case .reciprocal: target[k] -= source[k] * result[k] * result[k]
      case .squareRoot: if result[k] > 0 { target[k] += source[k] / (2 * result[k]) }
      case .reciprocalSquareRoot: target[k] -= source[k] * result[k] * result[k] * result[k] / 2
      case .positivePart: if operand[k] > 0 { target[k] += source[k] }
      case .step: break
      case .logarithm: target[k] += source[k] / operand[k]
      case .normalDistribution: target[k] += source[k] * normalDensity(operand[k])
      case .normalDensity: target[k] -= source[k] * operand[k] * result[k]
      }
    }
  }

  private func propagateNorm(_ norm: Norm, _ node: Node, _ source: Double) {
    let result = values + node.offset, matrix = program.nodes[node.operands[0]]
    let entries = value(node.operands[0]), target = adjoint(node.operands[0])
    guard result[0] > 0 else { return }
    switch norm {
    case .spectral:
      // dσ = uᵀ dM v.
      for i in 0..<matrix.rows {
        let factor = source * result[1 &+ i]
        for j in 0..<matrix.columns { target[i &* matrix.columns &+ j] += factor * result[1 &+ matrix.rows &+ j] }
      }
    case .frobenius:
      for k in 0..<matrix.count { target[k] += source * entries[k] / result[0] }
    case .largestEntry:
      let k = Int(result[1])
      target[k] += entries[k] > 0 ? source : -source
    case .diameter:
      let (first, second) = (Int(result[1]) * matrix.columns, Int(result[2]) * matrix.columns)
      for k in 0..<matrix.columns {
        let change = source * (entries[first &+ k] - entries[second &+ k]) / result[0]
        target[first &+ k] += change
        target[second &+ k] -= change
      }
    case .rowRange:
      target[Int(result[1])] += source
      target[Int(result[2])] -= source
    case .largestRow, .rowSum:
      let row = Int(result[1]) * matrix.columns
      for k in row..<(row + matrix.columns) {
        if norm == .largestRow { target[k] += source * entries[k] / result[0] }
        if norm == .rowSum, entries[k] != 0 { target[k] += entries[k] > 0 ? source : -source }
      }
    }
  }
}
