import AttentionHessian

/// All outcomes of a run, and how they are written.
struct Report: Sendable {
  /// The facts about the machine and the versions, one a line.
  let facts: [String]
  let outcomes: [Outcome]

  /// Whether all results that were compared agree.
  var agrees: Bool { outcomes.allSatisfy { $0.entries.allSatisfy(\.agrees) } }

  var tables: [ReportTable] { outcomes.map(\.table) + [summary] }

  var text: String { facts.joined(separator: "\n") + "\n\n" + tables.map(\.text).joined(separator: "\n") }

  var markdown: String {
    facts.map { "- \($0)\n" }.joined() + "\n" + tables.map(\.markdown).joined(separator: "\n")
  }

  /// This project beside the fastest peer, one line for each way it was measured.
  var summary: ReportTable {
    var rows: [[String]] = []
    for outcome in outcomes {
      for entry in outcome.entries where entry.isProject {
        guard let own = entry.samples.median, let peer = outcome.fastestPeer(of: entry.quantity),
          let time = peer.samples.median
        else { continue }
        rows.append([
          "\(outcome.benchmark): \(entry.name)", Figures.duration(own), Figures.duration(time),
          Figures.ratio(time / own), peer.name,
        ])
      }
    }
    return ReportTable(
      title: "This project beside the fastest peer", header: ["", "time", "peer's time", "ratio", "fastest peer"],
      rows: rows)
  }

  /// One line for each contestant of each case, numbers in seconds and bytes.
  var csv: String {
    var csv =
      "section,L,d,d_K,d_V,n,threads,contestant,project,quantity,calls,median,minimum,lower quartile,upper quartile,"
      + "ratio,operations,compile,prepare,peak memory,start memory,products,difference,problem\n"
    for outcome in outcomes {
      let sizes = outcome.benchmark.sizes
      for entry in outcome.entries {
        let counts = [sizes.sequenceLength, sizes.width, sizes.keyWidth, sizes.valueWidth, sizes.dimension]
        let texts =
          counts.map(String.init) + [
            "\(outcome.benchmark.threads)", quoted(entry.name), "\(entry.isProject)",
            entry.quantity?.rawValue ?? "process",
            "\(entry.samples.count)",
          ]
        let numbers: [Double?] = [
          entry.samples.median, entry.samples.minimum, entry.samples.quantile(0.25), entry.samples.quantile(0.75),
          outcome.ratio(entry), entry.quantity?.operations(sizes), entry.compileSeconds, entry.prepareSeconds,
          entry.peakMemory, entry.startMemory, entry.products.map(Double.init), entry.difference,
        ]
        let fields = [outcome.benchmark.section.rawValue] + texts + numbers.map { $0.map { "\($0)" } ?? "" }
        csv += (fields + [quoted(entry.problem ?? "")]).joined(separator: ",") + "\n"
      }
    }
    return csv
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" ? "\"\"" : $0 == "\n" ? " " : String($0) }.joined() + "\""
  }

  /// Everything, every single time included.
  var json: JSONValue {
    [
      "facts": .array(facts.map { .string($0) }),
      "cases": .array(outcomes.map(\.json)),
    ]
  }
}
