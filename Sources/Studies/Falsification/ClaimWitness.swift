import Arithmetic
import Evaluation
import Formulas
import Transformers

/// An exact point at which a statement `left ≤ right` is said to be violated.
///
/// It proves nothing by itself: its certificate does.
public struct ClaimWitness: Sendable {
  /// What the statement is called, such as `P1`.
  public let subject: String
  public let statement: Judgement
  /// A rational matrix for each symbol of the statement, and a number for each of its size names.
  public let point: Environment<Rational>

  /// - Errors: a matrix that is missing or has another shape than the sizes say.
  public init(subject: String, statement: Judgement, point: Environment<Rational>) throws(InstanceError) {
    (self.subject, self.statement) = (subject, statement)
    var checked = Environment<Rational>(sizes: point.sizes.filter { statement.sizeNames.contains($0.key) })
    for symbol in statement.freeMatrices {
      guard let matrix = point[symbol] else {
        throw InstanceError("", "there is no matrix \(symbol)", advice: "add \"\(symbol)\"")
      }
      let rows = symbol.shape.rows.value { checked.sizes[$0] },
        columns = symbol.shape.columns.value { checked.sizes[$0] }
      guard let rows, let columns else {
        throw InstanceError(
          "sizes", "the size of \(symbol), \(symbol.shape), has no number", advice: "give one for each of its names")
      }
      guard matrix.rows == rows, matrix.columns == columns else {
        throw InstanceError(
          symbol.name, "it is \(matrix.rows)×\(matrix.columns), but \(symbol.shape) is \(rows)×\(columns)",
          advice: "give a matrix of that shape, or other sizes")
      }
      checked[symbol] = matrix
    }
    self.point = checked
  }

  /// Decides the statement at the point; where `max(x, 0)` has its kink there, it says nothing.
  ///
  /// - Errors: those of `Certification`.
  public func certification(precisionLimit: Int = 2048) throws -> Certification {
    let certification = try Certification(statement, at: point, precisionLimit: precisionLimit)
    guard try hasKink() else { return certification }
    return Certification(
      .undecided("an entry under max(x, 0) is zero there, where the derivatives in the statement do not exist"),
      left: certification.left, right: certification.right, precision: certification.precision)
  }

  /// Whether an entry of a matrix under `max(x, 0)` or the step function is zero at the point.
  private func hasKink() throws(EvaluationError) -> Bool {
    let evaluator = Evaluator(point)
    for matrix in statement.kinks where try evaluator.value(of: matrix).entries.contains(where: \.isZero) {
      return true
    }
    return false
  }

  /// The point as the instance of a layer; `nil` where the free matrices are not those of a layer.
  public var layer: LayerInstance? {
    func matrix(_ name: String) -> Matrix<Rational>? {
      statement.freeMatrices.first { $0.name == name }.flatMap { point[$0] }
    }
    guard Set(statement.freeMatrices.map(\.name)) == Self.layerNames, let X = matrix("X"), let Y = matrix("Y"),
      let query = matrix("W_Q"), let key = matrix("W_K"), let value = matrix("W_V")
    else { return nil }
    return try? LayerInstance(
      kernel: statement.kernel, samples: [.init(input: X, target: .matrix(Y))],
      heads: [.init(query: query, key: key, value: value)])
  }

  /// How hard the entries are to read: the digits of all of them.
  var complexity: Int {
    statement.freeMatrices.compactMap { point[$0] }.flatMap(\.entries).reduce(0) {
      $0 + ($1.isZero ? 0 : $1.description.utf8.count)
    }
  }

  static let layerNames: Set<String> = ["X", "Y", "W_Q", "W_K", "W_V"]
}

extension Judgement {
  /// The symbols and variables of both sides, in order of first occurrence.
  public var freeMatrices: [Symbol] {
    var symbols: [Symbol] = []
    for symbol in [left, right].flatMap({ $0.symbols + $0.variables }) where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    return symbols
  }

  /// The matrices of which `max(x, 0)` or the step function is taken, each once.
  var kinks: [Formula] {
    var seen: Set<Formula> = [], found: [Formula] = []
    func visit(_ formula: Formula) {
      guard seen.insert(formula).inserted else { return }
      if formula.operator == .map(.positivePart) || formula.operator == .map(.step),
        !found.contains(formula.operands[0])
      {
        found.append(formula.operands[0])
      }
      formula.operands.forEach(visit)
    }
    visit(left)
    visit(right)
    return found
  }

  /// The attention kernel that a statement about a layer is about, by the functions in it.
  var kernel: AttentionKernel {
    func occurs(_ condition: (Formula) -> Bool) -> Bool {
      left.containsSubformula(where: condition) || right.containsSubformula(where: condition)
    }
    if occurs({ $0.kind == .call }) { return .softmax }
    return occurs { $0.operator == .map(.exponential) } ? .gaussian : .linear
  }
}
