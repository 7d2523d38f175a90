"""Encoding of dataset rows as token ids with labels; counts of shortened and dropped texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poetas.generation.prompt_templates import PromptStyle
from poetas.tokens.special_token_guard import plain_ids
from poetas.training.label_masking import EncodedExample, encode_example, encode_style_example


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded examples, in the order of the rows, as `transformers.Trainer` takes them.

    shortened: texts that lost their end. dropped: rows left out, empty or without room. lost: tokens cut in all.
    apart: whether what is read and what is written are apart (seq2seq), not one after the other in the same row.
    texts: tokens of each example's text, uncut.
    """

    items: tuple[EncodedExample, ...]
    texts: tuple[int, ...]
    shortened: int
    dropped: int
    lost: int
    apart: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> EncodedExample:
        return self.items[index]

    def in_order(self, order: Sequence[int]) -> Examples:
        """The same examples in another order."""
        items, texts = tuple(self.items[index] for index in order), tuple(self.texts[index] for index in order)
        return replace(self, items=items, texts=texts)

    @property
    def lengths(self) -> list[int]:
        """Tokens that the model works through for each example."""
        return [len(item.input_ids) + (len(item.labels) if self.apart else 0) for item in self.items]

    @property
    def labels(self) -> list[int]:
        """Tokens that each example asks to be predicted."""
        return [sum(label >= 0 for label in item.labels) for item in self.items]


def encode_rows(
    tokenizer: Any, style: PromptStyle, rows: Sequence[Mapping[str, str]], *, task: str, longest: int, room: int
) -> Examples:
    """Encode rows for training.

    rows: with ``text`` and, for the task "summary", ``summary``. longest: tokens of each text that are read. room:
    tokens that the model can hold at once. Prompts carry no label; every target ends with the token that ends a text.
    """
    items: list[EncodedExample] = []
    texts: list[int] = []
    shortened = dropped = lost = 0
    for row in rows:
        item = _encode(tokenizer, style, row, task, longest, room)
        if item is None:
            dropped += 1
            continue
        items.append(item)
        texts.append(len(plain_ids(tokenizer, row["text"].strip())))
        shortened += item.truncated > 0
        lost += item.truncated
    return Examples(tuple(items), tuple(texts), shortened, dropped, lost, style.kind == "seq2seq")


def _encode(
    tokenizer: Any, style: PromptStyle, row: Mapping[str, str], task: str, longest: int, room: int
) -> EncodedExample | None:
    """Encode one row; None where it has nothing to learn, or where its summary alone is longer than the model reads."""
    text = (row.get("text") or "").strip()
    summary = (row.get("summary") or "").strip()
    if not text or (task == "summary" and not summary):
        return None
    if task == "style":
        return encode_style_example(tokenizer, style, text, longest=min(longest, room - 2))
    try:
        return encode_example(tokenizer, style, text, summary, longest=longest, room=room)
    except ValueError:
        return None
