import Dispatch
import Formulas
import Transformers

/// The derived blocks of an objective; those of a single head are derived once for each kernel and loss, when they are
/// first asked for.
struct DerivedHessian: Sendable {
  let derivation: HessianDerivation
  private let known = KnownBlocks()

  private init(_ derivation: HessianDerivation) { self.derivation = derivation }

  /// The derivation for an instance's layer and loss.
  init(of instance: LayerInstance) {
    guard instance.heads.count == 1, instance.outputMatrix == nil else {
      self.init(HessianDerivation(instance.objective))
      return
    }
    self = DerivedHessian.of(instance.kernel, instance.loss)
  }

  /// The derivation for a layer with one head and no output matrix.
  static func of(_ kernel: AttentionKernel, _ loss: Loss = .meanSquare) -> Self {
    switch (kernel, loss) {
    case (.softmax, .meanSquare): softmaxMean
    case (.softmax, .halfSumSquare): softmaxSum
    case (.gaussian, .meanSquare): gaussianMean
    case (.gaussian, .halfSumSquare): gaussianSum
    case (.linear, .meanSquare): linearMean
    case (.linear, .halfSumSquare): linearSum
    case (_, .crossEntropy): DerivedHessian(kernel, loss)
    }
  }

  private init(_ kernel: AttentionKernel, _ loss: Loss) {
    self.init(HessianDerivation(Objective(SelfAttention(kernel), measuredBy: loss)))
  }

  private static let softmaxMean = DerivedHessian(.softmax, .meanSquare)
  private static let softmaxSum = DerivedHessian(.softmax, .halfSumSquare)
  private static let gaussianMean = DerivedHessian(.gaussian, .meanSquare)
  private static let gaussianSum = DerivedHessian(.gaussian, .halfSumSquare)
  private static let linearMean = DerivedHessian(.linear, .meanSquare)
  private static let linearSum = DerivedHessian(.linear, .halfSumSquare)

  /// The block of two parameters.
  ///
  /// - Precondition: both are parameters of the model.
  func block(_ row: Symbol, _ column: Symbol) -> HessianBlock {
    known.block(row, column) { derivation.block(row, column) }
  }

  /// The whole Hessian in closed form, names kept.
  var matrix: Formula {
    let parameters = derivation.objective.model.parameters
    return .blocks(parameters.map { row in parameters.map { block(row, $0).total } })
  }
}

/// Blocks that were derived, from any thread.
private final class KnownBlocks: @unchecked Sendable {
  private let queue = DispatchQueue(label: "AttentionHessian.KnownBlocks")
  private var blocks: [[Symbol]: HessianBlock] = [:]

  func block(_ row: Symbol, _ column: Symbol, _ derive: () -> HessianBlock) -> HessianBlock {
    queue.sync {
      if let known = blocks[[row, column]] { return known }
      let block = derive()
      blocks[[row, column]] = block
      return block
    }
  }
}
