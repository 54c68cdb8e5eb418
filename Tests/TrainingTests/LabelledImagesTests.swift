import TensorFiles
import Testing

@testable import Training

@Suite struct LabelledImagesTests {
  private func read(_ text: String) throws -> LabelledImages {
    let folder = try TemporaryFolder(), path = folder.file("images.csv")
    try AtomicFile.write(text, to: path)
    return try LabelledImages(path: path)
  }

  @Test func readsLines() throws {
    let expected = LabelledImages(side: 2, pixels: [[0, 1, 2, 3], [4, 5.5, 6, 16]], labels: [2, 0])
    for text in [
      "0,1,2,3,2\n4,5.5,6,16,0\n", "0,1,2,3,2\n4,5.5,6,16,0", "a,b,c,d,label\r\n0,1,2,3,2\r\n4,5.5,6,16,0\r\n",
      "\n\n0, 1 ,2,3,2\n\n4,5.5,6,1.6e1,0\n  \n", "0,1,2,3,2.0\n4,5.5,6,16,0\n",
    ] {
      #expect(try read(text) == expected, "\(text)")
    }
    #expect(expected.brightest == 16 && expected.classCount == 3 && expected.count == 2)
    // Dark images are not divided by their brightness.
    #expect(LabelledImages(side: 1, pixels: [[0]], labels: [0]).brightest == 1)
  }

  @Test(arguments: [
    ("", "there is no image in it"), ("a,b,c,d,label\n", "there is no image in it"),
    ("1,2,3,4,0\n1,2,x,4,0\n", "line 2 has no number in column 3"),
    ("1,2,,4,0\n", "line 1 has no number in column 3"), ("1,2,nan,4,0\n", "line 1 has no number in column 3"),
    ("inf,2,3,4,0\n", "line 1 has no number in column 1"), ("1,2,3,4,0,\n", "line 1 has no number in column 6"),
    // Only the first line may hold names.
    ("1,2,3,4,0\na,b,c,d,label\n", "line 2 has no number in column 1"),
    ("1,2,3,4,0\n1,2,3,0\n", "line 2 has 4 columns, the first image 5"), ("1,2,3,0\n", "line 1 has 4 columns"),
    ("1\n", "line 1 has 1 columns"), ("1;2;3;4;0\n5;6;7;8;0\n", "line 2 has no number in column 1"),
    ("1,2,3,4,0.5\n", "line 1 ends with 0.5, which is no label"),
    ("1,2,3,4,-1\n", "line 1 ends with -1, which is no label"),
    ("1,2,3,4,1000\n", "line 1 ends with 1000, which is no label"),
    ("1,2,3,4,1e300\n", "line 1 ends with 1e300, which is no label"),
  ])
  func refusesLines(_ text: String, _ reason: String) throws {
    let error = #expect(throws: FileError.self) { try read(text) }
    #expect(error?.kind == .badData)
    #expect(error?.reason == reason)
    #expect(error?.advice.isEmpty == false)
  }

  @Test func aMissingFileIsSaidToBeMissing() {
    let error = #expect(throws: FileError.self) { try LabelledImages(path: "/nowhere/images.csv") }
    #expect(error?.kind == .inputMissing)
  }

  @Test func copiesAreMoved() {
    let images = SampleProblem.images(5)
    for shift in 0...2 {
      let moved = images.moved(by: shift), copies = (2 * shift + 1) * (2 * shift + 1)
      #expect(moved.count == 5 * copies)
      #expect(moved.selecting(Array(0..<5)) == images)
      for index in 0..<moved.count { #expect(moved.labels[index] == images.labels[index % 5]) }
      // Each move of each image is there once: found by where the bright pixel of a dark image goes.
      let dot = LabelledImages(side: 5, pixels: [(0..<25).map { $0 == 12 ? 1 : 0 }], labels: [0]).moved(by: shift)
      let places = dot.pixels.map { $0.firstIndex(of: 1) ?? -1 }
      let expected = (-shift...shift).flatMap { down in (-shift...shift).map { 12 + 5 * down + $0 } }
      #expect(places.sorted() == expected.sorted())
      for image in dot.pixels { #expect(image.reduce(0, +) == 1) }
    }
  }

  @Test func whatMovesInIsBlack() {
    let moved = LabelledImages(side: 2, pixels: [[1, 2, 3, 4]], labels: [0]).moved(by: 1)
    let expected: Set<[Double]> = [
      [1, 2, 3, 4], [4, 0, 0, 0], [3, 4, 0, 0], [0, 3, 0, 0], [2, 0, 4, 0], [0, 1, 0, 3], [0, 0, 2, 0], [0, 0, 1, 2],
      [0, 0, 0, 1],
    ]
    #expect(Set(moved.pixels) == expected && moved.count == 9)
    // In a fixed order: upwards first, and to the left first.
    #expect(Array(moved.pixels[1...4]) == [[4, 0, 0, 0], [3, 4, 0, 0], [0, 3, 0, 0], [2, 0, 4, 0]])
  }

  @Test func splitsWithoutLoss() {
    let images = LabelledImages(side: 1, pixels: (0..<20).map { [Double($0)] }, labels: (0..<20).map { $0 % 3 })
    let (training, heldOut) = images.split(heldOut: 6, seed: 4)
    #expect(training.count == 14 && heldOut.count == 6)
    let numbers = (training.pixels + heldOut.pixels).map { Int($0[0]) }
    #expect(numbers.sorted() == Array(0..<20) && numbers != Array(0..<20))
    #expect(zip(numbers, training.labels + heldOut.labels).allSatisfy { $0 % 3 == $1 })
    #expect(images.split(heldOut: 6, seed: 4).heldOut == heldOut)
    #expect(images.split(heldOut: 6, seed: 5).heldOut != heldOut)
    #expect(images.split(heldOut: 0, seed: 5).heldOut.count == 0)
  }
}

@Suite struct ImageTokensTests {
  @Test func patchesAreTokens() {
    let pixels = (0..<16).map(Double.init), plain = ImageTokens(patch: 2)
    #expect(plain.count(side: 4) == 4 && plain.width(side: 4) == 4)
    #expect(
      plain.entries(of: pixels, side: 4, brightest: 2)
        == [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15].map { $0 / 2 })
    let placed = ImageTokens(patch: 2, position: .oneHot)
    #expect(placed.count(side: 4) == 4 && placed.width(side: 4) == 8)
    #expect(
      Array(placed.entries(of: pixels, side: 4, brightest: 1)[8..<16]) == [2, 3, 6, 7, 0, 1, 0, 0])
  }

  @Test func targetsAreUnitRows() {
    let images = LabelledImages(side: 2, pixels: [[0, 1, 2, 3], [3, 2, 1, 0]], labels: [2, 0])
    let samples = SampleSet(images, tokens: ImageTokens(patch: 1), targetRows: 2, brightest: 3, classCount: 4)
    #expect(samples.targets == [[0, 0, 1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 1, 0, 0, 0]])
    #expect(samples.inputs[1] == [1, 2.0 / 3, 1.0 / 3, 0] && samples.labels == [2, 0] && samples.count == 2)
  }
}
