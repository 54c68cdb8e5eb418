import AttentionHessian

/// A library with its version.
struct Version: Hashable, Sendable {
  let name: String
  let version: String

  /// Those an answer names.
  static func all(in answer: JSONValue) -> [Version] {
    (answer["versions"]?.members ?? []).compactMap { member in
      member.value.stringValue.map { Version(name: member.key, version: $0) }
    }
  }
}
