import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A claim's statement at an instance: its free matrices bound by their names, and `Y` replaced by the output where the
/// target is the output.
struct ClaimInstance {
  let statement: Judgement
  let point: Environment<Rational>
  /// Whether the left side is `‖H‖₂`.
  let isAboutHessianNorm: Bool

  /// - Errors: `CertificationError` where the claim is about another kind of layer or other sizes.
  init(_ claim: Claim, at instance: LayerInstance) throws {
    guard claim.statement.relation == .atMost else {
      throw CertificationError.notAnInequality("claim \(claim.id): \(claim.statement.relation.rawValue)")
    }
    guard instance.kernel == .softmax, instance.outputMatrix == nil, instance.loss == .meanSquare,
      instance.samples.count == 1
    else {
      throw CertificationError.otherLayer(
        claim.id, "it is about one softmax head without output matrix, one sample and the mean-square loss")
    }
    let sizes = instance.sizes().assignment
    for (name, size) in claim.sizes.sorted(by: { $0.key < $1.key }) {
      guard let left = sizes[name], let right = size.value({ sizes[$0] }), left == right else {
        let given = ([name] + size.names).compactMap { name in sizes[name].map { "\(name) = \($0)" } }
        throw CertificationError.otherLayer(
          claim.id, "it assumes \(name) = \(size), but here \(given.joined(separator: " and "))")
      }
    }
    let objective = instance.objective
    var values = ["X": instance.samples[0].input]
    for (symbol, matrix) in zip(objective.model.parameters, instance.parameters) { values[symbol.name] = matrix }
    var replacement: [Formula: Formula] = [:]
    switch instance.samples[0].target {
    case .matrix(let matrix): values["Y"] = matrix
    case .output:
      let residual = objective.residual.substituting(sizes: claim.sizes)
      let output = objective.model.output.substituting(sizes: claim.sizes)
      let target = Symbol(objective.target.name, objective.target.shape)
      replacement[residual] = .zero(residual.shape)
      replacement[Formula.symbol(target).substituting(sizes: claim.sizes)] = output
    }
    let derivation = HessianDerivation(objective)
    let norm = derivation.unfolded(derivation.matrix().norm()).substituting(sizes: claim.sizes)
    isAboutHessianNorm = claim.statement.left == norm
    statement = Judgement(
      claim.statement.left.replacing(replacement), .atMost, claim.statement.right.replacing(replacement))
    var point = Environment<Rational>(sizes: sizes)
    for symbol in (isAboutHessianNorm ? [] : statement.left.symbols) + statement.right.symbols {
      guard let value = values[symbol.name] else {
        throw CertificationError.otherLayer(claim.id, "it is about a matrix \(symbol), which an instance does not have")
      }
      point[symbol] = value
    }
    self.point = point
  }
}

extension HessianCertification {
  /// The printed inequalities about the matrices of a layer, which can be decided at an instance.
  public static let claims: [Claim] = Claims.all.filter { claim in
    let names = Set(claim.statement.freeMatrices.map(\.name))
    return claim.kind == .inequality && claim.statement.relation == .atMost && claim.limitation == nil
      && !names.isEmpty && names.isSubset(of: ClaimWitness.layerNames) && names.contains("W_Q")
  }
}
