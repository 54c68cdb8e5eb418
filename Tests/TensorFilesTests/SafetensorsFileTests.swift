import Testing

@testable import TensorFiles

@Suite struct SafetensorsFileTests {
  @Test func thereAreFortyConformanceFiles() {
    #expect(Fixtures.verdicts.count == 40)
    #expect(Fixtures.verdicts.count(where: \.isAccepted) == 17)
  }

  @Test(arguments: Fixtures.verdicts)
  func agreesWithTheReferenceReader(verdict: Fixtures.Verdict) throws {
    guard verdict.isAccepted else {
      let error = #expect(throws: FileError.self) { try SafetensorsFile(path: verdict.path) }
      #expect(error?.kind == .badData)
      return
    }
    let file = try SafetensorsFile(path: verdict.path)
    let found = file.tensors.map { tensor -> JSONValue in
      [.string(tensor.name), .string(tensor.elementType.rawValue), .array(tensor.shape.map { .integer($0) })]
    }
    #expect(found == verdict.tensors)
  }

  @Test(arguments: [
    ("file_empty", "it has 0 bytes, fewer than the 8 of the header's length"),
    ("len_only", "but only 0 follow"), ("len_i64min", "more than the permitted 100000000"),
    ("hole_between", "tensor 'b' leaves a hole: it begins at byte 8, not at 4"),
    ("truncated_data", "its tensors take 16 bytes, but 14 follow the header"),
    ("unknown_dtype", "tensor 'a' has the unknown dtype 'Q32' (known are BOOL, F4,"),
    ("missing_dtype", "tensor 'a' has no 'dtype'"), ("dup_field", "tensor 'a' has two fields 'dtype'"),
    ("negative_shape", "the shape of tensor 'a' has an entry that is not a size"),
    ("float_offset", "the data_offsets of tensor 'a' are not two whole numbers"),
    ("shape_huge_times_zero_of", "the size of tensor 'a' overflows: its shape is 4294967296×4294967296×0"),
    ("bom", "there is a byte-order mark; remove it"), ("json_array", "its header is an array, not an object"),
    ("json_comment", "comments are not part of JSON"),
  ])
  func saysWhyAFileIsRefused(name: String, reason: String) {
    let error = #expect(throws: FileError.self) {
      try SafetensorsFile(path: Fixtures.directory + name + ".safetensors")
    }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  /// Headers with four bytes of data, and whether they are accepted; the reference reader agrees but where noted.
  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":[1,{}]}}"#, true),
    (#" {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} "#, true),
    (#"{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, true),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1,"x":2}}"#, true),
    (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, true),
    (#"{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}"#, true),
    (
      #"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#,
      true
    ),
    (
      #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]},"a":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[0,3]}}"#,
      true
    ),
    (#"{"b":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[4,4]},"a":["F32",[1],[0,4]]}"#, true),
    (#"{"b":{"dtype":"I8","shape":[4294967296,2147483648,0],"data_offsets":[4,4]},"a":["F32",[1],[0,4]]}"#, true),
    // Accepted by the reference reader.
    (#"{"b":{"dtype":"F32","shape":[0,18446744073709551615],"data_offsets":[4,4]},"a":["F32",[1],[0,4]]}"#, false),
    (#"{"a":{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}}"#, false),
    (#"{"a":["F32",[1],[0,4]],"a":["F32",[1],[0,4]]}"#, false),
    // Refused by both.
    (#"{"__metadata__":{},"__metadata__":{},"a":["F32",[1],[0,4]]}"#, false),
    (#"{"__metadata__":{"a":1},"a":["F32",[1],[0,4]]}"#, false), (#"{"__metadata__":[],"a":["F32",[1],[0,4]]}"#, false),
    (#"{"a":["F32",[1],[-0,4]]}"#, false), (#"{"a":["F32",[1],[0,4,4]]}"#, false), (#"{"a":["F32",[1],[0]]}"#, false),
    (#"{"a":["F32",[1],[0,4],3]}"#, false), (#"{"a":["F32",[1]]}"#, false), (#"{"a":["F32",[1],[4,0]]}"#, false),
    (#"{"a":["F32",[1],[0,4]],"b":["F32",[1],[0,4]]}"#, false), (#"{"a":["F32",[2],[0,4]]}"#, false),
    (#"{"a":["F32",[1],[0,4]],"b":["U8",[2],[2,4]]}"#, false), (#"{"a":["U8",[3],[0,3]]}"#, false),
    (#"{"a":["F4",[7],[0,3]],"b":["U8",[1],[3,4]]}"#, false), (#"{"a":["F32",[1.0],[0,4]]}"#, false),
    (#"{"a":["F32",[1e0],[0,4]]}"#, false), (#"{"a":["F32",["1"],[0,4]]}"#, false), (#"{"a":["F32",1,[0,4]]}"#, false),
    (#"{"a":["F32",[1],[0,4]],"b":["F64",[9223372036854775807],[4,4]]}"#, false),
    (#"{"\ud800":["F32",[1],[0,4]]}"#, false), (#"{"a":["U8",[4],[0,18446744073709551620]]}"#, false),
    (#"{"a":["U8",[4],[18446744073709551612,18446744073709551615]]}"#, false), (#"{"a":null}"#, false), ("null", false),
  ])
  func checksTheHeader(header: String, isAccepted: Bool) {
    let bytes = safetensors(header: header, data: [0, 0, 0, 0])
    #expect(((try? SafetensorsFile(bytes: bytes, path: "memory")) != nil) == isAccepted)
  }

  @Test func listsTensorsInStorageOrder() throws {
    let header =
      #"{"z":["U8",[1],[0,1]],"c":["U8",[1],[2,3]],"e":["U8",[0],[2,2]],"d":["U8",[0],[2,2]],"b":["U8",[1],[1,2]]}"#
    let file = try SafetensorsFile(bytes: safetensors(header: header, data: [0, 0, 0]), path: "memory")
    #expect(file.tensors.map(\.name) == ["z", "b", "e", "d", "c"])
  }

  @Test func keepsNamesThatAreEqualOnlyAsStringsApart() throws {
    let header = "{\"\u{E9}\":[\"U8\",[1],[0,1]],\"e\u{301}\":[\"U8\",[1],[1,2]]}"
    let file = try SafetensorsFile(bytes: safetensors(header: header, data: [0, 0]), path: "memory")
    #expect(file.tensor(named: "\u{E9}")?.byteRange == 0..<1)
    #expect(file.tensor(named: "e\u{301}")?.byteRange == 1..<2)
  }

  @Test func readsMetadataTheLastOfDuplicates() throws {
    let file = try SafetensorsFile(path: Fixtures.directory + "metadata_dup_key.safetensors")
    #expect(file.metadata.map(\.value) == ["1", "2"])
    #expect(file.metadata("k") == "2")
    #expect(file.metadata("l") == nil)
  }

  @Test(arguments: ["/nowhere/at/all", "", "a\0b", "/dev/null", "/proc/self/fd"])
  func refusesWhatIsNoFile(path: String) {
    let error = #expect(throws: FileError.self) { try SafetensorsFile(path: path) }
    #expect(error?.kind == .inputMissing)
  }

  @Test func refusesADirectory() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: FileError.self) { try SafetensorsFile(path: directory.path) }
    #expect(error?.kind.exitStatus == 66)
    #expect(error?.description == "cannot read '\(directory.path)': it is a directory; give the path of a file")
  }
}
