import AttentionHessian
import DistributedHessian

/// ‖H‖₂ as it was found, the same on every rank.
struct NormReport {
  let norm: Lanczos.Result
  private let subject: String
  private let samples: Int
  private let dimension: Int
  private let ranks: Int
  private let working: Int
  /// Of the product with a random vector, where it is asked for.
  private let checksum: Checksum?

  init(_ map: DistributedHessianMap, _ subject: String, samples: Int, _ command: HessianMPICommand) throws {
    (self.subject, self.samples, dimension) = (subject, samples, map.dimension)
    (ranks, working) = (map.communicator.size, map.shares.count { !$0.isEmpty })
    if command.exact {
      var generator = SplitMix64(seed: command.general.seed)
      checksum = Checksum(try map((0..<map.dimension).map { _ in Double.random(using: &generator) }))
    } else {
      checksum = nil
    }
    let options = Lanczos.Options(
      .residual(command.tolerance.map { Double($0.value) } ?? 1e-9), products: command.products,
      seed: command.general.seed)
    var progress = Progress(quiet: command.general.quiet || map.communicator.rank != 0)
    defer { progress.finish() }
    var done = 0
    norm = try withoutActuallyEscaping(
      { (vector: [Double]) throws -> [Double] in
        done += 1
        progress.update(done, of: command.products, "of at most \(command.products) products")
        return try map(vector)
      },
      do: { try Lanczos.spectralNorm(of: SymmetricFunction(dimension: map.dimension, $0), options) })
  }

  func output(_ command: HessianMPICommand) -> String {
    command.general.json ? JSONWriter(.pretty).text(json(command)) + "\n" : text(command)
  }

  private func text(_ command: HessianMPICommand) -> String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    let name =
      switch command.part {
      case .outer: "the outer-product part H_o"
      case .functional: "the functional part H_f"
      case .both: "the Hessian H"
      }
    let idle = working == ranks ? "" : ", \(ranks - working) of them idle"
    var lines = [
      "Norm of \(name)", subject,
      "\(dimension)×\(dimension), matrix-free, \(count(norm.iterations, "product")) with vectors; Lanczos iteration",
      "\(count(samples, "sample")) on \(count(ranks, "rank"))\(idle)", "",
      "‖H‖₂ ≈ \(norm.norm.text(significantDigits: 10)), an estimate from below, not a bound; "
        + "residual \(norm.residual.text(significantDigits: 2))",
    ]
    if let checksum {
      lines += ["norm \(norm.norm)", "residual \(norm.residual)", "product \(Self.hexadecimal(checksum))"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(_ command: HessianMPICommand) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", "hessian.mpi-norm/1"), .init("subject", .string(subject)),
      .init("part", .string(command.part.rawValue)), .init("dimension", .integer(dimension)),
      .init("samples", .integer(samples)), .init("ranks", .integer(ranks)),
      .init("products", .integer(norm.iterations)), .init("converged", .boolean(norm.converged)),
      .init("norm", ["estimate": .double(norm.norm), "residual": .double(norm.residual)]),
      .init("norm_is_a_bound", false),
    ]
    if let checksum { members.append(.init("product_checksum", .string(Self.hexadecimal(checksum)))) }
    return .object(members)
  }

  /// Why the number is not what was asked for.
  var convergenceError: CommandError {
    CommandError(
      "Lanczos iteration did not converge in \(norm.iterations) products: the norm is only as good as its residual",
      hint: "allow more (--products N), or a larger residual (--tolerance)", status: .undecided)
  }

  private static func hexadecimal(_ checksum: Checksum) -> String {
    let digits = String(checksum.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
