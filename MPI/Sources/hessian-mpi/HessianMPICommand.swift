import ArgumentParser
import AttentionHessian
import DistributedHessian

/// The command `hessian-mpi`: ‖H‖₂ of the mean over many samples, which are spread over the ranks of an MPI run.
@main
struct HessianMPICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hessian-mpi",
    abstract: "Estimate ‖H‖₂ of the mean loss Hessian over many samples, spread over the ranks of an MPI run.",
    discussion: """
      Lanczos iteration with products of the Hessian and vectors; it is never formed. The number is an estimate from \
      below, not a bound; some eigenvalue lies within the residual of it. It is the same to the last bit for every \
      number of ranks and threads on machines of one kind.

      Samples are in up to \(LayerHessianMap.groupCount) groups, and a rank has some of them: more ranks are idle.

      Exit status: that of 'hessian'; 2 where the iteration did not converge.

      EXAMPLES:
        mpirun -n 2 hessian-mpi --instance instance.json
        mpirun -n 4 --hostfile hosts hessian-mpi --weights layer.safetensors --sequences 8 --tokens 64 --synthetic
        mpirun -n 2 --bind-to none hessian-mpi --instance instance.json --threads 8
      """)

  @OptionGroup var layer: LayerOptions

  @Option(help: "The outer-product part, the functional part, or both together.")
  var part = HessianPart.both

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The residual at which the iteration ends, in ‖H‖₂. (default: 1e-9)", valueName: "number"),
    transform: ExactNumber.positive)
  var tolerance: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most products of Lanczos iteration.", valueName: "n"),
    transform: PositiveSize.parse)
  var products = 2000

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most threads of each rank; see --bind-to of mpirun.", valueName: "n"),
    transform: PositiveSize.parse)
  var threads = 1

  @Flag(help: "Also every digit, and a checksum of a product, to compare runs by.")
  var exact = false

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    guard layer.isGiven else {
      throw ValidationError("Missing --instance FILE, or --weights FILE for a head of a trained layer")
    }
    if let tolerance, !(1e-14...0.1).contains(Double(tolerance.value)) {
      throw ValidationError("--tolerance is outside 1e-14 … 0.1: give a number between")
    }
  }

  /// Runs the command on every rank; the first reports.
  func run(on communicator: Communicator) throws {
    // What is wrong with a file is told before what is made of it.
    guard let (instance, subject, _) = try communicator.together({ try layer.read(seed: general.seed) }) else { return }
    let map = try DistributedHessianMap(instance, part: part, threads: threads, on: communicator)
    if !map.ranksComputeAlike, communicator.rank == 0 {
      StandardError.warn(
        "the ranks round differently: the last digits may be others than in one process", quiet: general.quiet)
    }
    let result = try communicator.together { try NormReport(map, subject, samples: instance.samples.count, self) }
    try communicator.together {
      if communicator.rank == 0 { try StandardOutput.write(result.output(self)) }
      guard result.norm.converged else { throw result.convergenceError }
    }
  }

  static func main() {
    Interruption.install()
    let communicator = Communicator.start()
    var report = ErrorReport.success
    do {
      let command = try communicator.together { try parse() }
      try command.run(on: communicator)
    } catch let failure as DistributedFailure {
      report = ErrorReport(failure, communicator)
    } catch {
      // Nothing that can fail on one rank alone is outside of what is done together.
      ErrorReport(error).write()
      communicator.abort(status: ErrorReport(error).status)
    }
    if communicator.rank == 0 { report.write() }
    communicator.finish()
    report.exit()
  }
}
