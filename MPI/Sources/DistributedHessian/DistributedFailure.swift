/// Why the ranks of a run cannot go on together; every rank has it at the same time.
public struct DistributedFailure: Error, CustomStringConvertible {
  public enum Cause: Sendable {
    /// An error of this rank.
    case error(any Error)
    /// An error of another rank, which has it.
    case elsewhere
    /// Its instance, or the part of the Hessian it was asked for, is not the one of rank 0.
    case otherInstance
    /// It multiplies with another vector than rank 0.
    case otherVector
    /// It does something else than rank 0.
    case otherStep
  }

  /// The first rank that failed, or that differs from rank 0.
  public let rank: Int
  public let cause: Cause

  /// The rank that can say what is wrong.
  public var witness: Int {
    switch cause {
    case .error, .elsewhere: rank
    case .otherInstance, .otherVector, .otherStep: 0
    }
  }

  public var description: String {
    switch cause {
    case .error(let error): "rank \(rank) failed: \(error)"
    case .elsewhere: "rank \(rank) failed"
    case .otherInstance: "rank \(rank) has another instance than rank 0"
    case .otherVector: "rank \(rank) computes other numbers than rank 0 from the same ones"
    case .otherStep: "rank \(rank) computes something else than rank 0"
    }
  }

  /// What to change; empty where the error itself says it.
  public var advice: String {
    switch cause {
    case .error, .elsewhere: ""
    case .otherInstance: "start all ranks with the same arguments, and give each machine the same files"
    case .otherVector, .otherStep:
      "start all ranks with the same arguments, on machines with the same processors and libraries"
    }
  }
}
