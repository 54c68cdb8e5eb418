import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct RepairedBoundTests {
  private typealias B = RepairedBound

  /// At the counterexample the repaired bound with `‖A‖₂ = 1` is exactly `3/4`, the norm of the Hessian: it is attained.
  @Test func isAttainedAtTheCounterexample() throws {
    let root = try Surd<Rational>(2).squareRoot()
    let point = Environment<Surd<Rational>>(
      sizes: Counterexample.sizes.assignment,
      values: [
        B.dataNorm: Matrix(.one), B.queryNorm: Matrix(root), B.keyNorm: Matrix(root), B.valueNorm: Matrix(root),
        B.attentionNorm: Matrix(.one), B.residualNorm: Matrix(.zero), B.residualRowNorm: Matrix(.zero),
      ])
    let names = ["Q", "K", "V"]
    let blocks = try Matrix<Surd<Rational>>(rows: 3, columns: 3) { i, j in
      guard i <= 1 && j <= 1 else {
        return try #require(B.block(names[i], names[j])).value(in: point).scalar
      }
      // √6, the factor of terms that vanish with the residual, has another radicand.
      return try #require(B.block(names[i], names[j])).operands[0].value(in: point).scalar
    }
    #expect(blocks.trace == Surd(Rational(3, over: 4)))
    #expect(blocks * blocks == blocks.scaled(by: Surd(Rational(3, over: 4))), "rank one: the trace is the norm")
  }

  @Test func enclosesTheNormAtTheCounterexample() throws {
    let root = try Ball(2).squareRoot()
    for (attention, isTight) in [(Ball.one, true), (root, false)] {
      let point = Environment<Ball>(
        sizes: Counterexample.sizes.assignment,
        values: [
          B.dataNorm: Matrix(.one), B.queryNorm: Matrix(root), B.keyNorm: Matrix(root), B.valueNorm: Matrix(root),
          B.attentionNorm: Matrix(attention), B.residualNorm: Matrix(.zero), B.residualRowNorm: Matrix(.zero),
        ])
      let bound = try B.bound.value(in: point).scalar
      #expect(try bound.upper >= Rational(3, over: 4))
      #expect(bound.contains(Rational(3, over: 4)) == isTight)
      #expect(try bound.upper - bound.lower < Rational(1, over: 1_000_000))
    }
  }

  @Test func theMatrixIsSymmetricAndComplete() throws {
    let symbols = [B.dataNorm, B.queryNorm, B.keyNorm, B.valueNorm, B.attentionNorm, B.residualNorm, B.residualRowNorm]
    let numbers = [1.5, 0.7, 2.1, 1.3, 1.1, 0.9, 0.6]
    let point = Environment<Double>(
      sizes: ["L": 3, "d_K": 5, "d_V": 2],
      values: Dictionary(uniqueKeysWithValues: zip(symbols, numbers.map { Matrix($0) })))
    let blocks = try B.blocks.value(in: point)
    for i in 0..<3 { for j in 0..<3 { #expect(abs(blocks[i, j] - blocks[j, i]) <= 1e-15 * blocks[i, j]) } }
    #expect(abs(try B.bound.value(in: point).scalar - LinearAlgebra.largestSingularValue(of: blocks)) <= 1e-13)
    #expect(blocks[0, 0] != blocks[1, 1] && blocks[0, 2] != blocks[1, 2])
    #expect(B.block("Q", "O") == nil && B.block("", "V") == nil)
    #expect(B.bound.shape == .scalar)
  }

  private static let scales: [Double] = [0.03, 0.1, 0.3, 1, 3, 10]

  /// `‖H‖₂ ≤ M_repaired` on random layers over three orders of magnitude, by LAPACK; each block below its own bound.
  @Test(arguments: 0..<8) func isNeverViolated(batch: Int) throws {
    let layer = DerivedLayer.softmax
    var generator = SplitMix64(seed: UInt64(batch) &+ 77), largest = 0.0
    for instance in 0..<80 {
      func size() -> Int { generator.uniform(below: 3) + 1 }
      let sizes = Sizes(size() + instance % 2, size(), [1, 4][generator.uniform(below: 2)], size())
      var point = Environment<Double>(sizes: sizes.assignment)
      let symbols = [layer.objective.model.input] + layer.parameters + [layer.objective.target]
      for symbol in symbols {
        let scale = Self.scales[generator.uniform(below: Self.scales.count)]
        let rows = try point.number(symbol.shape.rows), columns = try point.number(symbol.shape.columns)
        point[symbol] = Matrix(rows: rows, columns: columns) { _, _ in scale * Double.random(using: &generator) }
      }
      if instance % 4 == 0 { point[layer.objective.target] = try layer.objective.model.output.value(in: point) }
      point = try layer.named(point)
      let evaluator = Evaluator(point)
      let norms = try bounds(layer, point, sizes)
      let measured = try LinearAlgebra.symmetricSpectralNorm(of: layer.hessian(at: point))
      let bound = try B.bound.value(in: norms).scalar
      #expect(measured <= bound * (1 + 1e-9) + 1e-300, "batch \(batch), instance \(instance), \(sizes.testDescription)")
      largest = max(largest, measured / bound)
      for block in layer.blocks {
        let formula = try #require(B.block(String(block.row.name.suffix(1)), String(block.column.name.suffix(1))))
        let norm = try LinearAlgebra.largestSingularValue(of: evaluator.value(of: block.total))
        let allowed = try formula.value(in: norms).scalar
        #expect(
          norm <= allowed * (1 + 1e-9) + 1e-300, "\(block.row), \(block.column) of batch \(batch), instance \(instance)"
        )
      }
    }
    #expect(largest > 0.5, "the instances come near the bound")
  }

  private func bounds(_ layer: DerivedLayer, _ point: Environment<Double>, _ sizes: Sizes) throws -> Environment<Double>
  {
    func norm(_ symbol: Symbol) throws -> Matrix<Double> {
      Matrix(try LinearAlgebra.largestSingularValue(of: try #require(point[symbol])))
    }
    let residual = try #require(point[Symbol("R", layer.objective.residual.shape)])
    let rows = (0..<residual.rows).map { i in root(residual.row(i).reduce(0) { $0 + $1 * $1 }) }
    return Environment(
      sizes: sizes.assignment,
      values: [
        B.dataNorm: try norm(layer.objective.model.input), B.queryNorm: try norm(layer.parameters[0]),
        B.keyNorm: try norm(layer.parameters[1]), B.valueNorm: try norm(layer.parameters[2]),
        B.attentionNorm: try norm(Symbol("A", Shape("L", "L"))), B.residualNorm: Matrix(root(dot(rows, rows))),
        B.residualRowNorm: Matrix(rows.max() ?? 0),
      ])
  }
}
