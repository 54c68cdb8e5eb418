import TensorFiles
import Transformers

/// What a model is called in a report.
extension Model {
  private var ownKernel: AttentionKernel? { (self as? SelfAttention)?.kernel }

  /// The layers, or the kernel of a single layer of attention.
  var kindName: String { ownKernel?.rawValue ?? (self as? Network)?.text ?? "" }

  /// The key that `kindName` is written under.
  var kind: String { ownKernel == nil ? "network" : "kernel" }

  /// The first words of a report.
  var heading: String { ownKernel == nil ? "Network \(kindName)" : "Kernel \(kindName)" }

  /// What a title says.
  var subject: String { ownKernel == nil ? "a network" : "self-attention, kernel \(kindName)" }

  /// The option that selects it on the command line.
  var option: String { ownKernel == nil ? "--network '\(kindName)'" : "--kernel \(kindName)" }
}
