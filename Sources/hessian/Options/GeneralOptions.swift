import ArgumentParser

/// Options that every subcommand has.
struct GeneralOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of random draws: the same seed gives the same output.", valueName: "n"),
    transform: Seed.parse)
  var seed: UInt64 = 1

  @Flag(help: "No warnings and no progress on standard error.")
  var quiet = false

  @Flag(help: "The whole result as one JSON object.")
  var json = false
}

/// Seeds of random draws.
enum Seed {
  static func parse(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text) else {
      throw ArgumentProblem("a seed is a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }
}
