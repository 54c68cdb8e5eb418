import Arithmetic
import Testing
@Suite struct Smoke {
  @Test func squareRootOnDouble() throws {
    let x = 2.0
    let r = try x.squareRoot()
    #expect(r * r > 1.99)
    print(BLASInformation.current)
  }
}
