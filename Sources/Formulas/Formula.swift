/// A matrix formula: an operator applied to formulas, with its symbolic shape. Immutable; equality is structural.
public struct Formula: Hashable, Sendable {
  @usableFromInline
  final class Node: Sendable {
    @usableFromInline let `operator`: Operator
    @usableFromInline let operands: [Formula]
    @usableFromInline let shape: Shape
    @usableFromInline let kind: Operator.Kind
    @usableFromInline let hash: Int
    /// A bit for each symbol that occurs, by hash: a quick "does not occur".
    let occurrences: UInt64

    init(_ op: Operator, _ operands: [Formula], _ shape: Shape) {
      (self.operator, self.operands, self.shape, kind) = (op, operands, shape, op.kind)
      var hasher = Hasher()
      hasher.combine(op)
      hasher.combine(shape)
      var mask: UInt64 = 0
      for operand in operands {
        hasher.combine(operand.node.hash)
        mask |= operand.node.occurrences
      }
      hash = hasher.finalize()
      switch op {
      case .symbol, .variable: mask |= 1 << UInt64(UInt(bitPattern: hash) % 64)
      default: break
      }
      occurrences = mask
    }
  }
  @usableFromInline let node: Node

  @inlinable public var `operator`: Operator { node.operator }
  @inlinable public var operands: [Formula] { node.operands }
  @inlinable public var shape: Shape { node.shape }
  /// The kind of the operator.
  @inlinable public var kind: Operator.Kind { node.kind }

  public static func == (a: Formula, b: Formula) -> Bool {
    a.node === b.node || (a.node.hash == b.node.hash && a.hasSameParts(as: b))
  }
  private func hasSameParts(as other: Formula) -> Bool {
    kind == other.kind && self.operator == other.operator && shape == other.shape && operands == other.operands
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(node.hash) }

  /// An operator without operands that needs its shape: a symbol's is its own, `identity`, `zero` and `ones` take any.
  init(leaf op: Operator, _ shape: Shape) { node = Node(op, [], shape) }

  /// Applies an operator. Sums, products and Kronecker products are flattened, nothing is simplified.
  ///
  /// - Precondition: the shapes of the operands fit the operator; the message names them.
  public init(_ op: Operator, _ operands: [Formula]) {
    switch Formula.applied(op, operands) {
    case .success(let formula): self = formula
    case .failure(let error): preconditionFailure(error.description)
    }
  }

  /// Applies an operator, or says why the operands do not fit it: what a checker of untrusted proofs uses.
  public static func applied(_ op: Operator, _ operands: [Formula]) -> Result<Formula, ShapeError> {
    var operands = operands
    let kind = op.kind
    if kind == .sum || kind == .product || kind == .kronecker {
      if operands.contains(where: { $0.kind == kind }) {
        operands = operands.flatMap { $0.kind == kind ? $0.operands : [$0] }
      }
      if operands.count == 1 { return .success(operands[0]) }
    }
    guard let shape = op.shape(of: operands) else { return .failure(ShapeError(operator: op, operands: operands)) }
    return .success(Formula(node: Node(op, operands, shape)))
  }

  /// The same formula with operands equal to its own.
  func replacingOperands(_ operands: [Formula]) -> Formula { Formula(node: Node(self.operator, operands, shape)) }

  private init(node: Node) { self.node = node }
}

/// Operands whose number or shapes do not fit an operator.
public struct ShapeError: Error, CustomStringConvertible, Sendable {
  public let `operator`: Operator
  public let operands: [Formula]
  public var description: String {
    "\(self.operator) does not accept " + operands.map { "\($0) : \($0.shape)" }.joined(separator: ", ")
  }
}

extension Operator {
  /// The shape rule of every operator; `nil` when the operands do not fit.
  func shape(of operands: [Formula]) -> Shape? {
    let shapes = operands.map(\.shape)
    func count(_ n: Int) -> Bool { shapes.count == n }
    func allEqual() -> Bool { !shapes.isEmpty && shapes.allSatisfy { $0 == shapes[0] } }
    switch self {
    case .symbol(let s), .variable(let s): return count(0) ? s.shape : nil
    case .integer, .size: return count(0) ? .scalar : nil
    case .identity, .zero, .ones: return nil
    case .commutation(let m, let n): return count(0) ? Shape(m * n, m * n) : nil
    case .sum: return allEqual() ? shapes[0] : nil
    case .maximum, .minimum: return allEqual() && shapes[0] == .scalar ? .scalar : nil
    case .hadamard: return count(2) && allEqual() ? shapes[0] : nil
    case .product:
      guard !shapes.isEmpty, zip(shapes, shapes.dropFirst()).allSatisfy({ $0.columns == $1.rows }) else { return nil }
      return Shape(shapes[0].rows, shapes[shapes.count - 1].columns)
    case .kronecker:
      guard !shapes.isEmpty else { return nil }
      return shapes.dropFirst().reduce(shapes[0]) { Shape($0.rows * $1.rows, $0.columns * $1.columns) }
    case .scale: return count(2) && shapes[0] == .scalar ? shapes[1] : nil
    case .transpose: return count(1) ? shapes[0].transposed : nil
    case .vectorize: return count(1) ? Shape(shapes[0].count, 1) : nil
    case .diagonal: return count(1) && shapes[0].columns.isOne ? Shape(shapes[0].rows, shapes[0].rows) : nil
    case .blockDiagonal:
      guard !shapes.isEmpty else { return nil }
      return shapes.dropFirst().reduce(shapes[0]) { Shape($0.rows + $1.rows, $0.columns + $1.columns) }
    case .blocks(let rows): return Operator.gridShape(shapes, rows: rows)
    case .map: return count(1) ? shapes[0] : nil
    case .call(let function): return shapes.isEmpty ? nil : function.shape(shapes)
    case .jacobian: return count(2) && operands[1].isVariable ? Shape(shapes[0].count, shapes[1].count) : nil
    case .pullback: return count(3) && operands[1].isVariable && shapes[0] == shapes[2] ? shapes[1] : nil
    case .contraction:
      guard count(3), operands[2].isVariable, shapes[0].count == shapes[1].rows else { return nil }
      return Shape(shapes[1].columns, shapes[2].count)
    case .norm: return count(1) ? .scalar : nil
    }
  }

  private static func gridShape(_ shapes: [Shape], rows: Int) -> Shape? {
    guard rows > 0, !shapes.isEmpty, shapes.count % rows == 0 else { return nil }
    let columns = shapes.count / rows
    for i in 0..<rows {
      for j in 0..<columns {
        let s = shapes[i * columns + j]
        guard s.rows == shapes[i * columns].rows, s.columns == shapes[j].columns else { return nil }
      }
    }
    return Shape(
      (0..<rows).reduce(Size(0)) { $0 + shapes[$1 * columns].rows },
      (0..<columns).reduce(Size(0)) { $0 + shapes[$1].columns })
  }
}
