"""Special-token injection guard: untrusted text in, token ids without control tokens out.

A tokenizer turns the characters ``<eos>`` into the token that ends a text, wherever they stand. In an
untrusted text that would end the text early, or in a chat make the model take the learner's words for its own.
So texts are encoded with such tokens spelt out, and only what this program writes itself may hold real ones. What a
tokenizer merely keeps whole (runs of line breaks, HTML tags) is no control token and stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def backend_of(tokenizer: Any) -> Any:
    """Return the `tokenizers.Tokenizer` behind a transformers tokenizer, or the argument if it is one."""
    return getattr(tokenizer, "backend_tokenizer", tokenizer)


def spell_out_special_tokens(backend: Any, *, spelt_out: bool = True) -> None:
    """Set whether ``<eos>`` in a text is five characters or a control token; undo what batch calls left behind."""
    if backend.truncation is not None:
        backend.no_truncation()
    if backend.padding is not None:
        backend.no_padding()
    backend.encode_special_tokens = spelt_out


@contextmanager
def _mode(backend: Any, *, spelt_out: bool) -> Iterator[Any]:
    """Spell control tokens out, or recognise them, for the duration of a ``with`` block."""
    before = backend.encode_special_tokens
    spell_out_special_tokens(backend, spelt_out=spelt_out)
    try:
        yield backend
    finally:
        backend.encode_special_tokens = before


def plain_encoding(tokenizer: Any, text: str) -> Any:
    """Encode an untrusted text: no control token in it, none added. Returns a `tokenizers.Encoding`."""
    with _mode(backend_of(tokenizer), spelt_out=True) as backend:
        return backend.encode(text, add_special_tokens=False)


def plain_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of an untrusted text, see `plain_encoding`."""
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
    start = next(index for index in range(extra + 1) if whole[index : index + len(bare)] == bare)
    return whole[:start], whole[start + len(bare) :]
