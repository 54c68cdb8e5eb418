import Studies
@main struct HessianCommand { static func main() throws {
  for c in try ClaimCheck.blocks(sizes: LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 3), points: 2, seed: 1) { print(c.claim.id, c.holds) }
  for c in try ClaimCheck.blocks(sizes: LayerSizes(sequenceLength: 3, width: 2, keyWidth: 1, valueWidth: 2), points: 2, seed: 1) { print(c.claim.id, c.holds) }
} }
