import Arithmetic
import CContraction
import Testing

/// Random programs against a nest of loops that follows the header word for word.
@Suite struct ContractionKernelTests {
  @Test(arguments: [contraction_multiply, contraction_gemm, contraction_map, contraction_shift, contraction_mirror])
  func agreesWithLoops(_ kind: contraction_kind) {
    for seed in 0..<UInt64(kind == contraction_multiply ? 500 : 200) {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(kind, &draw)
      let expected = program.resultOfLoops()
      for instructions in 0..<contraction_instruction_sets() {
        for isPrepared in [false, true] {
          let result = program.result(instructions: instructions, isPrepared: isPrepared)
          let wrong = firstDifference(expected, result)
          #expect(wrong == nil, "kind \(kind.rawValue), seed \(seed), instructions \(instructions), \(isPrepared)")
          if wrong != nil { return }
        }
      }
    }
  }

  @Test func partsOfALoopGiveTheSameBits() {
    for seed in 0..<150 as Range<UInt64> {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(
        draw.uniform(below: 2) == 0 ? contraction_multiply : contraction_gemm, &draw, depth: 1)
      let turns = Int(program.operations[0].extent.0), cut = draw.uniform(below: turns + 1)
      #expect(program.result(parts: [(0, cut), (cut, turns - cut)]) == program.result(), "seed \(seed)")
    }
  }

  @Test func placesInMemoryDoNotMatter() {
    for seed in 0..<150 as Range<UInt64> {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(draw.uniform(below: 2) == 0 ? contraction_multiply : contraction_gemm, &draw)
      let result = program.result()
      for shift in 1..<8 { #expect(program.result(shift: shift) == result, "seed \(seed), shifted by \(shift)") }
    }
  }

  @Test func largeProductsAgreeWithLoops() {
    // Beyond what is packed at once, in each direction, in all forms of the three matrices.
    for (m, n, k) in [(9, 700, 130), (3, 40, 900), (70, 1, 600), (65, 97, 131)] {
      for form in 0..<12 {
        let a = form & 1 == 0 ? [k, 0, 1] : [1, 0, m], b = form & 2 == 0 ? [0, 1, n] : [0, k, 1]
        let c = [[n, 1, 0], [1, m, 0], [2 * n, 2, 0]][form / 4]
        var product = contraction_operation(contraction_gemm, extents: [m, n, k])
        product.setStrides(target: c, [a, b])
        let program = RandomProgram([product], length: max(2 * m * n, n * k, m * k))
        var expected = program.source
        for i in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for l in 0..<k { sum += program.source[i * a[0] + l * a[2]] * program.source[j * b[1] + l * b[2]] }
            expected[i * c[0] + j * c[1]] = sum
          }
        }
        #expect(firstDifference(expected, program.result()) == nil, "\(m)×\(k) times \(k)×\(n), form \(form)")
      }
    }
  }

  @Test func functionsAtTheirLimits() {
    let numbers: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, 709.78, 709.79, -745.13, -745.14, -708.4, 1e-300,
    ]
    for (function, value) in RandomProgram.functions {
      for instructions in 0..<contraction_instruction_sets() {
        var map = contraction_operation(contraction_map, extents: [numbers.count])
        map.detail = Int32(function.rawValue)
        map.setStrides(target: [1], [[1]])
        var program = RandomProgram([map], length: numbers.count)
        program.source = numbers
        for (result, x) in zip(program.result(instructions: instructions, isPrepared: false), numbers) {
          let expected = value(x)
          let isClose = result == expected || abs(result - expected) <= 2 * expected.ulp
          #expect(isClose || (result.isNaN && expected.isNaN), "function \(function.rawValue) at \(x): \(result)")
        }
      }
    }
  }

  /// Where two results differ by more than rounding.
  private func firstDifference(_ expected: [Double], _ result: [Double]) -> Int? {
    for (index, number) in expected.enumerated() {
      let difference: Double = abs(number - result[index])
      let isClose = number == result[index] || difference < 1e-12 * (1 + abs(number))
      if !isClose && !(number.isNaN && result[index].isNaN) { return index }
    }
    return nil
  }
}
