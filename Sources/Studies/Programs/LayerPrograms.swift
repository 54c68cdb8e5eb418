import Contraction
import Evaluation
import Formulas
import Transformers

/// Programs of a layer's loss and its derivatives, from the derived formulas.
public struct LayerPrograms: Sendable {
  public let derivation: HessianDerivation
  public let sizes: [String: Int]
  /// Whether the target is the layer's own output, so that the residual is zero and not what is left by rounding.
  public let targetIsOutput: Bool

  public init(_ derivation: HessianDerivation, sizes: [String: Int], targetIsOutput: Bool = false) {
    (self.derivation, self.sizes, self.targetIsOutput) = (derivation, sizes, targetIsOutput)
  }

  private var objective: Objective { derivation.objective }

  /// The matrices that a program is bound to: the input, the parameters and, where it is given, the target.
  public var inputs: [Symbol] {
    [objective.model.input] + (targetIsOutput ? [] : [objective.target]) + objective.model.parameters
  }

  /// The name of the matrix in the place of a parameter's differential.
  public static func direction(of parameter: Symbol) -> Symbol { Symbol("∂" + parameter.name, parameter.shape) }

  // MARK: Names

  private var residual: Symbol { Symbol("R", objective.residual.shape) }

  /// `R := F − Y`, zero where the target is the output.
  private var residualDefinition: ContractionProgram.Definition {
    targetIsOutput
      ? .init(residual, objective.model.output, .vanishing) : .init(residual, objective.residual)
  }

  /// The names of the derivation; the first is that of the residual.
  private var names: [ContractionProgram.Definition] {
    [residualDefinition] + objective.abbreviations.dropFirst().map { .init($0.definition) }
  }

  private func gradient(of parameter: Symbol) -> Formula {
    guard let lemma = derivation.gradients[parameter] else {
      preconditionFailure("the gradients come with the gradient-first route")
    }
    let seed = derivation.seedSymbol
    return lemma.judgement.right.replacing([Formula(.variable(seed), []): .symbol(seed)])
  }

  /// `G := 2cR`, the gradient of the loss by the output.
  private func outputGradient(_ meaning: ContractionProgram.Definition.Meaning = .value)
    -> ContractionProgram.Definition
  {
    .init(
      derivation.seedSymbol, objective.outputGradient(.symbol(residual)), meaning)
  }

  // MARK: Programs

  /// The loss.
  public func loss() throws(EvaluationError) -> ContractionProgram {
    let loss = objective.loss.replacing([objective.residual: .symbol(residual)])
    return try ContractionProgram([loss], definitions: [residualDefinition], inputs: inputs, sizes: sizes)
  }

  /// The gradient by each parameter, from the derived lemmas.
  public func gradient() throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram(
      objective.model.parameters.map { gradient(of: $0) }, definitions: [residualDefinition, outputGradient()],
      inputs: inputs, sizes: sizes)
  }

  /// The whole Hessian, or one of its parts, from the derived blocks on and right of the diagonal.
  ///
  /// - Parameter block: gives the block of two parameters; by default it is derived.
  public func hessian(
    _ part: HessianPart = .both, block: ((Symbol, Symbol) -> HessianBlock)? = nil
  ) throws(EvaluationError) -> ContractionProgram {
    let parameters = objective.model.parameters, block = block ?? { derivation.block($0, $1) }
    let rows = parameters.indices.map { i in
      parameters[i...].map { part.formula(of: block(parameters[i], $0)) }
    }
    return try ContractionProgram(symmetric: rows, definitions: names, inputs: inputs, sizes: sizes)
  }

  /// Formulas in the names of the derivation, such as a block.
  public func values(of formulas: [Formula]) throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram(formulas, definitions: names, inputs: inputs, sizes: sizes)
  }

  /// The product of the Hessian, or one of its parts, with vectors: the derivative of the derived gradient `g(W, G)` along
  /// `V`.
  ///
  /// With `G = 2cR(W)` it is `H v`; with `G` held it is `H_f v`, and with `W` held everywhere but in `G` it is `H_o v`.
  /// - Parameter batch: the number of vectors that are multiplied at once.
  public func product(_ part: HessianPart = .both, batch: Int = 1) throws(EvaluationError) -> ContractionProgram {
    let parameters = objective.model.parameters
    let directions = parameters.map { (of: $0, by: Self.direction(of: $0)) }
    var formulas = parameters.map { gradient(of: $0) }
    var definitions = [residualDefinition, outputGradient(part == .functional ? .held : .value)]
    if part == .outer {
      let held = parameters.map { (symbol: $0, copy: Symbol("held \($0.name)", $0.shape)) }
      definitions += held.map { .init($0.copy, .symbol($0.symbol), .held) }
      let copies = Dictionary(uniqueKeysWithValues: held.map { (Formula.symbol($0.symbol), Formula.symbol($0.copy)) })
      formulas = formulas.map { $0.replacing(copies) }
    }
    return try ContractionProgram(
      derivativesOf: formulas, along: directions, batch: batch, definitions: definitions, inputs: inputs, sizes: sizes)
  }
}
