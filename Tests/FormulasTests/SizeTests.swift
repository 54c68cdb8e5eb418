import Formulas
import Testing

@Suite struct SizeTests {
  private let L: Size = "L", d: Size = "d", k: Size = "d_K"

  @Test func algebraIsCanonical() {
    #expect((L + d) * (L + d) == L * L + Size(2) * L * d + d * d)
    #expect(L * d == d * L)
    #expect(L + d == d + L)
    #expect(L + 0 == L)
    #expect(L * 1 == L)
    #expect(L * 0 == 0)
    #expect(Size(2) + 3 == 5)
    #expect(L + d != L * d)
  }

  @Test func descriptionsAreInOrder() {
    #expect("\(d * "d_V" + Size(2) * d * k)" == "2·d·d_K + d·d_V")
    #expect("\(Size(0))" == "0")
    #expect("\(Size(3) + L)" == "3 + L")
    #expect("\(Size(1) * L)" == "L")
  }

  @Test func whatItIs() {
    #expect(Size(0).constant == 0)
    #expect(Size(7).constant == 7)
    #expect(L.constant == nil)
    #expect(L.name == "L")
    #expect((Size(2) * L).name == nil)
    #expect((L * d).name == nil)
    #expect((L * k + d * L).names == ["L", "d", "d_K"])
    #expect(Size(1).isOne && !L.isOne && !Size(0).isOne)
  }

  @Test func valuesFollowTheAlgebra() {
    var generator = SeededGenerator(seed: 1)
    let numbers = ["L": 3, "d": 5, "d_K": 7]
    func random(_ depth: Int) -> (Size, Int) {
      guard depth > 0 else {
        switch generator.below(4) {
        case 0: return (L, 3)
        case 1: return (d, 5)
        case 2: return (k, 7)
        default:
          let n = generator.below(4)
          return (Size(n), n)
        }
      }
      let (a, x) = random(depth - 1), (b, y) = random(depth - 1)
      return generator.below(2) == 0 ? (a + b, x + y) : (a * b, x * y)
    }
    for _ in 0..<300 {
      let (size, value) = random(3)
      #expect(size.value { numbers[$0] } == value, "\(size)")
    }
  }

  @Test func noValueWithoutANumberOrBeyondInt() {
    #expect(L.value { _ in nil } == nil)
    #expect((L * L).value { _ in Int.max } == nil)
    #expect((L + L).value { _ in Int.max } == nil)
    #expect((L + d).value { $0 == "L" ? Int.max : 1 } == nil)
    #expect(Size(0).value { _ in nil } == 0)
  }

  @Test func substitutes() {
    #expect((L * d + k).substituting(["d": "L"]) == L * L + k)
    #expect((L * d).substituting(["L": "d", "d": "L"]) == L * d)
    #expect((L * L).substituting(["L": 3]) == 9)
    #expect((L * d).substituting(["L": 0]) == 0)
    #expect((Size(2) * L + 1).substituting(["L": L + 1]) == Size(2) * L + 3)
    #expect(Size(4).substituting(["L": 3]) == 4)
  }

  /// Larger than any `Int`: no trap, no value, and never equal to another size.
  @Test func beyondInt() {
    let huge = Size(.max)
    #expect(huge * 2 != huge * 3)
    #expect(huge * L * 2 != huge * L)
    #expect(huge + 1 != huge)
    #expect(huge * 2 == Size(2) * huge)
    for size in [huge * 2, huge * huge, huge + huge, (huge + L) * (huge + L)] {
      #expect(size.value { ["L": 1][$0] } == nil, "\(size)")
      #expect(size.constant == nil)
    }
    #expect((L * d).substituting(["L": huge, "d": huge]).value { ["L": 1][$0] } == nil)
  }
}
