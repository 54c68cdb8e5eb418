import Arithmetic
import TensorFiles

extension LayerInstance {
  /// The instance as JSON: integers as numbers, other rationals as strings `"a/b"`; reading it gives an equal instance.
  public var json: JSONValue {
    var members = [
      JSONValue.Member("version", 1), .init("kernel", .string(kernel.rawValue)), .init("loss", .string(loss.rawValue)),
      .init("samples", .array(samples.map(Self.json))),
    ]
    if let outputMatrix {
      members.append(.init("heads", .array(heads.map { .object(Self.members($0)) })))
      members.append(.init("W_O", Self.json(outputMatrix)))
    } else {
      members += Self.members(heads[0])
    }
    return .object(members)
  }

  /// Writes the instance to a file, whole or not at all.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(JSONWriter(.pretty).text(json) + "\n", to: path)
  }

  private static func members(_ head: Head) -> [JSONValue.Member] {
    [.init("W_Q", json(head.query)), .init("W_K", json(head.key)), .init("W_V", json(head.value))]
  }

  private static func json(_ sample: Sample) -> JSONValue {
    let target: JSONValue
    switch sample.target {
    case .matrix(let matrix): target = json(matrix)
    case .output: target = "F"
    }
    return ["X": json(sample.input), "Y": target]
  }

  private static func json(_ matrix: Matrix<Rational>) -> JSONValue {
    .array((0..<matrix.rows).map { row in .array(matrix.row(row).map(json)) })
  }

  private static func json(_ number: Rational) -> JSONValue {
    number.isInteger ? .number(number.description) : .string(number.description)
  }
}
