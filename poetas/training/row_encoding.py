"""Encoding of dataset rows as token ids with labels; counts of shortened and dropped texts."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poetas.generation.prompt_templates import PromptStyle
from poetas.tokens.special_token_guard import plain_ids
from poetas.tokens.tokenizer import count_words
from poetas.training.label_masking import (
    EncodedExample,
    encode_example,
    encode_style_example,
    encode_style_windows,
)
from poetas.training.word_count import NO_WORDS, WordCount


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded examples, in the order of the rows, as `transformers.Trainer` takes them.

    shortened: texts that lost their end. dropped: rows left out, empty or without room. lost: tokens cut in all.
    parted: texts that were parted into windows, each an example. words: of all rows; those of dropped rows are lost.
    rows: of each example, the index of its row. confined: texts of which the model holds less than was asked for.
    windows: whether longer texts are parted, at any length.
    apart: whether what is read and what is written are apart (seq2seq), not one after the other in the same row.
    texts: tokens of each example's text, uncut; of a window, those that it predicts.
    """

    items: tuple[EncodedExample, ...]
    texts: tuple[int, ...]
    shortened: int
    dropped: int
    lost: int
    apart: bool = False
    parted: int = 0
    words: WordCount = NO_WORDS
    rows: tuple[int, ...] = ()
    confined: int = 0
    windows: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> EncodedExample:
        return self.items[index]

    def in_order(self, order: Sequence[int]) -> Examples:
        """The same examples in another order."""
        items, texts = tuple(self.items[index] for index in order), tuple(self.texts[index] for index in order)
        return replace(self, items=items, texts=texts, rows=tuple(self.rows[index] for index in order))

    @property
    def lengths(self) -> list[int]:
        """Tokens that the model works through for each example."""
        return [len(item.input_ids) + (len(item.labels) if self.apart else 0) for item in self.items]

    @property
    def labels(self) -> list[int]:
        """Tokens that each example asks to be predicted."""
        return [item.learnt for item in self.items]


def encode_rows(
    tokenizer: Any,
    style: PromptStyle,
    rows: Sequence[Mapping[str, str]],
    *,
    task: str,
    longest: int,
    room: int,
    parted: bool = False,
    going_on: Container[int] = (),
) -> Examples:
    """Encode rows for training.

    rows: with ``text`` and, for the task "summary", ``summary``. longest: tokens of each text that are read. room:
    tokens that the model can hold at once. parted: whether longer texts of a style are parted into windows, not cut.
    going_on: indexes of the rows whose text goes on in another one. Prompts carry no label; a target ends with the
    token that ends a text, except where the text was cut or goes on.
    """
    items: list[EncodedExample] = []
    texts: list[int] = []
    shortened = dropped = lost = windowed = confined = 0
    words = NO_WORDS
    places: list[int] = []
    for place, row in enumerate(rows):
        made = _encode(tokenizer, style, row, task, longest, room, parted=parted, ends=place not in going_on)
        if not made:
            dropped += 1
            words += WordCount(lost=count_words(row.get("text") or "") + count_words(row.get("summary") or ""))
            continue
        items += made
        alone = len(made) == 1
        size = len(plain_ids(tokenizer, row["text"].strip())) if alone else 0
        texts += [size] if alone else [item.learnt for item in made]
        places += [place] * len(made)
        windowed += not alone
        shortened += made[0].truncated > 0
        lost += made[0].truncated
        confined += made[0].truncated > (max(0, size - longest) if longest else 0)
        words = sum((item.words for item in made), start=words)
    return Examples(
        tuple(items),
        tuple(texts),
        shortened,
        dropped,
        lost,
        apart=style.kind == "seq2seq",
        parted=windowed,
        words=words,
        rows=tuple(places),
        confined=confined,
        windows=parted,
    )


def _encode(
    tokenizer: Any,
    style: PromptStyle,
    row: Mapping[str, str],
    task: str,
    longest: int,
    room: int,
    *,
    parted: bool,
    ends: bool,
) -> list[EncodedExample]:
    """Encode one row; [] where it has nothing to learn, or where its summary alone is longer than the model reads."""
    text = (row.get("text") or "").strip()
    summary = (row.get("summary") or "").strip()
    if not text or (task == "summary" and not summary):
        return []
    if task == "style":
        longest = min(longest, room - 2) if longest else room - 2
        if parted:
            return encode_style_windows(tokenizer, style, text, longest=longest, ends=ends)
        return [encode_style_example(tokenizer, style, text, longest=longest, ends=ends)]
    try:
        return [encode_example(tokenizer, style, text, summary, longest=longest, room=room)]
    except ValueError:
        return []
