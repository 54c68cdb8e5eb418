import TensorFiles
import Training
import Transformers

extension LandscapeConfiguration: StudyConfiguration {
  public static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> LandscapeConfiguration {
    let fields = try InstanceFields(
      json, at: "",
      allowing: [
        "$schema", "version", "name", "description", "data", "network", "loss", "optimizer", "continue", "planes",
      ])
    try InstanceReader.checkVersion(fields["version"])
    let layers = try StudyReader.layers(try fields.required("network"))
    guard layers.flatMap(\.queryKeys).contains(where: { $0 != .joint }) else {
      throw InstanceError(
        "network", "it has no attention with W_Q and W_K",
        advice: "add a layer such as attention(softmax, heads: 2, key: 16, value: 16)")
    }
    var planes: [Plane] = []
    for element in try fields.required("planes").elements() {
      let plane = try self.plane(element)
      guard !planes.contains(where: { $0.name == plane.name }) else {
        throw InstanceError(element.path, "there are two planes \"\(plane.name)\"", advice: "give each its own name")
      }
      planes.append(plane)
    }
    return LandscapeConfiguration(
      name: try fields.required("name").name(), data: try StudyReader.data(fields), layers: layers,
      loss: try StudyReader.loss(fields), plan: try StudyReader.plan(fields),
      continuation: try continuation(fields, layers), planes: planes, source: json, folder: folder)
  }

  private static func continuation(
    _ fields: InstanceFields, _ layers: [Layer]
  ) throws(InstanceError) -> Continuation? {
    guard let field = fields.optional("continue") else { return nil }
    let inner = try field.fields(["kernels", "optimizer"])
    let kernels = try inner.required("kernels").choices(AttentionKernel.allCases)
    if layers.flatMap(\.queryKeys).contains(.joint), kernels.contains(.gaussian) {
      throw InstanceError(
        inner.path("kernels"), "the Gaussian kernel needs W_Q and W_K, not one matrix",
        advice: "write key: WIDTH for joint")
    }
    return Continuation(
      kernels: kernels, plan: try StudyReader.plan(inner))
  }

  private static func plane(_ field: ConfigurationField) throws(InstanceError) -> Plane {
    let inner = try field.fields(["name", "directions", "normalization", "radius", "points", "batch", "seed"])
    let normalization = try inner.required("normalization").choice(Normalization.allCases)
    let directions = try inner.optional("directions")?.choice(Directions.allCases) ?? .queryKey
    if directions == .eigenvectors, normalization == .matrix {
      throw InstanceError(
        inner.path("normalization"), "an eigenvector whose matrices are scaled is none any more",
        advice: "give \"raw\", or other directions")
    }
    let radius = try inner.required("radius").real(0...1e6)
    guard radius > 0 else {
      throw InstanceError(inner.path("radius"), "\(radius) is not above 0", advice: "give a number above 0, such as 1")
    }
    let points = try inner.optional("points")?.whole(3...401) ?? 41
    guard points % 2 == 1 else {
      throw InstanceError(
        inner.path("points"), "\(points) is even, so that no point is the middle", advice: "give an odd number")
    }
    return Plane(
      name: try inner.optional("name")?.name() ?? normalization.rawValue, directions: directions,
      normalization: normalization, radius: radius, points: points,
      batch: try inner.optional("batch")?.whole(1...1_000_000) ?? 256,
      seed: try inner.optional("seed")?.seed() ?? 1)
  }
}
