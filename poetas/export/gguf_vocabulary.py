"""GGUF metadata of a tokenizer, from its ``tokenizer.json``: the inverse of `poetas.models.gguf.gguf_tokenizer`.

Only tokenizers that come back unchanged from what is written are accepted: of llama.cpp's ways of cutting a text, one
that is nearly right would write nonsense without an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poetas.models.gguf.gguf_tokenizer import tokenizer_of

_NORMAL, _UNKNOWN, _CONTROL, _USER_DEFINED, _UNUSED, _BYTE = range(1, 7)
_SPACE = "\u2581"
_WAYS = ("gpt-2", "smollm", "qwen2", "llama-bpe")
_LAST = -1000.0  # the score of what is never merged
_PREFIX = "tokenizer.ggml."


def vocabulary_metadata(
    tokenizer: Mapping[str, Any], naming: Mapping[str, Any], config: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the ``tokenizer.*`` keys of a GGUF.

    tokenizer: content of tokenizer.json. naming: special tokens by role (``bos_token``, …) and ``chat_template``.
    config: ``model_type``, ``vocab_size`` and the architecture's name in GGUF. Raises NotImplementedError for a
    tokenizer that cannot be written.
    """
    model = tokenizer.get("model") or {}
    if model.get("type") != "BPE":
        raise NotImplementedError(f"tokenizer {model.get('type')}")
    added = {entry["content"]: entry for entry in tokenizer.get("added_tokens") or []}
    tokens = _tokens(model["vocab"], added, int(config["vocab_size"]))
    gemma = str(config["architecture"]).startswith("gemma")
    begin = _begins_with(tokenizer, naming.get("bos_token"))
    shared = {
        f"{_PREFIX}add_bos_token": begin,
        **{f"{_PREFIX}{key}_token_id": value for key, value in _roles(tokens, naming).items()},
        **({"tokenizer.chat_template": naming["chat_template"]} if naming.get("chat_template") else {}),
    }
    if gemma:
        written = shared | _gemma(tokens, added, _merges(model))
        _compare(tokenizer, written, config, len(model["vocab"]))
        return written
    for way in _WAYS:
        written = shared | _byte_level(tokens, added, _merges(model), way)
        try:
            _compare(tokenizer, written, config, len(model["vocab"]))
        except NotImplementedError:
            continue
        return written
    raise NotImplementedError(f"pre-tokenizer {str(tokenizer.get('pre_tokenizer'))[:200]}")


def _tokens(vocabulary: Mapping[str, int], added: Mapping[str, Mapping[str, Any]], size: int) -> list[str]:
    """Return the tokens by id; ids that no token has, up to the embedding's rows, get a name of their own."""
    ids = dict(vocabulary) | {content: int(entry["id"]) for content, entry in added.items()}
    if ids and max(ids.values()) >= size:
        raise NotImplementedError("more tokens than rows in the embedding")
    tokens = [f"[PAD{index}]" for index in range(size)]
    for token, index in ids.items():
        tokens[index] = token
    return tokens


def _merges(model: Mapping[str, Any]) -> list[tuple[str, str]]:
    merges = (merge.split(" ") if isinstance(merge, str) else merge for merge in model.get("merges") or [])
    return [(left, right) for left, right in merges]


def _kinds(tokens: Sequence[str], added: Mapping[str, Mapping[str, Any]], known: frozenset[str]) -> list[int]:
    kinds = []
    for token in tokens:
        if token in added:
            kinds.append(_CONTROL if added[token].get("special") else _USER_DEFINED)
        else:
            kinds.append(_NORMAL if token in known else _UNUSED)
    return kinds


def _byte_level(
    tokens: list[str], added: Mapping[str, Mapping[str, Any]], merges: list[tuple[str, str]], way: str
) -> dict[str, Any]:
    known = frozenset(token for token in tokens if not token.startswith("[PAD"))
    return {
        f"{_PREFIX}model": "gpt2",
        f"{_PREFIX}pre": way,
        f"{_PREFIX}tokens": tokens,
        f"{_PREFIX}token_type": _kinds(tokens, added, known),
        f"{_PREFIX}merges": [f"{left} {right}" for left, right in merges],
    }


def _gemma(tokens: list[str], added: Mapping[str, Mapping[str, Any]], merges: list[tuple[str, str]]) -> dict[str, Any]:
    known = frozenset(token for token in tokens if not token.startswith("[PAD"))
    kinds = _kinds(tokens, added, known)
    for index, token in enumerate(tokens):
        if token == "<unk>":  # noqa: S105 - a token of the model
            kinds[index] = _CONTROL  # as in llama.cpp's own conversion
        elif kinds[index] == _NORMAL and len(token) == len("<0x00>") and token.startswith("<0x"):
            kinds[index] = _BYTE
    order: dict[str, int] = {}
    for left, right in merges:  # the first merge that makes a token has its score
        order.setdefault(left + right, len(order))
    for token in added:
        order.pop(token, None)
    scores = {token: -float(rank) for rank, token in enumerate(order)}
    plain = [
        " " * len(token) if kind == _USER_DEFINED and token and not token.strip(_SPACE) else token
        for token, kind in zip(tokens, kinds, strict=True)
    ]
    values = [
        0.0 if kind == _BYTE else scores.get(token, -float(len(order))) if kind == _NORMAL else _LAST
        for token, kind in zip(tokens, kinds, strict=True)
    ]
    return {
        f"{_PREFIX}model": "llama",
        f"{_PREFIX}pre": "default",
        f"{_PREFIX}tokens": plain,
        f"{_PREFIX}scores": values,
        f"{_PREFIX}token_type": kinds,
        f"{_PREFIX}add_space_prefix": False,
        f"{_PREFIX}add_eos_token": False,
    }


def _roles(tokens: list[str], naming: Mapping[str, Any]) -> dict[str, int]:
    """Return the ids of the tokens that have a role, under GGUF's names."""
    names = {"bos": "bos_token", "eos": "eos_token", "unknown": "unk_token", "padding": "pad_token"}
    index = {token: number for number, token in enumerate(tokens)}
    return {role: index[str(naming[key])] for role, key in names.items() if naming.get(key) in index}


def _begins_with(tokenizer: Mapping[str, Any], begin: object) -> bool:
    """Tell whether the tokenizer puts its beginning token before a text."""
    return bool(begin) and any(
        processor.get("type") == "TemplateProcessing"
        and any(list(part.get("SpecialToken", {}).values())[:1] == [begin] for part in processor.get("single", [])[:1])
        for processor in _processors(tokenizer.get("post_processor"))
    )


def _processors(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, dict):
        return []
    return list(value.get("processors", [])) if value.get("type") == "Sequence" else [value]


def _compare(tokenizer: Mapping[str, Any], written: Mapping[str, Any], config: Mapping[str, Any], known: int) -> None:
    """Raise NotImplementedError unless the tokenizer read back from what is written is the one that was given."""
    architecture = str(config["architecture"])
    metadata = {"general.architecture": architecture, f"{architecture}.context_length": 1, **written}
    back, _naming = tokenizer_of(metadata)
    model, read = tokenizer["model"], back["model"]
    vocabulary = {token: index for token, index in read["vocab"].items() if not token.startswith("[PAD")}
    added = {entry["content"]: entry["id"] for entry in tokenizer.get("added_tokens") or []}
    same = {
        "vocabulary": vocabulary == dict(model["vocab"]) | added and len(model["vocab"]) == known,
        "merges": _merges(read) == _merges(model),
        "added": {entry["content"]: entry["id"] for entry in back["added_tokens"]} == added,
        "normalizer": _steps(back.get("normalizer")) == _steps(tokenizer.get("normalizer")),
        "pre_tokenizer": _steps(back.get("pre_tokenizer")) == _steps(tokenizer.get("pre_tokenizer")),
    }
    if wrong := [name for name, equal in same.items() if not equal]:
        raise NotImplementedError(f"tokenizer: {', '.join(wrong)}")


def _steps(value: Any) -> list[tuple[str, ...]]:
    """Return the steps of a normalizer or pre-tokenizer in one spelling: what does the same compares equal."""
    if not isinstance(value, dict):
        return []
    kind = str(value.get("type"))
    if kind == "Sequence":
        inner = value.get("pretokenizers") or value.get("normalizers") or []
        return [step for item in inner for step in _steps(item)]
    if kind == "ByteLevel":  # with its own expression, it cuts as GPT-2 does before it spells bytes
        cut = [_gpt2()] if value.get("use_regex", True) else []
        return [*cut, ("ByteLevel", str(bool(value.get("add_prefix_space"))))]
    if kind == "Split":
        pattern = value.get("pattern") or {}
        return [("Split", *(str(item) for pair in pattern.items() for item in pair), str(value.get("behavior")))]
    if kind == "Digits":
        return [("Digits", str(bool(value.get("individual_digits"))))]
    return [(kind, str(sorted((key, str(item)) for key, item in value.items() if key != "type")))]


def _gpt2() -> tuple[str, ...]:
    metadata: dict[str, Any] = {
        "general.architecture": "llama",
        "llama.context_length": 1,
        f"{_PREFIX}model": "gpt2",
        f"{_PREFIX}pre": "gpt-2",
        f"{_PREFIX}tokens": ["a"],
        f"{_PREFIX}token_type": [_NORMAL],
        f"{_PREFIX}merges": [],
    }
    return _steps(tokenizer_of(metadata)[0]["pre_tokenizer"])[0]
