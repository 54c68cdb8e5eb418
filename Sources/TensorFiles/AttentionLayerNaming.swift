/// Finds attention layers by the names and shapes of a file's tensors.
struct AttentionLayerNaming {
  let file: SafetensorsFile
  let heads: Int?
  private(set) var layers: [AttentionLayer] = []
  private(set) var rejected: [RejectedAttentionLayer] = []
  private var usedNames: Set<ExactName> = []

  init(file: SafetensorsFile, heads: Int?) {
    self.file = file
    self.heads = heads
  }

  /// Why a group of tensors is not a layer.
  private struct Rejection: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// A module with a weight and perhaps a bias.
  private struct Linear {
    let weight: TensorInfo
    let bias: TensorInfo?
  }

  mutating func recognise() {
    for tensor in file.tensors {
      guard let (names, prefix) = Self.names(of: tensor) else { continue }
      var name = prefix.isEmpty ? "attention" : String(prefix.dropLast())
      // One module can hold layers of two conventions; both stay reachable.
      if !usedNames.insert(ExactName(name)).inserted {
        name += " (\(names.convention.rawValue))"
        usedNames.insert(ExactName(name))
      }
      do throws(Rejection) {
        layers.append(try layer(named: name, prefix: prefix, names: names))
      } catch {
        rejected.append(RejectedAttentionLayer(name: name, reason: error.reason))
      }
    }
  }

  /// The convention whose query (or fused) weight this tensor is, and what stands before the convention's part of its
  /// name, the dot included.
  private static func names(of tensor: TensorInfo) -> (AttentionNames, prefix: String)? {
    let name = tensor.name
    for names in AttentionNames.all {
      let ending = weightName(names.projections[0])
      if name == ending { return (names, "") }
      if name.hasSuffix("." + ending) { return (names, String(name.dropLast(ending.count))) }
    }
    return nil
  }

  /// torch.nn.MultiheadAttention is the one module whose parameters are joined by an underscore.
  private static func weightName(_ module: String) -> String {
    module == "in_proj" ? "in_proj_weight" : module + ".weight"
  }
  private static func biasName(_ module: String) -> String { module == "in_proj" ? "in_proj_bias" : module + ".bias" }

  // MARK: Tensors

  private func linear(_ prefix: String, _ module: String) -> Linear? {
    guard let weight = file.tensor(named: prefix + Self.weightName(module)) else { return nil }
    return Linear(weight: weight, bias: file.tensor(named: prefix + Self.biasName(module)))
  }

  private func output(_ prefix: String, _ names: AttentionNames) -> Linear? {
    for name in names.outputs {
      if name.hasPrefix("^") {
        let above = prefix.dropLast().lastIndex(of: ".").map { String(prefix[...$0]) } ?? ""
        if let linear = linear(above, String(name.dropFirst())) { return linear }
      } else if let linear = linear(prefix, name) {
        return linear
      }
    }
    return nil
  }

  /// The rows and columns of a weight as [out, in].
  private func shape(of linear: Linear, isTransposed: Bool = false) throws(Rejection) -> (rows: Int, columns: Int) {
    let tensor = linear.weight
    guard tensor.shape.count == 2 else {
      throw Rejection("tensor \(tensor.name.quoted) has the shape \(tensor.shapeDescription), which is not a matrix")
    }
    let (rows, columns) = isTransposed ? (tensor.shape[1], tensor.shape[0]) : (tensor.shape[0], tensor.shape[1])
    guard rows > 0, columns > 0 else { throw Rejection("tensor \(tensor.name.quoted) is empty") }
    if let bias = linear.bias, bias.shape != [rows] {
      throw Rejection(
        "tensor \(bias.name.quoted) has the shape \(bias.shapeDescription), which does not fit the \(rows) rows of "
          + tensor.name.quoted)
    }
    return (rows, columns)
  }

  private func slice(
    _ linear: Linear, firstRow: Int = 0, rowCount: Int, headStride: Int? = nil, isTransposed: Bool = false
  ) -> ProjectionSlice {
    ProjectionSlice(
      weight: linear.weight.name, bias: linear.bias?.name, firstRow: firstRow, rowCount: rowCount,
      headStride: headStride, isTransposed: isTransposed)
  }

  // MARK: Layers

  private func layer(
    named name: String, prefix: String, names: AttentionNames
  ) throws(Rejection) -> AttentionLayer {
    var projections: [Linear] = []
    for module in names.projections {
      guard let linear = linear(prefix, module) else {
        throw Rejection("there is no tensor \((prefix + Self.weightName(module)).quoted) beside its query")
      }
      projections.append(linear)
    }
    let (slices, dimension) =
      projections.count == 3 ? try separate(projections) : try fused(projections[0], names.convention)
    let output = try output(prefix, names).map { (linear) throws(Rejection) in
      let isTransposed = slices[0].isTransposed
      return slice(
        linear, rowCount: try shape(of: linear, isTransposed: isTransposed).rows, isTransposed: isTransposed)
    }
    return AttentionLayer(
      name: name, convention: names.convention, query: slices[0], key: slices[1], value: slices[2], output: output,
      heads: heads, modelDimension: dimension)
  }

  private func separate(_ projections: [Linear]) throws(Rejection) -> ([ProjectionSlice], dimension: Int) {
    var slices: [ProjectionSlice] = []
    var dimensions: [Int] = []
    for linear in projections {
      let (rows, columns) = try shape(of: linear)
      slices.append(slice(linear, rowCount: rows))
      dimensions.append(columns)
    }
    guard dimensions[1] == dimensions[0], dimensions[2] == dimensions[0] else {
      throw Rejection(
        "query, key and value take inputs of \(dimensions[0]), \(dimensions[1]) and \(dimensions[2]) entries, so this "
          + "is not self-attention")
    }
    let (query, key) = (slices[0].rowCount, slices[1].rowCount)
    // With grouped queries, several query heads share a key.
    guard query % key == 0 else { throw Rejection("query and key have \(query) and \(key) rows, which do not fit") }
    return (slices, dimensions[0])
  }

  private func fused(
    _ linear: Linear, _ convention: AttentionConvention
  ) throws(Rejection) -> ([ProjectionSlice], dimension: Int) {
    // Either form of c_attn has three times as many outputs as inputs.
    let stored = linear.weight.shape
    let isTransposed = convention == .combinedAttention && stored.count == 2 && stored[1] / 3 == stored[0]
    let (rows, columns) = try shape(of: linear, isTransposed: isTransposed)
    guard rows % 3 == 0 else {
      throw Rejection("the \(rows) rows of \(linear.weight.name.quoted) are not query, key and value of equal size")
    }
    let third = rows / 3
    guard convention == .interleaved else {
      let slices = (0..<3).map { slice(linear, firstRow: $0 * third, rowCount: third, isTransposed: isTransposed) }
      return (slices, columns)
    }
    guard let heads else {
      throw Rejection("its heads are interleaved in \(linear.weight.name.quoted); give their number (--heads)")
    }
    guard third == columns, third % heads == 0 else {
      throw Rejection("the \(rows) rows of \(linear.weight.name.quoted) are not those of \(heads) heads")
    }
    let size = third / heads
    let slices = (0..<3).map { slice(linear, firstRow: $0 * size, rowCount: third, headStride: 3 * size) }
    return (slices, columns)
  }
}
