import AttentionHessian

/// Runs one case: its contestants in turn, again and again, so that all have the same noise of the machine.
struct CaseRunner {
  let place: BenchmarkPlace
  let effort: Effort
  let seed: UInt64
  let say: (String) -> Void

  private struct Runner {
    let contestant: Contestant
    var entry: Entry
    var worker: WorkerProcess?

    var isDone: Bool { worker == nil }
  }

  func run(
    _ benchmark: BenchmarkCase, _ contestants: [Contestant]
  ) throws -> (outcome: Outcome, versions: [Version]) {
    let inputs = "\(place.scratch)/inputs.safetensors"
    if let batch = benchmark.batch {
      try TrainingInputs(place.configuration, batch: batch, seed: seed).write(
        to: inputs, configuration: place.configuration)
    } else {
      try Inputs(benchmark.sizes, seed: seed).write(to: inputs)
    }
    var versions: [Version] = []
    var runners = contestants.map { contestant in
      say("starting \(contestant.name)")
      return start(contestant, benchmark, inputs, &versions)
    }
    for round in 0..<effort.rounds {
      for turn in runners.indices {
        // Each round begins with another contestant.
        let index = (turn + round) % runners.count
        measure(&runners[index], round, benchmark)
      }
    }
    compare(&runners)
    for runner in runners { runner.worker?.end() }
    return (Outcome(benchmark: benchmark, entries: runners.map(\.entry)), versions)
  }

  private func start(
    _ contestant: Contestant, _ benchmark: BenchmarkCase, _ inputs: String, _ versions: inout [Version]
  ) -> Runner {
    var runner = Runner(contestant: contestant, entry: Entry(contestant))
    do {
      let needed = contestant.memoryFactor * benchmark.sizes.matrixBytes
      if let available = PeakMemory.available, needed > available - 1e9 {
        throw Refusal("needs about \(Int((needed / 1e9).rounded())) GB of memory")
      }
      let worker = try WorkerProcess(
        contestant, threads: benchmark.threads, place: place, patience: effort.patience)
      versions += Version.all(in: try worker.ask(["do": "hello"]))
      let answer = try worker.ask([
        "do": "load", "inputs": .string(inputs), "quantity": .string(contestant.quantity.rawValue),
      ])
      runner.entry.compileSeconds = answer["compile"]?.doubleValue
      runner.entry.startMemory = answer["memory"]?.doubleValue
      runner.entry.peakMemory = answer["peak"]?.doubleValue
      runner.worker = worker
    } catch {
      runner.entry.problem = "\(error)"
    }
    return runner
  }

  private func measure(_ runner: inout Runner, _ round: Int, _ benchmark: BenchmarkCase) {
    guard let worker = runner.worker else { return }
    let samples = runner.entry.samples
    if samples.total >= effort.seconds, samples.count >= effort.minimumCalls { return }
    say("round \(round + 1) of \(effort.rounds): \(runner.contestant.name)")
    do {
      if runner.contestant.quantity == .product {
        let answer = try worker.ask(["do": "prepare", "set": .integer(round)])
        if let seconds = answer["seconds"]?.doubleValue {
          runner.entry.prepareSeconds = min(seconds, runner.entry.prepareSeconds ?? .infinity)
        }
      }
      // A call that takes seconds is its own rehearsal.
      let isLong = samples.median.map { $0 > 1 } ?? (benchmark.section == .dense && benchmark.sizes.dimension > 4000)
      let answer = try worker.ask([
        "do": "time", "memory": .string(runner.contestant.memory.rawValue), "rehearse": .boolean(!isLong),
        "seconds": .double(effort.seconds / Double(effort.rounds)), "calls": .integer(effort.callsPerTurn),
        "first": .integer(samples.count + 1),
      ])
      runner.entry.samples.append(answer["seconds"]?.elements?.compactMap(\.doubleValue) ?? [])
      runner.entry.peakMemory = answer["peak"]?.doubleValue ?? runner.entry.peakMemory
      runner.entry.products = answer["products"]?.integer
    } catch {
      runner.entry.problem = "\(error)"
      runner.worker = nil
    }
  }

  // MARK: Comparison

  /// Compares the results of those that compute the same with the first peer's.
  private func compare(_ runners: inout [Runner]) {
    var seen: [MeasuredQuantity] = []
    for quantity in runners.map(\.contestant.quantity) where !seen.contains(quantity) {
      seen.append(quantity)
      let indices = runners.indices.filter { runners[$0].contestant.quantity == quantity }
      let peers = indices.filter { !runners[$0].contestant.isProject }
      guard let first = peers.first(where: { !runners[$0].isDone }) else { continue }
      guard let reference = reference(&runners[first]) else { continue }
      for index in indices where !runners[index].isDone {
        if index == first, quantity != .norm { continue }
        if let values = result(&runners[index]) {
          runners[index].entry.difference = Agreement.difference(values, reference)
        }
      }
    }
  }

  /// The norm to rounding error, or what a peer computes.
  private func reference(_ runner: inout Runner) -> [Double]? {
    guard runner.contestant.quantity == .norm else {
      runner.entry.isReference = true
      return result(&runner)
    }
    do {
      return try runner.worker?.ask(["do": "reference", "set": 2])["value"]?.doubleValue.map { [$0] }
    } catch {
      runner.entry.problem = "\(error)"
      runner.worker = nil
      return nil
    }
  }

  private func result(_ runner: inout Runner) -> [Double]? {
    let path = "\(place.scratch)/result"
    do {
      if runner.contestant.quantity == .product { _ = try runner.worker?.ask(["do": "prepare", "set": 2]) }
      _ = try runner.worker?.ask(["do": "result", "set": 2, "output": .string(path)])
      return Agreement.numbers(try FileInput.read(path, limit: 1 << 30)[...])
    } catch {
      runner.entry.problem = "\(error)"
      runner.worker = nil
      return nil
    }
  }
}
