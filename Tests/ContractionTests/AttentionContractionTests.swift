import Arithmetic
import Contraction
import Evaluation
import Formulas
import Testing
import Transformers

/// The derived Hessians of attention layers, lowered.
@Suite struct AttentionContractionTests {
  static let sizes = ["L": 3, "d": 5, "d_K": 4, "d_V": 2, "d_O": 3]

  static func point<S: RandomScalar>(_ objective: Objective, sizes: [String: Int] = sizes) throws -> Environment<S> {
    var generator = SplitMix64(seed: 7)
    var environment = Environment<S>(sizes: sizes)
    try environment.draw([objective.model.input, objective.target] + objective.model.parameters, using: &generator)
    return environment
  }

  @Test(arguments: AttentionKernel.allCases)
  func blocks(kernel: AttentionKernel) throws {
    let derivation = HessianDerivation(Objective(SelfAttention(kernel)))
    let objective = derivation.objective
    var environment: Environment<Double> = try Self.point(objective)
    let symbols = [objective.model.input, objective.target] + objective.model.parameters
    let names = objective.abbreviations.map(\.definition)
    for block in derivation.blocks() {
      let program = try ContractionProgram(
        [block.total], definitions: names.map { .init($0) }, inputs: symbols,
        sizes: Self.sizes)
      let evaluation = try ContractionEvaluation(program)
      evaluation.bind(environment)
      let found = try evaluation()[0]
      for name in names { try environment.define(name) }
      let expected = try block.total.value(in: environment)
      let distance = (found - expected).largestEntry, size = expected.largestEntry
      #expect(distance <= 1e-13 * max(size, 1), "\(kernel) \(block.row) \(block.column): \(distance) of \(size)")
    }
  }

  /// Layers large enough that tensors are formed in pieces, triangles are left out and loops are shared among threads.
  struct Layer: CustomTestStringConvertible {
    let kernel: AttentionKernel
    let heads: Int?
    let sizes: [String: Int]
    var testDescription: String { "\(kernel), \(heads ?? 0) heads" }
    var model: SelfAttention { heads.map { SelfAttention(kernel, heads: $0) } ?? SelfAttention(kernel) }
  }

  static let layers =
    AttentionKernel.allCases.map { Layer(kernel: $0, heads: nil, sizes: ["L": 23, "d": 24, "d_K": 20, "d_V": 21]) }
    + AttentionKernel.allCases.map {
      Layer(kernel: $0, heads: 2, sizes: ["L": 9, "d": 10, "d_K": 7, "d_V": 8, "d_O": 6])
    } + [Layer(kernel: .softmax, heads: nil, sizes: ["L": 70, "d": 12, "d_K": 12, "d_V": 12])]

  /// The whole Hessian block by block against the blocks' values, on one thread and on three; and Hessian–vector
  /// products, one and several at once, against the Hessian times vectors.
  @Test(arguments: layers)
  func hessian(layer: Layer) throws {
    let derivation = HessianDerivation(Objective(layer.model)), objective = derivation.objective
    let parameters = objective.model.parameters
    let environment: Environment<Double> = try Self.point(objective, sizes: layer.sizes)
    let inputs = [objective.model.input, objective.target] + parameters
    let names = objective.abbreviations.map(\.definition)
    let blocks = parameters.indices.map { i in
      parameters[i...].map { derivation.block(parameters[i], $0).total }
    }
    let program = try ContractionProgram(
      symmetric: blocks, definitions: names.map { .init($0) }, inputs: inputs, sizes: layer.sizes)
    let evaluation = try ContractionEvaluation(program), shared = try ContractionEvaluation(program, threads: 3)
    evaluation.bind(environment)
    shared.bind(environment)
    let hessian = try evaluation()[0]
    #expect(try shared()[0] == hessian)
    #expect(hessian.transposed == hessian)

    var named = environment
    for name in names { try named.define(name) }
    let evaluator = Evaluator(named)
    var starts = [0]
    for parameter in parameters {
      starts.append(starts[starts.count - 1] + (try environment.number(parameter.shape.count)))
    }
    for (i, row) in blocks.enumerated() {
      for (j, block) in row.enumerated() {
        let expected = try evaluator.value(of: block)
        let found = hessian.submatrix(rows: starts[i]..<starts[i + 1], columns: starts[i + j]..<starts[i + j + 1])
        let distance = (found - expected).largestEntry, size = max(expected.largestEntry, 1e-3)
        #expect(distance <= 1e-12 * size, "\(parameters[i]) \(parameters[i + j]): \(distance) of \(size)")
      }
    }

    let seed = objective.residual.scaled(by: .integer(2) * objective.weight)
    let G = Formula.variable("G", objective.residual.shape.rows, objective.residual.shape.columns)
    let gradients = parameters.map { derivation.gradients[$0]?.judgement.right.replacing([G: seed]) ?? seed }
    let directions = parameters.map { Symbol("V_\($0)", $0.shape) }
    for batch in [1, 3] {
      let product = try ContractionEvaluation(
        ContractionProgram(
          derivativesOf: gradients, along: zip(parameters, directions).map { ($0, $1) }, batch: batch, inputs: inputs,
          sizes: layer.sizes), threads: batch)
      product.bind(environment)
      var generator = SplitMix64(seed: 9)
      let vectors = Matrix(rows: hessian.rows, columns: batch) { _, _ in Double.random(using: &generator) }
      for (k, direction) in directions.enumerated() {
        let part = vectors.submatrix(rows: starts[k]..<starts[k + 1], columns: 0..<batch).transposed
        product.withInput(direction) { _ = $0.update(fromContentsOf: part.entries) }
      }
      let found = try product(), expected = hessian * vectors
      for k in directions.indices {
        let part = expected.submatrix(rows: starts[k]..<starts[k + 1], columns: 0..<batch).transposed
        let distance = zip(found[k].entries, part.entries).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(distance <= 1e-12 * max(part.largestEntry, 1), "\(directions[k]), \(batch): \(distance)")
      }
    }
  }
}

extension Formula {
  var symbol: Symbol? { if case .symbol(let symbol) = self.operator { symbol } else { nil } }
}

extension Matrix<Double> {
  var largestEntry: Double { entries.reduce(0) { max($0, abs($1)) } }
}
