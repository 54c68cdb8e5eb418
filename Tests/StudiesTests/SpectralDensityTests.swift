import AttentionHessian
import Testing

@Suite struct SpectralDensityTests {
  @Test func theDensityHasMassOneAndIsTheDerivative() {
    let measure = SpectralMeasure(eigenvalues: [-1, 0, 0, 2.5, 4])
    let density = SpectralDensity([measure], isExact: true, ends: -1...4, width: 0.2, count: 2001)
    let points = density.points, step = points[1].eigenvalue - points[0].eigenvalue
    #expect(abs(points.reduce(0) { $0 + $1.density.value * step } - 1) <= 1e-4)
    #expect(points.allSatisfy { $0.density.standardError == 0 })
    for i in 1..<(points.count - 1) {
      let slope = (points[i + 1].cumulative.value - points[i - 1].cumulative.value) / (2 * step)
      #expect(abs(slope - points[i].density.value) <= 1e-3)
    }
    #expect(points[0].cumulative.value < 1e-4 && points[2000].cumulative.value > 0.9999)
    #expect(density.largestError == 0)
  }

  @Test func aPointSpectrumHasAWidth() {
    for value in [0.0, 3, -1e-200, 1e200] {
      let density = SpectralDensity(
        [SpectralMeasure(eigenvalues: [value])], isExact: true, ends: value...value, count: 11)
      #expect(density.width > 0 && density.points.allSatisfy { $0.density.value.isFinite })
      #expect(density.points[5].cumulative.value == 0.5)
    }
  }

  @Test func narrowPeaksAreNotMissed() {
    let measure = SpectralMeasure(eigenvalues: [0, 1])
    for (width, count) in [(0.1, 401), (1e-3, 2016), (1e-8, 20_001), (1e100, 401)] {
      let density = SpectralDensity([measure], isExact: true, ends: 0...1, width: width)
      #expect(density.points.count == count)
      #expect(width < 1e-6 || (density.points.map(\.density.value).max() ?? 0) * width > 0.19)
    }
  }

  @Test func errorsAreThoseOfTheMean() {
    let estimate = SampleEstimate([1, 2, 3, 6])
    #expect(estimate.value == 3 && abs((estimate.standardError ?? 0) - 1.0801234497346435) <= 1e-15)
    #expect(SampleEstimate([5]).standardError == nil)
    #expect(SampleEstimate([0, 0]).standardError == 0)
    let root = SampleEstimate([8, 10]).squareRoot
    #expect(abs(root.value - 3) <= 1e-15 && abs((root.standardError ?? 0) - 1 / 6.0) <= 1e-15)
    #expect(SampleEstimate([1e300, 2e300]).standardError?.isFinite == true)
    let one = SpectralDensity([SpectralMeasure(eigenvalues: [1, 2])], isExact: false, ends: 1...2)
    #expect(one.largestError == nil)
  }
}
