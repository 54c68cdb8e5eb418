import Arithmetic
import Formulas

/// Compiles a 1×1 formula to instructions, each subformula once for each direction of rounding it is needed in.
struct ScalarProgramCompiler {
  typealias Instruction = ScalarProgramInstruction
  typealias Rounding = ScalarProgramInstruction.Rounding

  /// Instructions that refer to earlier ones by index.
  struct Definitions {
    var instructions: [Instruction] = []
    /// Whether the value is the same at all points.
    var isConstant: [Bool] = []
    let inputCount: Int
    var result = 0
  }

  /// A number known exactly, or the result of an instruction.
  enum Value: Hashable {
    case constant(Rational)
    case register(Int)
  }

  private struct Key: Hashable {
    let formula: Formula
    let rounding: Rounding
  }

  private let mode: ScalarProgram.Mode
  private let symbols: [Symbol: Int]
  private let sizeColumns: [String: Int]
  private let sizes: [String: Int]
  private var definitions: Definitions
  private var isNonnegative: [Bool] = []
  private var indices: [Instruction: Int] = [:]
  private var values: [Key: Value] = [:]

  init(
    inputs: [Symbol], sizeInputs: [String], sizes: [String: Int], mode: ScalarProgram.Mode
  ) throws(ScalarProgramError) {
    var symbols: [Symbol: Int] = [:]
    for (index, symbol) in inputs.enumerated() {
      guard symbol.shape == .scalar else { throw .notScalar(symbol.shape, at: symbol.name) }
      if symbols.updateValue(index, forKey: symbol) != nil { throw .duplicateInput(symbol.name) }
    }
    var columns: [String: Int] = [:]
    for (index, name) in sizeInputs.enumerated() {
      let isTwice = columns.updateValue(inputs.count + index, forKey: name) != nil || sizes[name] != nil
      if isTwice { throw .duplicateInput(name) }
    }
    (self.mode, self.symbols, self.sizeColumns, self.sizes) = (mode, symbols, columns, sizes)
    definitions = Definitions(inputCount: inputs.count + sizeInputs.count)
  }

  /// The instructions that compute the formula.
  mutating func definitions(of formula: Formula) throws(ScalarProgramError) -> Definitions {
    let rounding: Rounding = mode == .nearest ? .nearest : .up
    definitions.result = try register(of: try value(of: formula, rounding), rounding, formula)
    return definitions
  }

  private mutating func value(of formula: Formula, _ rounding: Rounding) throws(ScalarProgramError) -> Value {
    let key = Key(formula: formula, rounding: rounding)
    if let known = values[key] { return known }
    guard formula.shape == .scalar else { throw .notScalar(formula.shape, at: formula.description) }
    let value = try compile(formula, rounding)
    values[key] = value
    return value
  }

  private mutating func compile(_ formula: Formula, _ rounding: Rounding) throws(ScalarProgramError) -> Value {
    let operands = formula.operands
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol):
      guard let index = symbols[symbol] else { throw .unbound(symbol) }
      return emit(.input(index), .nearest, isNonnegative: true)
    case .integer(let n): return .constant(Rational(n))
    case .size(let size): return try self.size(size, rounding, formula)
    case .ones, .identity: return .constant(.one)
    case .zero: return .constant(.zero)
    case .commutation: return .constant(.one)
    case .sum: return try sum(try all(operands, rounding), rounding, formula)
    case .product, .scale, .hadamard, .kronecker:
      return try product(try all(factors(formula), rounding), rounding, formula)
    case .transpose, .vectorize, .diagonal, .blockDiagonal, .blocks:
      // Shapes multiply and add up to 1×1 only where there is one operand, or the others are empty.
      guard operands.count == 1 else { throw Self.unsupported(formula) }
      return try value(of: operands[0], rounding)
    case .map(.reciprocal): return try reciprocal(operands[0], rounding, formula)
    case .map(.squareRoot): return try squareRoot(operands[0], rounding, formula)
    case .map(.positivePart):
      return try extremum([.constant(.zero), try value(of: operands[0], rounding)], isMaximum: true, rounding, formula)
    case .maximum, .minimum:
      return try extremum(try all(operands, rounding), isMaximum: formula.operator == .maximum, rounding, formula)
    case .norm(let norm): return try self.norm(norm, operands[0], rounding, formula)
    case .map, .call, .jacobian, .pullback, .contraction: throw Self.unsupported(formula)
    }
  }

  private mutating func all(_ formulas: [Formula], _ rounding: Rounding) throws(ScalarProgramError) -> [Value] {
    var all: [Value] = []
    for formula in formulas { all.append(try value(of: formula, rounding)) }
    return all
  }

  /// The factors of a 1×1 product, however it is nested.
  private func factors(_ formula: Formula) -> [Formula] {
    guard formula.shape == .scalar else { return [formula] }
    switch formula.operator {
    case .product, .scale, .hadamard, .kronecker: return formula.operands.flatMap(factors)
    default: return [formula]
    }
  }

  private static func unsupported(_ formula: Formula) -> ScalarProgramError {
    .unsupported(operator: formula.operator.programName, at: formula.description)
  }
}

extension ScalarProgramCompiler {
  /// A polynomial in size names.
  private mutating func size(
    _ size: Size, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    var terms: [Value] = []
    for monomial in size.monomials {
      var factors: [Value] = [.constant(Rational(monomial.coefficient))]
      for name in monomial.names {
        if let column = sizeColumns[name] {
          factors.append(emit(.input(column), .nearest, isNonnegative: true))
        } else if let number = sizes[name] {
          factors.append(.constant(Rational(number)))
        } else {
          throw .unknownSize(name)
        }
      }
      terms.append(try product(factors, rounding, place))
    }
    return try sum(terms, rounding, place)
  }

  /// The sum, constants first.
  private mutating func sum(
    _ terms: [Value], _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    var (constant, registers) = split(terms, from: .zero, +)
    registers.sort()
    if registers.isEmpty { return .constant(constant) }
    if !constant.isZero { registers.insert(try register(of: .constant(constant), rounding, place), at: 0) }
    var total = registers[0]
    for register in registers.dropFirst() {
      let positive = isNonnegative[total] && isNonnegative[register]
      total = index(.sum(total, register), rounding, isNonnegative: positive)
    }
    return .register(total)
  }

  /// The product, what is constant first, with equal factors as powers.
  private mutating func product(
    _ factors: [Value], _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    var (constant, registers) = split(factors, from: .one, *)
    if constant.isZero || registers.isEmpty { return .constant(constant) }
    registers.sort { (definitions.isConstant[$0] ? 0 : 1, $0) < (definitions.isConstant[$1] ? 0 : 1, $1) }
    var total = constant == .one ? nil : try register(of: .constant(constant), rounding, place)
    var start = 0
    while start < registers.count {
      let base = registers[start]
      let end = registers[start...].firstIndex { $0 != base } ?? registers.count
      let power = self.power(base, end - start, rounding)
      total = total.map { multiply($0, power, rounding) } ?? power
      start = end
    }
    return total.map { .register($0) } ?? .constant(constant)
  }

  /// The product of the constants, or their sum, apart from the registers.
  private func split(
    _ values: [Value], from start: Rational, _ combine: (Rational, Rational) -> Rational
  ) -> (Rational, [Int]) {
    var constant = start
    var registers: [Int] = []
    for value in values {
      switch value {
      case .constant(let number): constant = combine(constant, number)
      case .register(let index): registers.append(index)
      }
    }
    return (constant, registers)
  }

  private mutating func power(_ base: Int, _ exponent: Int, _ rounding: Rounding) -> Int {
    if exponent == 1 { return base }
    return multiply(power(base, exponent / 2, rounding), power(base, exponent - exponent / 2, rounding), rounding)
  }

  private mutating func multiply(_ a: Int, _ b: Int, _ rounding: Rounding) -> Int {
    let positive = a == b || (isNonnegative[a] && isNonnegative[b])
    return index(.product(min(a, b), max(a, b)), rounding, isNonnegative: positive)
  }

  private mutating func reciprocal(
    _ operand: Formula, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    switch try value(of: operand, rounding.reversed) {
    case .constant(let number):
      guard let inverse = try? number.reciprocal() else { throw .undefined(place.description) }
      return .constant(inverse)
    case .register(let index):
      return emit(.reciprocal(index), rounding, isNonnegative: isNonnegative[index])
    }
  }

  private mutating func squareRoot(
    _ operand: Formula, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    let radicand = try value(of: operand, rounding)
    if case .constant(let number) = radicand {
      if number < .zero { throw .undefined(place.description) }
      if let root = try? number.squareRoot() { return .constant(root) }
    }
    return emit(.squareRoot(try register(of: radicand, rounding, place)), rounding, isNonnegative: true)
  }

  private mutating func extremum(
    _ candidates: [Value], isMaximum: Bool, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    var constant: Rational?
    var registers: [Int] = []
    for candidate in candidates {
      switch candidate {
      case .constant(let number): constant = constant.map { isMaximum ? max($0, number) : min($0, number) } ?? number
      case .register(let index): registers.append(index)
      }
    }
    if let constant {
      if registers.isEmpty { return .constant(constant) }
      // max(0, x) is x where x is known to be at least 0.
      let isIdle = isMaximum && constant <= .zero && registers.contains { isNonnegative[$0] }
      if !isIdle { registers.append(try register(of: .constant(constant), rounding, place)) }
    }
    var best = registers[0]
    for register in registers.dropFirst() where register != best {
      let signs = [isNonnegative[best], isNonnegative[register]]
      let positive = isMaximum ? signs.contains(true) : !signs.contains(false)
      best = index(
        isMaximum ? .maximum(best, register) : .minimum(best, register), .nearest, isNonnegative: positive)
    }
    return .register(best)
  }

  /// Any norm of a number, which is its magnitude, or the spectral norm of a symmetric matrix of non-negative numbers.
  private mutating func norm(
    _ norm: Norm, _ operand: Formula, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Value {
    if operand.shape == .scalar {
      switch try value(of: operand, rounding) {
      case .constant(let number): return .constant(number.magnitude)
      case .register(let index) where isNonnegative[index]: return .register(index)
      case .register(let index): return emit(.magnitude(index), rounding, isNonnegative: true)
      }
    }
    guard norm == .spectral, case .blocks(let order) = operand.operator, operand.operands.count == order * order,
      operand.operands.allSatisfy({ $0.shape == .scalar })
    else { throw Self.unsupported(place) }
    let entries = try all(operand.operands, rounding)
    var triangle: [Int] = []
    for i in 0..<order {
      for j in i..<order {
        guard entries[i * order + j] == entries[j * order + i] else {
          throw .unsupported(operator: "spectral norm of a matrix not known to be symmetric", at: place.description)
        }
        let entry = try register(of: entries[i * order + j], rounding, place)
        guard isNonnegative[entry] else { throw .mayBeNegative(operand.operands[i * order + j].description) }
        triangle.append(entry)
      }
    }
    return emit(.spectralNorm(order: order, triangle), rounding, isNonnegative: true)
  }

  /// The register of a value, where a constant is rounded to a `Double`.
  private mutating func register(
    of value: Value, _ rounding: Rounding, _ place: Formula
  ) throws(ScalarProgramError) -> Int {
    switch value {
    case .register(let index): return index
    case .constant(let number):
      if mode == .upperBound && number < .zero { throw .mayBeNegative(place.description) }
      let rounded =
        switch rounding {
        case .nearest: Double(number)
        case .up: number.roundedUp
        case .down: number.roundedDown
        }
      return index(.constant(rounded), .nearest, isNonnegative: rounded >= 0)
    }
  }

  private mutating func emit(_ operation: Instruction.Operation, _ rounding: Rounding, isNonnegative: Bool) -> Value {
    .register(index(operation, rounding, isNonnegative: isNonnegative))
  }

  /// The index of the instruction, which is appended unless there is one.
  private mutating func index(_ operation: Instruction.Operation, _ rounding: Rounding, isNonnegative: Bool) -> Int {
    let instruction = Instruction(operation: operation, rounding: rounding)
    if let known = indices[instruction] { return known }
    let index = definitions.instructions.count
    var isConstant = instruction.operands.allSatisfy { definitions.isConstant[$0] }
    if case .input = operation { isConstant = false }
    definitions.instructions.append(instruction)
    definitions.isConstant.append(isConstant)
    self.isNonnegative.append(isNonnegative)
    indices[instruction] = index
    return index
  }
}

extension Operator {
  /// What an error calls the operator.
  fileprivate var programName: String {
    switch self {
    case .map(let primitive): primitive.rawValue
    case .call(let function): "function \(function.name)"
    case .jacobian: "derivative"
    case .pullback: "pullback"
    case .contraction: "contraction"
    case .norm(let norm): "\(norm.rawValue) norm of such a matrix"
    case .blocks: "block matrix"
    case .blockDiagonal: "block-diagonal matrix"
    default: "operator \(self)"
    }
  }
}
