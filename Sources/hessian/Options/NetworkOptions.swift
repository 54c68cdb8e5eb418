import ArgumentParser
import AttentionHessian

extension Loss: ExpressibleByArgument {}

/// A network as text, what of it is trained, and its loss.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Layers in sequence instead of one layer of attention, such as 'linear(32, bias), relu, linear(10)'.",
      valueName: "layers"))
  var network: String?

  @Option(help: "The loss of a network: mean-square, half-sum-square or cross-entropy. (default: mean-square)")
  var loss: Loss?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The number for a size name, such as h=3; may be repeated.", valueName: "name=size"),
    transform: NamedSize.parse)
  var size: [NamedSize] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train these weights only: W_Q, W_Q^{2,1}, 'layer 2', separated by commas.", valueName: "names"),
    transform: WeightNames.parse)
  var train: WeightNames?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Low-rank adapters on these weights, such as W_Q,W_V.", valueName: "names"),
    transform: WeightNames.parse)
  var adapt: WeightNames?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The rank of adapters. (default: 1)", valueName: "size"),
    transform: PositiveSize.parse)
  var adapterRank: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Adapters are scaled by this number over the rank. (default: 1)", valueName: "n"),
    transform: PositiveSize.parse)
  var adapterAlpha: Int?

  func validate() throws {
    if adapt == nil, let option = adapterRank != nil ? "--adapter-rank" : adapterAlpha != nil ? "--adapter-alpha" : nil
    {
      throw ValidationError("\(option) is for adapters: give --adapt too")
    }
    guard network == nil else { return }
    let given = [
      ("--loss", loss != nil), ("--size", !size.isEmpty), ("--train", train != nil), ("--adapt", adapt != nil),
    ]
    if let (option, _) = given.first(where: { $0.1 }) {
      throw ValidationError("\(option) is for a network: give --network too")
    }
  }

  /// The loss of the network; `nil` where none is given.
  func objective() throws -> Objective? {
    guard let network else { return nil }
    let layers = try Layer.parse(list: network)
    return Objective(try Network(layers, training: training), measuredBy: loss ?? .meanSquare)
  }

  private var training: Training {
    guard let adapt else { return train.map { .only($0.names) } ?? .all }
    return .lowRank(
      rank: Size(adapterRank ?? 1), alpha: adapterAlpha ?? 1, of: adapt.names, also: train?.names ?? [])
  }

  /// The number for each size name of the objective, small ones for those not given.
  func sizes(for objective: Objective, _ options: SizeOptions? = nil) throws -> [String: Int] {
    var given = Dictionary(size.map { ($0.name, $0.size) }) { $1 }
    let short = [("L", options?.length), ("d", options?.d), ("d_K", options?.dK), ("d_V", options?.dV)]
    for (name, size) in short { if let size { given[name] = size } }
    do {
      return try NetworkSizes.assignment(given, for: objective)
    } catch {
      throw CommandError(error.problem, hint: error.advice, status: .usage)
    }
  }
}

/// `h=3`.
struct NamedSize: Hashable {
  let name: String
  let size: Int

  static func parse(_ text: String) throws -> NamedSize {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ArgumentProblem("it is no name with a number, such as h=3")
    }
    return NamedSize(name: parts[0], size: try PositiveSize.parse(parts[1]))
  }
}

/// Names of weights, separated by commas outside braces.
struct WeightNames: Hashable {
  let names: Set<String>

  static func parse(_ text: String) throws -> WeightNames {
    let names = BracedList.parts(text).map { $0.trimmed }
    guard names.allSatisfy({ !$0.isEmpty }) else { throw ArgumentProblem("a name is missing between two commas") }
    return WeightNames(names: Set(names))
  }
}

/// A list whose items may contain commas in braces, such as `W_Q^{2,1}`.
enum BracedList {
  static func parts(_ text: String) -> [String] {
    var parts = [""], depth = 0
    for character in text {
      if character == "," && depth == 0 {
        parts.append("")
        continue
      }
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}

extension String {
  /// The text without spaces around it.
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
