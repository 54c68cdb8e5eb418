import Formulas
import Testing
import Transformers

/// Layers as text: what is printed is read back, and what is wrong is named.
@Suite struct LayerTextTests {
  @Test(arguments: [
    "linear(32)", "linear(32, bias)", "linear(h)", "relu", "gelu", "position", "mean", "flatten",
    "attention(softmax, heads: 2, key: 8, value: 8)", "head(gaussian, key: d_K, value: 10)",
    "residual(attention(linear, heads: 2, key: 8, value: 8))", "residual(linear(64, bias), gelu, linear(32, bias))",
    "residual(residual(linear(d)), relu)",
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
        == [.attention(.softmax, heads: 4, keyWidth: 2, valueWidth: 3)])
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
    (String(repeating: "residual(", count: 50), "parentheses are nested too deeply"),
  ]) func whatIsWrongIsNamed(text: String, message: String) throws {
    let error = #expect(throws: LayerTextError.self) { try Layer.parse(list: text) }
    let description = try #require(error?.description)
    #expect(description.hasPrefix(message), "\(description)")
  }
}
