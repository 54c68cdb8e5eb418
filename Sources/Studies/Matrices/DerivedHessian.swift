import Formulas
import Transformers

/// The derived blocks of an objective; those of a single head are derived once for each kernel and loss.
struct DerivedHessian: Sendable {
  let derivation: HessianDerivation
  /// Every block, where they are kept.
  private let known: [HessianBlock]

  private init(_ derivation: HessianDerivation, isKept: Bool) {
    self.derivation = derivation
    known = isKept ? derivation.blocks() : []
  }

  /// The derivation for an instance's layer and loss.
  init(of instance: LayerInstance) {
    guard instance.heads.count == 1, instance.outputMatrix == nil else {
      self.init(HessianDerivation(instance.objective), isKept: false)
      return
    }
    self =
      switch (instance.kernel, instance.loss) {
      case (.softmax, .meanSquare): Self.softmaxMean
      case (.softmax, .halfSumSquare): Self.softmaxSum
      case (.gaussian, .meanSquare): Self.gaussianMean
      case (.gaussian, .halfSumSquare): Self.gaussianSum
      case (.linear, .meanSquare): Self.linearMean
      case (.linear, .halfSumSquare): Self.linearSum
      }
  }

  private init(_ kernel: AttentionKernel, _ loss: Loss) {
    self.init(HessianDerivation(Objective(SelfAttention(kernel), measuredBy: loss)), isKept: true)
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
    known.first { $0.row == row && $0.column == column } ?? derivation.block(row, column)
  }

  /// The whole Hessian in closed form, names kept.
  var matrix: Formula {
    let parameters = derivation.objective.model.parameters
    return .blocks(parameters.map { row in parameters.map { block(row, $0).total } })
  }
}
