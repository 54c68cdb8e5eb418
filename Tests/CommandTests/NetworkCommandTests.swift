import Testing

/// Networks on the command line.
@Suite struct NetworkCommandTests {
  @Test func blocksAreDerived() throws {
    let outcome = try BuiltCommand.run(
      "derive", "--network", "linear(h), relu, linear(c)", "--loss", "cross-entropy", "--block", "W^2,W^2")
    expectSuccess(outcome)
    #expect(outcome.output.contains("H_o(W^2, W^2) = 1/L·(Z_2ᵀ ⊗ I_{c}) 𝒟(S) (Z_2 ⊗ I_{c})"))
    #expect(outcome.output.contains("H_f(W^2, W^2) = 0"))
  }

  @Test func blocksOfHeadsAreNamedWithBraces() throws {
    let layers = "residual(attention(softmax, heads: 2, key: k, value: v)), mean, linear(c)"
    for name in ["W_Q^{1,2},W_V^{1,1}", "Q^{1,2},V^{1,1}", "Q{1,2},V{1,1}"] {
      let outcome = try BuiltCommand.run("derive", "--network", layers, "--block", name)
      expectSuccess(outcome)
      #expect(outcome.output.contains("H_o(W_Q^{1,2}, W_V^{1,1}) ="), "\(name)")
    }
  }

  @Test func blocksAreVerified() throws {
    let outcome = try BuiltCommand.run(
      "verify", "--network", "linear(h), relu, linear(c)", "--loss", "cross-entropy", "--size", "h=3", "--size", "c=2",
      "--points", "1")
    expectSuccess(outcome)
    #expect(outcome.output.contains("h=3") && outcome.output.contains("All checks passed."))
    #expect(outcome.output.contains("no entry of a matrix under max(·, 0) is zero"))
  }

  @Test func boundsAreEvaluated() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--network", "linear(32), relu, linear(10)", "--loss", "cross-entropy", "--x-max", "1", "--w-max", "2")
    expectSuccess(outcome)
    #expect(outcome.output.contains("W^1, W^1          1.0000") && outcome.output.contains("‖H‖₂ ≤"))
    let json = try BuiltCommand.run(
      "bound", "--network", "linear(3)", "--x-max", "1", "--w-max", "2", "--r-max", "0", "--json")
    expectSuccess(json)
    #expect(json.output.contains("hessian.bound-network/1"))
  }

  @Test func adaptersAreTrained() throws {
    let outcome = try BuiltCommand.run(
      "derive", "--network", "head(softmax, key: k, value: c)", "--adapt", "W_Q", "--adapter-rank", "2", "--train",
      "W_V",
      "--adapter-alpha", "4")
    expectSuccess(outcome)
    #expect(outcome.output.contains("H_o(A_Q^1, B_Q^1)") && outcome.output.contains("H_o(W_V^1, W_V^1)"))
    #expect(!outcome.output.contains("H_o(W_K^1"))
  }

  @Test(arguments: [
    (["derive", "--network", "linaer(3)"], "did you mean 'linear'?"),
    (["derive", "--network", "linear(3), relu(2)"], "relu does not take \"2\""),
    (["derive", "--network", "residual(linear(3))"], "the layers inside make L×3 of L×d"),
    (["derive", "--network", "linear(3)", "--train", "W_1"], "no weight is called 'W_1'"),
    (["derive", "--network", "linear(3)", "--kernel", "linear"], "--kernel is for one layer of attention"),
    (["derive", "--loss", "cross-entropy"], "--loss is for a network: give --network too"),
    (["derive", "--network", "linear(3)", "--adapter-rank", "2"], "--adapter-rank is for adapters"),
    (["verify", "--network", "linear(h)", "--size", "k=3"], "the network has no size 'k'"),
    (["verify", "--network", "linear(h)", "--size", "h"], "it is no name with a number, such as h=3"),
    (["verify", "--network", "linear(h)", "--size", "h=1000"], "give smaller sizes"),
    (["bound", "--network", "linear(3)", "--x-max", "1", "--w-max", "1"], "Missing --r-max"),
    (["bound", "--network", "linear(3)", "--w-max", "1", "--r-max", "1"], "Missing --x-max"),
    (
      ["bound", "--network", "linear(3)", "--x-max", "1", "--w-max", "1", "--length", "3"], "--length is for one layer"
    ),
  ]) func whatIsWrongIsSaid(arguments: [String], message: String) throws {
    let outcome = try BuiltCommand.shell("\"$0\" \"$@\"", arguments)
    #expect(outcome.status == 64, "\(arguments)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
