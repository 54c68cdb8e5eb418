import Testing

@testable import TensorFiles

@Suite struct FileErrorTests {
  @Test func knowsTheExitStatus() {
    #expect(FileError.Kind.allCases.map(\.exitStatus) == [65, 66, 73, 74])
  }

  @Test func isOneHarmlessLine() {
    let error = FileError(.badData, path: "a\n\u{1B}[31m", reason: "wrong", advice: "mend it")
    #expect(error.description == "in 'a\\u{a}\\u{1b}[31m': wrong; mend it")
    #expect(String(repeating: "x", count: 500).quoted.count == 123)
    #expect((1...14).map(String.init).quotedList.hasSuffix("'12' and 2 more"))
  }
}
