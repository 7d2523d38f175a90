"""Incremental detokenizer: token ids in, one by one; new text out, held back while it ends in half a character.

A character that a tokenizer does not know arrives as several tokens, one for each of its UTF-8 bytes.
"""

from __future__ import annotations

from typing import Any

from poetas.tokens.special_token_guard import backend_of


class IncrementalDetokenizer:
    """Text that grows token by token and gives out only whole characters.

    before: the token that the text goes on from, since some tokenizers drop the blank of a text's first token.
    """

    def __init__(self, tokenizer: Any, before: int | None = None) -> None:
        self._backend = backend_of(tokenizer)
        self._ids = [] if before is None else [before]
        self._given = self._decode()

    def push(self, token: int) -> str:
        """Add a token; return the new whole characters, "" if there is none yet."""
        self._ids.append(token)
        whole = self._decode()
        ready = whole.rstrip("\N{REPLACEMENT CHARACTER}")
        if len(ready) <= len(self._given) or not whole.startswith(self._given):
            return ""
        new = ready[len(self._given) :]
        self._given = ready
        return new

    def rest(self) -> str:
        """Return what is left at the end: bytes that never became a character, as replacement characters."""
        whole = self._decode()
        new = whole[len(self._given) :] if whole.startswith(self._given) else ""
        self._given = whole
        return new

    def _decode(self) -> str:
        text: str = self._backend.decode(self._ids, skip_special_tokens=True)
        return text
