import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

/// The derived blocks against implementations that share no code with them.
@Suite struct HessianBlockTests {
  private func data(_ layer: DerivedLayer, _ sizes: Sizes, _ point: Environment<Double>) throws -> LayerData {
    func rows(_ symbol: Symbol) throws -> [[Double]] {
      let matrix = try #require(point[symbol])
      return (0..<matrix.rows).map { Array(matrix.row($0)) }
    }
    let parameters = layer.parameters
    return LayerData(
      L: sizes.L, d: sizes.d, k: sizes.k, v: sizes.v, X: try rows(layer.objective.model.input),
      Q: try rows(parameters[0]), K: try rows(parameters[1]), V: try rows(parameters[2]),
      Y: try rows(layer.objective.target))
  }

  private func isClose(_ value: Matrix<Double>, _ expected: (Int, Int) -> Double) -> Bool {
    var scale = 1e-3, error = 0.0
    for i in 0..<value.rows {
      for j in 0..<value.columns {
        scale = max(scale, abs(value[i, j]))
        let difference = abs(value[i, j] - expected(i, j))
        error = difference.isNaN ? .infinity : max(error, difference)
      }
    }
    return error <= 1e-12 * scale
  }

  /// The parts of every softmax block equal the row-wise closed forms of the moments.
  @Test(arguments: Sizes.standard, [UInt64(1), 2]) func softmaxBlocksAreTheRowwiseForms(sizes: Sizes, seed: UInt64)
    throws
  {
    let layer = DerivedLayer.softmax
    let point = try layer.point(sizes, as: Double.self, seed: seed)
    let rowwise = RowwiseHessian(try data(layer, sizes, point)), evaluator = Evaluator(point)
    for block in layer.blocks {
      let row = try #require(block.row.name.last), column = try #require(block.column.name.last)
      let (n, r) = (row == "V" ? sizes.v : sizes.k, column == "V" ? sizes.v : sizes.k)
      let outer = try evaluator.value(of: block.outerProduct), functional = try evaluator.value(of: block.functional)
      #expect(
        isClose(outer) { rowwise.gaussNewton(row, column, $0 / n, $0 % n, $1 / r, $1 % r) }, "H_o(\(row),\(column))")
      #expect(
        isClose(functional) { rowwise.functional(row, column, $0 / n, $0 % n, $1 / r, $1 % r) }, "H_f(\(row),\(column))"
      )
      if rowwise.outer(row, column, 0, 0, 0, 0) != nil {
        #expect(
          isClose(outer) { rowwise.outer(row, column, $0 / n, $0 % n, $1 / r, $1 % r) ?? .nan }, "H_o(\(row),\(column))"
        )
      }
      #expect(isClose(try evaluator.value(of: block.total)) { outer[$0, $1] + functional[$0, $1] })
    }
  }

  @Test(arguments: [AttentionKernel.gaussian, .linear], Sizes.standard)
  func elementwiseKernels(kernel: AttentionKernel, sizes: Sizes) throws {
    let layer = DerivedLayer.of(kernel)
    let point = try layer.point(sizes, as: Double.self, seed: 3)
    let expected = ElementwiseHessian(try data(layer, sizes, point), kernel).hessian()
    #expect(isClose(try layer.hessian(at: point)) { expected[$0][$1] })
  }

  /// The comparison can fail: a block of another place, or a part left out, is not close.
  @Test func theComparisonNoticesMistakes() throws {
    let layer = DerivedLayer.softmax, sizes = Sizes(3, 2, 4, 2)
    let point = try layer.point(sizes, as: Double.self, seed: 5)
    let rowwise = RowwiseHessian(try data(layer, sizes, point))
    let mixed = try #require(layer.block("Q", "K"))
    let value = try mixed.functional.value(in: point)
    #expect(!isClose(value) { rowwise.functional("Q", "Q", $0 / 4, $0 % 4, $1 / 4, $1 % 4) })
    #expect(!isClose(value) { rowwise.functional("K", "Q", $0 / 4, $0 % 4, $1 / 4, $1 % 4) })
    #expect(
      !isClose(try mixed.total.value(in: point)) { rowwise.gaussNewton("Q", "K", $0 / 4, $0 % 4, $1 / 4, $1 % 4) })
  }
}
