/// Reading and writing the files the project meets: strict JSON, safetensors, NPY and CSV, always whole or not at all.
///
/// Every error names the file, says what is wrong and what to change, and knows the exit status of the command.
public enum TensorFiles {
  /// The element types a tensor can be read from as `Double`, as they are named in a safetensors header.
  public static var readableElementTypes: [TensorElementType] { TensorElementType.allCases.filter(\.isReadable) }
}
