import Formulas
import MatrixCalculus

/// Derives the blocks of a loss Hessian by rewriting with the laws, from nothing but the forward formula.
public struct HessianDerivation: Sendable {
  public let objective: Objective
  public let route: Route
  /// `∂T/∂W = …` for the logits of each head and the parameters in them.
  public let logitJacobians: [Proof]
  /// `∂R/∂W = …` for each parameter.
  public let jacobians: [Symbol: Proof]
  /// `∇_W⟨G, R⟩ = …` for each parameter, for any `G`; empty on the Jacobian-first route.
  public let gradients: [Symbol: Proof]
  /// The rules that the proofs may use: all laws, the definitions and the hypotheses of the objective.
  public let rules: [Rule.ID: Rule]

  public init(_ objective: Objective, route: Route = .gradientFirst) {
    (self.objective, self.route) = (objective, route)
    logitJacobians = objective.model.logits.flatMap { logits in
      objective.model.parameters.filter { logits.contains(.symbol($0)) }.map { parameter in
        var derivation = Derivation(logits.jacobian(.symbol(parameter)))
        derivation.normalize(Laws.calculus)
        return derivation.proof("Jacobian of the logits by \(parameter)")
      }
    }
    var jacobians: [Symbol: Proof] = [:], gradients: [Symbol: Proof] = [:]
    for parameter in objective.model.parameters {
      let W = Formula.symbol(parameter)
      var jacobian = Derivation(objective.argument.jacobian(W))
      jacobian.normalize(Laws.calculus, using: logitJacobians)
      jacobians[parameter] = jacobian.proof("Jacobian of the output by \(parameter)")
      guard route == .gradientFirst else { continue }
      var gradient = Derivation(.pullback(objective.argument, W, Self.seed(objective)))
      gradient.normalize(Laws.calculus)
      gradients[parameter] = gradient.proof("Gradient by \(parameter) for the output gradient G")
    }
    (self.jacobians, self.gradients) = (jacobians, gradients)
    rules = (objective.abbreviations.map(\.definition) + objective.hypotheses).reduce(into: Laws.byID) {
      $0[$1.id] = $1
    }
  }

  /// The output gradient `G` that is held fixed in the lemmas, of the residual's shape.
  public var seedSymbol: Symbol { Symbol("G", objective.argument.shape) }

  /// The block of two parameters.
  ///
  /// - Precondition: both are parameters of the model.
  public func block(_ row: Symbol, _ column: Symbol) -> HessianBlock {
    let U = Formula.symbol(row), W = Formula.symbol(column)
    var whole = Derivation(objective.loss.jacobian(U).jacobian(W))
    split(&whole)
    let outer = outerProduct(row, column, whole.current.operands[0])
    let functional = functional(row, column, whole.current.operands[1])
    whole.apply(lemma: outer)
    whole.apply(lemma: functional)
    whole.normalize(Self.dropZero)
    return HessianBlock(
      row: row, column: column, outerProductProof: outer, functionalProof: functional,
      proof: whole.proof("The block of \(row) and \(column)"))
  }

  /// The outer-product part of the block of two parameters, `2c (∂F/∂W_i)ᵀ ∂F/∂W_j = H_o(i,j)`, without the functional part.
  ///
  /// - Precondition: both are parameters of the model.
  public func outerProduct(_ row: Symbol, _ column: Symbol) -> Proof {
    var whole = Derivation(objective.loss.jacobian(.symbol(row)).jacobian(.symbol(column)))
    split(&whole)
    return outerProduct(row, column, whole.current.operands[0])
  }

  /// The Gauss–Newton split of the loss, with the hypotheses put in.
  private func split(_ whole: inout Derivation) {
    switch objective.measure {
    case .meanSquare, .halfSumSquare: whole.apply(SecondOrderLaws.gaussNewton)
    case .crossEntropy:
      whole.apply(SecondOrderLaws.gaussNewtonCrossEntropy)
      for hypothesis in objective.hypotheses {
        while let position = whole.current.position(of: hypothesis.statement.left) {
          whole.apply(hypothesis, at: position, Substitution())
        }
      }
      whole.normalize(Self.dropOnes)
    }
  }

  /// All blocks, row by row.
  public func blocks() -> [HessianBlock] {
    let parameters = objective.model.parameters
    return parameters.flatMap { row in parameters.map { block(row, $0) } }
  }

  private static let dropOnes = RuleSet(ElementwiseFunctions.droppingOnes + [ScalingLaws.identityMul])
  private static let dropZero = RuleSet([ScalingLaws.addZero, ScalingLaws.zeroAdd])

  private static func seed(_ objective: Objective) -> Formula {
    .variable("G", objective.argument.shape.rows, objective.argument.shape.columns)
  }

  // MARK: The two parts

  private func outerProduct(_ row: Symbol, _ column: Symbol, _ start: Formula) -> Proof {
    let U = Formula.symbol(row)
    var derivation = Derivation(start)
    if route == .gradientFirst, let gradient = gradients[row] {
      let law = SecondOrderLaws.transposeJacobian
      let transposed = objective.argument.jacobian(U).transposed
      guard let position = start.position(of: transposed), var (substitution, _) = matchIgnoringSeed(law, transposed)
      else { preconditionFailure("the outer part lost its transposed Jacobian") }
      substitution.formulas[Symbol("G", Shape("m", "n"))] = Self.seed(objective)
      derivation.apply(law, at: position, substitution)
      derivation.apply(lemma: gradient)
      if let jacobian = jacobians[column] { derivation.apply(lemma: jacobian) }
    } else {
      if let jacobian = jacobians[row] { derivation.apply(lemma: jacobian) }
      if row != column, let jacobian = jacobians[column] { derivation.apply(lemma: jacobian) }
    }
    derivation.normalize(Laws.calculus, using: logitJacobians)
    finish(&derivation)
    return derivation.proof("The outer-product part of the block of \(row) and \(column)")
  }

  private func functional(_ row: Symbol, _ column: Symbol, _ start: Formula) -> Proof {
    let U = Formula.symbol(row), W = Formula.symbol(column), G = Self.seed(objective)
    var lemma = Derivation(.contraction(G, objective.argument.jacobian(U), W))
    if route == .gradientFirst, let gradient = gradients[row] {
      lemma.apply(SecondOrderLaws.contractionJacobian)
      lemma.apply(lemma: gradient)
    } else if let jacobian = jacobians[row] {
      lemma.apply(lemma: jacobian)
    }
    lemma.normalize(Laws.calculus, using: logitJacobians)
    let fixed = lemma.proof("Second derivative by \(row) and \(column), contracted with G")

    var derivation = Derivation(start)
    derivation.apply(lemma: fixed, [seedSymbol: start.operands[0]])
    finish(&derivation)
    return derivation.proof("The functional part of the block of \(row) and \(column)")
  }

  /// Names first, so that sums that have a name are not multiplied out.
  private func finish(_ derivation: inout Derivation) {
    derivation.fold(objective.abbreviations)
    derivation.normalize(Laws.normalization)
    derivation.fold(objective.abbreviations)
    guard objective.model.multipliesOut else { return }
    derivation.normalize(Laws.expansion)
    derivation.fold(objective.abbreviations)
  }

  /// The law's right side names a matrix that its left side does not: matched without it.
  private func matchIgnoringSeed(_ law: Rule, _ formula: Formula) -> (Substitution, Formula)? {
    var substitution = Substitution()
    return substitution.match(law.statement.left, formula) ? (substitution, formula) : nil
  }
}
