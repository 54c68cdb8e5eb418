import CZlib

extension FileInput {
  /// The bytes of a file, decompressed where it is a gzip file.
  ///
  /// - Parameter limit: the most bytes, before and after decompression.
  /// - Errors: as for `read(_:limit:)`, and `badData` where the compressed data are damaged or end early.
  public static func readDecompressed(_ path: String, limit: Int = 256 << 20) throws(FileError) -> [UInt8] {
    let bytes = try read(path, limit: limit)
    guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
    return try Gzip.decompressed(bytes, path: path, limit: limit)
  }
}

/// Decompression of gzip files, by zlib; several members one after the other are one file.
///
/// - Source: RFC 1952.
enum Gzip {
  static func decompressed(_ bytes: [UInt8], path: String, limit: Int) throws(FileError) -> [UInt8] {
    var stream = z_stream()
    guard czlib_gunzip_begin(&stream) == Z_OK else {
      throw FileError(.badData, path: path, reason: "zlib has no memory to decompress it", advice: "free some memory")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var input = bytes, chunk = [UInt8](repeating: 0, count: 1 << 16)
    var status = Z_OK
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(truncatingIfNeeded: input.count)
      while status == Z_OK, result.count <= limit {
        let produced = chunk.withUnsafeMutableBufferPointer { chunk in
          (stream.next_out, stream.avail_out) = (chunk.baseAddress, UInt32(chunk.count))
          status = inflate(&stream, Z_NO_FLUSH)
          return chunk.count - Int(stream.avail_out)
        }
        result += chunk[..<produced]
        // Another member may follow.
        if status == Z_STREAM_END, stream.avail_in > 0 { status = inflateReset(&stream) }
      }
    }
    if result.count > limit { throw tooLarge(path, limit: limit) }
    guard status == Z_STREAM_END else {
      let reason = status == Z_BUF_ERROR ? "the compressed data end early" : "the compressed data are damaged"
      throw FileError(
        .badData, path: path, reason: "\(reason), after \(result.count) good bytes", advice: "get the file again")
    }
    return result
  }

  private static func tooLarge(_ path: String, limit: Int) -> FileError {
    FileError(
      .badData, path: path, reason: "it has more than \(limit) bytes when decompressed", advice: "give a smaller file")
  }
}
