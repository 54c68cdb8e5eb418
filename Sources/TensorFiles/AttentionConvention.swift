/// How the projections of an attention layer are named and laid out in a weight file.
public enum AttentionConvention: String, Hashable, Sendable, CaseIterable {
  /// `query`, `key`, `value` (BERT, ALBERT, ViT).
  case queryKeyValue = "query, key, value"
  /// `q_proj`, `k_proj`, `v_proj` (OPT, Llama, CLIP).
  case projections = "q_proj, k_proj, v_proj"
  /// `query_proj`, `key_proj`, `value_proj` (DeBERTa).
  case longProjections = "query_proj, key_proj, value_proj"
  /// `q_lin`, `k_lin`, `v_lin` (DistilBERT).
  case linearProjections = "q_lin, k_lin, v_lin"
  /// `to_q`, `to_k`, `to_v` (diffusers).
  case diffusers = "to_q, to_k, to_v"
  /// `wq`, `wk`, `wv` (the first Llama files).
  case shortWeights = "wq, wk, wv"
  /// `q`, `k`, `v` (T5, MPNet).
  case letters = "q, k, v"
  /// `in_proj_weight`: the rows of query, key and value one after the other (torch.nn.MultiheadAttention).
  case inputProjection = "in_proj_weight"
  /// `qkv`: the rows of query, key and value one after the other (timm).
  case fused = "qkv"
  /// `Wqkv`: the rows of query, key and value one after the other (MPT).
  case fusedWeights = "Wqkv"
  /// `c_attn`: query, key and value one after the other; GPT-2 stores it [in, out], other files [out, in].
  case combinedAttention = "c_attn"
  /// `query_key_value`: the rows of query, key and value of one head after the other (GPT-NeoX, BLOOM).
  case interleaved = "query_key_value"
}

/// The names of one convention: the last parts of the module names, without `.weight`.
struct AttentionNames {
  let convention: AttentionConvention
  /// Query, key and value, or the one name of a fused projection.
  let projections: [String]
  /// Output projections beside them, the first that exists counts; `^` begins in the module above.
  let outputs: [String]

  static let all = [
    AttentionNames(.queryKeyValue, ["query", "key", "value"], ["dense", "^output.dense", "out_proj"]),
    AttentionNames(.projections, ["q_proj", "k_proj", "v_proj"], ["out_proj", "o_proj", "dense"]),
    AttentionNames(.longProjections, ["query_proj", "key_proj", "value_proj"], ["^output.dense", "out_proj"]),
    AttentionNames(.linearProjections, ["q_lin", "k_lin", "v_lin"], ["out_lin"]),
    AttentionNames(.diffusers, ["to_q", "to_k", "to_v"], ["to_out.0", "to_out"]),
    AttentionNames(.shortWeights, ["wq", "wk", "wv"], ["wo"]),
    AttentionNames(.letters, ["q", "k", "v"], ["o", "proj"]),
    AttentionNames(.inputProjection, ["in_proj"], ["out_proj"]),
    AttentionNames(.fused, ["qkv"], ["proj", "out_proj"]),
    AttentionNames(.fusedWeights, ["Wqkv"], ["out_proj"]),
    AttentionNames(.combinedAttention, ["c_attn"], ["c_proj"]),
    AttentionNames(.interleaved, ["query_key_value"], ["dense"]),
  ]

  init(_ convention: AttentionConvention, _ projections: [String], _ outputs: [String]) {
    self.convention = convention
    self.projections = projections
    self.outputs = outputs
  }
}
