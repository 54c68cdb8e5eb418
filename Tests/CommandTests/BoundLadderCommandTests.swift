import Testing

/// Bounds at a layer.
@Suite struct BoundLadderCommandTests {
  private static let instance = """
    { "kernel": "softmax", "X": [[1, 0], [0, 1]], "Y": [[1, 0], ["1/2", -1]], "W_Q": [[1, 0], [1, 1]],
      "W_K": [[0, 1], [0, -1]], "W_V": [[1, 0], [-1, 2]] }
    """

  @Test func theLadderGoesDownToTheMeasuredNorm() throws {
    let folder = try TemporaryDirectory(), path = try folder.file("instance.json", Self.instance)
    let outcome = try BuiltCommand.run("bound", "--instance", path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for part in [
      "Theorem 1 as printed", "X_max, W_max", "+ moments with the residual", "‖H‖₂ measured", "is proven at",
    ] {
      #expect(outcome.output.contains(part), "\(part)")
    }
    let few = try BuiltCommand.run("bound", "--instance", path, "--allow", "residual,rows", "--format", "csv")
    #expect(few.output.split(separator: "\n").count == 1 + 1 + 4 + 1, "\(few.output)")
    for format in ["json", "latex"] {
      #expect(try BuiltCommand.run("bound", "--instance", path, "--allow", "none", "--format", format).status == 0)
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let folder = try TemporaryDirectory(), path = try folder.file("instance.json", Self.instance)
    let misspelt = try BuiltCommand.run("bound", "--instance", path, "--allow", "rows,productz")
    #expect(misspelt.status == 64 && misspelt.errors.contains("did you mean 'products'"), "\(misspelt.errors)")
    let both = try BuiltCommand.run("bound", "--instance", path, "--x-max", "1")
    #expect(both.status == 64 && both.errors.contains("--x-max is measured at a layer"), "\(both.errors)")
    let alone = try BuiltCommand.run("bound", "--allow", "rows", "--x-max", "1")
    #expect(alone.status == 64 && alone.errors.contains("--allow needs a layer"), "\(alone.errors)")
    let nothing = try BuiltCommand.run("bound", "--w-max", "1")
    #expect(nothing.status == 64 && nothing.errors.contains("Missing --x-max"), "\(nothing.errors)")
    #expect(try BuiltCommand.run("bound", "--instance", folder.path + "/none.json").status == 66)
    #expect(try BuiltCommand.run("derive", "--allow", "rows").status == 64)
  }

  @Test func boundsAreDerivedInPrint() throws {
    let text = try BuiltCommand.run("derive", "--bound", "--block", "V,V", "--steps")
    #expect(text.status == 0 && text.output.contains("‖H_o(V, V)‖₂ ≤ 2 ‖X‖₂²/d_V"), "\(text.output.prefix(400))")
    #expect(text.output.contains("norm_softmax_spectral"))
    let json = try BuiltCommand.run("derive", "--bound", "--allow", "residual,products", "--json")
    #expect(json.status == 0 && json.output.contains("hessian.derive-bound/1"))
    #expect(try BuiltCommand.run("derive", "--bound", "--format", "latex").output.contains("\\end{document}"))
  }
}
