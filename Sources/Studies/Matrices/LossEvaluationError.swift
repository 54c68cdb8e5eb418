import Evaluation

/// Why a loss or its derivatives have no value that can be given.
public enum LossEvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLarge(MemoryEstimate, limit: MemoryEstimate)
  case evaluation(EvaluationError)
  /// An entry overflowed or is undefined in floating point.
  case notFinite(row: Int, column: Int)

  public var description: String {
    switch self {
    case .tooLarge(let needed, let limit): "the evaluation needs about \(needed) of memory, the limit is \(limit)"
    case .evaluation(let error): error.description
    case .notFinite(let row, let column): "entry (\(row), \(column)) of the result is not finite in floating point"
    }
  }

  /// What to change.
  public var advice: String {
    switch self {
    case .tooLarge:
      "ask for one block (--block Q,K), or for norm and eigenvalues: 'hessian spectrum --matrix-free' forms no matrix"
    case .notFinite: "use an instance with smaller entries, or --exact where the value is rational"
    case .evaluation(.arithmetic(.unsupported, _)): "use smaller numbers, or leave out --exact where it was given"
    case .evaluation: "use an instance at which the quantity is defined"
    }
  }
}
