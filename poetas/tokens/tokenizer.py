"""A model's tokenizer: pieces of a text with their places in it, counts of many texts, what a cut keeps and loses."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

from poetas.tokens.errors import TokenizerBroken, TokenizerMissing
from poetas.tokens.spelling import spell, visible

FILE = "tokenizer.json"
BATCH = 512  # texts encoded at once: an encoding takes a hundred times the memory of its text
_WORD = re.compile(r"\S+")
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a text.

    text: what it stands for; part of a character is written as its bytes, ``⟨0xF0⟩``. id: its number in the
    vocabulary. start, end: places in the text, in characters; tokens that share a character share its place.
    """

    text: str
    id: int
    start: int
    end: int

    @property
    def visible(self) -> str:
        """The text with blanks as ␣ and line ends as ↵."""
        return visible(self.text)


class Tokenizer:
    """The tokenizer of a model, read from its folder when first used (Gemma's file is 14 to 33 MB).

    What a text says is only text: ``<eos>`` in it is five characters and never the token that ends a text. No token
    is added before or after. Safe to use from several threads.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._backend: tokenizers.Tokenizer | None = None
        self._loading = threading.Lock()
        self._byte_level = False

    @classmethod
    def open(cls, model_folder: Path | str) -> Tokenizer:
        """Find the tokenizer of a model's folder. Raises TokenizerMissing; nothing is loaded yet."""
        file = Path(model_folder) / FILE
        if not file.is_file():
            raise TokenizerMissing(Path(model_folder).name)
        return cls(file)

    @property
    def backend(self) -> tokenizers.Tokenizer:
        """The library's own object, loaded now if need be. Raises TokenizerBroken."""
        with self._loading:
            if self._backend is None:
                try:
                    backend = tokenizers.Tokenizer.from_file(str(self._file))
                except Exception as error:  # the library raises plain Exception for whatever it finds
                    raise TokenizerBroken(self._file.parent.name, detail=str(error)[:500]) from error
                backend.no_truncation()
                backend.no_padding()
                backend.encode_special_tokens = True
                self._byte_level = "ByteLevel" in repr(backend.decoder) or "ByteLevel" in repr(backend.pre_tokenizer)
                self._backend = backend
            return self._backend

    def pieces(self, text: str) -> list[Piece]:
        """Cut a text into tokens; the spans of the pieces cover every character that the tokenizer reads."""
        encoding = self.backend.encode(text, add_special_tokens=False)
        spans = _closed(text, encoding.offsets)
        found: list[Piece] = []
        for at, (token, number, (start, end)) in enumerate(zip(encoding.tokens, encoding.ids, spans, strict=True)):
            shared = (at > 0 and spans[at - 1][1] > start) or (at + 1 < len(spans) and spans[at + 1][0] < end)
            words = spell(token, byte_level=self._byte_level) if shared else text[start:end]
            found.append(Piece(words, number, start, end))
        return found

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.backend.encode(text, add_special_tokens=False).ids)

    def counts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each of many texts has: int64[n]."""
        lengths: list[int] = []
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            lengths += [len(one.ids) for one in self.backend.encode_batch_fast(batch, add_special_tokens=False)]
        return np.array(lengths, dtype=np.int64)

    def cut(self, text: str, limit: int) -> tuple[str, str]:
        """Keep at most ``limit`` tokens: return what is kept and what is lost, which together are the text.

        The cut falls between characters as people see them: never inside one that takes several tokens, nor between
        a letter and its accent, nor inside a joined emoji.
        """
        spans = self.backend.encode(text, add_special_tokens=False).offsets
        if len(spans) <= limit:
            return text, ""
        for keep in range(limit, 0, -1):
            end = spans[keep - 1][1]
            if spans[keep][0] >= end and not _joined(text, end):
                return text[:end], text[end:]
        return "", text

    def spans(self, texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
        """For each text the places of its tokens: int64[tokens, 2] (start, end), in characters."""
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            for encoding in self.backend.encode_batch(batch, add_special_tokens=False):
                yield np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)

    def tokens_per_word(self, texts: Sequence[str]) -> float:
        """How many tokens a word of these texts costs on average; 0 where there are no words."""
        words = sum(count_words(text) for text in texts)
        return float(self.counts(texts).sum()) / words if words else 0.0


def count_words(text: str) -> int:
    """Words of a text: what stands between blanks.

    >>> count_words("¿Adónde vas, che?")
    3
    """
    return sum(1 for _found in _WORD.finditer(text))


def word_ends(text: str) -> NDArray[np.int64]:
    """Where each word ends: int64[words]."""
    return np.array([found.end() for found in _WORD.finditer(text)], dtype=np.int64)


def _closed(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give blanks that a tokenizer leaves out of its spans to the token after them, the last ones to the last token."""
    spans: list[tuple[int, int]] = []
    reached = 0
    for start, end in offsets:
        first = reached if start > reached and text[reached:start].isspace() else start
        spans.append((first, end))
        reached = max(reached, end)
    if spans and reached < len(text) and text[reached:].isspace():
        spans[-1] = (min(spans[-1][0], reached), len(text))
    return spans


def _joined(text: str, at: int) -> bool:
    """Tell whether the character at ``at`` belongs to the one before it."""
    if not 0 < at < len(text):
        return False
    after, before = text[at], text[at - 1]
    modifier = "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= after <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
    return bool(unicodedata.combining(after)) or after in _JOINERS or before == "\N{ZERO WIDTH JOINER}" or modifier
