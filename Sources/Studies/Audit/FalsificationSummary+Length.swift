import Typesetting

extension FalsificationSummary {
  /// The largest left/right found for each sequence length, floating-point estimates to three digits.
  public var ratiosByLength: [(length: Int, ratio: String)] {
    let lengths = rows.compactMap { $0.sizes["L"] }
    let known = lengths.indices.filter { lengths.firstIndex(of: lengths[$0]) == $0 }.map { lengths[$0] }
    return known.sorted().compactMap { length in
      let ratios = rows.filter { $0.sizes["L"] == length }.compactMap(\.ratio)
      guard let largest = ratios.max() else { return nil }
      let text = largest < ceiling ? DecimalNumeral(largest, significantDigits: 3)?.text : nil
      return (length, text ?? decimal(largest))
    }
  }
}
