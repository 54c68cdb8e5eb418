import Testing

@testable import TensorFiles

@Suite struct CSVWriterTests {
  @Test func quotesWhatHasToBe() {
    let rows: [[CSVWriter.Field]] = [
      ["a,b", "say \"x\""], ["line\r\nbreak", "plain text"], [.number(0.1), .number(.nan)],
    ]
    #expect(
      CSVWriter.text(header: ["one", "two,three"], rows: rows)
        == "one,\"two,three\"\n\"a,b\",\"say \"\"x\"\"\"\n\"line\r\nbreak\",plain text\n0.10000000000000001,nan\n")
  }

  @Test func writesMatrices() {
    #expect(
      CSVWriter.text(rows: 2, columns: 2, values: [1, -0.5, 1 / 3, 3e300])
        == "1,-0.5\n0.33333333333333331,3.0000000000000002e+300\n")
    #expect(CSVWriter.text(rows: 0, columns: 3, values: []) == "")
    #expect(CSVWriter.text(rows: []) == "")
    #expect(CSVWriter.text(header: ["x"], rows: []) == "x\n")
  }
}
