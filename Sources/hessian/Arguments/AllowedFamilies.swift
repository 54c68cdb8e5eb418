import AttentionHessian

/// Families of norms that a bound may use, as a list on the command line.
struct AllowedFamilies {
  let families: Set<AllowedNorms.Family>

  static let all = Set(AllowedNorms.Family.allCases)
  static var names: String { AllowedNorms.Family.allCases.map(\.rawValue).joined(separator: ", ") }

  /// Reads `all`, `none`, or names separated by commas.
  init(parsing text: String) throws {
    switch text {
    case "all": families = Self.all
    case "none": families = []
    default:
      families = Set(
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
          let name = String(part)
          guard let family = AllowedNorms.Family(rawValue: name) else {
            let nearest = NearestName.of(name, in: AllowedNorms.Family.allCases.map(\.rawValue))
            let meant = nearest.map { "did you mean '\($0)'? " } ?? ""
            throw ArgumentProblem(
              "\(PrintableText.quoted(name)) is no family of norms: \(meant)give all, none or some of \(Self.names)")
          }
          return family
        })
    }
  }
}
