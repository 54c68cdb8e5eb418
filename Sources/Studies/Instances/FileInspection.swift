import Arithmetic
import TensorFiles
import Typesetting

/// What is in a weight file: tensors, the attention layers among them, and the largest singular values of their heads.
public struct FileInspection: Sendable {
  /// A tensor, and what stands in it that is not a number.
  public struct Tensor: Sendable {
    public let info: TensorInfo
    /// The first NaN or infinity; `nil` where there is none or the type cannot be read.
    public let nonFinite: NonFiniteElement?
  }

  /// The largest singular values of one head's weights, without biases: floating-point estimates.
  public struct Head: Sendable {
    public let query: Double
    public let key: Double
    public let value: Double
  }

  /// A layer with its heads, or why they cannot be given.
  public struct Layer: Sendable {
    public let layer: AttentionLayer
    /// `d_K` and `d_V` of each head.
    public let headSizes: (key: Int, value: Int)?
    public let heads: [Head]
    public let problem: String?
  }

  public let path: String
  public let metadata: [(key: String, value: String)]
  public let tensors: [Tensor]
  public let layers: [Layer]
  public let rejected: [RejectedAttentionLayer]

  /// Inspects a file.
  ///
  /// - Parameters:
  ///   - heads: the number of heads; `nil` where the file's metadata say it.
  ///   - progress: is told how many of how many tensors and heads are done.
  /// - Errors: a file that is no safetensors file, with the reason.
  public init(
    of path: String, heads: Int? = nil, progress: (_ done: Int, _ total: Int, _ what: String) -> Void = { _, _, _ in }
  ) throws(FileError) {
    let file = try SafetensorsFile(path: path)
    let catalogue = try AttentionLayerCatalogue(of: file, heads: heads)
    self.path = path
    metadata = file.metadata
    rejected = catalogue.rejected
    var tensors: [Tensor] = []
    for info in file.tensors {
      progress(tensors.count, file.tensors.count, "tensors read")
      let isReadable = info.elementType.isReadable
      tensors.append(Tensor(info: info, nonFinite: isReadable ? try file.firstNonFinite(in: info.name) : nil))
    }
    self.tensors = tensors
    var layers: [Layer] = []
    for layer in catalogue.layers {
      layers.append(
        Self.inspect(layer, catalogue) { progress(layers.count, catalogue.layers.count, "layers measured") })
    }
    self.layers = layers
  }

  private static func inspect(
    _ layer: AttentionLayer, _ catalogue: AttentionLayerCatalogue, progress: () -> Void
  ) -> Layer {
    do {
      let sizes = try catalogue.headSizes(of: layer)
      do {
        var heads: [Head] = []
        for index in 0..<sizes.heads {
          progress()
          let weights = try catalogue.weights(of: layer, head: index)
          heads.append(
            Head(
              query: try LinearAlgebra.largestSingularValue(of: Matrix(weights.query)),
              key: try LinearAlgebra.largestSingularValue(of: Matrix(weights.key)),
              value: try LinearAlgebra.largestSingularValue(of: Matrix(weights.value))))
        }
        return Layer(layer: layer, headSizes: (sizes.key, sizes.value), heads: heads, problem: nil)
      } catch {
        return Layer(layer: layer, headSizes: (sizes.key, sizes.value), heads: [], problem: problem(error))
      }
    } catch {
      return Layer(layer: layer, headSizes: nil, heads: [], problem: problem(error))
    }
  }

  private static func problem(_ error: any Error) -> String {
    (error as? FileError).map { "\($0.reason); \($0.advice)" } ?? "\(error)"
  }
}
