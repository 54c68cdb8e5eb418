/// What a statement says of its two sides.
public enum Relation: String, Hashable, Sendable {
  case equal = "="
  /// Both sides are 1×1 and the left is at most the right.
  case atMost = "≤"
}

/// A statement `left = right` or `left ≤ right`.
public struct Judgement: Hashable, Sendable, CustomStringConvertible {
  public let left: Formula
  public let relation: Relation
  public let right: Formula

  public init(_ left: Formula, _ relation: Relation, _ right: Formula) {
    precondition(
      left.shape == right.shape, "a statement needs equal shapes: \(left) : \(left.shape), \(right) : \(right.shape)")
    precondition(relation == .equal || left.shape == .scalar, "≤ compares numbers, not \(left.shape)")
    (self.left, self.relation, self.right) = (left, relation, right)
  }

  public var description: String { "\(left) \(relation.rawValue) \(right)" }
}

infix operator ==> : AssignmentPrecedence
/// States an equality, to be used from left to right.
public func ==> (left: Formula, right: Formula) -> Judgement { Judgement(left, .equal, right) }

infix operator ≤ : AssignmentPrecedence
/// States that a number is at most another.
public func ≤ (left: Formula, right: Formula) -> Judgement { Judgement(left, .atMost, right) }

/// A reference into the bibliography: a key of `references.bib` and a place in it.
public struct Citation: Hashable, Sendable, CustomStringConvertible {
  public let key: String
  public let locator: String
  public init(_ key: String, _ locator: String) { (self.key, self.locator) = (key, locator) }
  public var description: String { locator.isEmpty ? "[\(key)]" : "[\(key), \(locator)]" }
}

/// One statement that a derivation may use: stated once as data; its rewriting step, its LaTeX lemma and its test follow.
public struct Rule: Identifiable, Sendable {
  public struct ID: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
    public var description: String { rawValue }
  }

  public enum Status: String, Hashable, Sendable {
    /// True for all matrices of the stated shapes.
    case law
    /// Gives a formula a name; its sizes and symbols are those of the problem, not variables.
    case definition
    /// Assumed of the data.
    case hypothesis
  }

  /// Whether a reader wants to see the step.
  public enum Weight: String, Hashable, Sendable {
    case substantive
    /// Kept in the proof, grouped in print.
    case bookkeeping
  }

  /// Something an instance must satisfy beyond its shapes.
  public enum Condition: Hashable, Sendable {
    /// The instance of the first variable does not contain the instance of the second.
    case independent(Formula, of: Formula)
    /// The form of the instance of the variable shows that it is a number of at least zero.
    case nonNegative(Formula)
  }

  /// What a rule says; shared, so that handing a rule on costs no more than handing on a reference.
  private final class Content: Sendable {
    let id: ID
    let status: Status
    let weight: Weight
    let statement: Judgement
    let conditions: [Condition]
    let citation: Citation?
    let justification: String

    init(
      _ id: ID, _ status: Status, _ weight: Weight, _ statement: Judgement, _ conditions: [Condition],
      _ citation: Citation?, _ justification: String
    ) {
      (self.id, self.status, self.weight, self.statement) = (id, status, weight, statement)
      (self.conditions, self.citation, self.justification) = (conditions, citation, justification)
    }
  }
  private let content: Content

  public var id: ID { content.id }
  public var status: Status { content.status }
  public var weight: Weight { content.weight }
  public var statement: Judgement { content.statement }
  public var conditions: [Condition] { content.conditions }
  public var citation: Citation? { content.citation }
  /// Why it holds, in one line, when no source is cited or the cited form differs.
  public var justification: String { content.justification }

  public init(
    _ id: ID, _ status: Status = .law, _ weight: Weight = .substantive, citing citation: Citation? = nil,
    because justification: String = "", when conditions: [Condition] = [], _ statement: () -> Judgement
  ) {
    content = Content(id, status, weight, statement(), conditions, citation, justification)
  }
}

extension Rule {
  /// The two sides under a substitution, or why it does not apply. Definitions and hypotheses have no variables.
  public func instance(_ substitution: Substitution) -> Result<Judgement, RuleError> {
    guard status == .law || substitution == Substitution() else { return .failure(.fixed(id)) }
    switch (substitution.instance(of: statement.left), substitution.instance(of: statement.right)) {
    case (.failure(let error), _), (_, .failure(let error)): return .failure(.shape(id, error))
    case (.success(let left), .success(let right)):
      guard left.shape == right.shape else {
        return .failure(.shape(id, ShapeError(operator: .sum, operands: [left, right])))
      }
      for condition in conditions where !substitution.satisfies(condition) { return .failure(.condition(id)) }
      return .success(Judgement(left, statement.relation, right))
    }
  }
}

extension Substitution {
  fileprivate func satisfies(_ condition: Rule.Condition) -> Bool {
    switch condition {
    case .independent(let free, let variable):
      guard case .success(let f) = instance(of: free), case .success(let w) = instance(of: variable) else {
        return false
      }
      return w.isVariable && !f.contains(w)
    case .nonNegative(let number):
      guard case .success(let f) = instance(of: number) else { return false }
      return f.isManifestlyNonNegative
    }
  }
}

/// Why a rule does not apply.
public enum RuleError: Error, Hashable, Sendable, CustomStringConvertible {
  case shape(Rule.ID, ShapeError)
  case condition(Rule.ID)
  /// A definition or hypothesis was used for other matrices or sizes than its own.
  case fixed(Rule.ID)

  public static func == (a: RuleError, b: RuleError) -> Bool { a.description == b.description }
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  public var description: String {
    switch self {
    case .shape(let id, let error): "\(id): \(error)"
    case .condition(let id):
      "\(id): a matrix depends on the variable of differentiation, or a number may be negative, and must not"
    case .fixed(let id):
      "\(id): a definition or hypothesis is about its own matrices and sizes; none can be substituted"
    }
  }
}
