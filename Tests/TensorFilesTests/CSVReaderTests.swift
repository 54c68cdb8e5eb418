import TensorFiles
import Testing

@Suite struct CSVReaderTests {
  private func fields(_ text: String, separator: UInt8 = UInt8(ascii: ","), hasQuotes: Bool = true) throws -> [[String]]
  {
    try CSVReader.records(Array(text.utf8), separator: separator, hasQuotes: hasQuotes).map(\.fields)
  }

  @Test func readsRecords() throws {
    #expect(try fields("a,b\nc,d\n") == [["a", "b"], ["c", "d"]])
    #expect(try fields("a,b\r\nc,d") == [["a", "b"], ["c", "d"]])
    #expect(try fields("\n\na,\r\n\n,b\n\r\n") == [["a", ""], ["", "b"]])
    #expect(try fields("\"a,b\",\"c \"\"d\"\"\"\n") == [["a,b", "c \"d\""]])
    #expect(try fields("\"two\nlines\",x\r\n\"\",y") == [["two\nlines", "x"], ["", "y"]])
    #expect(try fields("5\" long,x\n") == [["5\" long", "x"]])
    #expect(try fields("\"a\"\r\n\"b\"\r") == [["a"], ["b"]])
    #expect(try fields("\"\"\n") == [[""]])
    #expect(try fields("") == [])
    #expect(try fields("\"a\"\t1\n", separator: 9, hasQuotes: false) == [["\"a\"", "1"]])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let rows = [["plain", "a,b", "quote \" here"], ["line\nbreak", "\"\"", ""], ["ä ∂", " spaces ", "cr\r\nlf"]]
    let text = CSVWriter.text(rows: rows.map { $0.map { .text($0) } })
    #expect(try fields(text) == rows)
  }

  @Test func linesAreCounted() throws {
    let records = try CSVReader.records(Array("a\n\"b\nc\"\n\nd\n".utf8))
    #expect(records.map(\.line) == [1, 2, 5])
  }

  @Test(arguments: [("a,b\n\"open\n\n", 2, "not closed"), ("a\n\"b\nc\"x\n", 3, "behind a closing quote")])
  func refusesTexts(_ text: String, _ line: Int, _ reason: String) {
    let error = #expect(throws: CSVReader.Problem.self) { try fields(text) }
    #expect(error?.line == line && error?.reason.contains(reason) == true)
  }
}
