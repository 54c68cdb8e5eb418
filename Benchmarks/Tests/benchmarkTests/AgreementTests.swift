import AttentionHessian
import Testing

@testable import benchmark

@Suite struct AgreementTests {
  @Test func aDifferenceIsRelativeToTheLargestOfTheReference() {
    #expect(Agreement.difference([1, 2, -3], [1, 2, -4]) == 0.25)
    #expect(Agreement.difference([0, 0], [0, 0]) == 0)
  }

  @Test func whatCannotBeComparedDoesNotAgree() {
    #expect(Agreement.difference([1], [1, 2]) == .infinity)
    #expect(Agreement.difference([], []) == .infinity)
    #expect(Agreement.difference([.nan], [1]) == .infinity)
    #expect(Agreement.difference([1, 1], [1, .nan]) == .infinity)
  }

  @Test func anArrayFileIsReadWithoutItsHeader() {
    let values: [Double] = [1.5, -2, 3, .pi, 0, 1e300]
    #expect(Agreement.array(NPYWriter.bytes(rows: 2, columns: 3, values: values)) == values)
    #expect(Agreement.array([0x93, 1]) == [])
  }
}
