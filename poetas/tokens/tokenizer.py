"""A model's tokenizer: texts in, tokens with their character spans, token counts and truncated texts out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

from poetas.i18n import _
from poetas.tokens.errors import TokenizerBroken, TokenizerMissing
from poetas.tokens.special_token_guard import spell_out_special_tokens
from poetas.tokens.token_display import spell, visible
from poetas.tokens.truncation import kept_lengths
from poetas.util.work_progress import report

FILE = "tokenizer.json"
BATCH = 512  # texts encoded at once: an encoding takes a hundred times the memory of its text
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text.

    text: the characters it covers; part of a character is written as its bytes, ``⟨0xF0⟩``. id: its number in the
    vocabulary. start, end: its span in the text, in characters; tokens that share a character share its span.
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
    """The tokenizer of a model, loaded from its folder at first use (Gemma's file is 14 to 33 MB).

    Control tokens in a text are encoded as text: ``<eos>`` is five characters, never the token that ends a text. No
    token is added before or after. Thread-safe.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._backend: tokenizers.Tokenizer | None = None
        self._loading = threading.Lock()
        self._byte_level = False

    @classmethod
    def open(cls, model_folder: Path | str) -> Tokenizer:
        """Find the tokenizer in a model's folder without loading it. Raises TokenizerMissing."""
        file = Path(model_folder) / FILE
        if not file.is_file():
            raise TokenizerMissing(Path(model_folder).name)
        return cls(file)

    @property
    def backend(self) -> tokenizers.Tokenizer:
        """The `tokenizers.Tokenizer`, loaded at the first access. Raises TokenizerBroken."""
        with self._loading:
            if self._backend is None:
                try:
                    backend = tokenizers.Tokenizer.from_file(str(self._file))
                except Exception as error:  # the library raises plain Exception for any fault
                    raise TokenizerBroken(self._file.parent.name, detail=str(error)[:500]) from error
                spell_out_special_tokens(backend)
                self._byte_level = "ByteLevel" in repr(backend.decoder) or "ByteLevel" in repr(backend.pre_tokenizer)
                self._backend = backend
            return self._backend

    def tokenize(self, text: str) -> list[Token]:
        """Split a text into tokens; their spans cover every character that the tokenizer reads."""
        encoding = self.backend.encode(text, add_special_tokens=False)
        spans = _closed(text, encoding.offsets)
        tokens: list[Token] = []
        for index, (token, number, (start, end)) in enumerate(zip(encoding.tokens, encoding.ids, spans, strict=True)):
            before, after = spans[max(0, index - 1)], spans[min(index + 1, len(spans) - 1)]
            shared = (index > 0 and before[1] > start) or (index + 1 < len(spans) and after[0] < end)
            shown = spell(token, byte_level=self._byte_level) if shared else text[start:end]
            tokens.append(Token(shown, number, start, end))
        return tokens

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.backend.encode(text, add_special_tokens=False).ids)

    def counts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each of many texts has: int64[n]."""
        lengths: list[int] = []
        for start in range(0, len(texts), BATCH):
            if start:  # a short count shows no bar
                report(_("Cuento los tokens"), start / len(texts))
            batch = list(texts[start : start + BATCH])
            lengths += [len(item.ids) for item in self.backend.encode_batch_fast(batch, add_special_tokens=False)]
        return np.array(lengths, dtype=np.int64)

    def truncate(self, text: str, limit: int) -> tuple[str, str]:
        """Keep at most ``limit`` tokens: return what is kept and what is lost, which together are the text.

        Where the cut falls is decided by `kept_lengths`.
        """
        kept = kept_lengths(text, self.backend.encode(text, add_special_tokens=False).offsets)
        end = int(kept[min(max(0, limit), len(kept) - 1)])
        return text[:end], text[end:]

    def spans(self, texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
        """For each text the spans of its tokens: int64[tokens, 2] (start, end), in characters."""
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            for encoding in self.backend.encode_batch(batch, add_special_tokens=False):
                yield np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)

    def tokens_per_word(self, texts: Sequence[str]) -> float:
        """Mean number of tokens a word; 0 where there are no words."""
        words = sum(count_words(text) for text in texts)
        return float(self.counts(texts).sum()) / words if words else 0.0


def count_words(text: str) -> int:
    """Number of words: runs of characters between blanks.

    >>> count_words("¿Adónde vas, che?")
    3
    """
    return sum(1 for _match in _WORD.finditer(text))


def word_ends(text: str) -> NDArray[np.int64]:
    """Index after the last character of each word: int64[words]."""
    return np.array([match.end() for match in _WORD.finditer(text)], dtype=np.int64)


def _closed(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Extend spans over the blanks that a tokenizer leaves out: to the next token, at the end to the last one."""
    spans: list[tuple[int, int]] = []
    reached = 0
    for start, end in offsets:
        first = reached if start > reached and text[reached:start].isspace() else start
        spans.append((first, end))
        reached = max(reached, end)
    if spans and reached < len(text) and text[reached:].isspace():
        spans[-1] = (min(spans[-1][0], reached), len(text))
    return spans
