import Arithmetic
import TensorFiles
import Transformers

/// Gradient descent on layers of attention, held against the printed rate `(1 − ηβ)ᵗ`: on both sides of `HD = Nn`, with
/// different kernels, for different sets of trained weights.
public struct ConvergenceStudy: Sendable {
  /// One descent.
  public struct Run: Sendable {
    public let kernel: AttentionKernel
    /// `D`.
    public let width: Int
    public let trained: [String]
    /// `HD` and `Nn`.
    public let featureCount: Int
    public let rowCount: Int
    /// `σ_min(Bᵀ)` and `σ_min(W_O)` at the initial weights.
    public let featureValue: Double
    public let outputValue: Double
    /// `‖∇²f(M_0)‖₂`, estimated from below.
    public let smoothness: Double
    /// What is guaranteed beforehand.
    public let certificate: ConvergenceCertificate
    /// Whether the step size is that of the certificate.
    public let isCertified: Bool
    public let descent: DescentRun
    /// Of the records after the start, how many are certified to lie below `(1 − ηβ_0)ᵗ f(M_0)`, and the first of which it is
    /// not shown; `nil` where nothing is claimed, or the problem is too large.
    public let certifiedPath: (count: Int, firstNotShown: Int?)?

    /// `β_0` and `γ_0`.
    public var dominance: Double? { descent.records.first?.dominance }
    public var tangentDominance: Double { descent.records.first?.tangentDominance ?? 0 }
    /// `(1 − ηβ_0)` with `β_0`, or where the values are not trained with `γ_0`.
    public var factor: Double { 1 - descent.stepSize * (dominance ?? tangentDominance) }
  }

  /// `‖∇_{W_Q} f‖_F` at random weights, the median over the draws for each kernel.
  public struct Gradient: Hashable, Sendable {
    public let scale: Rational
    public let length: Int
    public let medians: [Double]
  }

  /// How far the work has come.
  public enum Event: Sendable {
    case descending(String, step: Int, of: Int)
    case finished(Run, seconds: Double)
    case measuring(done: Int, of: Int)
  }

  public let configuration: ConvergenceConfiguration
  public let runs: [Run]
  /// Row by row: scales, then lengths.
  public let gradients: [Gradient]
  /// The SHA-256 of the instance's file; empty where there is none.
  public let dataDigest: String

  /// The most trained weights for which paths are certified.
  public static let largestCertified = 400

  /// - Parameters:
  ///   - folder: where runs are kept, so that an interrupted study goes on from there; it must exist.
  ///   - threads: the results do not depend on them.
  /// - Errors: those of the files; `badData` where weights are to be trained that there are not, or kept runs belong to others;
  ///   `StudyInterruption`; those of evaluation.
  public init(
    _ configuration: ConvergenceConfiguration, threads: Int, folder: String,
    isInterrupted: @escaping () -> Bool = { false },
    report: (Event) -> Void = { _ in }
  ) throws {
    self.configuration = configuration
    var runs: [Run] = []
    if case .instance(let path) = configuration.problems {
      dataDigest = SHA256.hexadecimal(of: try FileInput.read(configuration.path(path)))
    } else {
      dataDigest = ""
    }
    for (instance, width) in try Self.problems(configuration) {
      for trained in configuration.trained {
        let descent = try Self.descent(configuration, instance, training: trained, threads: threads)
        let certificate = try ConvergenceCertificate(descent)
        for isCertified in [false, true] where !isCertified || configuration.runsCertified && certificate.rate != nil {
          let clock = ContinuousClock.now
          let runner = Runner(
            configuration: configuration, descent: descent, width: width, certificate: certificate,
            isCertified: isCertified, folder: folder)
          let run = try runner.run(isInterrupted, report)
          runs.append(run)
          report(.finished(run, seconds: (ContinuousClock.now - clock).seconds))
        }
      }
    }
    self.runs = runs
    gradients = try Self.gradients(configuration, threads, isInterrupted, folder, report)
  }

  /// The problems, each kernel with each width.
  private static func problems(
    _ configuration: ConvergenceConfiguration
  ) throws -> [(instance: LayerInstance, width: Int)] {
    switch configuration.problems {
    case .family(let family, let widths):
      return try configuration.kernels.flatMap { kernel in
        try widths.map { (try family.instance(kernel, width: $0), $0) }
      }
    case .instance(let path):
      let instance = try LayerInstance(contentsOf: configuration.path(path))
      return try configuration.kernels.map { kernel in
        (
          try LayerInstance(
            kernel: kernel, loss: .halfSumSquare, samples: instance.samples, heads: instance.heads,
            outputMatrix: instance.outputMatrix), instance.sizes().width
        )
      }
    }
  }

  /// What does not fit is an offence of the configuration, or of the instance that it names.
  private static func descent(
    _ configuration: ConvergenceConfiguration, _ instance: LayerInstance, training kinds: [String], threads: Int
  ) throws -> LayerDescent {
    do {
      return try LayerDescent(instance, training: kinds, threads: threads)
    } catch let error as NetworkError {
      throw FileError(
        .badData, path: configuration.name, reason: "train: \(error.problem)", advice: error.advice)
    } catch let error as InstanceError {
      guard case .instance(let path) = configuration.problems else { throw error }
      throw FileError(
        .badData, path: configuration.path(path), reason: error.problem, advice: error.advice)
    }
  }

  /// `‖∇_{W_Q} f‖_F` over scales and lengths.
  private static func gradients(
    _ configuration: ConvergenceConfiguration, _ threads: Int, _ isInterrupted: () -> Bool, _ folder: String,
    _ report: (Event) -> Void
  ) throws -> [Gradient] {
    guard let plan = configuration.vanishing, case .family(let family, let widths) = configuration.problems else {
      return []
    }
    var found: [Gradient] = []
    for scale in plan.scales {
      for length in plan.lengths {
        if isInterrupted() { throw StudyInterruption(place: folder) }
        report(.measuring(done: found.count, of: plan.scales.count * plan.lengths.count))
        var some = family
        (some.weightScale, some.tokens) = (Double(scale), length)
        let width = widths.max() ?? 1, drawn = some
        let medians = try configuration.kernels.map { kernel in
          let norms = try parallelMap(Array(0..<plan.draws), threads: threads) { draw in
            let instance = try drawn.instance(kernel, width: width, draw: draw)
            let descent = try LayerDescent(instance, training: ["W_Q"])
            let gradient = try descent.gradient(at: descent.start).gradient
            return root(gradient.reduce(0) { $0 + $1 * $1 })
          }
          return norms.sorted().quantile(0.5)
        }
        found.append(Gradient(scale: scale, length: length, medians: medians))
      }
    }
    return found
  }
}

/// Takes one descent up where it was left, and leaves it where it is interrupted.
private struct Runner {
  let configuration: ConvergenceConfiguration
  let descent: LayerDescent
  let width: Int
  let certificate: ConvergenceCertificate
  let isCertified: Bool
  let folder: String

  private var name: String {
    [descent.instance.kernel.rawValue, "\(width)", descent.trained.joined(separator: "-")].joined(separator: " ")
      + (isCertified ? " certified" : "")
  }
  private var path: String { "\(folder)/\(name.replacing(" ", with: "-")).json" }

  /// All that decides the course.
  private var identity: String {
    let texts = [name, descent.instance.json.description, configuration.source["descent"]?.description ?? ""]
    return SHA256.hexadecimal(of: Array(texts.joined(separator: "\n").utf8))
  }

  func run(_ isInterrupted: () -> Bool, _ report: (ConvergenceStudy.Event) -> Void) throws -> ConvergenceStudy.Run {
    let smoothness = try descent.hessianNorm(at: descent.start)
    let size =
      isCertified ? certificate.rate?.stepSize ?? 0 : configuration.stepShare / (smoothness > 0 ? smoothness : 1)
    var run = DescentRun(from: descent.start, stepSize: size, limit: configuration.steps)
    let identity = identity
    if FileInput.exists(path) {
      guard
        let kept = DescentRun(try FileInput.readJSON(path), identity: identity, limit: configuration.steps),
        kept.weights.count == descent.start.count
      else {
        throw FileError(
          .badData, path: path, reason: "it was kept of another descent, or is not whole",
          advice: "remove the file, or give another output folder")
      }
      run = kept
    }
    if run.end == nil {
      let isFinished = try run.run(descent) { step in
        report(.descending(name, step: step, of: configuration.steps))
        return isInterrupted()
      }
      try AtomicFile.write(run.state(identity: identity).description + "\n", to: path)
      guard isFinished else { throw StudyInterruption(place: folder) }
    }
    let instance = descent.instance, sizes = instance.sizes()
    let features = try LayerDescent.leastSingularValue(
      ofColumns: descent.featureMatrix(at: descent.start).transposed)
    return ConvergenceStudy.Run(
      kernel: instance.kernel, width: width, trained: descent.trained,
      featureCount: instance.heads.count * sizes.width, rowCount: instance.samples.count * sizes.sequenceLength,
      featureValue: features, outputValue: try descent.outputSingularValue(), smoothness: smoothness,
      certificate: certificate, isCertified: isCertified, descent: run, certifiedPath: try certifiedPath(run))
  }

  private func certifiedPath(_ run: DescentRun) throws -> (count: Int, firstNotShown: Int?)? {
    guard descent.layout.count <= ConvergenceStudy.largestCertified, descent.trained.contains("W_V"),
      certificate.dominance.sign > 0, let size = Rational(exactly: run.stepSize)
    else { return nil }
    let factor = Rational(1) - size * certificate.dominance
    return factor.sign > 0 ? try run.certifiedSteps(descent, factor: factor) : nil
  }
}

extension Duration {
  /// The seconds, rounded.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
