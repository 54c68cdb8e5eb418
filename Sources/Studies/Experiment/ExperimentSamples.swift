import Formulas
import TensorFiles
import Training
import Transformers

/// The images of an experiment, read and split.
public struct ExperimentSamples: Sendable {
  public let images: LabelledImages
  /// Of the file as it is stored.
  public let digest: String
  private let configuration: ExperimentConfiguration

  /// - Errors: those of the file; `badData` where patches do not fit the images, or where none are left to train on.
  public init(_ configuration: ExperimentConfiguration) throws(FileError) {
    let data = configuration.data, path = configuration.path(data.file)
    images = try LabelledImages(path: path)
    digest = SHA256.hexadecimal(of: try FileInput.read(path))
    self.configuration = configuration
    guard images.side % data.tokens.patch == 0 else {
      throw FileError(
        .badData, path: path,
        reason: "its images have \(images.side) pixels across, which patches of \(data.tokens.patch) do not divide",
        advice: "give another \"patch\" in the configuration")
    }
    guard data.heldOut < images.count else {
      throw FileError(
        .badData, path: path, reason: "\(data.heldOut) of its \(images.count) images are to be held out",
        advice: "give a smaller \"held_out\" in the configuration")
    }
  }

  /// The network of a variant at the sizes of the images, and its loss.
  ///
  /// - Errors: `badData` naming the variant where layers do not fit, weights are named that there are not, or the output
  ///   has not one column for each class.
  public func objective(_ variant: ExperimentConfiguration.Variant) throws(FileError) -> (Network, Objective) {
    let tokens = configuration.data.tokens
    func offence(_ reason: String, _ advice: String) -> FileError {
      FileError(
        .badData, path: configuration.name, reason: "network \"\(variant.name)\": \(reason)", advice: advice)
    }
    let network: Network
    do throws(NetworkError) {
      network = try Network(
        variant.layers, tokens: Size(tokens.count(side: images.side)), width: Size(tokens.width(side: images.side)),
        training: variant.training)
    } catch {
      throw offence(error.description, "change its layers or what is trained")
    }
    guard network.output.shape.columns == Size(images.classCount) else {
      throw offence(
        "its output has \(network.output.shape.columns) columns for \(images.classCount) classes",
        "end it with a layer of width \(images.classCount)")
    }
    return (network, Objective(network, measuredBy: configuration.loss))
  }

  /// The samples for a network whose output has so many rows: those to train on, moved ones last, and those held out.
  func split(targetRows: Int) -> (training: SampleSet, moved: SampleSet, heldOut: SampleSet) {
    let data = configuration.data
    let (training, heldOut) = images.split(heldOut: data.heldOut, seed: data.splitSeed)
    func samples(_ some: LabelledImages) -> SampleSet {
      SampleSet(
        some, tokens: data.tokens, targetRows: targetRows, brightest: images.brightest, classCount: images.classCount)
    }
    return (samples(training), samples(training.moved(by: data.shift)), samples(heldOut))
  }
}
