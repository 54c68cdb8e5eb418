import AttentionHessian

/// Runs whole processes in turn, from their start to their end.
struct ProcessRunner {
  let place: BenchmarkPlace
  let effort: Effort
  let seed: UInt64
  let say: (String) -> Void

  /// A process to measure.
  private struct Candidate {
    let name: String
    var isProject = false
    /// Only to show what a start costs: not a peer.
    var isForScale = false
    let arguments: [String]
    var environment: [String]
    /// The `.npy` file it writes.
    var output: String?
  }

  func run(_ benchmark: BenchmarkCase) throws -> Outcome {
    let candidates =
      benchmark.section == .oneShot ? try oneShot(benchmark) : derivation(threads: benchmark.threads)
    var entries = candidates.map { Entry(process: $0.name, isProject: $0.isProject, isForScale: $0.isForScale) }
    // The first start brings the files into memory and is not counted.
    for start in 0...effort.starts {
      say("start \(start) of \(effort.starts)")
      for turn in candidates.indices {
        let index = (turn + start) % candidates.count
        guard entries[index].problem == nil else { continue }
        do {
          let (seconds, peak) = try time(candidates[index], threads: benchmark.threads)
          if start > 0 { entries[index].samples.append([seconds]) }
          entries[index].peakMemory = max(peak, entries[index].peakMemory ?? 0)
        } catch {
          entries[index].problem = "\(error)"
        }
      }
    }
    compare(candidates, &entries)
    return Outcome(benchmark: benchmark, entries: entries)
  }

  private func time(_ candidate: Candidate, threads: Int) throws -> (seconds: Double, peak: Double) {
    let silence = try Descriptor.silence()
    defer { silence.close() }
    return try Processors.limited(to: threads) {
      let watch = Stopwatch()
      let process = try ChildProcess(
        candidate.arguments, environment: candidate.environment, input: silence.number, output: silence.number,
        errors: place.log)
      let end = process.wait()
      let seconds = watch.seconds
      if let problem = end.problem { throw Refusal(problem) }
      return (seconds, end.peakMemory)
    }
  }

  private func compare(_ candidates: [Candidate], _ entries: inout [Entry]) {
    var reference: [Double]?
    for index in candidates.indices.reversed() {
      guard entries[index].problem == nil, let path = candidates[index].output else { continue }
      do {
        let values = Agreement.array(try FileInput.read(path, limit: 1 << 30))
        if let reference {
          entries[index].difference = Agreement.difference(values, reference)
        } else {
          reference = values
          entries[index].isReference = true
        }
      } catch {
        entries[index].problem = "\(error)"
      }
    }
  }

  // MARK: Processes

  private func oneShot(_ benchmark: BenchmarkCase) throws -> [Candidate] {
    let inputs = Inputs(benchmark.sizes, seed: seed)
    let (tensors, instance) = ("\(place.scratch)/inputs.safetensors", "\(place.scratch)/instance.json")
    try inputs.write(to: tensors)
    try AtomicFile.write(JSONWriter(.pretty).text(inputs.instance(0)) + "\n", to: instance)
    let outputs = (0..<4).map { "\(place.scratch)/hessian-\($0).npy" }
    let peer = ChildEnvironment.peer(threads: benchmark.threads)
    let jax = [place.python, "\(place.peers)/one_shot_jax.py", tensors, "0"]
    return [
      Candidate(
        name: "hessian evaluate", isProject: true,
        arguments: [place.hessian, "evaluate", "--instance", instance, "--format", "npy", "--output", outputs[0]],
        environment: ChildEnvironment.project, output: outputs[0]),
      Candidate(
        name: "Python, jax.hessian", arguments: jax + [outputs[1]], environment: peer, output: outputs[1]),
      Candidate(
        name: "Python, jax.hessian, jitted", arguments: jax + [outputs[2], "--jit"], environment: peer,
        output: outputs[2]),
      Candidate(
        name: "Python, torch.func.hessian",
        arguments: [place.python, "\(place.peers)/one_shot_torch.py", tensors, "0", outputs[3]], environment: peer,
        output: outputs[3]),
    ]
  }

  private func derivation(threads: Int) -> [Candidate] {
    let peer = ChildEnvironment.peer(threads: threads)
    func command(_ words: String...) -> Candidate {
      Candidate(
        name: "hessian " + words.joined(separator: " "), isProject: true, arguments: [place.hessian] + words,
        environment: ChildEnvironment.project)
    }
    func python(_ program: String) -> Candidate {
      Candidate(
        name: "for scale: python -c '\(program)'", isForScale: true, arguments: [place.python, "-c", program],
        environment: peer)
    }
    return [
      command("--version"), command("derive", "--format", "latex"),
      command("derive", "--steps", "--format", "latex"), python("pass"), python("import sympy"), python("import jax"),
      python("import torch"),
    ]
  }
}
