import AttentionHessian
import Testing

@Suite struct NearestNameTests {
  @Test func aMisspellingIsFound() {
    #expect(NearestName.of("W_q", in: ["W_K", "W_Q", "X"]) == "W_Q")
    #expect(NearestName.of("inspekt", in: ["derive", "inspect"]) == "inspect")
    #expect(NearestName.of("kernal", in: ["kernel"]) == "kernel")
  }

  @Test func whatIsFarFromAllIsNotGuessed() {
    #expect(NearestName.of("temperature", in: ["kernel", "loss"]) == nil)
    #expect(NearestName.of("x", in: []) == nil)
    #expect(NearestName.of(String(repeating: "kernel", count: 1000), in: ["kernel"]) == nil)
  }
}
