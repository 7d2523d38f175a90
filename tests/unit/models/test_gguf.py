"""GGUF in, safetensors out: names, reordered rows, shifted norms, rounding; and files that were made to hurt."""

import json
import random
import struct

import numpy as np
import pytest

from poetas.errors import PoetasError
from poetas.models.convert import convert_gguf
from poetas.models.gguf.gguf_file import GGUFFile
from poetas.models.safetensors_stream import Slot, from_bfloat16, read_header, to_bfloat16, write_tensors
from tests.tiny_gguf import write_tiny_gguf


def config_of(kind):
    """A random model of each architecture, small, with what makes it peculiar (grouped heads, biases, windows)."""
    from transformers import Gemma3TextConfig, LlamaConfig, Qwen2Config

    sizes = {
        "vocab_size": 300, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 7,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128,
        "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0,
    }  # fmt: skip
    if kind == "llama":
        return LlamaConfig(**sizes, rms_norm_eps=1e-5, rope_theta=50_000.0, tie_word_embeddings=False)
    if kind == "qwen2":
        return Qwen2Config(**sizes, rms_norm_eps=1e-6, rope_theta=1_000_000.0, tie_word_embeddings=True)
    return Gemma3TextConfig(**sizes, head_dim=32, sliding_window=8, query_pre_attn_scalar=32, rms_norm_eps=1e-6)


def write_as_gguf(model, kind, path):
    """Write a transformers model as llama.cpp's converter does, with the names of llama.cpp's own table."""
    import gguf

    from tests.tiny_gguf import interleaved

    config = model.config
    arch = {"llama": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2, "gemma3": gguf.MODEL_ARCH.GEMMA3}[kind]
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers)
    out = gguf.GGUFWriter(path, kind)
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_block_count(config.num_hidden_layers)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    out.add_head_count_kv(config.num_key_value_heads)
    out.add_layer_norm_rms_eps(config.rms_norm_eps)
    if kind == "gemma3":
        out.add_key_length(config.head_dim)
        out.add_sliding_window(config.sliding_window)
        out.add_rope_freq_base(1_000_000.0)
    else:
        out.add_rope_freq_base(config.rope_parameters["rope_theta"])
    gemma = kind == "gemma3"
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "a", "b", "ab", "▁"]
    tokens += [f"<unused{n}>" for n in range(config.vocab_size - len(tokens))]
    out.add_tokenizer_model("llama" if gemma else "gpt2")
    out.add_tokenizer_pre("default" if gemma else "qwen2" if kind == "qwen2" else "llama-bpe")
    out.add_token_list(tokens)
    out.add_token_types([3] * 4 + [6 if gemma else 1] * 256 + [1] * 4 + [3] * (config.vocab_size - 264))
    if gemma:
        out.add_token_scores([-float(n) for n in range(config.vocab_size)])
    else:
        out.add_token_merges(["a b"])
    out.add_bos_token_id(2)
    out.add_eos_token_id(1)
    out.add_pad_token_id(0)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = tensor.float().numpy()
        if gemma and name.endswith("norm.weight"):
            values = values + 1
        if kind == "llama" and "q_proj" in name:
            values = interleaved(values, config.num_attention_heads)
        if kind == "llama" and "k_proj" in name:
            values = interleaved(values, config.num_key_value_heads)
        stem, _dot, suffix = name.rpartition(".")
        out.add_tensor(f"{names.get_name(stem)}.{suffix}", np.ascontiguousarray(values, dtype=np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


@pytest.mark.parametrize("kind", ["llama", "qwen2", "gemma3"])
def test_a_model_written_as_llama_cpp_does_comes_back_with_the_same_logits(kind, tmp_path):
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(3)
    model = AutoModelForCausalLM.from_config(config_of(kind)).eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if name.endswith(("norm.weight", "layernorm.weight", ".bias")):
                tensor.add_(torch.randn_like(tensor) * 0.3)  # else every norm is alike and a mix-up would not show
            tensor.copy_(tensor.bfloat16().float())  # so that nothing is lost on the way
    write_as_gguf(model, kind, tmp_path / "m.gguf")
    reported = []
    parameters = convert_gguf(tmp_path / "m.gguf", tmp_path, lambda done, total: reported.append((done, total)))
    assert reported[-1] == (2 * parameters, 2 * parameters)
    ours = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    ids = torch.randint(4, 260, (2, 40))
    with torch.no_grad():
        assert torch.allclose(model(ids).logits, ours(ids).logits, atol=1e-5)
    before, after = model.state_dict(), ours.state_dict()
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        assert torch.equal(tensor.bfloat16().float(), after[name]), name
    for setting in ("rope_parameters", "rms_norm_eps", "tie_word_embeddings", "num_key_value_heads"):
        assert getattr(ours.config, setting, None) == getattr(model.config, setting, None), setting
    if kind == "gemma3":
        assert ours.config.layer_types == model.config.layer_types
        assert (ours.config.sliding_window, ours.config.query_pre_attn_scalar) == (8, 32)


def test_rounding_to_bfloat16_is_torchs_for_every_kind_of_number():
    import torch

    rng = np.random.default_rng(5)
    bits = rng.integers(0, 1 << 32, 200_000, dtype=np.uint64).astype(np.uint32)
    edges = np.array([0, 0x80000000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0x3F808000, 0x3F818000, 1], dtype=np.uint32)
    values = np.concatenate([bits, edges]).view(np.float32)
    theirs = torch.from_numpy(values.copy()).bfloat16()
    ours = from_bfloat16(to_bfloat16(values))
    nan = np.isnan(values)
    assert np.array_equal(np.isnan(ours), nan)
    assert np.array_equal(ours[~nan], theirs.float().numpy()[~nan])


def test_a_written_file_is_read_by_the_reference_implementation(tmp_path):
    from safetensors.torch import load_file as load_torch

    path = tmp_path / "a.safetensors"
    slots = [Slot("b", (3, 2)), Slot("a", (4,))]
    values = {"b": np.arange(6, dtype=np.float32).reshape(3, 2), "a": np.ones(4, dtype=np.float32)}
    rows = [(slots[0], to_bfloat16(values["b"][:1])), (slots[0], to_bfloat16(values["b"][1:]))]
    write_tensors(path, slots, [*rows, (slots[1], to_bfloat16(values["a"]))], metadata={"format": "pt"})
    result = load_torch(path)
    assert {name: tensor.float().numpy().tolist() for name, tensor in result.items()} == {
        name: array.tolist() for name, array in values.items()
    }
    assert {name: place.slot.shape for name, place in read_header(path).items()} == {"b": (3, 2), "a": (4,)}


@pytest.mark.parametrize("blocks", ["none", "short", "long", "turned"])
def test_blocks_that_do_not_fill_the_header_leave_no_file(tmp_path, blocks):
    slots = [Slot("a", (4,)), Slot("b", (4,))]
    given = {
        "none": [],
        "short": [(slots[0], np.zeros(4, np.uint16)), (slots[1], np.zeros(3, np.uint16))],
        "long": [(slots[0], np.zeros(5, np.uint16)), (slots[1], np.zeros(4, np.uint16))],
        "turned": [(slots[1], np.zeros(4, np.uint16)), (slots[0], np.zeros(4, np.uint16))],
    }[blocks]
    with pytest.raises(ValueError, match="tensor"):
        write_tensors(tmp_path / "a.safetensors", slots, given, metadata={})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 400]}},
        {"a": {"dtype": "BF16", "shape": [-2], "data_offsets": [0, 4]}},
        {"a": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}},
        {"a": {"dtype": "BF16", "shape": [3], "data_offsets": [0, 4]}},
        {"a": "text"},
        ["a"],
    ],
)
def test_a_safetensors_header_that_lies_is_refused(tmp_path, header):
    text = json.dumps(header).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(4))
    with pytest.raises(ValueError, match="safetensors"):
        read_header(tmp_path / "a.safetensors")


def test_a_header_longer_than_the_file_is_refused(tmp_path):
    for start in (b"", b"\x01", struct.pack("<Q", 1 << 40) + b"{}", struct.pack("<Q", 0)):
        (tmp_path / "a.safetensors").write_bytes(start)
        with pytest.raises(ValueError, match="header"):
            read_header(tmp_path / "a.safetensors")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gguf")
    return write_tiny_gguf(folder / "tiny.gguf", scratch=folder / "hub")


def test_a_gguf_cut_anywhere_is_refused_with_a_card(tiny, tmp_path):
    data = tiny.read_bytes()
    rng = random.Random(1)
    for length in (0, 3, 4, 23, 24, *(rng.randrange(24, len(data)) for _ in range(60))):
        path = tmp_path / "cut.gguf"
        path.write_bytes(data[:length])
        with pytest.raises(PoetasError) as refusal:
            convert_gguf(path, tmp_path, lambda *_args: None)
        assert refusal.value.explanation.code == "broken-model"


def test_a_gguf_with_damaged_bytes_never_ends_in_anything_but_a_card(tiny, tmp_path):
    data = bytearray(tiny.read_bytes())
    start = data.find(b"token_embd")  # the table of tensors; before it the metadata
    rng = random.Random(2)
    for _ in range(150):
        damaged = bytearray(data)
        for _again in range(3):
            damaged[rng.randrange(4, start + 3000)] = rng.randrange(256)
        path = tmp_path / "damaged.gguf"
        path.write_bytes(damaged)
        try:
            convert_gguf(path, tmp_path, lambda *_args: None)
        except PoetasError as error:
            assert error.explanation.code in ("broken-model", "unsupported-model")  # noqa: PT017 - some damage is harmless


def test_counts_that_would_fill_the_memory_are_refused(tmp_path):
    head = b"GGUF" + struct.pack("<I", 3)
    text = struct.pack("<Q", 1) + b"k"
    for body in (
        struct.pack("<QQ", 1 << 60, 0),
        struct.pack("<QQ", 0, 1 << 60),
        struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1 << 62),
        struct.pack("<QQ", 0, 1) + text + struct.pack("<IIQ", 9, 4, 1 << 61),
        struct.pack("<QQ", 0, 1) + text + struct.pack("<IIQ", 9, 9, 1 << 61),
        struct.pack("<QQ", 0, 1) + text + struct.pack("<I", 77),
        struct.pack("<QQ", 0, 1) + text + struct.pack("<IIQ", 9, 9, 60) + struct.pack("<IQ", 9, 40) * 400,
    ):
        (tmp_path / "a.gguf").write_bytes(head + body + bytes(64))
        with pytest.raises(ValueError, match=r"gguf|GGUF"):
            GGUFFile(tmp_path / "a.gguf")


def test_an_architecture_or_a_tokenizer_that_is_not_known_gets_a_card(tmp_path):
    import gguf

    out = gguf.GGUFWriter(tmp_path / "m.gguf", "mamba")
    out.add_context_length(8)
    out.add_tensor("token_embd.weight", np.zeros((2, 32), dtype=np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    with pytest.raises(PoetasError) as refusal:
        convert_gguf(tmp_path / "m.gguf", tmp_path, lambda *_args: None)
    assert refusal.value.explanation.code == "unsupported-model"
    odd = write_tiny_gguf(tmp_path / "odd.gguf", scratch=tmp_path / "hub", pre="deepseek-coder")
    with pytest.raises(PoetasError) as refusal:
        convert_gguf(odd, tmp_path, lambda *_args: None)
    assert "deepseek-coder" in refusal.value.explanation.why
