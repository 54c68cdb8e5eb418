import Formulas
import Testing
import Transformers

/// Layers as text: what is printed is read back, and what is wrong is named.
@Suite struct LayerTextTests {
  @Test(arguments: [
    "linear(32)", "linear(32, bias)", "linear(h)", "relu", "gelu", "position", "mean", "flatten",
    "attention(softmax, heads: 2, key: 8, value: 8)", "head(gaussian, key: d_K, value: 10)",
    "residual(attention(linear, heads: 2, key: 8, value: 8))", "residual(linear(64, bias), gelu, linear(32, bias))",
    "residual(residual(linear(d)), relu)", "norm", "norm(plain)", "norm(epsilon: 1/1000)", "norm(plain, epsilon: 3/2)",
    "attention(softmax, heads: 2, joint, value: 8)", "head(linear, joint, value: m)", "residual(norm, linear(d))",
  ]) func whatIsPrintedIsReadBack(text: String) throws {
    let layers = try Layer.parse(list: text)
    #expect(layers.map(\.description) == [text])
  }

  @Test func severalLayers() throws {
    let layers = try Layer.parse(list: " position ,mean,linear( 10 ) ")
    #expect(layers == [.position, .mean, .linear(width: 10, bias: false)])
    #expect(
      try Layer.parse(list: "feedforward(gelu, hidden: 64, width: 32)")
        == Layer.feedForward(.gelu, hidden: 64, width: 32))
    #expect(
      try Layer.parse(list: "attention(value: 3, key: 2, heads: 4, softmax)")
        == [.attention(.softmax, heads: 4, queryKey: .separate(2), valueWidth: 3)])
  }

  /// `ε` is exact in every way of writing it.
  @Test func epsilonIsExact() throws {
    let thousandth = try #require(PositiveFraction(1, over: 1000))
    for text in ["1e-3", "0.001", "1/1000", "2/2000", "10e-4", "0.1e-2"] {
      #expect(try Layer.parse(list: "norm(epsilon: \(text))") == [.norm(affine: true, epsilon: thousandth)], "\(text)")
    }
    #expect(
      try Layer.parse(list: "norm(epsilon: 1e-5, plain)") == [.norm(affine: false, epsilon: Layer.defaultEpsilon)])
    #expect(PositiveFraction("25e-1")?.description == "5/2" && PositiveFraction("3e2")?.description == "300")
    for text in [
      "", "0", "0/1", "1/0", "-1", "1e", "1e99", "1e-99", "1.2.3", "1/2/3", "x", "1e5e5", "9999999999999999",
      "1e-9223372036854775808", "1e9223372036854775807",
    ] {
      #expect(PositiveFraction(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    ("linaer(3)", "there is no layer \"linaer\"; there are linear, relu"),
    ("linear", "linear needs width, such as width: 8"),
    ("linear(3, bais)", "there is no argument of linear \"bais\"; there are bias"),
    ("linear(0)", "width of linear must be a whole number above zero, not \"0\""),
    ("linear(3, bias, 4)", "linear does not take \"4\""), ("relu(3)", "relu does not take \"3\""),
    ("head(softmax, key: 3)", "head needs value, such as value: 8"),
    ("head(sofmax, key: 3, value: 4)", "there is no kernel \"sofmax\"; there are softmax, gaussian, linear"),
    ("residual", "residual needs layers"), ("linear(3", "a closing parenthesis is missing"),
    ("linear(3))", "\")\" stands where a comma is expected"), ("", "the text ends where a word"),
    ("linear(3),", "the text ends where a word"), ("linear(3) relu", "\"r\" stands where a comma is expected"),
    ("key: linear(3)", "\"key:\" stands where a layer is expected"),
    ("attention(softmax, heads: -2, key: 1, value: 1)", "heads of attention must be a whole number above zero"),
    ("norm(epsilon: 0)", "epsilon of norm must be a positive number of at most 15 digits, such as 1e-5 or 1/1000, not"),
    ("norm(epsilon: x)", "epsilon of norm must be a positive number"),
    ("norm(3)", "there is no argument of norm \"3\""),
    ("norm(affine)", "there is no argument of norm \"affine\"; there are plain"),
    ("head(softmax, joint, key: 3, value: 4)", "head does not take \"key: 3\""),
    ("head(softmax, joint)", "head needs value"), ("linear(2.5)", "width of linear must be a whole number"),
    ("linear(h/2)", "\"/\" stands where a comma is expected"),
    (String(repeating: "residual(", count: 50), "parentheses are nested too deeply"),
  ]) func whatIsWrongIsNamed(text: String, message: String) throws {
    let error = #expect(throws: LayerTextError.self) { try Layer.parse(list: text) }
    let description = try #require(error?.description)
    #expect(description.hasPrefix(message), "\(description)")
  }
}
