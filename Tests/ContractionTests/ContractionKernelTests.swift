import Arithmetic
import CContraction
import Testing

/// Random programs against a nest of loops that follows the header word for word.
@Suite struct ContractionKernelTests {
  @Test(arguments: [contraction_multiply, contraction_gemm, contraction_map, contraction_shift, contraction_mirror])
  func agreesWithLoops(_ kind: contraction_kind) {
    for seed in 0..<UInt64(kind == contraction_multiply ? 1_500 : 500) {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(kind, &draw)
      let expected = program.resultOfLoops()
      for instructions in 0..<contraction_instruction_sets() {
        for isPrepared in [false, true] {
          let result = program.result(instructions: instructions, isPrepared: isPrepared)
          let wrong = zip(expected, result).firstIndex { !($0 == $1 || abs($0 - $1) < 1e-13 * (1 + abs($0))) }
          #expect(wrong == nil, "kind \(kind.rawValue), seed \(seed), instructions \(instructions), \(isPrepared)")
          if wrong != nil { return }
        }
      }
    }
  }

  @Test func partsOfALoopGiveTheSameBits() {
    for seed in 0..<300 as Range<UInt64> {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(
        draw.uniform(below: 2) == 0 ? contraction_multiply : contraction_gemm, &draw, depth: 1)
      let turns = Int(program.operations[0].extent.0), cut = draw.uniform(below: turns + 1)
      #expect(program.result(parts: [(0, cut), (cut, turns - cut)]) == program.result(), "seed \(seed)")
    }
  }

  @Test func placesInMemoryDoNotMatter() {
    for seed in 0..<300 as Range<UInt64> {
      var draw = SplitMix64(seed: seed)
      let program = RandomProgram(draw.uniform(below: 2) == 0 ? contraction_multiply : contraction_gemm, &draw)
      let result = program.result()
      for shift in 1..<8 { #expect(program.result(shift: shift) == result, "seed \(seed), shifted by \(shift)") }
    }
  }

  @Test func largeProductsAgreeWithLoops() {
    // Beyond what is packed at once, in each direction.
    for (m, n, k) in [(9, 700, 130), (3, 40, 900), (70, 1, 600), (65, 97, 131)] {
      for transposed in 0..<8 {
        var product = contraction_operation(contraction_gemm, extents: [m, n, k])
        let c = transposed & 4 == 0 ? [n, 1, 0] : [1, m, 0]
        product.setStrides(
          target: c, [transposed & 1 == 0 ? [k, 0, 1] : [1, 0, m], transposed & 2 == 0 ? [0, 1, n] : [0, k, 1]])
        let program = RandomProgram([product], length: 800 * 400)
        let wrong = zip(program.resultOfLoops(), program.result()).first { abs($0 - $1) > 1e-12 }
        #expect(wrong == nil, "\(m)×\(k) times \(k)×\(n), form \(transposed)")
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
}
