import Arithmetic
import Formulas
import TensorFiles

extension BoundExplanation {
  /// The whole result in one object: exact values as strings, enclosures rounded outward, estimates as numbers.
  ///
  /// - Errors: a number without finite ends.
  public func json() throws -> JSONValue {
    let shares = try bound.shares.map { share -> JSONValue in
      [
        "row": .string(parameters[share.row]), "column": .string(parameters[share.column]),
        "part": .string(part(of: share.term) == .functional ? "H_f" : "H_o"),
        "term": .string(bound.shown(share.term).description),
        "bound": try share.value.json(), "share": try Self.json(share.share),
      ]
    }
    let printedJSON = try printed.map { printed -> JSONValue in
      [
        "status": .string(BoundReport.printedStatus), "is_for_sizes": printed.isForSizes.map { .boolean($0) } ?? .null,
        "M": try printed.bound.value.json(),
        "entries": .array(
          try printed.entries.map { ["blocks": .string($0.block), "value": try $0.value.json()] }),
        "inputs": try Self.json(printed.bound.dependences),
      ]
    }
    let all = branches.map { ("derived", $0) } + (printed.map { [("printed", $0.branch)] } ?? [])
    return [
      "schema": "hessian.explain/1", "subject": .string(subject),
      "remark": assumesZeroResidual ? .string(BoundReport.zeroResidualRemark) : .null,
      "status": .string(BoundReport.derivedStatus), "M": try bound.value.json(),
      "parts": ["H_o": try Self.json(share(of: .outer)), "H_f": try Self.json(share(of: .functional))],
      "shares": .array(shares),
      "inputs": try Self.json(bound.dependences), "printed": printedJSON ?? .null,
      "branches": .array(all.map { Self.json($0.1, of: $0.0) }), "slack": try slackJSON(),
    ]
  }

  private static func json(_ ball: Ball) throws -> JSONValue {
    ["lower": .double(try ball.lower.roundedDown), "upper": .double(try ball.upper.roundedUp)]
  }

  private static func json(_ dependences: [ExplainedBound.Dependence]) throws -> JSONValue {
    .array(
      try dependences.map { dependence in
        [
          "input": .string(dependence.input.name.description),
          "symbol": .string(dependence.input.symbol.description),
          "value": .string(dependence.input.value.description), "elasticity": try json(dependence.elasticity),
          "halved": try dependence.halved.json(), "factor": try json(dependence.factor),
        ]
      })
  }

  private static func json(_ branch: BranchPoint, of bound: String) -> JSONValue {
    [
      "bound": .string(bound), "formula": .string(branch.formula.description),
      "operands": .array(branch.names.map { .string($0) }), "active": .array(branch.active.map { .integer($0) }),
      "switches": .array(
        branch.switches.map { change in
          [
            "input": .string(change.input.name.description), "at_estimate": .double(Double(change.value)),
            "operand": .integer(change.operand),
          ]
        }),
    ]
  }

  private func slackJSON() throws -> JSONValue {
    guard let slack else { return .null }
    let norm: JSONValue =
      switch slack.measurement {
      case .enclosed(let quantity): try quantity.json()
      case .estimate(let value): ["estimate": .double(value)]
      }
    let ratios = try self.ratios().filter { $0.key != "norm" }.map { JSONValue.Member($0.key, .double($0.value)) }
    let proof = slack.proof
    func use(_ use: ProofSlack.Use) -> JSONValue {
      [
        "law": .string(use.rule.description),
        "block": use.block.map { .string("\(parameters[$0.row]),\(parameters[$0.column])") } ?? .null,
        "left": .string(use.left.description), "left_value": .double(use.leftValue),
        "right": .string(use.right.description), "right_value": .double(use.rightValue),
        "log_loss": .double(use.loss),
      ]
    }
    return [
      "norm": norm, "ratios": .object(ratios), "worst_use": proof.worst.map(use) ?? .null,
      "laws": .array(
        proof.laws.map { law in
          [
            "law": .string(law.rule.description), "statement": .string(law.statement.description),
            "uses": .integer(law.uses), "log_loss": .double(law.loss),
          ]
        }),
      "chain": .array(
        [["law": .null, "uses": 0, "bound": .double(proof.start), "log_loss": 0]]
          + proof.rungs.map { rung in
            [
              "law": .string(rung.rule.description), "uses": .integer(rung.uses), "bound": .double(rung.value),
              "log_loss": .double(rung.loss), "worst_use": use(rung.worst),
            ]
          }),
    ]
  }
}
