import Formulas

/// The least bounds of the norms in a graph at one witness.
struct WitnessPoint {
  /// The value of a bound and the number of steps that lead to it; fewer steps decide between equal values.
  struct Value {
    var value: Double
    var steps: Int
    static let unknown = Value(value: .infinity, steps: 0)

    func isBetter(than other: Value) -> Bool {
      if other.value.isInfinite { return value.isFinite }
      let tolerance = 1e-10 * other.value
      if value < other.value - tolerance { return true }
      return value <= other.value + tolerance && steps < other.steps
    }
  }

  let witness: BoundSearch.Witness
  private(set) var best: [Value] = []
  /// For each node the option that gives its best value. Choices never lead back to where they start, so that a chain of
  /// them ends: roots could otherwise improve a bound by itself for ever, as `v ≤ √(√m v)` does while `v > √m`.
  private(set) var choice: [Int?] = []
  private var constants: [Formula: Double] = [:]

  init(witness: @escaping BoundSearch.Witness) { self.witness = witness }

  /// Relaxes the nodes that are new; earlier ones do not lead to them.
  mutating func relax(_ nodes: [BoundNode], _ allowed: Set<Formula>) throws {
    let known = best.count
    for node in nodes[known...] {
      best.append(allowed.contains(node.norm) ? Value(value: try witness(node.norm), steps: 0) : .unknown)
      choice.append(nil)
    }
    // A node is looked at again where one of its inputs, or it itself, has changed since; `stamp` counts the looks.
    var stamp = 1, looked = [Int](repeating: 0, count: nodes.count - known)
    var changed = [Int](repeating: 1, count: nodes.count)
    var hasChanged = known < nodes.count
    var sweeps = 0
    while hasChanged, sweeps <= nodes.count - known {
      hasChanged = false
      sweeps += 1
      for i in (known..<nodes.count).reversed() {
        let last = looked[i - known]
        guard changed[i] > last || nodes[i].inputs.contains(where: { changed[$0] > last }) else { continue }
        looked[i - known] = stamp
        stamp += 1
        let options = nodes[i].options ?? []
        for k in options.indices {
          var candidate = try value(options[k].weight)
          candidate.steps += options[k].steps.count
          guard candidate.isBetter(than: best[i]) else { continue }
          // What is refused now may be taken later.
          changed[i] = stamp
          guard !choices(of: options[k].inputs, in: nodes, leadTo: i) else { continue }
          best[i] = candidate
          choice[i] = k
          hasChanged = true
        }
      }
    }
  }

  /// Whether the present bound of one of the nodes makes use of that of another node.
  private func choices(of inputs: [Int], in nodes: [BoundNode], leadTo target: Int) -> Bool {
    var pending = inputs, seen = Set(inputs)
    while let i = pending.popLast() {
      if i == target { return true }
      guard let chosen = choice[i], let option = nodes[i].options?[chosen] else { continue }
      for input in option.inputs where seen.insert(input).inserted { pending.append(input) }
    }
    return false
  }

  mutating func value(_ weight: BoundNode.Weight) throws -> Value {
    switch weight {
    case .constant(let formula):
      if let known = constants[formula] { return Value(value: known, steps: 0) }
      let value = try witness(formula)
      constants[formula] = value
      return Value(value: value, steps: 0)
    case .node(let i): return best[i]
    case .sum(let terms):
      var sum = Value(value: 0, steps: 0)
      for term in terms {
        let term = try value(term)
        sum = Value(value: sum.value + term.value, steps: sum.steps + term.steps)
      }
      return sum
    case .product(let factors):
      var product = Value(value: 1, steps: 0)
      for factor in factors {
        let factor = try value(factor)
        // An unknown norm times zero is unknown.
        let isUnknown = product.value.isInfinite || factor.value.isInfinite
        product = Value(
          value: isUnknown ? .infinity : product.value * factor.value, steps: product.steps + factor.steps)
      }
      return product
    case .squareRoot(let radicand):
      let radicand = try value(radicand)
      return Value(value: radicand.value.squareRoot(), steps: radicand.steps)
    }
  }
}
