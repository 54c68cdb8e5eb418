import Transformers

extension LayerTextError {
  /// What is wrong.
  public var problem: String {
    switch self {
    case .unknown(let word, let kind, _): "there is no \(kind) \(PrintableText.quoted(word))"
    case .malformed(let problem): problem
    }
  }

  /// What to change, with the nearest valid word.
  public var advice: String {
    switch self {
    case .unknown(let word, _, let valid):
      (NearestName.of(word, in: valid).map { "did you mean '\($0)'? " } ?? "")
        + "give \(valid.count == 1 ? "" : "one of ")\(valid.joined(separator: ", "))"
    case .malformed:
      "layers are separated by commas, such as 'linear(32, bias), relu, linear(10)'"
    }
  }
}

extension NetworkError {
  /// What is wrong.
  public var problem: String {
    if case .unknownWeight(let name, _) = self { return "no weight is called \(PrintableText.quoted(name))" }
    return description
  }

  /// What to change, with the nearest valid name.
  public var advice: String {
    switch self {
    case .unknownWeight(let name, let valid):
      (NearestName.of(name, in: valid).map { "did you mean '\($0)'? " } ?? "")
        + "give some of \(valid.joined(separator: ", "))"
    case .empty: "give layers, such as 'linear(32, bias), relu, linear(10)'"
    case .nothingTrained: "name at least one weight"
    case .headCount, .jointDistances, .residual, .flatten, .scale: "change the layer"
    }
  }
}
