/// One operation of a scalar program on the numbered places of its memory.
struct ScalarProgramInstruction: Hashable, Sendable {
  /// The direction in which the result may differ from the exact one.
  enum Rounding: Hashable, Sendable {
    case nearest, up, down

    /// The direction that an antitone function's argument is rounded in.
    var reversed: Rounding {
      switch self {
      case .nearest: .nearest
      case .up: .down
      case .down: .up
      }
    }
  }

  enum Operation: Hashable, Sendable {
    case constant(Double)
    case input(Int)
    case sum(Int, Int)
    case product(Int, Int)
    case reciprocal(Int)
    case squareRoot(Int)
    case magnitude(Int)
    case maximum(Int, Int)
    case minimum(Int, Int)
    /// The norm of a symmetric matrix of non-negative numbers, by its entries on and above the diagonal, row by row.
    case spectralNorm(order: Int, [Int])
  }

  var operation: Operation
  let rounding: Rounding

  var operands: [Int] {
    switch operation {
    case .constant, .input: []
    case .reciprocal(let a), .squareRoot(let a), .magnitude(let a): [a]
    case .sum(let a, let b), .product(let a, let b), .maximum(let a, let b), .minimum(let a, let b): [a, b]
    case .spectralNorm(_, let entries): entries
    }
  }

  /// The instruction with its operands renamed.
  func renaming(_ name: (Int) -> Int) -> Self {
    var renamed = self
    switch operation {
    case .constant, .input: break
    case .reciprocal(let a): renamed.operation = .reciprocal(name(a))
    case .squareRoot(let a): renamed.operation = .squareRoot(name(a))
    case .magnitude(let a): renamed.operation = .magnitude(name(a))
    case .sum(let a, let b): renamed.operation = .sum(name(a), name(b))
    case .product(let a, let b): renamed.operation = .product(name(a), name(b))
    case .maximum(let a, let b): renamed.operation = .maximum(name(a), name(b))
    case .minimum(let a, let b): renamed.operation = .minimum(name(a), name(b))
    case .spectralNorm(let order, let entries):
      renamed.operation = .spectralNorm(order: order, entries.map(name))
    }
    return renamed
  }
}

/// The instructions of a program with their places in memory; inputs have the first places, in order.
struct ScalarProgramCode: Sendable {
  struct Step: Sendable {
    let instruction: ScalarProgramInstruction
    let destination: Int
  }

  /// What is the same at all points, and kept.
  private(set) var prologue: [Step] = []
  /// What is done at every point.
  private(set) var body: [Step] = []
  private(set) var placeCount: Int
  let result: Int
  /// The largest matrix of which a spectral norm is taken.
  private(set) var largestOrder = 0

  /// Gives every definition a place, which is used again once nothing needs the number any more.
  ///
  /// - Parameter definitions: each refers to earlier ones by index.
  init(_ definitions: ScalarProgramCompiler.Definitions) {
    let instructions = definitions.instructions
    var lastUse = [Int](repeating: -1, count: instructions.count)
    lastUse[definitions.result] = instructions.count
    for index in instructions.indices.reversed() where lastUse[index] >= 0 {
      for operand in instructions[index].operands { lastUse[operand] = max(lastUse[operand], index) }
    }
    var places = [Int](repeating: 0, count: instructions.count)
    var free: [Int] = []
    placeCount = definitions.inputCount
    for (index, instruction) in instructions.enumerated() where lastUse[index] >= 0 {
      if case .input(let number) = instruction.operation {
        places[index] = number
        continue
      }
      // A place of its own, never an operand's: loops whose arrays overlap are not vectorised.
      if definitions.isConstant[index] || free.isEmpty {
        places[index] = placeCount
        placeCount += 1
      } else {
        places[index] = free.removeLast()
      }
      let step = Step(instruction: instruction.renaming { places[$0] }, destination: places[index])
      if definitions.isConstant[index] { prologue.append(step) } else { body.append(step) }
      if case .spectralNorm(let order, _) = instruction.operation { largestOrder = max(largestOrder, order) }
      for operand in Set(instruction.operands).sorted() where lastUse[operand] == index {
        if definitions.isConstant[operand] { continue }
        if case .input = instructions[operand].operation { continue }
        free.append(places[operand])
      }
    }
    result = places[definitions.result]
  }
}
