r"""Token texts for display: blanks kept, and bytes that are no character on their own shown as bytes.

A tokenizer that does not know a character writes its UTF-8 bytes as several tokens. None of them is a letter, so
none is shown as one: ``⟨0xF0⟩`` is what it is (see `poetas.tokens.token_display`).
"""

from __future__ import annotations

from typing import Any

from poetas.tokens.special_token_guard import backend_of, plain_ids
from poetas.tokens.token_display import spell


class TokenTexts:
    """Texts of a tokenizer's tokens. What has to be asked of it is asked once: Gemma's has 6,384 added tokens."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._backend = backend_of(tokenizer)
        added = self._backend.get_added_tokens_decoder()
        self._controls = frozenset(token for token, what in added.items() if what.special)
        decoder = self._backend.decoder
        self._byte_level = decoder is not None and b"ByteLevel" in decoder.__getstate__()

    def text(self, token: int) -> str:
        """Text of one token as it would stand in a text. "" for an id that the tokenizer does not have."""
        name: str | None = self._backend.id_to_token(token)
        if name is None:
            return ""
        if token in self._controls:
            return name
        if self._byte_level:
            return spell(name, byte_level=True)
        return spell(name.replace("\N{LOWER ONE EIGHTH BLOCK}", " "), byte_level=False)

    def cut(self, text: str) -> list[str]:
        """Cut a text into the texts of its tokens."""
        return [self.text(token) for token in plain_ids(self._tokenizer, text)]
