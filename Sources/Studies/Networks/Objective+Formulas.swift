import Formulas
import Transformers

/// What occurs in a loss.
extension Objective {
  /// All size names of the data and the weights, sorted.
  public var sizeNames: [String] {
    let symbols = [model.input, target] + model.parameters + model.constants
    return Set(symbols.flatMap { $0.shape.rows.names + $0.shape.columns.names }).sorted()
  }

  /// The sizes under square roots, such as `d_K`; of a product such as `k·m` each.
  var radicands: [Size] {
    let sizes = parts { formula -> Size? in
      guard formula.operator == .map(.squareRoot), case .size(let size) = formula.operands[0].operator else {
        return nil
      }
      return size
    }
    return sizes.flatMap { size -> [Size] in
      let names = size.names.map { Size($0) }
      return size == names.reduce(Size(1), *) ? names : [size]
    }
  }

  /// The matrices of which `max(x, 0)` is taken: the loss has no derivative where an entry of them is zero.
  public var kinks: [Formula] {
    parts { $0.operator == .map(.positivePart) ? $0.operands[0] : nil }
  }

  /// The parts of the output that are selected, each once.
  private func parts<Part: Hashable>(_ select: (Formula) -> Part?) -> [Part] {
    var seen: Set<Formula> = [], found: [Part] = []
    func visit(_ formula: Formula) {
      guard seen.insert(formula).inserted else { return }
      if let part = select(formula), !found.contains(part) { found.append(part) }
      formula.operands.forEach(visit)
    }
    visit(model.output)
    return found
  }
}
