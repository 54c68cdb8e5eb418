import Foundation
import Testing

@Suite struct PlanCommandTests {
  @Test func aPlanIsReadable() throws {
    let outcome = try BuiltCommand.run(
      "plan", "--length", "6", "--d", "5", "--d-k", "4", "--d-v", "3", "--profile", "--kernel", "gaussian")
    expectSuccess(outcome)
    #expect(outcome.output.contains("Hessian of the mean-square loss, gaussian kernel, L=6, d=5, d_K=4, d_V=3"))
    #expect(outcome.output.contains("matrix product") && outcome.output.contains("mirror 55×55"))
    #expect(outcome.output.contains("measured") && outcome.output.contains("W_Q 5×4"))
  }

  /// A product costs a few forward passes, whatever the number of parameters.
  @Test func aProductCostsAFewForwardPasses() throws {
    func flops(_ arguments: String...) throws -> Double {
      let outcome = try BuiltCommand.shell(
        #""$0" plan --length 53 --d 257 --d-k 32 --d-v 32 --json "$@""#, arguments)
      expectSuccess(outcome)
      let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(object["schema"] as? String == "hessian.plan/1")
      let run = try #require(object["run"] as? [[String: Any]])
      #expect(!run.isEmpty && run.allSatisfy { $0["operation"] is String })
      return try #require(object["flops"] as? Double)
    }
    let (product, loss) = (try flops("--of", "product"), try flops("--of", "loss"))
    #expect(product <= 4 * loss && product > loss)
    #expect(try flops("--of", "product", "--batch", "4") <= 4.01 * product)
    #expect(try flops("--of", "gradient") <= 3 * loss)
  }

  @Test(arguments: [
    (["--batch", "2"], "--of product"), (["--of", "loss", "--part", "outer"], "--of hessian"), (["--d", "0"], "zero"),
    (["--of", "curl"], "curl"), (["--format", "npy"], "npy"),
    (["--profile", "--length", "64", "--d", "200", "--d-k", "64", "--d-v", "64"], "GiB of memory"),
    (["--length", "9000000000", "--d", "9000000000"], "9000000000"),
  ])
  func badOptionsAreRefused(arguments: [String], reason: String) throws {
    expectRefusal(try BuiltCommand.shell(#""$0" plan "$@""#, arguments), 64, reason)
  }
}
