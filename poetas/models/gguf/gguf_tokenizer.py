"""Conversion of a GGUF's tokenizer metadata to a tokenizer.json that gives the same ids.

A GGUF holds the vocabulary and says in a word how texts are cut ("smollm", "qwen2"); the rules behind the word, and
Gemma's merges, it leaves out. Both are put back here. The result is checked against the original files in the tests:
for Gemma 3 the 514,906 merges derived here are the original's, in the original's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from poetas.models.gguf.metadata import count, numbers, text, texts, token_id

_TOKENS, _TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"
_CONTROL, _USER_DEFINED = 3, 4
_SPACE = "\u2581"  # SentencePiece's visible blank
_GPT2_SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_LLAMA3_SPLIT = _QWEN2_SPLIT.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def _split(pattern: dict[str, str], behavior: str = "Isolated") -> dict[str, Any]:
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": False}


_DIGITS = {"type": "Digits", "individual_digits": True}
# tokenizer.ggml.pre -> what happens before the bytes are merged
_BYTE_LEVEL: Mapping[str, Sequence[dict[str, Any]]] = {
    "gpt-2": (_split({"Regex": _GPT2_SPLIT}),),
    "smollm": (_DIGITS, _split({"Regex": _GPT2_SPLIT})),
    "qwen2": (_split({"Regex": _QWEN2_SPLIT}),),
    "llama-bpe": (_split({"Regex": _LLAMA3_SPLIT}),),
}
_NORMALISED = {"qwen2": {"type": "NFC"}}
# Gemma marks thousands of reserved tokens as control tokens; these are the ones that mean something.
_GEMMA_SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")


def tokenizer_of(metadata: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the contents of ``tokenizer.json`` and ``tokenizer_config.json``.

    Raises ValueError where the metadata lacks something, NotImplementedError for a way of cutting not known here.
    """
    kind, pre = text(metadata, "tokenizer.ggml.model"), text(metadata, "tokenizer.ggml.pre", "default")
    if kind == "gpt2" and pre in _BYTE_LEVEL:
        body = _byte_level(metadata, pre)
    elif kind == "llama" and text(metadata, "general.architecture").startswith("gemma"):
        body = _gemma(metadata)
    else:
        raise NotImplementedError(f"{metadata['general.architecture']}: tokenizer {kind}/{pre}")
    return body, _naming(metadata)


def _naming(metadata: Mapping[str, Any]) -> dict[str, Any]:
    tokens = texts(metadata, _TOKENS)
    architecture = text(metadata, "general.architecture")
    names = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"}
    ids = {name: token_id(metadata, key) for name, key in names.items()}
    naming: dict[str, Any] = {
        # the tokenizer's whole behaviour stands in tokenizer.json: no class of its own may redo it
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": False,
        "model_max_length": count(metadata, f"{architecture}.context_length"),
        **{name: tokens[index] for name, index in ids.items() if index is not None},
    }
    if template := text(metadata, "tokenizer.chat_template", ""):
        naming["chat_template"] = template
    return naming


def _added(entries: Iterable[tuple[int, str, bool]]) -> list[dict[str, Any]]:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [{"id": index, "content": token, **plain, "special": special} for index, token, special in entries]


def _byte_level(metadata: Mapping[str, Any], pre: str) -> dict[str, Any]:
    tokens, kinds = texts(metadata, _TOKENS), numbers(metadata, _TYPES)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    added = [
        (index, token, kind == _CONTROL)
        for index, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added(added),
        "normalizer": _NORMALISED.get(pre),
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [*_BYTE_LEVEL[pre], byte_level]},
        "post_processor": _begin(metadata, default=False),
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": pre == "llama-bpe",
            "vocab": {token: index for index, token in enumerate(tokens)},
            # a merge is stored as "left right"; neither side can hold a space, which is spelt Ġ
            "merges": [merge.split(" ") for merge in texts(metadata, "tokenizer.ggml.merges")],
        },
    }


def _gemma(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kinds = numbers(metadata, _TYPES)
    # llama.cpp spells runs of blanks as blanks; the tokenizer sees them after its normaliser has drawn them
    tokens = [_SPACE * len(token) if token and not token.strip(" ") else token for token in texts(metadata, _TOKENS)]
    added = [
        (index, token, token in _GEMMA_SPECIAL)
        for index, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added(added),
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": _SPACE},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": _begin(metadata, default=True),
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": _SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": {token: index for index, token in enumerate(tokens)},
            "merges": derived_merges(tokens, numbers(metadata, "tokenizer.ggml.scores"), kinds),
        },
    }


def _begin(metadata: Mapping[str, Any], *, default: bool) -> dict[str, Any] | None:
    """The rule that puts the beginning token before a text, where the metadata asks for it."""
    index = token_id(metadata, "bos")
    if index is None or not metadata.get("tokenizer.ggml.add_bos_token", default):
        return None
    token = texts(metadata, _TOKENS)[index]

    def part(kind: str, name: str, order: int) -> dict[str, Any]:
        return {kind: {"id": name, "type_id": order}}

    return {
        "type": "TemplateProcessing",
        "single": [part("SpecialToken", token, 0), part("Sequence", "A", 0)],
        "pair": [
            part("SpecialToken", token, 0),
            part("Sequence", "A", 0),
            part("SpecialToken", token, 1),
            part("Sequence", "B", 1),
        ],
        "special_tokens": {token: {"id": token, "ids": [index], "tokens": [token]}},
    }


def derived_merges(tokens: Sequence[str], scores: Sequence[float], kinds: Sequence[float]) -> list[list[str]]:
    """Derive the merges that a SentencePiece vocabulary implies, best first.

    Every way of cutting a token into two tokens is a merge, as good as its token's score; runs of blanks, which the
    vocabulary defines by hand, come before all. Ties go to the longer left part.

    >>> derived_merges(["a", "b", "ab", "abb"], [0.0, -1.0, -2.0, -3.0], [1, 1, 1, 1])
    [['a', 'b'], ['ab', 'b']]
    """
    known = frozenset(tokens)
    merges: list[tuple[float, int, int, str, str]] = []
    for token, score, kind in zip(tokens, scores, kinds, strict=True):
        rank = 0.0 if kind == _USER_DEFINED else -score
        for cut in range(1, len(token)):
            left, right = token[:cut], token[cut:]
            if left in known and right in known:
                merges.append((rank, -cut, cut - len(token), left, right))
    merges.sort(key=lambda merge: merge[:3])
    return [[left, right] for *_, left, right in merges]
