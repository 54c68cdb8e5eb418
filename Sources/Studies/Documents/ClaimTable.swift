import Typesetting

/// The printed statements of the literature with the verdicts of the audit.
enum ClaimTable {
  static func table(_ audit: Audit) throws -> Table { try AuditReport(audit).table() }
}
