import CLAPACKE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Floating point: every result is an estimate, rounded to nearest.
extension Double: Scalar {
  @inlinable public static var one: Double { 1 }

  @inlinable public func reciprocal() throws(ArithmeticError) -> Double {
    if self == 0 { throw .undefined("1/0") }
    return 1 / self
  }

  /// `eˣ`.
  ///
  /// - Errors: unsupported where a finite argument's exponential is beyond the largest `Double` (x > 709.78).
  public func exponential() throws(ArithmeticError) -> Double {
    let result = exp(self)
    if result == .infinity && isFinite { throw .unsupported("exp(\(self)), which is beyond the largest Double") }
    return result
  }

  /// `√x`, correctly rounded.
  ///
  /// - Errors: undefined for a negative number and for a NaN.
  @_implements(Scalar,squareRoot())
  @inlinable public func checkedSquareRoot() throws(ArithmeticError) -> Double {
    guard self >= 0 else { throw .undefined("the square root of \(self)") }
    var root = self
    root.formSquareRoot()
    return root
  }

  /// `max(x, 0)`; a NaN stays one.
  @inlinable public func positivePart() throws(ArithmeticError) -> Double { self < 0 ? 0 : self }

  /// `1` for `x > 0`, `0` elsewhere; a NaN stays one.
  @inlinable public func step() throws(ArithmeticError) -> Double { self > 0 ? 1 : isNaN ? self : 0 }

  /// `log x`.
  ///
  /// - Errors: undefined for zero, a negative number and a NaN.
  public func logarithm() throws(ArithmeticError) -> Double {
    guard self > 0 else { throw .undefined("log(\(self))") }
    return log(self)
  }

  /// `Φ(x)`, to full relative accuracy in the lower tail.
  public func normalDistribution() throws(ArithmeticError) -> Double { erfc(-self * sqrt(0.5)) / 2 }

  public func normalDensity() throws(ArithmeticError) -> Double { exp(-self * self / 2) / sqrt(2 * Double.pi) }

  /// The larger of two, NaN if one is NaN, as generic code sees it.
  @_implements(Scalar,maximum(_:_:))
  @inlinable public static func checkedMaximum(_ a: Double, _ b: Double) throws(ArithmeticError) -> Double {
    a.isNaN || a >= b ? a : b
  }

  /// The largest entry, so that no exponential of the shifted row overflows.
  @inlinable public static func rowShift(_ row: ArraySlice<Double>) -> Double { row.max() ?? 0 }

  /// The largest singular value, by LAPACK.
  public static func spectralNorm(of m: Matrix<Double>) throws(ArithmeticError) -> Double {
    do {
      return try LinearAlgebra.largestSingularValue(of: m)
    } catch {
      throw .unsupported(error.description)
    }
  }

  /// `a b`, by BLAS where the factors are large and not mostly zeros.
  public static func product(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    let work = Double(a.entries.count) * Double(b.columns)
    guard work > 256, let m = Int32(exactly: a.rows), let k = Int32(exactly: a.columns),
      let n = Int32(exactly: b.columns)
    else { return loopProduct(a, b) }
    if pairCount(a, b) * 16 < work { return loopProduct(a, b) }
    BLAS.prepare()
    let entries = [Double](unsafeUninitializedCapacity: a.rows * b.columns) { output, initialized in
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a.entries, max(k, 1), b.entries, max(n, 1), 0,
        output.baseAddress, max(n, 1))
      initialized = a.rows * b.columns
    }
    return Matrix(rows: a.rows, columns: b.columns, entries: entries)
  }
}

extension Double: RandomScalar {
  /// Uniform in `[−1, 1)`, a multiple of `2⁻⁵²`.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Double {
    let word: UInt64 = generator.next()
    return Double(word >> 11) * 0x1p-52 - 1
  }
}
