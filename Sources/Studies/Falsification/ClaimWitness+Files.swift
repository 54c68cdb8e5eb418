import Arithmetic
import Evaluation
import Formulas
import TensorFiles
import Transformers

extension ClaimWitness {
  /// Reads the witness against a claim: the instance file of a layer, or a file with the claim's own sizes and matrices.
  ///
  /// - Errors: `inputMissing` where there is no such file; `badData` naming the place in the file where it is not JSON,
  ///   has an unknown, repeated or missing key, a number that is none, or matrices that do not fit.
  public init(of claim: Claim, contentsOf path: String) throws(FileError) {
    let json = try FileInput.readJSON(path)
    do {
      try self.init(of: claim, json: json)
    } catch {
      throw FileError(.badData, path: path, reason: error.problem, advice: error.advice)
    }
  }

  /// The witness that a JSON value describes.
  public init(of claim: Claim, json: JSONValue) throws(InstanceError) {
    let isLayer = Set(claim.statement.freeMatrices.map(\.name)) == Self.layerNames
    if isLayer, json["matrices"] == nil {
      let point = try Self.point(of: try LayerInstance(json: json), for: claim)
      try self.init(subject: claim.id, statement: claim.statement, point: point)
    } else {
      try self.init(subject: claim.id, statement: claim.statement, json: json)
    }
  }

  /// The witness against any statement, with the statement's own sizes and matrices.
  init(subject: String, statement: Judgement, json: JSONValue) throws(InstanceError) {
    try self.init(subject: subject, statement: statement, point: try Self.point(json, subject, statement))
  }

  /// The matrices of a layer under the symbols of a claim.
  private static func point(
    of instance: LayerInstance, for claim: Claim
  ) throws(InstanceError) -> Environment<Rational> {
    guard instance.kernel == claim.statement.kernel else {
      throw InstanceError(
        "kernel",
        "it is \(instance.kernel.rawValue), but \(claim.id) is about \(claim.statement.kernel.rawValue) attention",
        advice: "give \"\(claim.statement.kernel.rawValue)\"")
    }
    guard instance.heads.count == 1, instance.outputMatrix == nil, instance.samples.count == 1 else {
      throw InstanceError(
        "", "\(claim.id) is about one head without output matrix and one sample", advice: "give one of each")
    }
    let assignment = instance.sizes().assignment
    for (name, size) in claim.sizes.sorted(by: { $0.key < $1.key }) {
      guard let found = assignment[name], let expected = size.value({ assignment[$0] }), found != expected else {
        continue
      }
      throw InstanceError(
        "", "\(claim.id) assumes \(name) = \(size), but here \(name) = \(found) and \(size) = \(expected)",
        advice: "give matrices of such sizes")
    }
    let given: Environment<Rational>
    do {
      given = try instance.environment()
    } catch {
      throw InstanceError("Y", "the output is not rational (\(error))", advice: "give Y as a matrix")
    }
    var point = Environment<Rational>(sizes: assignment)
    let objective = instance.objective
    for symbol in claim.statement.freeMatrices {
      let known = ([objective.model.input, objective.target] + objective.model.parameters).first {
        $0.name == symbol.name
      }
      point[symbol] = known.flatMap { given[$0] }
    }
    return point
  }

  /// The sizes and matrices of a claim with names of its own.
  private static func point(
    _ json: JSONValue, _ id: String, _ statement: Judgement
  ) throws(InstanceError) -> Environment<Rational> {
    let fields = try InstanceFields(json, at: "", allowing: ["version", "claim", "sizes", "matrices"])
    try InstanceReader.checkVersion(fields["version"])
    let name = try fields.require("claim")
    guard name.stringValue == id else {
      let found = name.stringValue.map { PrintableText.quoted($0) } ?? name.kindName
      throw InstanceError("claim", "it is \(found), not \(id)", advice: "give the witness of \(id)")
    }
    let names = statement.sizeNames
    let sizeFields = try InstanceFields(try fields.require("sizes"), at: "sizes", allowing: names)
    var sizes: [String: Int] = [:]
    for name in names {
      let value = try sizeFields.require(name)
      guard let number = value.integer, number > 0 else {
        throw InstanceError(
          "sizes.\(name)", "\(value.numberText.map(PrintableText.escaped) ?? value.kindName) is no size",
          advice: "give a whole number from 1")
      }
      sizes[name] = number
    }
    var point = Environment<Rational>(sizes: sizes)
    let symbols = statement.freeMatrices
    let matrixFields = try InstanceFields(
      try fields.require("matrices"), at: "matrices", allowing: symbols.map(\.name))
    for symbol in symbols {
      point[symbol] = try InstanceReader.matrix(matrixFields.require(symbol.name), matrixFields.path(symbol.name))
    }
    return point
  }

  // MARK: Writing

  /// The witness as JSON: the instance of a layer where it is one. Reading it gives an equal witness.
  public var json: JSONValue {
    if let layer { return layer.json }
    return [
      "version": 1, "claim": .string(subject),
      "sizes": .object(point.sizes.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
      "matrices": .object(
        statement.freeMatrices.compactMap { symbol in point[symbol].map { .init(symbol.name, Self.json($0)) } }),
    ]
  }

  private static func json(_ matrix: Matrix<Rational>) -> JSONValue {
    .array(
      (0..<matrix.rows).map { row in
        .array(matrix.row(row).map { $0.isInteger ? .number($0.description) : .string($0.description) })
      })
  }
}
