@preconcurrency import Dispatch
import Synchronization

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Whether an interrupt has asked long work to end with what it has; the second interrupt ends the command.
///
/// From its creation on, an interrupt no longer ends the command by itself.
final class InterruptionRequest: Sendable {
  private let count = Atomic<Int>(0)
  private let source: any DispatchSourceSignal

  var isMade: Bool { count.load(ordering: .relaxed) > 0 }

  init() {
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "hessian.interruption"))
    self.source = source
    let previous = signal(SIGINT, SIG_IGN)
    // Whoever started the command in the background may have had interrupts ignored.
    if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return }
    source.setEventHandler { [weak self] in
      if let self, self.count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
    }
    source.activate()
  }

  deinit { source.cancel() }
}
