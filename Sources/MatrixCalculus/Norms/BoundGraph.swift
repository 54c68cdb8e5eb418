import Formulas

/// Norms as the nodes of a graph; each way in which a law bounds a norm by other norms is an option of its node.
///
/// One graph serves searches with different allowed norms.
public final class BoundGraph {
  /// Laws whose left side is a norm.
  private let laws: [Norm: [Rule]]
  /// All laws that steps may name.
  let rules: [Rule.ID: Rule]
  private(set) var nodes: [BoundNode] = []
  private var indices: [Formula: Int] = [:]
  private var transposes: [Formula: Formula] = [:]
  private let table = FormulaTable()
  private var normalForms = NormalForms(Laws.normalization)
  /// Norms without options, since a search that allows them needs none.
  private var allowed: Set<Formula> = []

  /// - Parameter laws: laws about norms; what is stated for other formulas is left out.
  public init(_ laws: [Rule] = Laws.norms) {
    rules = Laws.byID.merging(laws.map { ($0.id, $0) }) { $1 }
    self.laws = Dictionary(
      grouping: laws.filter { $0.statement.left.kind == .norm },
      by: { rule in if case .norm(let norm) = rule.statement.left.operator { norm } else { .spectral } })
  }

  /// Prepares for a search: norms that are not allowed any more get their options.
  func allow(_ norms: Set<Formula>) {
    allowed = norms
    for i in nodes.indices where nodes[i].options == nil && !norms.contains(nodes[i].norm) { expand(i) }
  }

  /// The node of a norm, with everything that it can be bounded by.
  func node(of norm: Formula) -> Int {
    let norm = table.representative(of: norm)
    if let known = indices[norm] { return known }
    let index = nodes.count
    indices[norm] = index
    nodes.append(BoundNode(norm: norm))
    if !allowed.contains(norm) { expand(index) }
    return index
  }

  private func expand(_ index: Int) {
    nodes[index].options = []
    let options = options(for: nodes[index].norm)
    nodes[index].options = options
  }

  private func options(for formula: Formula) -> [BoundNode.Option] {
    guard case .norm(let norm) = formula.operator else { return [] }
    let argument = formula.operands[0]
    var found: [BoundNode.Option] = []
    for law in laws[norm] ?? [] where !argument.isStructured || law.keepsStructure {
      for match in law.matches(formula) {
        let step = DerivationStep(.rule(law.id), at: .root, match.substitution)
        found.append(option([step], match.judgement.right))
      }
    }
    for (step, regrouped) in norm == .spectral ? regroupings(of: argument) : [] {
      let moved = DerivationStep(
        step.justification, step.direction, at: Position([0] + step.position.path, run: step.position.run),
        step.substitution)
      found.append(option([moved], regrouped.norm(norm)))
    }
    // A product of transposes has the norm of the product in reverse, which may be an allowed one.
    if let transpose = NormLaws.transpose(norm), argument.isProductOfTransposes,
      let match = transpose.matches(argument.transposed.norm(norm)).first
    {
      let step = DerivationStep(.rule(transpose.id), .backward, at: .root, match.substitution)
      found.append(option([step], argument.transposed.norm(norm)))
    }
    return found
  }

  private func option(_ steps: [DerivationStep], _ result: Formula) -> BoundNode.Option {
    BoundNode.Option(steps: steps, result: result, weight: weight(of: result))
  }

  /// The products that one regrouping law makes of the neighbours of a named function or diagonal matrix, so that laws
  /// about it and its neighbours fit.
  private func regroupings(of argument: Formula) -> [(DerivationStep, Formula)] {
    guard argument.kind == .product else { return [] }
    var found: [(DerivationStep, Formula)] = []
    let factors = argument.operands
    for (i, factor) in factors.enumerated() where factor.kind == .call || factor.kind == .diagonal {
      for (rule, run) in [
        (RegroupingLaws.identityKroneckerMul, i - 1..<i), (RegroupingLaws.identityKroneckerMul, i + 1..<i + 2),
        (RegroupingLaws.kroneckerMulCommutation, i - 2..<i), (RegroupingLaws.commutationMulKronecker, i + 1..<i + 3),
      ] where factors.indices.contains(run) {
        let position = run.count == 1 ? Position([run.lowerBound]) : Position([], run: run)
        guard let part = argument[position] else { continue }
        for match in rule.matches(part) {
          guard case .success(let regrouped) = argument.replacing(at: position, with: match.judgement.right) else {
            continue
          }
          found.append((DerivationStep(.rule(rule.id), at: position, match.substitution), regrouped))
        }
      }
    }
    return found
  }

  /// What the value of a bound is computed from.
  func weight(of formula: Formula) -> BoundNode.Weight {
    switch formula.operator {
    case .norm where !formula.isMagnitude:
      return .node(node(of: tidied(formula)))
    case .sum: return .sum(formula.operands.map { weight(of: $0) })
    case .product: return .product(formula.operands.map { weight(of: $0) })
    case .map(.squareRoot): return .squareRoot(weight(of: formula.operands[0]))
    default: return .constant(formula)
    }
  }

  /// A norm that changes under transposition, of a transpose, with the transpose carried inside.
  func tidied(_ formula: Formula) -> Formula {
    let argument = formula.operands[0]
    guard argument.kind == .transpose, case .norm(let norm) = formula.operator,
      NormLaws.transpose(norm) == nil || argument.operands[0].isProductOfTransposes
    else { return formula }
    if let known = transposes[formula] { return known }
    let tidy = normalForms.form(of: argument, in: table).norm(norm)
    transposes[formula] = tidy
    return tidy
  }
}

/// A norm in the graph of bounds.
struct BoundNode {
  /// How a bound is computed from the values of nodes.
  indirect enum Weight {
    /// A number without matrices.
    case constant(Formula)
    case node(Int)
    case sum([Weight])
    case product([Weight])
    case squareRoot(Weight)

    /// The nodes whose values it takes.
    var nodes: [Int] {
      switch self {
      case .constant: []
      case .node(let i): [i]
      case .sum(let parts), .product(let parts): parts.flatMap(\.nodes)
      case .squareRoot(let radicand): radicand.nodes
      }
    }
  }

  /// One way to bound the norm: the steps, relative to it, and what it becomes.
  struct Option {
    let steps: [DerivationStep]
    let result: Formula
    let weight: Weight
    /// The nodes in the weight.
    let inputs: [Int]

    init(steps: [DerivationStep], result: Formula, weight: Weight) {
      (self.steps, self.result, self.weight, inputs) = (steps, result, weight, weight.nodes)
    }
  }

  let norm: Formula
  /// `nil` where they were not asked for.
  var options: [Option]? {
    didSet { inputs = Self.inputs(of: options) }
  }
  /// The nodes in the weights of all options.
  private(set) var inputs: [Int]

  init(norm: Formula, options: [Option]? = nil) {
    (self.norm, self.options, inputs) = (norm, options, Self.inputs(of: options))
  }

  private static func inputs(of options: [Option]?) -> [Int] { Array(Set((options ?? []).flatMap(\.inputs))) }
}

extension Formula {
  /// Whether this is the norm of a number without matrices, whose value its form shows.
  var isMagnitude: Bool { kind == .norm && operands[0].shape == .scalar && symbols.isEmpty }

  /// Whether the transpose of this product, in normal form, has no transposes left; matrices of ones have none anyway.
  fileprivate var isProductOfTransposes: Bool {
    kind == .product && operands.contains { $0.kind == .transpose }
      && operands.allSatisfy { $0.kind == .transpose || $0.kind == .ones }
  }

  /// Whether this is a product of structured matrices, of which only the spectral norm is of use.
  fileprivate var isStructured: Bool {
    kind == .product
      && operands.contains {
        $0.kind == .kronecker || $0.kind == .commutation || $0.kind == .diagonal
          || ($0.kind == .call && $0.shape != $0.operands[0].shape)
      }
  }
}

extension Rule {
  /// Whether the law bounds a product by the norms of its factors, not the norm of the whole by another.
  fileprivate var keepsStructure: Bool { statement.left.operands[0].kind != .variable }
}
