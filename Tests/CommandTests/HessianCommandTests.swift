import Foundation
import Testing

@testable import hessian

@Suite struct HessianCommandTests {
  @Test func theVersionIsPrinted() throws {
    let plain = try BuiltCommand.run("--version")
    expectSuccess(plain)
    #expect(plain.output == "hessian \(HessianCommand.version)\n")
    let verbose = try BuiltCommand.run("--version", "--verbose")
    expectSuccess(verbose)
    #expect(verbose.output.contains("BLAS: "))
    expectRefusal(try BuiltCommand.run("--verbose"), 64, "--version")
  }

  @Test func withoutArgumentsThereIsHelp() throws {
    let outcome = try BuiltCommand.run()
    expectSuccess(outcome)
    #expect(outcome.output.contains("EXIT STATUS:"))
  }

  @Test(arguments: HessianCommand.subcommandNames) func everySubcommandHasAnExampleInItsHelp(name: String) throws {
    let outcome = try BuiltCommand.run(name, "--help")
    expectSuccess(outcome)
    #expect(outcome.output.contains("EXAMPLE"))
    #expect(outcome.output.contains("hessian \(name)"))
    for option in ["--seed", "--quiet"] { #expect(outcome.output.contains(option)) }
  }

  @Test func anUnknownSubcommandIsRefused() throws {
    expectRefusal(try BuiltCommand.run("inspekt", "x"), 64, "'inspekt'", "did you mean 'inspect'?")
    expectRefusal(try BuiltCommand.run("xyzzy"), 64, "'xyzzy'", "derive")
    expectRefusal(try BuiltCommand.run(""), 64, "''")
  }

  @Test func controlCharactersAreNotPassedOn() throws {
    let outcome = try BuiltCommand.run("inspect", "\u{1B}[31mred\u{7}")
    expectRefusal(outcome, 66, "\\u{1b}[31mred\\u{7}")
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func noColourIsUsedOffATerminal() throws {
    let outcome = try BuiltCommand.run("xyzzy", environment: ["TERM": "xterm-256color"])
    #expect(outcome.errors.hasPrefix("error: "))
  }

  @Test(.timeLimit(.minutes(1))) func anInterruptEndsWithItsStatus() throws {
    let directory = try TemporaryDirectory()
    let pipe = try directory.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try BuiltCommand.path())
    process.arguments = ["evaluate", "--instance", pipe]
    process.standardError = FileHandle.nullDevice
    // The command inherits and respects what it finds: interrupts that are ignored, as in the background, or blocked, as
    // in threads of a pool.
    let previous = signal(SIGINT, SIG_DFL)
    var interrupt = sigset_t()
    var mask = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, &mask)
    try process.run()
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    signal(SIGINT, previous)
    // Opening the pipe for writing returns once the command has opened it for reading, its handlers installed.
    let writer = open(pipe, O_WRONLY)
    process.interrupt()
    process.waitUntilExit()
    close(writer)
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
  }
}
