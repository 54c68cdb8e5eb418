import Arithmetic
import Evaluation
import Formulas

/// What the differentials of the inputs are replaced by.
struct Seed {
  /// For an input's node the term in its place; its outputs are the input's axes, and behind them `width` more.
  let terms: [Int: Term]
  let width: Int
}

struct TangentKey: Hashable {
  let node: Int
  let seed: Int
}

extension Lowering {
  /// `∂vec_r(F)/∂vec_r(W)`: the differential of `W` is a pair of deltas.
  mutating func jacobian(_ F: Formula, _ W: Formula) throws(EvaluationError) -> IndexedMatrix {
    let value = try lower(F), (seed, count) = try deltaSeed(W)
    let terms = try tangent(of: value.terms, seed).map { term in
      term.withOutputs { [$0[0] + $0[1], $0[2] + $0[3]] }
    }
    return IndexedMatrix(rows: value.rows * value.columns, columns: count, terms: terms)
  }

  /// `(vec_r(G)ᵀ ⊗ I) ∂B/∂W`.
  mutating func contraction(_ G: Formula, _ B: Formula, _ W: Formula) throws(EvaluationError) -> IndexedMatrix {
    let seedValue = try lower(G), value = try lower(B), (seed, count) = try deltaSeed(W)
    let column = seedValue.terms.map { $0.withOutputs { [$0[0] + $0[1], []] } }
    var result = IndexedMatrix(rows: value.columns, columns: count, terms: [])
    // Term by term: the derivative of a product need not be formed to be contracted.
    for term in try tangent(of: value.terms, seed) {
      let derivative = term.withOutputs { [$0[0], $0[1], $0[2] + $0[3]] }
      result.terms += contracted([derivative], 0, column, 0, keeping: [1, 2], [])
    }
    return result
  }

  /// `∇_W⟨G, F⟩`, in reverse.
  mutating func pullback(_ F: Formula, _ W: Formula, _ G: Formula) throws(EvaluationError) -> IndexedMatrix {
    let value = try lower(F), cotangent = try lower(G), node = try input(W)
    let (rows, columns) = (graph[node].extents[0], graph[node].extents[1])
    let zero = IndexedMatrix(rows: rows, columns: columns, terms: [])
    guard let seed = graph.wrapped(cotangent.terms) else { return zero }
    let dependent = dependents(on: node)
    if value.terms.contains(where: { $0.factors.contains { isAssembled($0.node, dependent) } }) {
      return try transposedJacobian(F, W, cotangent, rows, columns)
    }
    var adjoints: [Int: [Term]] = [:]
    try reverse(value.terms, seed, dependent, into: &adjoints)
    var index = graph.nodes.count - 1
    while index > node {
      defer { index -= 1 }
      guard dependent.contains(index), let own = adjoints.removeValue(forKey: index), let adjoint = graph.wrapped(own)
      else { continue }
      switch graph[index].kind {
      case .input, .held: continue
      case .sum(let terms): try reverse(terms, adjoint, dependent, into: &adjoints)
      case .rowShift(let operand), .vanishing(let operand): adjoints[operand, default: []].append(adjoint)
      case .map(let function, let operand):
        if let term = scaled(adjoint, bySlopeOf: function, index, operand) {
          adjoints[operand, default: []].append(term)
        }
      case .norm, .maximum, .minimum: throw Self.unsupported
      case .assembly: preconditionFailure("differentiated forwards")
      }
    }
    return IndexedMatrix(rows: rows, columns: columns, terms: (adjoints[node] ?? []).map { $0.canonical() })
  }

  /// The derivative of formulas along matrices in the place of the differentials of inputs.
  ///
  /// - Parameter directions: for each input symbol a node of its shape, or of such matrices one after the other.
  mutating func directionalDerivative(
    of formula: Formula, along directions: [(symbol: Symbol, node: Int)]
  ) throws(EvaluationError) -> [Term] {
    var terms: [Int: Term] = [:]
    var width = 0
    for (symbol, direction) in directions {
      let node = try input(.symbol(symbol)), extents = graph[direction].extents
      width = extents.count - 2
      let axes = extents.indices.map { [$0] }
      terms[node] = Term(
        factors: [Factor(node: direction, axes: axes)], extents: extents,
        outputs: Array(axes[width...]) + Array(axes[..<width]))
    }
    let value = try lower(formula)
    seeds.append(Seed(terms: terms, width: width))
    return try tangent(of: value.terms, seeds.count - 1)
  }

  // MARK: Forwards

  private mutating func deltaSeed(_ W: Formula) throws(EvaluationError) -> (seed: Int, count: Int) {
    let node = try input(W), extents = graph[node].extents
    if let known = seeds.firstIndex(where: {
      $0.width == 2 && $0.terms.count == 1 && $0.terms[node]?.factors.isEmpty == true
    }) {
      return (known, extents[0] * extents[1])
    }
    let delta = Term(extents: extents, outputs: [[0], [1], [0], [1]])
    seeds.append(Seed(terms: [node: delta], width: 2))
    return (seeds.count - 1, extents[0] * extents[1])
  }

  private func input(_ W: Formula) throws(EvaluationError) -> Int {
    if let term = scope[W]?.terms.first, term.factors.count == 1, case .input = graph[term.factors[0].node].kind {
      return term.factors[0].node
    }
    throw .arithmetic(.unsupported("a derivative by what is no input of the program"), at: W.description)
  }

  /// The derivative of a sum of terms, its outputs and those of the seed.
  mutating func tangent(of terms: [Term], _ seed: Int) throws(EvaluationError) -> [Term] {
    var result: [Term] = []
    for term in terms {
      for index in term.factors.indices {
        guard let derivative = graph.wrapped(try tangent(ofNode: term.factors[index].node, seed)) else { continue }
        result.append(graph.substituted(index, of: term, by: derivative).canonical())
      }
    }
    return result
  }

  private mutating func tangent(ofNode node: Int, _ seed: Int) throws(EvaluationError) -> [Term] {
    let key = TangentKey(node: node, seed: seed)
    if let known = tangents[key] { return known }
    let terms = try computeTangent(node, seed).map { $0.canonical() }.filter { !$0.isEmpty }
    tangents[key] = terms
    return terms
  }

  private mutating func computeTangent(_ node: Int, _ seed: Int) throws(EvaluationError) -> [Term] {
    switch graph[node].kind {
    case .input: return seeds[seed].terms[node].map { [$0] } ?? []
    case .sum(let terms): return try tangent(of: terms, seed)
    case .held: return []
    case .rowShift(let operand), .vanishing(let operand): return try tangent(ofNode: operand, seed)
    case .map(let function, let operand):
      guard let inner = graph.wrapped(try tangent(ofNode: operand, seed)) else { return [] }
      return scaled(inner, bySlopeOf: function, node, operand).map { [$0] } ?? []
    case .norm, .maximum, .minimum:
      for operand in graph[node].operands where !(try tangent(ofNode: operand, seed).isEmpty) { throw Self.unsupported }
      return []
    case .assembly(let pieces):
      var derivatives: [TensorNode.Piece] = []
      var extra: [Int] = []
      for piece in pieces {
        let terms = try tangent(ofNode: piece.node, seed)
        guard let first = terms.first else { continue }
        let extents = graph[piece.node].extents
        extra = first.outputs[extents.count...].map { first.extent(of: $0) }
        derivatives.append(.init(node: graph.sum(terms, extents + extra), row: piece.row, column: piece.column))
      }
      if derivatives.isEmpty { return [] }
      let extents = graph[node].extents + extra
      let assembled = graph.add(.assembly(derivatives), extents)
      let axes = extents.indices.map { [$0] }
      return [Term(factors: [Factor(node: assembled, axes: axes)], extents: extents, outputs: axes)]
    }
  }

  private static var unsupported: EvaluationError {
    .arithmetic(.unsupported("the derivative of a norm, a maximum or a minimum"), at: "a contraction program")
  }

  /// Multiplies by the slope of an elementwise function; `nil` where that is zero.
  private mutating func scaled(
    _ term: Term, bySlopeOf function: TensorFunction, _ value: Int, _ operand: Int
  ) -> Term? {
    var term = term
    let axes = Array(term.outputs[..<graph[value].extents.count])
    func multiply(_ node: Int) { term.factors.append(Factor(node: node, axes: axes)) }
    switch function {
    case .exponential: multiply(value)
    case .reciprocal:
      multiply(value)
      multiply(value)
      term.constants.append(graph.constant(.integer(-1)))
    case .squareRoot:
      multiply(graph.add(.map(.reciprocal, value), graph[value].extents))
      term.constants.append(graph.constant(Formula.integer(2).inverse))
    case .positivePart: multiply(graph.add(.map(.step, operand), graph[operand].extents))
    case .step: return nil
    case .logarithm: multiply(graph.add(.map(.reciprocal, operand), graph[operand].extents))
    case .normalDistribution: multiply(graph.add(.map(.normalDensity, operand), graph[operand].extents))
    case .normalDensity:
      multiply(operand)
      multiply(value)
      term.constants.append(graph.constant(.integer(-1)))
    }
    term.constants.sort()
    return term
  }

  // MARK: In reverse

  private func dependents(on input: Int) -> Set<Int> {
    var result: Set<Int> = [input]
    for index in graph.nodes.indices.dropFirst(input + 1) {
      if case .held = graph[index].kind { continue }
      if graph[index].operands.contains(where: result.contains) { result.insert(index) }
    }
    return result
  }

  private func isAssembled(_ node: Int, _ dependent: Set<Int>) -> Bool {
    var pending = [node], seen: Set<Int> = []
    while let next = pending.popLast() {
      guard dependent.contains(next), seen.insert(next).inserted else { continue }
      if case .assembly = graph[next].kind { return true }
      pending += graph[next].operands
    }
    return false
  }

  /// Passes the adjoint of a sum of terms on to the tensors in it.
  private mutating func reverse(
    _ terms: [Term], _ adjoint: Term, _ dependent: Set<Int>, into adjoints: inout [Int: [Term]]
  ) throws(EvaluationError) {
    for term in terms {
      for index in term.factors.indices where dependent.contains(term.factors[index].node) {
        let count = term.outputs.count, axes = term.factors[index].axes
        func attempt(_ adjoint: Term) -> Term? {
          var result = term
          result.factors.remove(at: index)
          let shift = result.absorb(adjoint)
          result.outputs += adjoint.outputs.map { $0.map { $0 + shift } } + axes
          for output in 0..<count where result.unify(result.outputs[output], result.outputs[count + output]) == nil {
            return nil
          }
          result.outputs = Array(result.outputs[(2 * count)...]) + [result.outputs[..<count].flatMap { $0 }]
          return result
        }
        guard let result = attempt(adjoint) ?? attempt(graph.splittable(adjoint)) else {
          preconditionFailure("a tensor of its own can be split at will")
        }
        adjoints[term.factors[index].node, default: []].append(graph.countingLast(result))
      }
    }
  }

  /// `(∂F/∂W)ᵀ vec_r(G)`, by forward derivatives.
  private mutating func transposedJacobian(
    _ F: Formula, _ W: Formula, _ cotangent: IndexedMatrix, _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> IndexedMatrix {
    let value = try lower(F), (seed, _) = try deltaSeed(W)
    var result = IndexedMatrix(rows: rows, columns: columns, terms: [])
    let column = cotangent.terms.map { $0.withOutputs { [$0[0] + $0[1], []] } }
    for term in try tangent(of: value.terms, seed) {
      let derivative = term.withOutputs { [$0[0] + $0[1], $0[2], $0[3]] }
      result.terms += contracted([derivative], 0, column, 0, keeping: [1, 2], [])
    }
    return result
  }
}
