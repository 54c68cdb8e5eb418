import ArgumentParser
import AttentionHessian

/// Options that give one layer with its numbers: an instance file, or a head of a trained layer.
struct LayerOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("An instance file (JSON).", valueName: "file"))
  var instance: String?

  @OptionGroup var weights: WeightsOptions

  var isGiven: Bool { instance != nil || weights.weights != nil }

  func validate() throws {
    if instance != nil, weights.weights != nil {
      throw ValidationError("--instance and --weights exclude each other: give one of them")
    }
  }

  /// The layer, what it is called in a result, and the file it comes from; `nil` where none is given.
  ///
  /// - Parameter seed: of tokens that are drawn.
  func read(seed: UInt64) throws -> (instance: LayerInstance, subject: String, path: String)? {
    if let selection = weights.selection(seed: seed) { return try Self.read(selection) }
    guard let path = instance else { return nil }
    let instance = try LayerInstance(contentsOf: path)
    let samples = instance.samples.count == 1 ? "" : ", \(instance.samples.count) samples"
    let subject = "\(PrintableText.quoted(path)), \(instance.kernel.rawValue) kernel, \(instance.sizes())\(samples)"
    return (instance, subject, path)
  }

  private static func read(
    _ selection: WeightsSelection
  ) throws -> (instance: LayerInstance, subject: String, path: String) {
    let weights = try WeightsInstance(reading: selection)
    let name = PrintableText.quoted(selection.path)
    let sequences = weights.others.isEmpty ? "" : ", \(weights.others.count + 1) sequences"
    let drawn = selection.sequences?.drawnFromSeed == nil ? "" : ", tokens drawn at random"
    let subject =
      "head \(selection.head) of \(name), target \(selection.target), \(weights.sizes)\(sequences)\(drawn)"
    do {
      return (try LayerInstance(exactly: weights), subject, selection.path)
    } catch {
      throw FileError(.badData, path: selection.path, reason: error.problem, advice: error.advice)
    }
  }
}
