/// Matrices in NumPy's file format, version 1.0.
public enum NPYWriter {
  /// The bytes of an `.npy` file that holds a `rows×columns` matrix of doubles (`'<f8'`, C order).
  ///
  /// - Precondition: there are `rows·columns` values, row-major.
  /// - Source: numpy.lib.format.
  public static func bytes(rows: Int, columns: Int, values: [Double]) -> [UInt8] {
    precondition(
      TensorInfo.elementCount(of: [rows, columns]) == values.count, "\(values.count) values for \(rows)×\(columns)")
    let dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    // Magic string, version and length take ten bytes; a newline ends the header; the data begin at a multiple of 64.
    let padding = (64 - (10 + dictionary.utf8.count + 1) % 64) % 64
    let header = dictionary + String(repeating: " ", count: padding) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.reserveCapacity(10 + header.utf8.count + values.count * 8)
    bytes += LittleEndian.bytes(UInt16(header.utf8.count))
    bytes += Array(header.utf8)
    #if _endian(little)
      values.withUnsafeBytes { bytes += $0 }
    #else
      for value in values { bytes += LittleEndian.bytes(value.bitPattern) }
    #endif
    return bytes
  }
}
