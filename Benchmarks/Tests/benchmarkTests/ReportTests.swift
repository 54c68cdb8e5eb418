import Testing

@testable import benchmark

@Suite struct ReportTests {
  private func outcome() -> Outcome {
    let benchmark = BenchmarkCase(section: .product, sizes: Sizes(equal: 64), threads: 1)
    var entries = Contestant.product.map(Entry.init)
    for index in entries.indices { entries[index].samples.append([Double(index + 1) * 1e-3]) }
    return Outcome(benchmark: benchmark, entries: entries)
  }

  @Test func aRatioIsTheFastestPeersTimeOverTheOwn() {
    let outcome = outcome()
    #expect(outcome.fastestPeer(of: .product)?.name == "torch, graph of gradient kept")
    #expect(outcome.ratio(outcome.entries[0]) == 2)
    #expect(outcome.ratio(outcome.entries[3]) == 0.5)
  }

  @Test func whatIsLessPreciseIsNotAPeer() throws {
    let benchmark = BenchmarkCase(
      section: .training, sizes: Sizes(network: 100, sequenceLength: 2, width: 3), threads: 1, batch: 32)
    var entries = Contestant.training.map(Entry.init)
    for index in entries.indices {
      entries[index].samples.append([Double(entries.count - index) * 1e-3])
      entries[index].difference = entries[index].tolerance
    }
    let outcome = Outcome(benchmark: benchmark, entries: entries)
    #expect(outcome.fastestPeer(of: .step)?.name == "torch.compile")
    // Compared with the same one.
    #expect(try #require(outcome.ratio(entries[4])) == 3)
    #expect(Report(facts: [], outcomes: [outcome]).agrees)
    #expect(try #require(outcome.samplesPerSecond(entries[0])) == 6400)
    #expect(outcome.table.text.contains("samples/s"))
    #expect("\(benchmark)".contains("L=2 d=3 (n=100)"))
    entries[1].difference = 1e-7
    #expect(!Report(facts: [], outcomes: [Outcome(benchmark: benchmark, entries: entries)]).agrees)
  }

  @Test func whatDisagreesIsNotAPeer() {
    var outcome = outcome()
    outcome.entries[1].difference = 1e-6
    #expect(outcome.fastestPeer(of: .product)?.name == "jax.linearize, jitted")
    #expect(!Report(facts: [], outcomes: [outcome]).agrees)
    #expect(outcome.table.text.contains("DISAGREES"))
  }

  @Test func aProductIsComparedWithTheForwardPassOfItsEngine() throws {
    let outcome = outcome()
    let own = try #require(outcome.forwardPasses(outcome.entries[0]))
    #expect(abs(own - 1.0 / 7) < 1e-12)
    #expect(try #require(outcome.forwardPasses(outcome.entries[2])) == 3.0 / 9)
    #expect(outcome.forwardPasses(outcome.entries[6]) == nil)
  }

  @Test func emptyColumnsAreLeftOutAndCellsAligned() {
    let table = ReportTable(
      title: "T", header: ["", "a", "b", "c"], rows: [["x", "1", "", "3"], ["long", "22", "", ""]])
    #expect(table.header == ["", "a", "c"])
    #expect(table.text == "T\n         a  c\n  x      1  3\n  long  22\n")
    #expect(table.markdown.contains("| long | 22 |  |"))
  }

  @Test func everyLineOfTheCSVHasAsManyFields() {
    var outcome = outcome()
    outcome.entries[2].problem = "said nothing"
    let lines = Report(facts: [], outcomes: [outcome]).csv.split(separator: "\n")
    // The names of contestants have commas inside quotation marks.
    let counts = lines.map { line in
      line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 0 }.map { $0.element.count(where: { $0 == "," }) }.reduce(0, +)
    }
    #expect(lines.count == 10 && counts.allSatisfy { $0 == counts[0] })
  }

  @Test func figuresHaveThreeDigits() {
    #expect(Figures.duration(0.000_012_34) == "12.3 µs")
    #expect(Figures.duration(0.012_34) == "12.3 ms")
    #expect(Figures.duration(12.34) == "12.3 s")
    #expect(Figures.digits(1234.5) == "1234" && Figures.digits(0.5) == "0.5")
  }
}
