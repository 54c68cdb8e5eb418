import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// Derived bounds of `‖H‖₂` at an instance, from crude to sharp: each rung may use more norms than the one before.
///
/// Every rung is a theorem with a proof, evaluated with outward rounding: at least `‖H‖₂` of the instance. Of several
/// samples it bounds the norm of the mean Hessian, or of their sum, by the mean or the sum of the bounds.
public struct BoundLadder: Sendable {
  /// What a rung measures.
  public enum Measures: Hashable, Sendable {
    /// `X_max` and `W_max`, the largest of the weight norms, and the target.
    case largestWeightNorm
    /// The spectral norm of each matrix, and the target.
    case eachMatrix
    /// More, up to the family.
    case family(AllowedNorms.Family)
    /// The weights on the span of the data, from here on.
    case spanOfData
  }

  /// The bounds of one block.
  public struct Block: Sendable {
    public let row: Symbol
    public let column: Symbol
    public let outerProduct: Ball
    public let functional: Ball
    public let whole: Ball
  }

  /// One bound.
  public struct Rung: Sendable {
    public let measures: Measures
    /// The formulas with their proofs.
    public let bound: HessianBound
    /// `‖H‖₂` is at most its upper end.
    public let value: Ball
    /// The blocks on and above the diagonal.
    public let blocks: [Block]
  }

  public let instance: LayerInstance
  public let rungs: [Rung]

  /// The least of the bounds.
  public var sharpest: Rung {
    get throws(ArithmeticError) {
      var best = rungs[0]
      for rung in rungs.dropFirst() where try rung.value.upper < best.value.upper { best = rung }
      return best
    }
  }

  /// - Parameters:
  ///   - families: what the rungs may measure beyond the spectral norms of single matrices and the target. Where
  ///     one depends on the data, the weights are measured on the span of the data from there on.
  ///   - precision: the bits of balls.
  /// - Errors: those of the derivation, and of evaluation at the instance.
  public init(
    _ instance: LayerInstance, families: Set<AllowedNorms.Family> = Set(AllowedNorms.Family.allCases),
    precision: Int = Ball.defaultPrecision
  ) throws {
    self.instance = instance
    let derivation = DerivedHessian(of: instance).derivation, graph = BoundGraph()
    func samplePoints(_ coordinates: BoundPoint.Coordinates) throws -> [BoundPoint] {
      try instance.samples.indices.map {
        try BoundPoint(instance, sample: $0, coordinates, precision: precision)
      }
    }
    func bound(_ families: Set<AllowedNorms.Family>, _ points: [BoundPoint]) throws -> HessianBound {
      try HessianBound(
        derivation, allowing: AllowedNorms(families), at: points.map { point in { try point.estimate(of: $0) } },
        in: graph)
    }
    var points = try samplePoints(.given)
    var allowed: Set<AllowedNorms.Family> = []
    var last = try bound(allowed, points)
    var rungs = [
      try Self.rung(.largestWeightNorm, last, instance, points, weightNorms: .largest),
      try Self.rung(.eachMatrix, last, instance, points),
    ]
    var isReduced = !HessianPoint.isReducible(instance)
    for family in AllowedNorms.Family.allCases where families.contains(family) {
      if family != .residual, !isReduced {
        isReduced = true
        do {
          points = try samplePoints(.spanOfData)
          rungs.append(try Self.rung(.spanOfData, try bound(allowed, points), instance, points))
        } catch CertificationError.dependentRows {
          // Then with the weights as they are given.
        }
      }
      allowed.insert(family)
      last = try bound(allowed, points)
      rungs.append(try Self.rung(.family(family), last, instance, points))
    }
    self.rungs = rungs
  }

  private enum WeightNorms { case each, largest }

  private static func rung(
    _ measures: Measures, _ bound: HessianBound, _ instance: LayerInstance, _ points: [BoundPoint],
    weightNorms: WeightNorms = .each
  ) throws -> Rung {
    let weights = bound.derivation.objective.model.parameters.map { Formula.symbol($0).norm() }
    let largest = Formula.maximum(weights)
    func value(_ formula: Formula) throws -> Ball {
      var formula = formula
      if weightNorms == .largest {
        formula = formula.replacing(Dictionary(uniqueKeysWithValues: weights.map { ($0, largest) }))
      }
      let sum = try points.reduce(Ball.zero) { $0 + (try $1.enclosure(of: formula)) }
      guard instance.loss == .meanSquare, points.count > 1 else { return sum }
      return try sum.divided(by: Ball(points.count))
    }
    let parameters = bound.derivation.objective.model.parameters
    return Rung(
      measures: measures, bound: bound, value: try value(bound.bound),
      blocks: try parameters.indices.flatMap { i in
        try parameters[i...].map { column in
          let block = bound.block(parameters[i], column)
          return Block(
            row: parameters[i], column: column, outerProduct: try value(block.outerProduct.judgement.right),
            functional: try value(block.functional.judgement.right), whole: try value(block.bound))
        }
      })
  }
}
