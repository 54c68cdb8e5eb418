import Formulas
import TensorFiles
import Training
import Transformers

/// The samples of a task, read or generated, and split.
public struct ExperimentSamples: Sendable {
  /// What the samples are made of.
  public enum Content: Sendable {
    case images(LabelledImages, ImageTokens)
    case texts(LabelledTexts, TextTokens)
  }

  public let content: Content
  /// The SHA-256 of the file as it is stored, or of the images that were generated.
  public let digest: String
  public let task: TrainingTask

  /// The images, if that is what the samples are.
  public var images: LabelledImages? { if case .images(let images, _) = content { images } else { nil } }

  public var count: Int {
    switch content {
    case .images(let images, _): images.count
    case .texts(let texts, _): texts.count
    }
  }

  public var classCount: Int {
    switch content {
    case .images(let images, _): images.classCount
    case .texts(let texts, _): texts.classes.count
    }
  }

  /// `L`, and the width of a token.
  private var shape: (tokens: Int, width: Int) {
    switch content {
    case .images(let images, let tokens): (tokens.count(side: images.side), tokens.width(side: images.side))
    case .texts(_, let tokens): (tokens.count, tokens.width)
    }
  }

  /// The most numbers that the inputs of all samples may have, 2 GiB.
  private static let largestInput = 1 << 28

  /// - Errors: those of the file; `badData` where patches do not fit the images, where none are left to train on, where they
  ///   need too much memory, and where generated paths find no place.
  public init(_ task: TrainingTask) throws(FileError) {
    self.task = task
    let data = task.data, path = data.file.map(task.path) ?? task.name
    func offence(_ reason: String, _ advice: String) -> FileError {
      FileError(.badData, path: path, reason: reason, advice: advice)
    }
    switch data.source {
    case .images:
      let images = try LabelledImages(path: path)
      digest = SHA256.hexadecimal(of: try FileInput.read(path))
      content = .images(images, data.tokens)
    case .pathfinder(let generator):
      if generator.side % data.tokens.patch != 0 { throw Self.noPatches(data.tokens, side: generator.side, path) }
      guard data.heldOut < generator.count else { throw Self.noneLeft(data, generator.count, path) }
      guard generator.count <= Self.largestInput / (generator.side * generator.side) else {
        throw offence(
          "\(generator.count) images of \(generator.side)×\(generator.side) pixels need too much memory",
          "give fewer \"images\", or a smaller \"side\"")
      }
      do throws(Pathfinder.NoPlace) {
        let images = try generator.images()
        digest = Self.digest(images)
        content = .images(images, data.tokens)
      } catch {
        throw offence(
          "the paths of image \(error.image + 1) find no place on \(generator.side)×\(generator.side) pixels",
          "give a larger \"side\", or fewer or shorter \"dashes\" or \"distractors\"")
      }
    case .texts(_, let separator, let tokens, let vocabulary):
      let texts = try LabelledTexts(path: path, separator: separator)
      digest = SHA256.hexadecimal(of: try FileInput.read(path))
      guard data.heldOut < texts.count else { throw Self.noneLeft(data, texts.count, path) }
      let training = texts.split(heldOut: data.heldOut, seed: data.splitSeed).training
      content = .texts(texts, TextTokens(count: tokens, vocabulary: vocabulary, of: training))
    }
    guard data.heldOut < count else { throw Self.noneLeft(data, count, path) }
    if case .images(let images, let tokens) = content, images.side % tokens.patch != 0 {
      throw Self.noPatches(tokens, side: images.side, path)
    }
    let copies = (2 * data.shift + 1) * (2 * data.shift + 1) * count
    guard shape.tokens * shape.width <= Self.largestInput / copies else {
      throw offence(
        "\(copies) samples of \(shape.tokens)×\(shape.width) numbers need too much memory",
        "give fewer samples, \"tokens\" or words of the \"vocabulary\", or larger patches")
    }
  }

  private static func noPatches(_ tokens: ImageTokens, side: Int, _ path: String) -> FileError {
    FileError(
      .badData, path: path,
      reason: "its images have \(side) pixels across, which patches of \(tokens.patch) do not divide",
      advice: "give another \"patch\" in the configuration")
  }

  private static func noneLeft(_ data: TrainingTask.Data, _ count: Int, _ path: String) -> FileError {
    FileError(
      .badData, path: path, reason: "\(data.heldOut) of its \(count) samples are to be held out",
      advice: "give a smaller \"held_out\" in the configuration")
  }

  private static func digest(_ images: LabelledImages) -> String {
    var text = ""
    for (pixels, label) in zip(images.pixels, images.labels) {
      text += pixels.map { "\(Int($0))" }.joined(separator: ",") + ",\(label)\n"
    }
    return SHA256.hexadecimal(of: Array(text.utf8))
  }

  /// The network of a variant at the sizes of the samples, and its loss.
  ///
  /// - Errors: `badData` naming the variant where layers do not fit, weights are named that there are not, or the output
  ///   has not one column for each class.
  public func objective(_ variant: ExperimentConfiguration.Variant) throws(FileError) -> (Network, Objective) {
    func offence(_ reason: String, _ advice: String) -> FileError {
      FileError(.badData, path: task.name, reason: "network \"\(variant.name)\": \(reason)", advice: advice)
    }
    let network: Network
    do throws(NetworkError) {
      network = try Network(
        variant.layers, tokens: Size(shape.tokens), width: Size(shape.width), training: variant.training)
    } catch {
      throw offence(error.description, "change its layers or what is trained")
    }
    guard network.output.shape.columns == Size(classCount) else {
      throw offence(
        "its output has \(network.output.shape.columns) columns for \(classCount) classes",
        "end it with a layer of width \(classCount)")
    }
    return (network, Objective(network, measuredBy: task.loss))
  }

  /// The samples for a network whose output has so many rows: those to train on, moved ones last, and those held out.
  func split(targetRows: Int) -> (training: SampleSet, moved: SampleSet, heldOut: SampleSet) {
    let data = task.data
    switch content {
    case .images(let images, let tokens):
      let (training, heldOut) = images.split(heldOut: data.heldOut, seed: data.splitSeed)
      let brightest = images.brightest
      func samples(_ some: LabelledImages) -> SampleSet {
        SampleSet(
          some, tokens: tokens, targetRows: targetRows, brightest: brightest, classCount: images.classCount)
      }
      return (samples(training), samples(training.moved(by: data.shift)), samples(heldOut))
    case .texts(let texts, let tokens):
      let (training, heldOut) = texts.split(heldOut: data.heldOut, seed: data.splitSeed)
      let samples = SampleSet(training, tokens: tokens, targetRows: targetRows)
      return (samples, samples, SampleSet(heldOut, tokens: tokens, targetRows: targetRows))
    }
  }
}

extension ExperimentSamples {
  /// The samples of an experiment.
  ///
  /// - Errors: as for those of its task.
  public init(_ configuration: ExperimentConfiguration) throws(FileError) { try self.init(configuration.task) }
}
