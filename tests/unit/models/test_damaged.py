"""FileBrowser of models that were made to hurt or came damaged: weights that lie, files of another shape."""

import json
import struct

import pytest

from poetas.models.convert_folder import convert_folder
from poetas.models.safetensors_stream import read_header
from tests.unit.converting import nothing, refused

DEEP = "[" * 200_000


def packed(header, body):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def half(shape, *offsets):
    return {"dtype": "F16", "shape": shape, "data_offsets": list(offsets)}


@pytest.mark.parametrize(
    "header",
    [
        {"a": half([4], 0, 8), "b": half([4], 0, 8)},
        {"a": half([4], 0, 8), "b": half([2], 6, 10)},
        {"a": half([2], 0, 4), "b": half([1], 6, 8)},
        {"a": half([2], 0, 4)},
        {"a": half([-2, -2], 0, 8)},
        {"a": half([4.0], 0, 8)},
        {"a": half([True, 4], 0, 8)},
        {"a": half([None], 0, 8)},
        b'{"a":' + DEEP.encode() + b"}",
    ],
    ids=["same", "overlap", "gap", "rest", "negative", "fraction", "bool", "null", "deep"],
)
def test_a_header_whose_tensors_do_not_fill_the_file_is_refused(tmp_path, header):
    (tmp_path / "a.safetensors").write_bytes(packed(header, bytes(8)))
    with pytest.raises(ValueError, match=r"safetensors|JSON"):
        read_header(tmp_path / "a.safetensors")


def rewrite(folder, name, **changes):
    path = folder / name
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


BROKEN_FILES = {
    "config-list": ("config.json", "[]"),
    "config-deep": ("config.json", DEEP),
    "tokenizer-garbage": ("tokenizer.json", "no soy json"),
    "naming-list": ("tokenizer_config.json", "[1]"),
    "generation-list": ("generation_config.json", "[]"),
    "no-tensors": ("model.safetensors", struct.pack("<Q", 2) + b"{}"),
}


@pytest.mark.parametrize(("name", "content"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_folder_with_a_damaged_file_is_a_broken_model(hub, tmp_path, name, content):
    (hub / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    card = refused(convert_folder, hub, tmp_path / "out")
    assert (card.code, card.action) == ("broken-model", "retry")


@pytest.mark.parametrize("index", ["{}", "[]", '{"weight_map": {"a": 5}}', '{"weight_map": []}', DEEP])
def test_an_index_that_names_no_files_is_a_broken_model(hub, tmp_path, index):
    (hub / "model.safetensors").unlink()
    (hub / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    assert refused(convert_folder, hub, tmp_path / "out").code == "broken-model"


@pytest.mark.parametrize(
    "changes",
    [
        {"num_hidden_layers": 10**9},
        {"head_dim": 10**9},
        {"num_hidden_layers": 5},
        {"num_hidden_layers": "a"},
        {"intermediate_size": 77},
        {"intermediate_size": -4},
        {"num_attention_heads": 0},
        {"rope_parameters": []},
        {"tie_word_embeddings": False},
    ],
    ids=lambda changes: "-".join(map(str, next(iter(changes.items())))),
)
def test_a_configuration_that_the_weights_do_not_fit_is_a_broken_model(hub, tmp_path, changes):
    rewrite(hub, "config.json", **changes)
    assert refused(convert_folder, hub, tmp_path / "out").code == "broken-model"


def test_a_configuration_cannot_ask_for_code_at_any_depth(hub, tmp_path):
    """transformers would download a kernel (a program) that a configuration names, where it can."""
    asks = {"_attn_implementation": "ana/kernel", "auto_map": {"AutoConfig": "own.Config"}}
    rewrite(hub, "config.json", **asks, sub_config={"experts_implementation": "ana/kernel", "kept": 1})
    (tmp_path / "out").mkdir()
    convert_folder(hub, tmp_path / "out", nothing)
    written = json.loads((tmp_path / "out" / "config.json").read_text(encoding="utf-8"))
    assert "ana/kernel" not in json.dumps(written)
    assert "auto_map" not in written
    assert written["sub_config"] == {"kept": 1}


def test_a_tokenizers_description_cannot_ask_for_code_at_any_depth(hub, tmp_path):
    asks = {"auto_map": {"AutoTokenizer": ["own.Tokenizer", None]}, "more": [{"auto_map": "own.X", "kept": 1}]}
    rewrite(hub, "tokenizer_config.json", **asks)
    (tmp_path / "out").mkdir()
    convert_folder(hub, tmp_path / "out", nothing)
    written = json.loads((tmp_path / "out" / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert "own." not in json.dumps(written)
    assert written["more"] == [{"kept": 1}]
