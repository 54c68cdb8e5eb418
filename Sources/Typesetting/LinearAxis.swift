#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// An axis of evenly spaced numbers with ticks at round ones.
struct LinearAxis: Hashable {
  let lowest: Double
  let highest: Double
  /// The distance of ticks: 1, 2 or 5 times a power of ten.
  let step: Double

  /// - Precondition: the ends are finite.
  init(_ lowest: Double, _ highest: Double, ticks: Int = 8) {
    precondition(lowest.isFinite && highest.isFinite, "an axis from \(lowest) to \(highest)")
    let size = max(abs(lowest), abs(highest))
    // Ends that are equal, or as good as, are moved apart.
    let room = highest - lowest > 1e-12 * size ? 0 : size > 0 ? 1e-3 * size : 1
    (self.lowest, self.highest) = (lowest - room, highest + room)
    let rough = (self.highest - self.lowest) / Double(max(ticks, 1))
    let power = pow(10, log10(rough).rounded(.down))
    step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? 10 * power
  }

  /// Where a number lies between the ends, from 0 to 1.
  func fraction(_ value: Double) -> Double { (value - lowest) / (highest - lowest) }

  var ticks: [Double] {
    let first = (lowest / step).rounded(.up), last = (highest / step).rounded(.down)
    guard first <= last, last - first < 100 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
  }

  /// A tick's number with as many digits as tell it from its neighbours.
  func label(_ tick: Double) -> String {
    let decimals = Int(-log10(step).rounded(.down)), size = max(abs(lowest), abs(highest))
    if size < 1e5, (0...5).contains(decimals) || decimals < 0 && size >= 1 {
      return tick.text(decimals: max(decimals, 0))
    }
    let digits = tick == 0 ? 1 : Int((log10(abs(tick)) + 1e-9).rounded(.down)) + decimals + 1
    return DecimalNumeral(tick, significantDigits: digits)?.scientific.replacing(/^0e0$/) { _ in "0" } ?? "0"
  }
}
