import ArgumentParser
import AttentionHessian

/// The numbers that sample sizes are computed from.
struct SampleSizeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on the loss of every sample at w*.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var lossBound: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A bound M on the norm of every sample's Hessian at w*.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var hessianBound: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A bound on the Hessians on the whole ball around w*. (default: the Hessian bound, taken to hold there)",
      valueName: "number"),
    transform: ExactNumber.nonNegative)
  var ballHessianBound: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A bound on the gap of the gradients, ‖∇ℓ_{k+1}(w*) − ∇L_k(w*)‖.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var gradientBound: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A bound on |ℓ_{k+1}(w*) − L_k(w*)|. (default: the loss bound, as losses are at least 0)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var lossGap: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A bound on the loss of every sample at w, on the whole ball.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var lossSupremum: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The sample variance of the losses at w.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var variance: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The deviation of Gaussian weights, for the mean square.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var sigma: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number of weights, for the mean square.", valueName: "n"),
    transform: PositiveSize.parse)
  var parameters: Int?

  /// Replaces what is computed by what is given.
  func apply(to numbers: inout SampleSizeNumbers) {
    func set(_ path: WritableKeyPath<SampleSizeNumbers, SampleSizeNumbers.Value?>, _ number: ExactNumber?) {
      if let number { numbers[keyPath: path] = .init(number.value) }
    }
    set(\.lossBound, lossBound)
    set(\.hessianBound, hessianBound)
    set(\.ballHessianBound, ballHessianBound)
    set(\.gradientGap, gradientBound)
    set(\.lossGap, lossGap)
    set(\.lossSupremum, lossSupremum)
    set(\.variance, variance)
    set(\.deviation, sigma)
    numbers.parameters = parameters ?? numbers.parameters
    // What follows from the numbers given, and is not computed or given itself.
    numbers.ballHessianBound = numbers.ballHessianBound ?? numbers.hessianBound
    numbers.lossGap = numbers.lossGap ?? numbers.lossBound
  }
}
