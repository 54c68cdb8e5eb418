import TensorFiles
import Typesetting

/// What a study that is described by a configuration leaves in its folder.
public protocol StudyReport {
  associatedtype Configuration: StudyConfiguration
  /// The command that makes it, such as `experiment`.
  static var command: String { get }
  var configuration: Configuration { get }
  /// The SHA-256 of the file of data; empty where there is none.
  var dataDigest: String { get }
  /// The tables, each with a name of its own.
  var tables: [Table] { get }
  /// The figures, each with the name of its files.
  var figures: [(name: String, figure: any Figure)] { get }
  /// Further files with numbers, such as those that the figures are drawn of.
  var data: [GeneratedFile] { get }
  /// All that was found, with every digit.
  var json: JSONValue { get }
  /// What is said on the terminal.
  var text: String { get }
  /// The reports of one configuration or several as a document.
  static func document(of reports: [Self]) -> LaTeXDocument
}

/// Work of a study was interrupted.
public struct StudyInterruption: Error {
  /// The folder with what is kept; `nil` where nothing is.
  public let place: String?
  public init(place: String?) { self.place = place }
}

extension StudyReport {
  public var dataDigest: String { "" }

  /// The name of the configuration.
  public var name: String { configuration.name }

  /// None.
  public var data: [GeneratedFile] { [] }

  /// What generated the files, for a comment in each of them.
  public var provenance: String { "hessian \(Self.command), configuration \(name)" }

  /// The content of `results.json`.
  public var results: String { json.prettyDescription + "\n" }

  /// All files of the report, with paths relative to its folder.
  public func files() -> [GeneratedFile] {
    var files: [GeneratedFile] = []
    for table in tables {
      files.append(GeneratedFile(path: "\(table.name).tex", text: table.latex(provenance: provenance)))
      files.append(GeneratedFile(path: "\(table.name).csv", text: table.csv))
    }
    for (name, figure) in figures {
      files.append(GeneratedFile(path: "\(name).svg", text: figure.svg()))
      files.append(GeneratedFile(path: "\(name)-figure.tex", text: figure.pgfplots(provenance: provenance)))
    }
    files += data
    files.append(GeneratedFile(path: "results.json", text: results))
    files.append(GeneratedFile(path: "\(Self.command).tex", text: Self.document(of: [self]).latex))
    return files
  }
}
