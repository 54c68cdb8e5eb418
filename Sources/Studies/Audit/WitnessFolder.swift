import TensorFiles
import Transformers

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder in which witnesses and summaries of searches are kept, as `ID.json` and `ID.search.json`.
struct WitnessFolder {
  let path: String

  /// - Errors: `FileError` where there is no such folder. A missing file means that nothing was found, a missing folder that
  ///   the wrong place is looked at.
  init(_ path: String) throws(FileError) {
    var status = stat()
    guard !path.isEmpty, !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(
        .inputMissing, path: path, reason: "there is no such folder",
        advice: "run the command in the root of the project, or give the folder with the witnesses")
    }
    self.path = path
  }

  /// The file with the witness against a claim; `nil` where there is none.
  func witness(of claim: Claim) -> String? { existing("\(claim.id).json") }

  /// The summary of the search about a claim; `nil` where there is none.
  ///
  /// - Errors: `FileError` for a file that is no summary, or one about another claim.
  func summary(of claim: Claim) throws(FileError) -> FalsificationSummary? {
    guard let file = existing("\(claim.id).search.json") else { return nil }
    let summary = try FalsificationSummary(contentsOf: file)
    guard summary.subject == claim.id else {
      throw FileError(
        .badData, path: file, reason: "it is about \(PrintableText.quoted(summary.subject)), not \(claim.id)",
        advice: "search anew ('hessian falsify \(claim.id)'), or remove the file")
    }
    return summary
  }

  /// The path of a file; `nil` where there is certainly none, so that one that cannot be read is an error.
  private func existing(_ name: String) -> String? {
    var status = stat()
    let file = "\(path)/\(name)"
    return lstat(file, &status) != 0 && errno == ENOENT ? nil : file
  }
}
