"""The default generator's weights as a PyTorch model, so that an adapter can be trained on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from transformers import AutoModelForCausalLM, Qwen2Config

LAYERS = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}  # fmt: skip
_NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


def dense(reader: GGUFReader) -> Any:
    """The model of a GGUF file of the Qwen2 architecture, dequantised to the type this processor
    multiplies fastest: bfloat16 with AVX-512, else float32.
    """
    fast = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    dtype = torch.bfloat16 if fast else torch.float32

    def setting(name: str) -> Any:
        return reader.get_field(f"qwen2.{name}").contents()

    rotary = {"rope_type": "default", "rope_theta": float(setting("rope.freq_base"))}
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    config = Qwen2Config(
        vocab_size=int(tensors["token_embd.weight"].shape[-1]),
        hidden_size=setting("embedding_length"),
        intermediate_size=setting("feed_forward_length"),
        num_hidden_layers=setting("block_count"),
        num_attention_heads=setting("attention.head_count"),
        num_key_value_heads=setting("attention.head_count_kv"),
        rms_norm_eps=setting("attention.layer_norm_rms_epsilon"),
        rope_parameters=rotary,
        tie_word_embeddings=True,
    )
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    state = {
        ours: torch.from_numpy(dequantize(tensors[theirs].data, tensors[theirs].tensor_type).copy())
        .to(dtype)
        for ours, theirs in _names(config.num_hidden_layers)
    }  # fmt: skip
    model.load_state_dict(state, strict=False, assign=True)
    model.tie_weights()
    model.model.rotary_emb = type(model.model.rotary_emb)(config)
    return model.eval()


def _names(layers: int) -> Iterator[tuple[str, str]]:
    yield "model.embed_tokens.weight", "token_embd.weight"
    yield "model.norm.weight", "output_norm.weight"
    for number in range(layers):
        for ours, theirs in {**LAYERS, **_NORMS}.items():
            yield f"model.layers.{number}.{ours}.weight", f"blk.{number}.{theirs}.weight"
        for ours in ("q", "k", "v"):
            yield (
                f"model.layers.{number}.self_attn.{ours}_proj.bias",
                f"blk.{number}.attn_{ours}.bias",
            )
