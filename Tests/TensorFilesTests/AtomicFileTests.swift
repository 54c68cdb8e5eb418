import Foundation
import Testing

@testable import TensorFiles

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("out.txt")
    try AtomicFile.write("first, and longer", to: path)
    #expect(try FileInput.readText(path) == "first, and longer")
    try AtomicFile.write("second", to: path)
    #expect(try FileInput.readText(path) == "second")
    try AtomicFile.write([], to: path)
    #expect(try FileInput.read(path) == [])
    #expect(directory.names == ["out.txt"])
  }

  @Test func writesLargeFilesAndLongNames() throws {
    let directory = try TemporaryDirectory()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write(bytes, to: directory.file(name))
    #expect(try FileInput.read(directory.file(name)) == bytes)
    #expect(directory.names == [name])
  }

  @Test func writesBesideTheProcess() throws {
    // A path without a directory means the working directory; the test may not leave its own.
    let directory = try TemporaryDirectory()
    try AtomicFile.write("x", to: directory.path + "/./../" + (directory.path as NSString).lastPathComponent + "/y")
    #expect(directory.names == ["y"])
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("script")
    try AtomicFile.write("old", to: path)
    #expect(chmod(path, 0o750) == 0)
    #expect(symlink("script", directory.file("link")) == 0)
    try AtomicFile.write("new", to: directory.file("link"))
    #expect(try FileInput.readText(path) == "new")
    var status = stat()
    #expect(lstat(directory.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o750)
    #expect(directory.names == ["link", "script"])
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0))
  func reportsAFullDevice() throws {
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: "/dev/full") }
    #expect(error?.kind == .writeFailed)
    #expect(
      error?.description
        == "cannot write '/dev/full': no space is left on the device; free some space or give a path on another device")
    try AtomicFile.write("x", to: "/dev/null")
  }

  @Test func reportsAFileLargerThanPermittedAndLeavesNothing() async {
    // In a process of its own: the limit holds for the whole process.
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let path = directory.file("out.txt")
      try AtomicFile.write("old", to: path)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: rlim_t.max)
      #if canImport(Glibc)
        guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
      #else
        guard setrlimit(RLIMIT_FSIZE, &limit) == 0 else { exit(3) }
      #endif
      for target in [path, directory.file("new.txt")] {
        do throws(FileError) {
          try AtomicFile.write([UInt8](repeating: 0x41, count: 100_000), to: target)
          exit(4)
        } catch {
          guard error.kind == .writeFailed, error.reason == "the file would exceed the permitted size" else { exit(5) }
        }
      }
      guard directory.names == ["out.txt"], try FileInput.readText(path) == "old" else { exit(6) }
      directory.remove()
      exit(0)
    }
  }

  @Test func writesToOpenDescriptors() async {
    // In a process of its own: standard output is redirected.
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let file = open(directory.file("out"), O_WRONLY | O_CREAT, 0o600)
      guard file >= 0, dup2(file, 1) == 1, write(1, "before ", 7) == 7 else { exit(3) }
      try AtomicFile.write("after", to: "/dev/stdout")
      guard try FileInput.readText(directory.file("out")) == "before after" else { exit(4) }
      directory.remove()
      exit(0)
    }
  }

  @Test func refusesWhatCannotBeCreated() throws {
    let directory = try TemporaryDirectory()
    try AtomicFile.write("x", to: directory.file("file"))
    symlink("nowhere", directory.file("dangling"))
    let cases = [
      (directory.path, "it is a directory"), (directory.file("none/out"), "its directory does not exist"),
      (directory.file("none/"), "its directory does not exist"),
      (directory.file("file/out"), "a part of the path is not a directory"),
      ("", "the path is empty"), (directory.file("a\0b"), "the path has a NUL character"),
      (directory.file(String(repeating: "n", count: 256)), "the path is too long"),
      (directory.file("dangling"), "it is a symbolic link to a file that does not exist"),
    ]
    for (path, reason) in cases {
      let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: path) }
      #expect(error?.kind == .cannotCreate)
      #expect(error?.reason == reason)
    }
    #expect(directory.names == ["dangling", "file"])
  }

  @Test(.disabled(if: geteuid() == 0, "permissions do not bind the superuser"))
  func refusesWhatIsNotPermitted() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("file")
    try AtomicFile.write("x", to: path)
    chmod(path, 0o444)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("y", to: path) }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.reason == "permission is denied")
    #expect(try FileInput.readText(path) == "x")
  }
}
