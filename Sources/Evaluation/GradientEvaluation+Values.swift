import Arithmetic
import Formulas

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `φ(x)`.
func normalDensity(_ x: Double) -> Double { exp(-x * x / 2) / sqrt(2 * Double.pi) }

extension GradientEvaluation {
  typealias Node = GradientProgram.Node

  @inline(__always)
  func value(_ node: Int) -> UnsafeMutablePointer<Double> { values + program.nodes[node].offset }

  /// Computes the entries of a node from those of its operands; `false` where there is no value.
  func compute(_ node: Node) -> Bool {
    let target = values + node.offset, count = node.count
    switch node.operation {
    case .input, .constant: break
    case .sum:
      let first = value(node.operands[0])
      for k in 0..<count { target[k] = first[k] }
      for operand in node.operands.dropFirst() {
        let other = value(operand)
        for k in 0..<count { target[k] += other[k] }
      }
    case .product: multiply(node, target)
    case .kronecker: kronecker(node, target)
    case .scale:
      let factor = value(node.operands[0])[0], source = value(node.operands[1])
      for k in 0..<count { target[k] = factor * source[k] }
    case .hadamard:
      let a = value(node.operands[0]), b = value(node.operands[1])
      for k in 0..<count { target[k] = a[k] * b[k] }
    case .transpose:
      let source = value(node.operands[0])
      for i in 0..<node.rows {
        for j in 0..<node.columns { target[i &* node.columns &+ j] = source[j &* node.rows &+ i] }
      }
    case .reshape:
      let source = value(node.operands[0])
      for k in 0..<count { target[k] = source[k] }
    case .diagonal:
      let source = value(node.operands[0])
      for k in 0..<node.rows { target[k &* (node.rows &+ 1)] = source[k] }
    case .assembly(let offsets):
      for (operand, offset) in zip(node.operands, offsets) {
        let block = program.nodes[operand], source = value(operand)
        for i in 0..<block.rows {
          for j in 0..<block.columns {
            target[offset &+ i &* node.columns &+ j] = source[i &* block.columns &+ j]
          }
        }
      }
    case .map(let primitive): return map(primitive, node, target)
    case .rowShift: shiftRows(node, target)
    case .norm(let norm): return measure(norm, node, target)
    case .maximum, .minimum: choose(node, target, isMaximum: node.operation == .maximum)
    case .derivative(let formula): return computeDerivative(formula, node)
    }
    return true
  }

  private func multiply(_ node: Node, _ target: UnsafeMutablePointer<Double>) {
    let inner = program.nodes[node.operands[0]].columns, width = node.columns
    let a = value(node.operands[0]), b = value(node.operands[1])
    for k in 0..<node.count { target[k] = 0 }
    for i in 0..<node.rows {
      let row = target + (i &* width)
      for k in 0..<inner {
        let factor = a[i &* inner &+ k]
        // Factors such as I ⊗ W are mostly zeros.
        if factor == 0 { continue }
        let source = b + (k &* width)
        for j in 0..<width { row[j] += factor * source[j] }
      }
    }
  }

  private func kronecker(_ node: Node, _ target: UnsafeMutablePointer<Double>) {
    let (left, right) = (program.nodes[node.operands[0]], program.nodes[node.operands[1]])
    let a = value(node.operands[0]), b = value(node.operands[1])
    for i in 0..<left.rows {
      for j in 0..<left.columns {
        let factor = a[i &* left.columns &+ j]
        for k in 0..<right.rows {
          let row = target + ((i &* right.rows &+ k) &* node.columns &+ j &* right.columns)
          for l in 0..<right.columns { row[l] = factor * b[k &* right.columns &+ l] }
        }
      }
    }
  }

  private func map(_ primitive: Primitive, _ node: Node, _ target: UnsafeMutablePointer<Double>) -> Bool {
    let source = value(node.operands[0])
    for k in 0..<node.count {
      let x = source[k]
      switch primitive {
      case .exponential: target[k] = exp(x)
      case .reciprocal:
        if x == 0 { return false }
        target[k] = 1 / x
      case .squareRoot:
        guard x >= 0 else { return false }
        target[k] = sqrt(x)
      case .reciprocalSquareRoot:
        guard x > 0 else { return false }
        target[k] = 1 / sqrt(x)
      case .positivePart: target[k] = x < 0 ? 0 : x
      case .step: target[k] = x > 0 ? 1 : 0
      case .logarithm:
        guard x > 0 else { return false }
        target[k] = log(x)
      case .normalDistribution: target[k] = erfc(-x * sqrt(0.5)) / 2
      case .normalDensity: target[k] = normalDensity(x)
      }
      guard target[k].isFinite else { return false }
    }
    return true
  }

  private func shiftRows(_ node: Node, _ target: UnsafeMutablePointer<Double>) {
    let source = value(node.operands[0])
    for i in 0..<node.rows {
      let row = i &* node.columns
      var largest = node.columns > 0 ? source[row] : 0
      for j in 0..<node.columns where source[row &+ j] > largest { largest = source[row &+ j] }
      for j in 0..<node.columns { target[row &+ j] = source[row &+ j] - largest }
    }
  }

  // MARK: Norms and maxima

  private func measure(_ norm: Norm, _ node: Node, _ target: UnsafeMutablePointer<Double>) -> Bool {
    let matrix = program.nodes[node.operands[0]], source = value(node.operands[0])
    switch norm {
    case .spectral: return measureSpectrally(matrix, source, target)
    case .frobenius: target[0] = length(source, matrix.count)
    case .largestRow, .rowSum:
      (target[0], target[1]) = (0, 0)
      for i in 0..<matrix.rows {
        let row = source + (i &* matrix.columns)
        var size = 0.0
        if norm == .largestRow { size = length(row, matrix.columns) }
        if norm == .rowSum { for j in 0..<matrix.columns { size += row[j].magnitude } }
        if !(size <= target[0]) { (target[0], target[1]) = (size, Double(i)) }
      }
    case .largestEntry:
      (target[0], target[1]) = (0, 0)
      for k in 0..<matrix.count where !(source[k].magnitude <= target[0]) {
        (target[0], target[1]) = (source[k].magnitude, Double(k))
      }
    case .diameter: measureDiameter(matrix, source, target)
    case .rowRange: measureRange(matrix, source, target)
    }
    return target[0].isFinite
  }

  /// The largest distance of two rows, and their indices.
  private func measureDiameter(
    _ matrix: Node, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    (target[0], target[1], target[2]) = (0, 0, 0)
    for i in 0..<matrix.rows {
      for j in 0..<i {
        var sum = 0.0
        for k in 0..<matrix.columns {
          let difference = source[i &* matrix.columns &+ k] - source[j &* matrix.columns &+ k]
          sum += difference * difference
        }
        if !(sum <= target[0]) { (target[0], target[1], target[2]) = (sum, Double(i), Double(j)) }
      }
    }
    target[0] = sqrt(target[0])
  }

  /// The largest difference of two entries of one row, and their indices.
  private func measureRange(
    _ matrix: Node, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    (target[0], target[1], target[2]) = (0, 0, 0)
    for i in 0..<matrix.rows {
      let row = (i &* matrix.columns)..<((i &+ 1) &* matrix.columns)
      guard let high = row.max(by: { source[$0] < source[$1] }), let low = row.min(by: { source[$0] < source[$1] })
      else { continue }
      let range = source[high] - source[low]
      if !(range <= target[0]) { (target[0], target[1], target[2]) = (range, Double(high), Double(low)) }
    }
  }

  private func length(_ entries: UnsafePointer<Double>, _ count: Int) -> Double {
    var sum = 0.0
    for k in 0..<count { sum += entries[k] * entries[k] }
    return sqrt(sum)
  }

  /// The largest singular value; behind it, for the derivative, its left and right singular vectors.
  private func measureSpectrally(
    _ matrix: Node, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) -> Bool {
    let (rows, columns) = (matrix.rows, matrix.columns)
    if rows == 1 || columns == 1 {
      target[0] = length(source, matrix.count)
      let scale = target[0] > 0 ? 1 / target[0] : 0
      if rows == 1 {
        target[1] = 1
        for j in 0..<columns { target[2 &+ j] = source[j] * scale }
      } else {
        for i in 0..<rows { target[1 &+ i] = source[i] * scale }
        target[1 &+ rows] = 1
      }
      return target[0].isFinite
    }
    let copy = Matrix<Double>(
      rows: rows, columns: columns, entries: Array(UnsafeBufferPointer(start: source, count: matrix.count)))
    guard let (left, singular, right) = try? LinearAlgebra.thinSingularValueDecomposition(of: copy) else {
      return false
    }
    target[0] = singular.first ?? 0
    guard !singular.isEmpty else { return true }
    for i in 0..<rows { target[1 &+ i] = left.entries[i &* left.columns] }
    for j in 0..<columns { target[1 &+ rows &+ j] = right.entries[j] }
    return true
  }

  private func choose(_ node: Node, _ target: UnsafeMutablePointer<Double>, isMaximum: Bool) {
    var chosen = 0
    for (index, operand) in node.operands.enumerated() {
      let candidate = value(operand)[0], best = value(node.operands[chosen])[0]
      if candidate.isNaN || (isMaximum ? candidate > best : candidate < best) { chosen = index }
      if candidate.isNaN { break }
    }
    target[0] = value(node.operands[chosen])[0]
    target[1] = Double(chosen)
  }
}
