#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FileError {
  /// The error for a failed system call, from its `errno`.
  ///
  /// The wording is our own: `strerror` depends on the locale and on the system.
  init(_ kind: Kind, path: String, code: Int32) {
    let (reason, advice) = Self.explanation(of: code, kind: kind)
    self.init(kind, path: path, reason: reason, advice: advice)
  }

  private static func explanation(of code: Int32, kind: Kind) -> (reason: String, advice: String) {
    let isOutput = kind == .cannotCreate || kind == .writeFailed
    switch code {
    case ENOENT where isOutput: return ("its directory does not exist", "create the directory or give another path")
    case ENOENT: return ("there is no such file", "check the path")
    case ENOTDIR: return ("a part of the path is not a directory", "check the path")
    case EISDIR: return ("it is a directory", "give the path of a file")
    case EACCES, EPERM: return ("permission is denied", "change its permissions or give another path")
    case EROFS: return ("the file system is read-only", "give a path on a writable file system")
    case ENOSPC: return ("no space is left on the device", "free some space or give a path on another device")
    case EDQUOT: return ("the disk quota is used up", "free some space or give a path on another device")
    case EFBIG: return ("the file would exceed the permitted size", "raise the limit (ulimit -f) or write less")
    case ENAMETOOLONG: return ("the path is too long", "give a shorter path")
    case ELOOP: return ("the path has too many symbolic links", "check the links in the path")
    case EMFILE, ENFILE: return ("too many files are open", "raise the limit (ulimit -n) or close some")
    case ENOMEM: return ("there is not enough memory", "free some memory")
    case EPIPE: return ("the reader of the pipe has gone", "keep the reading program running")
    case EIO: return ("the device reported an input/output error", "check the device")
    default: return ("the system reported error \(code)", "check the path and the device")
    }
  }
}
