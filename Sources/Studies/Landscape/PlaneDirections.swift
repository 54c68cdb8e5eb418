import Arithmetic
import Contraction
import Training

/// The two directions that span a plane, as vectors of all weights.
public struct PlaneDirections: Hashable, Sendable {
  public let first: [Double]
  public let second: [Double]
  /// Whether eigenvectors have converged, where these were to be found.
  public let converged: Bool

  /// Directions in the query and key matrices.
  ///
  /// - Parameters:
  ///   - losses: those of the plane's samples.
  ///   - weights: the point that the plane goes through.
  ///   - observer: called after each product with a Hessian.
  /// - Errors: those of evaluation and of the observer; `SpectrumError` for a product that is not finite.
  public init(
    _ plane: LandscapeConfiguration.Plane, _ losses: SampleLosses, at weights: [Double],
    observer: (Int) throws -> Void = { _ in }
  ) throws {
    let entries = losses.problem.layout.entries
    func indices(_ kinds: [String]) -> [Int] {
      entries.filter { kinds.contains($0.symbol.baseName) }.flatMap { Array($0.range) }
    }
    func random(_ index: UInt64, in places: [Int]) -> [Double] {
      let numbers = LayerSampleSizes.directions(1, places.count, seed: SplitMix64.combined(plane.seed, index))[0]
      var vector = [Double](repeating: 0, count: weights.count)
      for (place, number) in zip(places, numbers) { vector[place] = number }
      return vector
    }
    let vectors: [[Double]]
    var converged = true
    switch plane.directions {
    case .queryKey: vectors = [random(0, in: indices(["W_Q"])), random(1, in: indices(["W_K"]))]
    case .joint: vectors = [random(0, in: indices(["W_Q", "W_K"])), random(1, in: indices(["W_Q", "W_K"]))]
    case .eigenvectors:
      let places = indices(["W_Q", "W_K"])
      let map = PartialHessian(
        whole: .mean(losses, Array(0..<losses.samples.count), at: weights), places: places)
      let extremes = try Lanczos.extremes(
        of: map, count: 2, Lanczos.Options(.residual(1e-4), products: 300, seed: plane.seed), observer: observer)
      vectors = extremes.largest.map { map.embedded($0.vector) }
      converged = extremes.largest.allSatisfy(\.converged)
    }
    let scaled = plane.normalization == .raw ? vectors : vectors.map { Self.scaled($0, to: weights, entries) }
    (first, second, self.converged) = (scaled[0], scaled[1], converged)
  }

  /// The vector with each matrix at the Frobenius norm of the weight in its place.
  private static func scaled(
    _ vector: [Double], to weights: [Double], _ entries: [ParameterLayout.Entry]
  ) -> [Double] {
    var scaled = vector
    for entry in entries {
      func norm(_ values: [Double]) -> Double { root(values[entry.range].reduce(0) { $0 + $1 * $1 }) }
      let length = norm(vector)
      if length > 0 { for index in entry.range { scaled[index] *= norm(weights) / length } }
    }
    return scaled
  }

  /// The weights at coordinates in the plane.
  func point(_ a: Double, _ b: Double, from center: [Double]) -> [Double] {
    center.indices.map { center[$0] + a * first[$0] + b * second[$0] }
  }
}

/// A Hessian's rows and columns at some places.
private struct PartialHessian: SymmetricMap {
  let whole: SampleHessian
  let places: [Int]

  var dimension: Int { places.count }

  func embedded(_ part: [Double]) -> [Double] {
    var vector = [Double](repeating: 0, count: whole.dimension)
    for (place, number) in zip(places, part) { vector[place] = number }
    return vector
  }

  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let product = try whole(embedded(Array(vector)))
    for (index, place) in places.enumerated() { result[index] = product[place] }
  }
}
