import Formulas
import MatrixCalculus
import Testing

@Suite struct MatchingTests {
  private let X = Formula.symbol("X", "L", "d"), Y = Formula.symbol("Y", "d", "k"), Z = Formula.symbol("Z", "k", "L")
  private let V = Formula.symbol("V", "d", "k")

  /// Every law fires on an instance of its own left side, and gives the instance of its right side.
  @Test(arguments: Laws.all.map(\.id)) func everyLawFiresOnItsOwnInstance(id: Rule.ID) throws {
    let law = try #require(Laws.byID[id])
    var substitution = Substitution()
    let shapes = law.statement.left.variables.map(\.shape)
    for name in shapes.flatMap({ $0.rows.names + $0.columns.names }) { substitution.sizes[name] = Size("big \(name)") }
    for variable in law.statement.left.variables {
      let shape = variable.shape.substituting(substitution.sizes)
      let instance = Formula.symbol("the \(variable.name)", shape.rows, shape.columns)
      // A symbol may be negative; its magnitude is not.
      let isMagnitude = law.conditions.contains(.nonNegative(.variable(variable.name, shape.rows, shape.columns)))
      substitution.formulas[variable] = isMagnitude ? instance.norm() : instance
    }
    let instance = try law.instance(substitution).get()
    let (_, judgement) = try #require(law.match(instance.left), "\(law.statement) does not match \(instance.left)")
    #expect(judgement.left == instance.left)
    #expect(judgement.right == instance.right)
  }

  @Test func theLastVariableTakesTheRest() throws {
    let (substitution, judgement) = try #require(StructuralLaws.transposeMul.match((X * Y * Z).transposed))
    #expect(substitution.formulas[Symbol("A", Shape("m", "n"))] == X)
    #expect(substitution.formulas[Symbol("B", Shape("n", "r"))] == Y * Z)
    #expect(judgement.right == (Y * Z).transposed * X.transposed)
    let (rest, _) = try #require(StructuralLaws.transposeAdd.match((X + X + X).transposed))
    #expect(rest.formulas[Symbol("B", Shape("m", "n"))] == X + X)
  }

  @Test func aRunTakesOneOperandEach() throws {
    var derivation = Derivation(X * .identity("d") * Y)
    derivation.normalize(Laws.normalization)
    #expect(derivation.current == X * Y)
    #expect(derivation.steps.map(\.position) == [Position([], run: 1..<3)])
    var doubled = Derivation(.sum([Y, V, V]))
    doubled.normalize(Laws.normalization)
    #expect(doubled.current == Y + V.scaled(by: .integer(2)))
  }

  @Test func repeatedVariablesMustAgree() {
    #expect(ScalingLaws.addSelf.match(Y + Y) != nil)
    #expect(ScalingLaws.addSelf.match(Y + V) == nil)
    #expect(StructuralLaws.commutationMulCommutation.match(.commutation("L", "d") * .commutation("d", "L")) != nil)
    #expect(StructuralLaws.commutationMulCommutation.match(.commutation("L", "d") * .commutation("L", "d")) == nil)
  }

  @Test func constantSizesMustAgree() {
    #expect(StructuralLaws.commutationOneLeft.match(.commutation(1, "d")) != nil)
    #expect(StructuralLaws.commutationOneLeft.match(.commutation("d", "d")) == nil)
    #expect(ScalingLaws.oneScale.match(X.scaled(by: .integer(1))) != nil)
    #expect(ScalingLaws.oneScale.match(X.scaled(by: .size(1))) == nil)
  }

  @Test func conditionsMustHold() {
    #expect(DifferentiationLaws.jacobianConst.match(X.jacobian(Y)) != nil)
    #expect(DifferentiationLaws.jacobianConst.match((X * Y).jacobian(Y)) == nil)
    #expect(SecondOrderLaws.contractionJacobian.match(.contraction(X, X.jacobian(Y), Y)) != nil)
    #expect(SecondOrderLaws.contractionJacobian.match(.contraction(X * Y, (X * Y).jacobian(V), Y)) == nil)
  }

  @Test func otherFormulasDoNotMatch() {
    #expect(StructuralLaws.transposeMul.match(X.transposed) == nil)
    #expect(StructuralLaws.transposeMul.match(X * Y) == nil)
    #expect(DifferentiationLaws.jacobianMul.match((X + X).jacobian(Y)) == nil)
    #expect(RowwiseFunctions.jacobianSoftmax.match(RowwiseFunctions.center(X, X).jacobian(Y)) == nil)
  }

  @Test func definitionsMatchThemselvesOnly() {
    let rule = Rule("definition", .definition) { X * Y ==> .symbol("M", "L", "k") }
    #expect(rule.match(X * Y) != nil)
    #expect(rule.match(X * V) == nil)
  }
}
