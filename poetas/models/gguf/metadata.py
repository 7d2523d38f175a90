"""Validated access to single values of a GGUF's metadata, which may come from anywhere.

Every function raises ValueError for a value that is not of its kind, and for a missing one without a fallback.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

_LARGEST = 1 << 31  # larger than any size in these files


def count(metadata: Mapping[str, Any], key: str, fallback: int | None = None) -> int:
    """Return a size: a whole number from 1 on.

    >>> count({"llama.block_count": 30}, "llama.block_count"), count({}, "general.alignment", 32)
    (30, 32)
    """
    value = metadata.get(key, fallback)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST:
        raise ValueError(f"{key} is no size")
    return value


def number(metadata: Mapping[str, Any], key: str, fallback: float | None = None) -> float:
    """Return a finite number above zero."""
    value = metadata.get(key, fallback)
    if isinstance(value, bool) or not isinstance(value, int | float) or not (isfinite(value) and value > 0):
        raise ValueError(f"{key} is no number")
    return float(value)


def text(metadata: Mapping[str, Any], key: str, fallback: str | None = None) -> str:
    """Return a text."""
    value = metadata.get(key, fallback)
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text")  # noqa: TRY004 - a file's content, not a caller's type
    return value


def texts(metadata: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of texts."""
    value = metadata.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} is no list of texts")
    return value


def numbers(metadata: Mapping[str, Any], key: str) -> list[float]:
    """Return a list of numbers, one a token."""
    value, tokens = metadata.get(key), texts(metadata, "tokenizer.ggml.tokens")
    if not isinstance(value, list) or len(value) != len(tokens):
        raise ValueError(f"{key} does not hold one number a token")
    if not all(isinstance(item, int | float) for item in value):
        raise ValueError(f"{key} holds something else than numbers")
    return value


def token_id(metadata: Mapping[str, Any], name: str) -> int | None:
    """Return the id of a token that means something (``bos``, ``eos``, ...), or None where there is none.

    >>> token_id({"tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.tokens": ["a", "<s>"]}, "bos")
    1
    """
    value = metadata.get(f"tokenizer.ggml.{name}_token_id")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"the id of {name} is no whole number")  # noqa: TRY004 - as above
    if not 0 <= value < len(texts(metadata, "tokenizer.ggml.tokens")):
        raise ValueError(f"the id of {name} is no token's: {value}")
    return value
