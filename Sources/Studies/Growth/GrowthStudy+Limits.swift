import Arithmetic
import Evaluation
import Transformers

extension GrowthStudy {
  /// The most instances of one study.
  public static let largestDraws = 1000
  /// The most scales of one study.
  static let largestScales = 1000
  /// The largest height of a block, and the most tokens.
  static let largestBlock = 256, largestLength = 16
  /// The largest product of the height of a block and the number of logits.
  static let largestWork = 1 << 14
  /// Beyond these scales the norms leave the range of floating point.
  static let scaleRange: ClosedRange<Rational> = {
    let largest = (0..<20).reduce(Rational.one) { product, _ in product * 10 }
    return ((try? largest.reciprocal()) ?? 0)...largest
  }()

  /// Power series over ℚ take seconds where sizes are small, and minutes where they are not.
  static func field(for sizes: LayerSizes) -> ExponentField {
    let height = sizes.width * max(sizes.keyWidth, sizes.valueWidth)
    return height * sizes.sequenceLength * sizes.sequenceLength <= 600 ? .rational : .primeField
  }

  /// The scales in ascending order.
  static func checked(_ scales: [Rational]) throws(GrowthError) -> [Rational] {
    guard scales.count > 1 else {
      throw GrowthError(
        scales.isEmpty ? "there is no data scale" : "there is a single data scale, which has no slope",
        advice: "give at least two, such as --sigma 1e-4:1e-2:9log")
    }
    guard scales.count <= largestScales else {
      throw GrowthError("there are \(scales.count) data scales", advice: "give at most \(largestScales)")
    }
    let sorted = scales.sorted()
    if let scale = sorted.first, scale.sign <= 0 {
      throw GrowthError(
        "the data scale \(scale) is not above 0", advice: "give positive scales, such as --sigma 1e-4:1e-2:9log")
    }
    if let scale = sorted.first(where: { !scaleRange.contains($0) }) {
      throw GrowthError(
        "the data scale \(Double(scale)) is outside 10⁻²⁰ … 10²⁰", advice: "give scales nearer to 1")
    }
    if let twice = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
      throw GrowthError("the data scale \(Double(twice.0)) is given twice", advice: "give different scales")
    }
    return sorted
  }

  /// The first of the instances, to which the others have to be equal in kernel, loss and sizes.
  static func checked(_ instances: [LayerInstance]) throws(GrowthError) -> LayerInstance {
    guard let first = instances.first else { throw GrowthError("there is no instance", advice: "give one") }
    for instance in instances {
      guard instance.heads.count == 1, instance.outputMatrix == nil else {
        throw GrowthError(
          "the instance has several heads or an output matrix",
          advice: "give an instance of one head without W_O")
      }
      guard instance.kernel == first.kernel, instance.loss == first.loss, instance.sizes() == first.sizes() else {
        throw GrowthError("the instances differ in kernel, loss or sizes", advice: "study them one by one")
      }
      for index in instance.samples.indices { try check(instance.sizes(ofSample: index)) }
    }
    return first
  }

  /// Blocks are evaluated entry by entry with error bounds, in time and memory that grow with the square of the height.
  static func check(_ sizes: LayerSizes) throws(GrowthError) {
    let height = Double(sizes.width) * Double(max(sizes.keyWidth, sizes.valueWidth))
    guard height <= Double(largestBlock) else {
      throw GrowthError(
        "a block of \(sizes) has \(height < 1e15 ? "\(Int(height))" : "\(height)") rows, more than \(largestBlock)",
        advice: "give smaller d, d_K or d_V; the powers do not depend on them")
    }
    guard sizes.sequenceLength <= largestLength else {
      throw GrowthError(
        "there are \(sizes.sequenceLength) tokens, more than \(largestLength)",
        advice: "give a smaller L; from L = 3 on the powers do not depend on it")
    }
    let length = Double(sizes.sequenceLength)
    guard height * length * length <= Double(largestWork) else {
      throw GrowthError(
        "a block of \(sizes) has \(Int(height)) rows with \(Int(length * length)) logits, together more than "
          + "\(largestWork)", advice: "give fewer tokens, or smaller d, d_K or d_V")
    }
  }
}
