"""The converted tokenizers give the ids of the originals: a table in whose making our conversion had no part."""

import hashlib
import json
from functools import lru_cache

import pytest
from tokenizers import Tokenizer

from poetas.models.gguf.gguf_file import GGUFFile
from tests.embedded import EMBEDDED, embedded_gguf, embedded_model
from tests.paths import UNIT

TABLE = json.loads((UNIT / "data" / "tokenizer_ids.json").read_text(encoding="utf-8"))
ROWS = {row["name"]: row for row in TABLE["texts"]}

pytestmark = pytest.mark.embedded


@lru_cache(maxsize=2)
def tokenizer(model):
    return Tokenizer.from_file(str(embedded_model(model) / "tokenizer.json"))


def agrees(ids, expected):
    if isinstance(expected, list):
        return ids == expected
    digest = hashlib.sha256(json.dumps(ids).encode()).hexdigest()
    return (len(ids), digest) == (expected["count"], expected["sha256"])


@pytest.mark.parametrize("model", EMBEDDED)
def test_the_table_has_what_is_hard(model):
    texts = "".join(row["text"] * row["times"] for row in ROWS.values())
    for hard in (
        "¿",
        "¡",
        "n\u0303",
        "\t",
        "\r\n",
        "     ",
        "🙂",
        "\u200d",
        "\u200b",
        "ñe'ẽ",
        "中",
        "م",
        "<bos>",
        "2024",
    ):
        assert hard in texts
    assert len(ROWS) > 60
    assert max(len(row["text"]) * row["times"] for row in ROWS.values()) >= 10_000
    assert all(model in row for row in ROWS.values())


@pytest.mark.parametrize("model", EMBEDDED)
def test_ids_are_those_of_the_original(model):
    for name, row in ROWS.items():
        ids = tokenizer(model).encode(row["text"] * row["times"]).ids
        assert agrees(ids, row[model]), (name, ids[:50])


@pytest.mark.parametrize("model", EMBEDDED)
def test_every_text_comes_back_from_its_ids(model):
    for name, row in ROWS.items():
        if "specials" in name or "byte tokens" in name or name == "visible blank":
            continue  # these hold tokens, or Gemma's own sign for a blank, which stand for something else
        text = row["text"] * row["times"]
        assert tokenizer(model).decode(tokenizer(model).encode(text).ids, skip_special_tokens=True) == text, name


@pytest.mark.parametrize("model", EMBEDDED)
def test_transformers_reads_the_saved_tokenizer_alike(model):
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(embedded_model(model))
    for row in ROWS.values():
        text = row["text"] * row["times"]
        assert theirs(text).input_ids == tokenizer(model).encode(text).ids, row["name"]
    assert theirs.eos_token_id is not None
    assert theirs.pad_token_id is not None
    begins = theirs("hola").input_ids[0] == theirs.bos_token_id
    assert begins == (model == "gemma3-270m")


def test_smollm_keeps_the_conversation_template_of_its_gguf():
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(embedded_model("smollm2-135m"))
    with GGUFFile(embedded_gguf("smollm2-135m")) as source:
        assert theirs.chat_template == source.metadata["tokenizer.chat_template"]
    turn = theirs.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True)
    assert turn.endswith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    assert theirs.eos_token == "<|im_end|>"


def test_gemma_is_a_base_model_without_a_conversation_template():
    from transformers import AutoTokenizer

    assert AutoTokenizer.from_pretrained(embedded_model("gemma3-270m")).chat_template is None
