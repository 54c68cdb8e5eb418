import Formulas

/// An elementwise function of a tensor program; the raw values are those of `contraction_function`.
enum TensorFunction: Int32, Hashable, Sendable {
  case exponential, reciprocal, squareRoot, positivePart, step, logarithm, normalDistribution, normalDensity

  /// The functions that are applied one after the other for an elementwise function of formulas.
  static func composition(of primitive: Primitive) -> [TensorFunction] {
    switch primitive {
    case .exponential: [.exponential]
    case .reciprocal: [.reciprocal]
    case .squareRoot: [.squareRoot]
    case .reciprocalSquareRoot: [.squareRoot, .reciprocal]
    case .positivePart: [.positivePart]
    case .step: [.step]
    case .logarithm: [.logarithm]
    case .normalDistribution: [.normalDistribution]
    case .normalDensity: [.normalDensity]
    }
  }
}

/// A dense tensor of a program.
struct TensorNode {
  enum Kind: Hashable {
    /// An input matrix, by its position; with a batch its first axis counts the matrices.
    case input(Int)
    case sum([Term])
    case map(TensorFunction, Int)
    /// Each row less its largest entry.
    case rowShift(Int)
    case norm(Norm, Int)
    case maximum([Int]), minimum([Int])
    /// A tensor that counts as constant when it comes to derivatives.
    case held(Int)
    /// Zeros, with the derivative of a tensor: that of `F − Y` where `Y` is the value of `F`.
    case vanishing(Int)
    /// Matrices set into zeros; all have the axes after the first two.
    case assembly([Piece])
  }

  struct Piece: Hashable {
    let node: Int
    let row: Int
    let column: Int
  }

  let kind: Kind
  let extents: [Int]
  /// Whether it depends on nothing but the inputs that are bound once.
  let isFixed: Bool

  /// The number of entries; `Int.max` where it is no `Int`.
  var count: Int { extents.reduce(1) { $0.saturatingProduct($1) } }

  /// The nodes it is computed from.
  var operands: [Int] {
    switch kind {
    case .input: []
    case .sum(let terms): terms.flatMap { $0.factors.map(\.node) }
    case .map(_, let node), .rowShift(let node), .norm(_, let node), .held(let node), .vanishing(let node): [node]
    case .maximum(let nodes), .minimum(let nodes): nodes
    case .assembly(let pieces): pieces.map(\.node)
    }
  }
}

/// Tensors that are computed from each other; equal tensors are one node, and operands come before what uses them.
struct TensorGraph {
  private struct Key: Hashable {
    let kind: TensorNode.Kind
    let extents: [Int]
  }

  private(set) var nodes: [TensorNode] = []
  /// Closed 1×1 formulas that occur as coefficients.
  private(set) var constants: [Formula] = []
  private var known: [Key: Int] = [:]
  private var knownConstants: [Formula: Int] = [:]

  subscript(node: Int) -> TensorNode { nodes[node] }

  mutating func constant(_ formula: Formula) -> Int {
    if let index = knownConstants[formula] { return index }
    constants.append(formula)
    knownConstants[formula] = constants.count - 1
    return constants.count - 1
  }

  mutating func add(_ kind: TensorNode.Kind, _ extents: [Int], isFixed: Bool? = nil) -> Int {
    let key = Key(kind: kind, extents: extents)
    if let node = known[key] { return node }
    var node = TensorNode(kind: kind, extents: extents, isFixed: false)
    node = TensorNode(
      kind: kind, extents: extents, isFixed: isFixed ?? node.operands.allSatisfy { nodes[$0].isFixed })
    nodes.append(node)
    known[key] = nodes.count - 1
    return nodes.count - 1
  }

  /// Whether the node is in the graph already.
  func find(_ kind: TensorNode.Kind, _ extents: [Int]) -> Int? { known[Key(kind: kind, extents: extents)] }

  /// The sum of terms as a tensor with the terms' outputs as axes.
  mutating func sum(_ terms: [Term], _ extents: [Int]) -> Int {
    let terms = terms.map { $0.canonical() }
    if terms.count == 1, let only = terms[0].copiedNode(extents, nodes) { return only }
    return add(.sum(terms), extents)
  }

  /// The most factors of a term that is multiplied by another. Without a limit, formulas that share parts would be taken
  /// apart into products of exponential length.
  static let mostFactors = 16

  /// The same value as one term: where there are several, or many factors, as a tensor of its own.
  mutating func wrapped(_ terms: [Term]) -> Term? {
    terms.count == 1 && terms[0].factors.count <= Self.mostFactors ? terms[0] : tensor(of: terms)
  }

  /// The value as one term with one factor, a tensor of its own, times what is repeated; `nil` for no terms.
  ///
  /// What is a delta or a repetition in all terms stays so and takes no axis.
  mutating func tensor(of terms: [Term]) -> Term? {
    guard !terms.isEmpty else { return nil }
    let (terms, digits) = Term.aligned(terms)
    // digits[d] are positions in the outputs: (output, range of its labels).
    var classes: [[Int]] = []
    for digit in digits.indices {
      let match = classes.firstIndex { members in
        terms.allSatisfy { $0.labels(digits[members[0]]) == $0.labels(digits[digit]) }
      }
      if let match { classes[match].append(digit) } else { classes.append([digit]) }
    }
    var result = Term()
    var label = Array(repeating: 0, count: digits.count)
    var axes: [[Int]] = [], kept: [Int] = []
    let used = terms.map(\.usedLabels)
    for members in classes {
      let first = digits[members[0]]
      let new = result.addLabel(terms[0].extent(of: terms[0].labels(first)))
      for member in members { label[member] = new }
      let isRepeated = zip(terms, used).allSatisfy { term, used in
        let own = Set(term.labels(first))
        return own.isDisjoint(with: used)
          && classes.allSatisfy { $0[0] == members[0] || own.isDisjoint(with: term.labels(digits[$0[0]])) }
      }
      if !isRepeated {
        axes.append([new])
        kept.append(members[0])
      }
    }
    result.outputs = terms[0].outputs.indices.map { output in
      digits.indices.filter { digits[$0].output == output }.map { label[$0] }
    }
    let own = terms.map { term in
      var own = term
      own.outputs = kept.map { term.labels(digits[$0]) }
      return own
    }
    result.factors = [Factor(node: sum(own, axes.map { result.extents[$0[0]] }), axes: axes)]
    return result
  }
}

/// One label of an output, or all of them as one.
struct Digit: Hashable {
  let output: Int
  let index: Int?
}

extension Term {
  func labels(_ digit: Digit) -> [Int] {
    digit.index.map { [outputs[digit.output][$0]] } ?? outputs[digit.output]
  }

  /// Terms with the same outputs, their labels split so that each digit of an output is as fine in one as in the other; an
  /// output for which there is no such splitting is one digit.
  static func aligned(_ given: [Term]) -> (terms: [Term], digits: [Digit]) {
    var terms = given.map { $0.canonical() }
    let count = terms[0].outputs.count
    var isWhole = Array(repeating: false, count: count)
    var changed = terms.count > 1
    while changed {
      changed = false
      for output in 0..<count where !isWhole[output] {
        let boundaries = Set(terms.flatMap { $0.boundaries(output) }).sorted()
        guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $1.isMultiple(of: $0) }) else {
          isWhole[output] = true
          continue
        }
        for t in terms.indices { if terms[t].refine(output, boundaries) { changed = true } }
      }
    }
    let digits = (0..<count).flatMap { output -> [Digit] in
      isWhole[output]
        ? [Digit(output: output, index: nil)]
        : terms[0].outputs[output].indices.map { Digit(output: output, index: $0) }
    }
    return (terms, digits)
  }

  /// The products of the extents of the last labels of an output: 1, …, its extent.
  private func boundaries(_ output: Int) -> [Int] {
    outputs[output].reversed().reduce(into: [1]) { $0.append($0[$0.count - 1].saturatingProduct(extents[$1])) }
  }

  private mutating func refine(_ output: Int, _ boundaries: [Int]) -> Bool {
    var changed = false
    var position = outputs[output].count - 1, below = 1
    while position >= 0 {
      let label = outputs[output][position], above = below * extents[label]
      if let cut = boundaries.first(where: { $0 > below && $0 < above }) {
        _ = split(label, inner: cut / below)
        changed = true
        // The label may occur more than once: start again.
        position = outputs[output].count - 1
        below = 1
      } else {
        below = above
        position -= 1
      }
    }
    return changed
  }
}

extension Term {
  /// The node that the term is, where it is nothing but that node with its own axes.
  fileprivate func copiedNode(_ axes: [Int], _ nodes: [TensorNode]) -> Int? {
    guard constants.isEmpty, factors.count == 1, factors[0].axes == outputs, nodes[factors[0].node].extents == axes
    else {
      return nil
    }
    let labels = outputs.flatMap { $0 }
    return Set(labels).count == labels.count && labels.count == outputs.count ? factors[0].node : nil
  }
}

extension Int {
  /// The product, or `Int.max` where it is more.
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
