import ArgumentParser
import AttentionHessian

/// What `‖H‖₂` is compared with, and at how many bits at most.
struct CertifyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decide ‖H‖₂ ≤ M for this M, read exactly: 12, 0.25, 1e-3 or 3/4.", valueName: "M"),
    transform: ExactNumber.any)
  var bound: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decide this printed claim at the instance, such as P1.", valueName: "id"))
  var claim: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most bits that are tried before giving up. (default: 2048)", valueName: "bits"),
    transform: PrecisionLimit.parse)
  var maxBits: Int?

  func validate() throws {
    if bound != nil, claim != nil {
      throw ValidationError("--bound and --claim exclude each other: give one of them")
    }
    _ = try question
  }

  /// The question that the options ask.
  var question: HessianCertification.Question {
    get throws {
      if let bound { return .bound(bound.value) }
      guard let claim else { return .enclosure }
      let known = HessianCertification.claims
      guard let found = known.first(where: { $0.id.lowercased() == claim.lowercased() }) else {
        let names = known.map(\.id).joined(separator: ", ")
        throw ValidationError(
          "there is no claim \(PrintableText.quoted(claim)) about a layer: give one of \(names) (--claim)")
      }
      return .claim(found)
    }
  }
}

/// Limits on the precision.
enum PrecisionLimit {
  static func parse(_ text: String) throws -> Int {
    let bits = try PositiveSize.parse(text)
    guard (128...65_536).contains(bits) else { throw ArgumentProblem("give a number of bits from 128 to 65536") }
    return bits
  }
}
