import Foundation
import Testing

@testable import TensorFiles

@Suite struct FileInputTests {
  @Test func refusesWhatCannotBeRead() throws {
    let directory = try TemporaryDirectory()
    try AtomicFile.write("x", to: directory.file("file"))
    let cases = [
      (directory.path, "it is a directory"), (directory.file("none"), "there is no such file"),
      (directory.file("file/x"), "a part of the path is not a directory"), ("", "the path is empty"),
      (directory.file("file\0"), "the path has a NUL character"),
    ]
    for (path, reason) in cases {
      let error = #expect(throws: FileError.self) { try FileInput.read(path) }
      #expect(error?.kind == .inputMissing)
      #expect(error?.reason == reason)
    }
  }

  @Test func limitsTheSize() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("file")
    try AtomicFile.write([UInt8](repeating: 1, count: 100), to: path)
    #expect(try FileInput.read(path, limit: 100).count == 100)
    #expect(throws: FileError.self) { try FileInput.read(path, limit: 99) }
    let error = #expect(throws: FileError.self) { try FileInput.read("/dev/zero", limit: 1 << 20) }
    #expect(error?.kind == .badData)
    #expect(try FileInput.read("/dev/null").isEmpty)
  }

  @Test func readsTextAndJSONStrictly() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("file")
    try AtomicFile.write([0x61, 0xFF], to: path)
    #expect(throws: FileError.self) { try FileInput.readText(path) }
    try AtomicFile.write("{\"a\": 1,\n \"a\": 2}", to: path)
    let error = #expect(throws: FileError.self) { try FileInput.readJSON(path) }
    #expect(error?.kind == .badData)
    #expect(
      error?.description
        == "in '\(path)': the text is not valid JSON; correct line 2, column 2: the key 'a' stands twice in this object; "
        + "remove one")
    #expect(try FileInput.readJSON(path, options: JSONParsingOptions())["a"] == 2)
    try AtomicFile.write("\u{FFFD}é", to: path)
    #expect(try FileInput.readText(path) == "\u{FFFD}é")
  }
}
