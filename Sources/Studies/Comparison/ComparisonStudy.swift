import Arithmetic
import Formulas
import TensorFiles
import Transformers
import Typesetting

/// The Hessians of attention and of multilayer perceptrons side by side.
public struct ComparisonStudy: Sendable {
  public let configuration: ComparisonConfiguration
  public let models: [ModelComparison]

  /// The most weights of a model, whose Hessian is a dense matrix.
  public static let mostWeights = 2048

  /// - Parameters:
  ///   - threads: the results do not depend on them.
  ///   - report: told how many models are done.
  /// - Errors: `FileError` where layers do not fit; those of evaluation; `StudyInterruption`.
  public init(
    _ configuration: ComparisonConfiguration, threads: Int,
    isInterrupted: () -> Bool = { false }, report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    self.configuration = configuration
    var models: [ModelComparison] = [], rest = configuration.models[...]
    while !rest.isEmpty {
      if isInterrupted() { throw StudyInterruption(place: nil) }
      report(models.count, configuration.models.count)
      let some = Array(rest.prefix(max(1, threads)))
      rest = rest.dropFirst(some.count)
      models += try parallelMap(some, threads: threads) { model in
        func offence(_ reason: String, _ advice: String) -> FileError {
          FileError(.badData, path: configuration.name, reason: "model \"\(model.name)\": \(reason)", advice: advice)
        }
        let network: Network
        do throws(NetworkError) {
          network = try Network(model.layers, tokens: Size(configuration.tokens), width: Size(configuration.width))
        } catch {
          throw offence(error.description, "change its layers")
        }
        let stack = RandomStack(network: network)
        for symbol in network.parameters where try stack.count(of: symbol) > Self.mostWeights {
          throw offence("\(symbol) has more than \(Self.mostWeights) entries", "give smaller widths")
        }
        let count = try network.parameters.reduce(0) { try $0 + stack.count(of: $1) }
        guard count <= Self.mostWeights else {
          throw offence(
            "it has \(count) weights, and dense Hessians are made of at most \(Self.mostWeights)", "give smaller widths"
          )
        }
        return try ModelComparison(model, configuration)
      }
    }
    self.models = models
  }
}

extension ComparisonStudy: StudyReport {
  public static let command = "compare"
  public var tables: [Table] { [modelTable, blockTable] }
  public var figures: [(name: String, figure: any Figure)] { [] }
  public var text: String { "Comparison \(name)\n\n" + tables.map(\.text).joined(separator: "\n") }

  /// Everything as one object.
  public var json: JSONValue {
    func json(_ part: ModelComparison.Part) -> JSONValue {
      [
        "zero": part.zero.map { ["derived_in_steps": .integer($0.totalSteps)] } ?? .null, "norm": .double(part.norm),
        "trace": part.trace.map { .double($0) } ?? .null,
        "exponent_small": part.exponent.map { .double($0) } ?? .null,
        "exponent_at_one": part.exponentAtOne.map { .double($0) } ?? .null,
      ]
    }
    return [
      "schema": "hessian.compare/1", "name": .string(name), "configuration": configuration.source,
      "models": .array(
        models.map { model in
          [
            "name": .string(model.name), "layers": .string(model.layers), "weights": .integer(model.count),
            "block_hollow": .boolean(model.isBlockHollow), "outer_norm": .double(model.outerNorm),
            "functional_norm": .double(model.functionalNorm), "outer_trace": .double(model.outerTrace),
            "functional_trace": .double(model.functionalTrace), "spread": model.spread.map { .double($0) } ?? .null,
            "query_key": model.queryKey.map { ["size": .integer($0.size), "rank": .integer($0.rank)] } ?? .null,
            "blocks": .array(
              model.blocks.map { block in
                [
                  "row": .string(block.row.name), "column": .string(block.column.name), "outer": json(block.outer),
                  "functional": json(block.functional),
                  "definiteness": block.definiteness.map { .string($0.rawValue) } ?? .null,
                ]
              }),
          ]
        }),
    ]
  }

  // MARK: Tables

  /// One line for each model.
  public var modelTable: Table {
    var table = Table(
      name: "models",
      caption:
        "Models on \(configuration.tokens) tokens of width \(configuration.width) with random weights, data and target: medians over "
        + "\(configuration.draws) draws, measured in floating point. Hollow is derived: every diagonal block of the functional "
        + "part `H_f` is zero by a chain of laws, with ReLU where no pre-activation is zero. Spread is the largest median norm of a "
        + "diagonal block `H_ii` over the smallest. Rank is the "
        + "numerical rank of the part of the Hessian by queries and keys, the largest over the draws.",
      columns: [
        .init("model", alignment: .left), .init("weights"), .init("hollow", alignment: .left),
        .init("`‖H_o‖`", key: "outer_norm"), .init("`‖H_f‖`", key: "functional_norm"),
        .init("trace of `H_o`", key: "outer_trace"), .init("trace of `H_f`", key: "functional_trace"), .init("spread"),
        .init("rank by Q, K", key: "rank", alignment: .right),
      ])
    for model in models {
      table.append([
        .text(model.name), .exact("\(model.count)"), .text(model.isBlockHollow ? "yes, derived" : "no"),
        .estimate(model.outerNorm, digits: 3), .estimate(model.functionalNorm, digits: 3),
        .estimate(model.outerTrace, digits: 3),
        model.isBlockHollow ? .exact("0") : .estimate(model.functionalTrace, digits: 3),
        .estimate(model.spread, digits: 3), .text(model.queryKey.map { "\($0.rank) of \($0.size)" } ?? ""),
      ])
    }
    return table
  }

  /// One line for each block.
  public var blockTable: Table {
    let small = configuration.smallScale.description
    var table = Table(
      name: "blocks",
      caption:
        "Blocks on and above the diagonal: medians of norms and, on the diagonal, of traces; exponents with which a norm grows with "
        + "the scale of the data, for small data (from \(small)/2 to \(small)) and from 1 to 2, measured. \"0\" stands for a part that is "
        + "derived to be zero, with the number of steps in parentheses, with ReLU where no pre-activation is zero. Behind normalisation small data "
        + "means that their variance is far below its ε. A diagonal block whose functional part is zero is its Gauss–Newton "
        + "part, a matrix `2c JᵀJ`, and so positive semidefinite.",
      columns: [
        .init("model", alignment: .left), .init("block", alignment: .left), .init("`‖H_o‖`", key: "outer_norm"),
        .init("trace of `H_o`", key: "outer_trace"), .init("small", key: "outer_exponent", alignment: .right),
        .init("at 1", key: "outer_exponent_at_one", alignment: .right),
        .init("`‖H_f‖`", key: "functional_norm", alignment: .right),
        .init("trace of `H_f`", key: "functional_trace", alignment: .right),
        .init("small", key: "functional_exponent", alignment: .right),
        .init("at 1", key: "functional_exponent_at_one", alignment: .right), .init("sign", alignment: .left),
      ], isLong: true)
    func text(_ value: Double?, digits: Int = 3) -> Table.Cell {
      value.map { .text($0.text(significantDigits: digits)) } ?? .empty
    }
    func exponent(_ value: Double?) -> Table.Cell { value.map { .text($0.text(decimals: 2)) } ?? .empty }
    for model in models {
      for block in model.blocks {
        let functional = block.functional
        table.append([
          .text(model.name), Self.pair(block),
          .estimate(block.outer.norm, digits: 3), block.outer.trace.map { .estimate($0, digits: 3) } ?? .empty,
          exponent(block.outer.exponent), exponent(block.outer.exponentAtOne),
          functional.zero.map { .text("0 (\($0.totalSteps))") } ?? text(functional.norm),
          functional.zero == nil ? text(functional.trace) : .empty, exponent(functional.exponent),
          exponent(functional.exponentAtOne), .text(block.definiteness?.rawValue ?? ""),
        ])
      }
    }
    return table
  }

  private static func pair(_ block: ModelComparison.Block) -> Table.Cell {
    let (row, column) = (Formula.symbol(block.row), Formula.symbol(block.column))
    return .typeset("$\(row.latex()), \(column.latex())$", text: "\(row), \(column)")
  }

  // MARK: Document

  public static func document(of reports: [ComparisonStudy]) -> LaTeXDocument {
    let names = reports.map(\.name).joined(separator: ", ")
    var document = LaTeXDocument(
      title: "The Hessian of attention beside that of multilayer perceptrons", subtitle: "Configurations: \(names)",
      provenance: "hessian compare, \(names)", references: Bibliography.references(["ormaniec2024"]))
    document.section("What is derived and what is measured")
    document.append(
      """
      The source~\\cite{ormaniec2024} sets the Hessian of self-attention beside that of classical networks. Zero blocks are
      derived: a chain of laws from the loss to the zero matrix, which the program replays, holds at all weights and data, with ReLU at all
      where no pre-activation is zero. Norms,
      traces, exponents, ranks and signs are measured at random points, and no bounds.

      """)
    for report in reports { report.append(to: &document) }
    return document
  }

  private func append(to document: inout LaTeXDocument) {
    document.section("\(name): models")
    document.list(models.map { ($0.name, $0.layers) })
    document.table(modelTable)
    document.append("\\begin{landscape}")
    document.table(blockTable)
    document.append("\\end{landscape}")
    document.section("\(name): the zero blocks")
    document.paragraph("The shortest and the longest chain to a functional part that is zero, for each model.")
    for model in models {
      let zeros = model.blocks.compactMap(\.functional.zero).sorted { $0.totalSteps < $1.totalSteps }
      guard let first = zeros.first else { continue }
      document.subsection(model.name)
      for proof in zeros.count > 1 ? [first, zeros[zeros.count - 1]] : [first] {
        document.paragraph("\(proof.title), \(proof.totalSteps) steps:")
        document.display(proof.judgement)
      }
    }
  }
}
