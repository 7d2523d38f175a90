"""Encoding of untrusted text as token ids: what a learner wrote never becomes a control token.

A tokenizer turns the characters ``<eos>`` into the token that ends a text, wherever they stand. In a text that
somebody brings, that would end the text early, or in a chat make the model take the learner's words for its own.
So texts are encoded with such tokens spelt out, and only what this program writes itself may hold real ones. What a
tokenizer merely keeps whole (runs of line breaks, HTML tags) is no control token and stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from poetas.tokens.truncation import kept_lengths


def backend_of(tokenizer: Any) -> Any:
    """Return the `tokenizers.Tokenizer` behind a transformers tokenizer, or the argument if it is one."""
    return getattr(tokenizer, "backend_tokenizer", tokenizer)


@contextmanager
def _mode(backend: Any, *, spelt_out: bool) -> Iterator[Any]:
    """Switch between spelling control tokens out and recognising them; undo what batch calls left behind."""
    before = backend.encode_special_tokens
    if backend.truncation is not None:
        backend.no_truncation()
    if backend.padding is not None:
        backend.no_padding()
    backend.encode_special_tokens = spelt_out
    try:
        yield backend
    finally:
        backend.encode_special_tokens = before


def plain_encoding(tokenizer: Any, text: str) -> Any:
    """Encode a text that somebody wrote: no control token in it, none added. Returns a `tokenizers.Encoding`."""
    with _mode(backend_of(tokenizer), spelt_out=True) as backend:
        return backend.encode(text, add_special_tokens=False)


def plain_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of a text that somebody wrote, see `plain_encoding`."""
    ids: list[int] = plain_encoding(tokenizer, text).ids if text else []
    return ids


def control_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of a text that this program or a chat template wrote: control tokens are recognised."""
    with _mode(backend_of(tokenizer), spelt_out=False) as backend:
        ids: list[int] = backend.encode(text, add_special_tokens=False).ids if text else []
        return ids


def frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """Return the ids that the tokenizer's own file puts before and after a text (Gemma: ``<bos>`` before).

    Asked of the file and not of transformers' class: that of Gemma leaves ``<bos>`` out unless asked for it.
    """
    with _mode(backend_of(tokenizer), spelt_out=True) as backend:
        bare: list[int] = backend.encode("a", add_special_tokens=False).ids
        whole: list[int] = backend.encode("a", add_special_tokens=True).ids
    extra = len(whole) - len(bare)
    start = next(at for at in range(extra + 1) if whole[at : at + len(bare)] == bare)
    return whole[:start], whole[start + len(bare) :]


def cut(tokenizer: Any, text: str, longest: int) -> tuple[str, int]:
    """Keep the beginning of a text, at most ``longest`` tokens of it; return it and how many tokens were lost.

    Where the cut falls is decided by `kept_lengths`, as in the preview of app 2; the blanks before it are left out.
    """
    encoding = plain_encoding(tokenizer, text)
    total = len(encoding.ids)
    if total <= longest:
        return text, 0
    kept = text[: int(kept_lengths(text, encoding.offsets)[max(0, longest)])].rstrip()
    return kept, total - len(plain_ids(tokenizer, kept))
