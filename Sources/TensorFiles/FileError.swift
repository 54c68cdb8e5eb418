/// Why a file could not be read, understood or written, and what to change.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as far as a caller has to tell cases apart.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The file was read, but its content is not what it has to be.
    case badData
    /// The input does not exist or cannot be read.
    case inputMissing
    /// The output cannot be created.
    case cannotCreate
    /// The output was begun, but could not be completed.
    case writeFailed

    /// The exit status of a command that ends with this error (as in `sysexits.h`): 65, 66, 73 or 74.
    public var exitStatus: Int32 {
      switch self {
      case .badData: 65
      case .inputMissing: 66
      case .cannotCreate: 73
      case .writeFailed: 74
      }
    }
  }

  /// What went wrong.
  public let kind: Kind
  /// The file, as the caller named it.
  public let path: String
  /// What is wrong.
  public let reason: String
  /// What to change.
  public let advice: String

  /// An error about a file; reason and advice are clauses without a capital or a full stop.
  public init(_ kind: Kind, path: String, reason: String, advice: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
    self.advice = advice
  }

  /// One line for a person: the file, what is wrong, what to change.
  public var description: String {
    let place =
      switch kind {
      case .badData: "in \(path.quoted)"
      case .inputMissing: "cannot read \(path.quoted)"
      case .cannotCreate: "cannot create \(path.quoted)"
      case .writeFailed: "cannot write \(path.quoted)"
      }
    return "\(place): \(reason); \(advice)"
  }
}
