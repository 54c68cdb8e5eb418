/// Why an audit cannot be made.
public enum AuditError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no claim of that name; the nearest names.
  case unknownClaim(String, nearest: String?)
  /// The witness in a file does not violate its claim; what its certification says.
  case notCertified(String, path: String, String)
  /// A proof that proves something else than the claim.
  case otherStatement(String)
  /// A proof that rests on something that is no law.
  case assumes(String, String)
  /// A claim that is both proven and refuted: one of the two is wrong.
  case contradiction(String)

  public var description: String {
    switch self {
    case .unknownClaim(let name, _): "there is no claim \(PrintableText.quoted(name))"
    case .notCertified(let id, let path, let reason):
      "the witness \(PrintableText.quoted(path)) does not refute \(id): \(reason)"
    case .otherStatement(let id): "the proof given for \(id) does not prove it"
    case .assumes(let id, let rule): "the proof given for \(id) rests on \(rule), which is no law"
    case .contradiction(let id): "there is a proof of \(id) and a certified violation of it: one of them is wrong"
    }
  }

  /// The exit status of a command that ends with this error.
  public var exitStatus: Int32 {
    switch self {
    case .unknownClaim: 64
    case .notCertified: 65
    case .otherStatement, .assumes, .contradiction: 1
    }
  }

  /// What to change.
  public var advice: String {
    switch self {
    case .unknownClaim(_, let nearest):
      (nearest.map { "did you mean \($0)? " } ?? "") + "the theorems are P1 to P7, their parts P1.a and so on"
    case .notCertified(let id, _, _): "search anew ('hessian falsify \(id)'), or remove the file"
    case .otherStatement, .assumes: "give a proof of the claim by laws"
    case .contradiction: "report the claim's name"
    }
  }
}
