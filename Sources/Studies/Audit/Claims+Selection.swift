import Transformers

extension Claims {
  /// The claims of the given names, a theorem with all its parts; all where no name is given.
  ///
  /// - Errors: the first name that is none, with the nearest one.
  public static func selected(_ names: [String]) throws(AuditError) -> [Claim] {
    if names.isEmpty { return all }
    var wanted: Set<String> = []
    for name in names {
      let found = selection(name)
      guard !found.isEmpty else { throw .unknownClaim(name, nearest: NearestName.of(name, in: ids)) }
      wanted.formUnion(found.map(\.id))
    }
    return all.filter { wanted.contains($0.id) }
  }

  /// The names of all claims and theorems.
  private static var ids: [String] {
    all.reduce(into: []) { ids, claim in
      if !ids.contains(claim.theorem) { ids.append(claim.theorem) }
      if !ids.contains(claim.id) { ids.append(claim.id) }
    }
  }
}
