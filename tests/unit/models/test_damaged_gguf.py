"""GGUF files that lie: settings out of range, layers that are not there, tensors that share bytes."""

import struct
import tracemalloc

import numpy as np
import pytest

from poetas.models.convert import convert_gguf
from tests.unit.converting import nothing, refused

TENSOR = {"attn_norm": 32, "attn_q": (32, 32), "attn_k": (32, 32), "attn_v": (32, 32), "attn_output": (32, 32)}
TENSOR |= {"ffn_norm": 32, "ffn_gate": (64, 32), "ffn_up": (64, 32), "ffn_down": (32, 64)}


def write_gguf(path, kind="llama", *, layers=1, declared=None, leave="", add=(), **settings):
    """A llama or a gemma of 32 numbers a token; ``settings`` replace what its metadata says."""
    import gguf

    out = gguf.GGUFWriter(path, kind)
    gemma = kind == "gemma3"
    known = {
        "context_length": 64, "embedding_length": 32, "block_count": layers if declared is None else declared,
        "feed_forward_length": 64, "attention.head_count": 2, "attention.head_count_kv": 2,
        "attention.layer_norm_rms_epsilon": 1e-6, **({"attention.sliding_window": 16} if gemma else {}),
    }  # fmt: skip
    own = {f"{kind}.{name}": value for name, value in known.items()} | {"tokenizer.ggml.bos_token_id": 0}
    own |= {"tokenizer.ggml.model": "llama" if gemma else "gpt2", "tokenizer.ggml.pre": "gpt-2"}
    own |= {"tokenizer.ggml.tokens": ["a", "b", "ab", "c"], "tokenizer.ggml.token_type": [1, 1, 1, 1]}
    own |= {"tokenizer.ggml.scores": [0.0] * 4} if gemma else {"tokenizer.ggml.merges": ["a b"]}
    for name, value in (own | {key.replace("__", "."): value for key, value in settings.items()}).items():
        if isinstance(value, list):
            out.add_array(name, value)
        elif isinstance(value, str):
            out.add_string(name, value)
        elif isinstance(value, float):
            out.add_float32(name, value)
        else:
            out.add_uint32(name, value)
    shapes = {"token_embd.weight": (4, 32), "output_norm.weight": 32}
    shapes |= {f"blk.{n}.{name}.weight": shape for n in range(layers) for name, shape in TENSOR.items()}
    for name, shape in (shapes | dict(add)).items():
        if name != leave:
            out.add_tensor(name, np.zeros(shape, dtype=np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


def test_the_small_gguf_of_these_tests_is_a_good_one(tmp_path):
    (tmp_path / "out").mkdir()
    assert convert_gguf(write_gguf(tmp_path / "m.gguf", layers=2), tmp_path / "out", nothing) > 10_000


@pytest.mark.parametrize(
    "lie",
    [
        {"llama__attention__head_count": 0},
        {"llama__attention__head_count": [2, 2]},
        {"llama__attention__head_count": 3},
        {"llama__attention__head_count_kv": 1},
        {"llama__attention__layer_norm_rms_epsilon": "x"},
        {"llama__rope__freq_base": [1.0, 2.0]},
        {"llama__embedding_length": 0},
        {"tokenizer__ggml__bos_token_id": 1000},
        {"tokenizer__ggml__unknown_token_id": 1000},
        {"tokenizer__ggml__eos_token_id": "b"},
        {"tokenizer__ggml__merges": ["ab"]},
        {"tokenizer__ggml__tokens": ["a"] * 5, "tokenizer__ggml__token_type": [1] * 5},
        {"tokenizer__ggml__token_type": [1, 1]},
        {"general__alignment": [1, 2]},
        {"layers": 4, "leave": "blk.3.ffn_up.weight"},
        {"declared": 4},
        {"layers": 0, "declared": 4},
        {"layers": 4, "declared": 3},
        {"leave": "token_embd.weight"},
        {"add": [("output.weight", (3, 32))]},
    ],
    ids=lambda lie: "-".join(f"{key}-{value}" for key, value in lie.items()),
)
def test_a_gguf_that_lies_about_itself_is_a_broken_model(tmp_path, lie):
    path = write_gguf(tmp_path / "m.gguf", **lie)
    assert refused(convert_gguf, path, tmp_path / "out").code == "broken-model"
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_a_tensor_that_the_architecture_does_not_have_is_not_dropped_in_silence(tmp_path):
    path = write_gguf(tmp_path / "m.gguf", add=[("blk.0.attn_q.bias", 32)])
    assert refused(convert_gguf, path, tmp_path / "out").code == "unsupported-model"


@pytest.mark.parametrize("layers", [0, 1])
def test_a_count_of_layers_is_believed_only_where_they_are_there(tmp_path, layers):
    path = write_gguf(tmp_path / "m.gguf", "gemma3", layers=layers, declared=200_000)
    tracemalloc.start()
    try:
        assert refused(convert_gguf, path, tmp_path / "out").code == "broken-model"
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def patched(path, name, *values, offset):
    """Change numbers of a tensor's row in the table: name, how many dimensions (4 bytes), they, kind (4), place."""
    data = bytearray(path.read_bytes())
    struct.pack_into(f"<{len(values)}Q", data, data.find(name) + len(name) + offset, *values)
    path.write_bytes(data)
    return path


def test_tensors_of_a_gguf_that_share_bytes_or_have_no_rows_are_refused(tmp_path):
    shared = patched(write_gguf(tmp_path / "a.gguf"), b"output_norm.weight", 0, offset=4 + 8 + 4)
    empty = patched(write_gguf(tmp_path / "b.gguf"), b"token_embd.weight", 0, 1 << 60, offset=4)
    assert "share bytes" in refused(convert_gguf, shared, tmp_path / "out").detail
    assert "a side of 0" in refused(convert_gguf, empty, tmp_path / "out2").detail


def test_lists_in_lists_without_end_are_refused(tmp_path):
    body = struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 9)
    body += struct.pack("<IQ", 9, 1) * 200_000
    (tmp_path / "a.gguf").write_bytes(b"GGUF" + struct.pack("<I", 3) + body + bytes(64))
    assert refused(convert_gguf, tmp_path / "a.gguf", tmp_path / "out").code == "broken-model"


def test_a_stop_in_the_middle_of_a_conversion_is_heard_as_a_stop(tmp_path):
    class Stop(Exception):
        pass

    def stop(*_args):
        raise Stop

    (tmp_path / "out").mkdir()
    with pytest.raises(Stop):
        convert_gguf(write_gguf(tmp_path / "m.gguf"), tmp_path / "out", stop)
