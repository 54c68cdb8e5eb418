import Arithmetic
import TensorFiles

/// A value of a configuration with its place, which is named where the value is not what it should be.
struct ConfigurationField {
  let value: JSONValue
  let path: String

  private var found: String { value.numberText ?? value.stringValue.map { "\"\($0)\"" } ?? value.kindName }

  func text() throws(InstanceError) -> String {
    guard let text = value.stringValue, !text.isEmpty else {
      throw InstanceError(path, "\(value.kindName) stands where a text is expected", advice: "give a text in quotes")
    }
    return text
  }

  /// A name that can also name a folder.
  func name() throws(InstanceError) -> String {
    let name = try text()
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_ ".unicodeScalars.contains(scalar))
    }
    guard isPlain, name.utf8.count <= 60, name.first != " ", name.last != " " else {
      throw InstanceError(
        path, "\(PrintableText.quoted(name)) cannot name a folder", advice: "use letters, digits, hyphens and spaces")
    }
    return name
  }

  /// One of several words.
  func choice<Choice: RawRepresentable<String>>(_ choices: [Choice]) throws(InstanceError) -> Choice {
    try InstanceReader.choice(value, path, choices)
  }

  /// Some of several words, at least one, none twice.
  func choices<Choice: RawRepresentable<String> & Equatable>(_ choices: [Choice]) throws(InstanceError) -> [Choice] {
    var found: [Choice] = []
    for element in try elements() {
      try element.add(try element.choice(choices), to: &found)
    }
    return found
  }

  /// The elements of an array.
  func list() throws(InstanceError) -> [ConfigurationField] {
    guard let elements = value.elements else {
      throw InstanceError(path, "\(value.kindName) stands where an array is expected", advice: "give an array: […]")
    }
    return elements.enumerated().map { ConfigurationField(value: $1, path: "\(path)[\($0)]") }
  }

  /// The elements of an array that is not empty.
  func elements() throws(InstanceError) -> [ConfigurationField] {
    let elements = try list()
    guard !elements.isEmpty else {
      throw InstanceError(path, "the array is empty", advice: "give at least one element")
    }
    return elements
  }

  /// Different texts, at least one.
  func names() throws(InstanceError) -> Set<String> {
    var names: Set<String> = []
    for element in try elements() { names.insert(try element.text()) }
    return names
  }

  func whole(_ range: ClosedRange<Int>) throws(InstanceError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = value.integer, range.contains(number) else {
      throw InstanceError(path, "\(found) is not \(expected)", advice: "give \(expected)")
    }
    return number
  }

  func seed() throws(InstanceError) -> UInt64 {
    guard let seed = value.unsignedInteger else {
      throw InstanceError(path, "\(found) is no seed", advice: "give a whole number from 0")
    }
    return seed
  }

  func flag() throws(InstanceError) -> Bool {
    guard case .boolean(let flag) = value else {
      throw InstanceError(path, "\(found) is neither true nor false", advice: "give true or false")
    }
    return flag
  }

  func real(_ range: ClosedRange<Double>) throws(InstanceError) -> Double {
    guard let number = value.doubleValue, range.contains(number) else {
      throw InstanceError(
        path, "\(found) is no number from \(range.lowerBound) to \(range.upperBound)",
        advice: "give a number in this range")
    }
    return number
  }

  /// Whole numbers, at least one, none twice.
  func wholes(_ range: ClosedRange<Int>) throws(InstanceError) -> [Int] {
    var found: [Int] = []
    for element in try elements() { try element.add(try element.whole(range), to: &found) }
    return found
  }

  /// Numbers of a range, exactly as written, at least one, none twice.
  func rationals(_ range: ClosedRange<Rational>) throws(InstanceError) -> [Rational] {
    var found: [Rational] = []
    for element in try elements() {
      let number = try element.positive()
      guard range.contains(number) else {
        throw InstanceError(
          element.path, "\(element.found) is no number from \(Double(range.lowerBound)) to \(Double(range.upperBound))",
          advice: "give a number in this range")
      }
      try element.add(number, to: &found)
    }
    return found
  }

  /// Adds what is read here to a list in which nothing stands twice.
  func add<Value: Equatable>(_ value: Value, to found: inout [Value]) throws(InstanceError) {
    if found.contains(value) { throw InstanceError(path, "\(self.found) stands twice", advice: "remove one") }
    found.append(value)
  }

  /// A number above zero, exactly as written.
  func positive() throws(InstanceError) -> Rational {
    let number = try InstanceReader.rational(value, path)
    guard number.sign > 0 else {
      throw InstanceError(path, "\(number) is not above 0", advice: "give a number above 0")
    }
    return number
  }

  /// The members of an object.
  func fields(_ keys: [String]) throws(InstanceError) -> InstanceFields {
    try InstanceFields(value, at: path, allowing: keys)
  }
}

extension InstanceFields {
  /// The value of a key; `nil` where there is none.
  func optional(_ key: String) -> ConfigurationField? {
    self[key].map { ConfigurationField(value: $0, path: path(key)) }
  }

  func required(_ key: String) throws(InstanceError) -> ConfigurationField {
    ConfigurationField(value: try require(key), path: path(key))
  }
}
