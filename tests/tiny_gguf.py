"""The tiny model as a GGUF, written with llama.cpp's own Python package, as llama.cpp's converter would lay it out."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np

from poetas.models.safetensors_stream import from_bfloat16, read_header
from tests.tiny_model import write_hub_files

_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_TOP = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Read a bf16 safetensors file whole, as float32 arrays."""
    raw = path.read_bytes()
    results = {}
    for name, place in read_header(path).items():
        values = np.frombuffer(raw[place.start : place.end], dtype=np.uint16)
        results[name] = from_bfloat16(values).reshape(place.slot.shape)
    return results


def _gguf_name(name: str) -> str:
    if name in _TOP:
        return _TOP[name]
    _model, _layers, number, rest = name.split(".", 3)
    return f"blk.{number}.{_LAYER[rest.removesuffix('.weight')]}.weight"


def interleaved(weights: np.ndarray, heads: int) -> np.ndarray:
    """Reorder a projection's rows as llama.cpp does: within a head, halves become neighbours."""
    shape = weights.shape
    return weights.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def write_tiny_gguf(path: Path, *, scratch: Path, pre: str = "gpt-2") -> Path:
    """Write the tiny Llama (with chat tokens) as a GGUF of Q8_0 weights; ``scratch`` gets its Hub files."""
    write_hub_files(scratch, chat=True)
    config = json.loads((scratch / "config.json").read_text(encoding="utf-8"))
    tokenizer = json.loads((scratch / "tokenizer.json").read_text(encoding="utf-8"))
    naming = json.loads((scratch / "tokenizer_config.json").read_text(encoding="utf-8"))
    out = gguf.GGUFWriter(path, "llama")
    out.add_name("Tiny")
    out.add_context_length(config["max_position_embeddings"])
    out.add_embedding_length(config["hidden_size"])
    out.add_block_count(config["num_hidden_layers"])
    out.add_feed_forward_length(config["intermediate_size"])
    out.add_head_count(config["num_attention_heads"])
    out.add_head_count_kv(config["num_key_value_heads"])
    out.add_layer_norm_rms_eps(config["rms_norm_eps"])
    out.add_rope_freq_base(10000.0)
    vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].__getitem__)
    special = {entry["content"] for entry in tokenizer["added_tokens"]}
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre(pre)
    out.add_token_list(vocabulary)
    out.add_token_types([3 if token in special else 1 for token in vocabulary])
    out.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    out.add_bos_token_id(config["bos_token_id"])
    out.add_eos_token_id(config["eos_token_id"])
    out.add_pad_token_id(config["pad_token_id"])
    out.add_add_bos_token(False)
    out.add_chat_template(naming["chat_template"])
    kind = gguf.GGMLQuantizationType.Q8_0
    for name, values in read_weights(scratch / "model.safetensors").items():
        for projection, heads in (("q_proj", "num_attention_heads"), ("k_proj", "num_key_value_heads")):
            if projection in name:
                values = interleaved(values, config[heads])  # noqa: PLW2901 - what is written is the reordered one
        if values.ndim == 1:
            out.add_tensor(_gguf_name(name), values.astype(np.float32))
        else:
            packed = gguf.quantize(np.ascontiguousarray(values, dtype=np.float32), kind)
            out.add_tensor(_gguf_name(name), packed, raw_dtype=kind)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path
