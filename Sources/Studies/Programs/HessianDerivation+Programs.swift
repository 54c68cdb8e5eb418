import Contraction
import Evaluation
import Formulas
import Transformers

extension HessianDerivation {
  /// The matrices that a program of the loss is bound to: the input, the target and the parameters.
  public var programInputs: [Symbol] { [objective.model.input, objective.target] + objective.model.parameters }

  /// The name of the matrix in the place of a parameter's differential.
  public static func direction(of parameter: Symbol) -> Symbol { Symbol("∂" + parameter.name, parameter.shape) }

  private var names: [ContractionProgram.Definition] { objective.abbreviations.map { .init($0.definition) } }
  /// `G := 2cR`, the gradient of the loss by the output.
  private var outputGradient: ContractionProgram.Definition {
    .init(seedSymbol, objective.residual.scaled(by: .integer(2) * objective.weight))
  }

  private func gradient(of parameter: Symbol) -> Formula {
    guard let lemma = gradients[parameter] else {
      preconditionFailure("the gradients come with the gradient-first route")
    }
    return lemma.judgement.right.replacing([Formula(.variable(seedSymbol), []): .symbol(seedSymbol)])
  }

  /// The loss at fixed sizes.
  public func lossProgram(sizes: [String: Int]) throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram([objective.loss], inputs: programInputs, sizes: sizes)
  }

  /// The gradient by each parameter, from the derived lemmas.
  public func gradientProgram(sizes: [String: Int]) throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram(
      objective.model.parameters.map { gradient(of: $0) }, definitions: [outputGradient], inputs: programInputs,
      sizes: sizes)
  }

  /// The whole Hessian, or one of its parts, from the derived blocks on and right of the diagonal.
  ///
  /// - Parameter block: gives the block of two parameters; by default it is derived.
  public func hessianProgram(
    _ part: HessianPart = .both, sizes: [String: Int], block: ((Symbol, Symbol) -> HessianBlock)? = nil
  ) throws(EvaluationError) -> ContractionProgram {
    let parameters = objective.model.parameters, block = block ?? { self.block($0, $1) }
    let rows = parameters.indices.map { i in
      parameters[i...].map { part.formula(of: block(parameters[i], $0)) }
    }
    return try ContractionProgram(symmetric: rows, definitions: names, inputs: programInputs, sizes: sizes)
  }

  /// A block, or several formulas in the names of the objective.
  func program(of formulas: [Formula], sizes: [String: Int]) throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram(formulas, definitions: names, inputs: programInputs, sizes: sizes)
  }

  /// The product of the Hessian, or one of its parts, with vectors: the derivative of the derived gradient `g(W, G)` along
  /// `V`.
  ///
  /// With `G = 2cR(W)` it is `H v`; with `G` held it is `H_f v`, and with `W` held everywhere but in `G` it is `H_o v`.
  /// - Parameter batch: the number of vectors that are multiplied at once.
  public func productProgram(
    _ part: HessianPart = .both, batch: Int = 1, sizes: [String: Int]
  ) throws(EvaluationError) -> ContractionProgram {
    let parameters = objective.model.parameters
    let directions = parameters.map { (of: $0, by: Self.direction(of: $0)) }
    var formulas = parameters.map { gradient(of: $0) }
    let seed = outputGradient
    var definitions = [ContractionProgram.Definition(seed.symbol, seed.formula, isHeld: part == .functional)]
    if part == .outer {
      let held = parameters.map { (symbol: $0, copy: Symbol("held \($0.name)", $0.shape)) }
      definitions += held.map { .init($0.copy, .symbol($0.symbol), isHeld: true) }
      let copies = Dictionary(uniqueKeysWithValues: held.map { (Formula.symbol($0.symbol), Formula.symbol($0.copy)) })
      formulas = formulas.map { $0.replacing(copies) }
    }
    return try ContractionProgram(
      derivativesOf: formulas, along: directions, batch: batch, definitions: definitions, inputs: programInputs,
      sizes: sizes)
  }
}
