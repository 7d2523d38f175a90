"""Training example as spans of text: what is learnt, what is read without a label, what is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from poetas.training.label_masking import IGNORE_INDEX, EncodedExample
from poetas.util.text_normalize import composed

SpanKind = Literal["masked", "learnt", "cut", "end"]


@dataclass(frozen=True, slots=True)
class LabelSpan:
    """A stretch of a training example.

    kind: "masked" (read, label -100), "learnt" (its tokens are labels), "cut" (the model never reads it), "end" (the
    token that ends a text, which is learnt as well; its text is "").
    """

    kind: SpanKind
    text: str


def label_spans(tokenizer: Any, example: EncodedExample, text: str, *, apart: bool = False) -> list[LabelSpan]:
    """Return an encoded example as spans, in the order in which they are read, with what was cut from its text.

    tokenizer: of transformers. text: the row's. apart: whether what is read and what is written are apart (seq2seq).
    Tokens that stand for no text, such as the one that begins a text, are left out.
    """
    runs: list[tuple[bool, list[int]]]
    if apart:
        runs = [(False, example.input_ids), (True, example.labels)]
    else:
        pairs = zip(example.labels, example.input_ids, strict=True)
        runs = [
            (learnt, [token for _label, token in run])
            for learnt, run in groupby(pairs, key=lambda pair: pair[0] != IGNORE_INDEX)
        ]
    spans: list[LabelSpan] = []
    for learnt, ids in runs:
        words = tokenizer.decode(ids, skip_special_tokens=True)
        if words:
            spans.append(LabelSpan("learnt" if learnt else "masked", words))
        if learnt and ids and not tokenizer.decode(ids[-1:], skip_special_tokens=True):
            spans.append(LabelSpan("end", ""))
    return _with_cut(spans, composed(text).strip()) if example.truncated else spans


def _with_cut(spans: Sequence[LabelSpan], text: str) -> list[LabelSpan]:
    """Put what was cut from a text right after the part of it that is there."""
    best, place, at_end = 0, -1, 0
    for index, span in enumerate(spans):
        kept = _longest_prefix(text, span.text)
        if kept > best:
            best, place, at_end = kept, index, span.text.rfind(text[:kept]) + kept
    rest = LabelSpan("cut", text[best:])
    if place < 0:
        return [*spans, rest]
    span = spans[place]
    parts = (LabelSpan(span.kind, span.text[:at_end]), rest, LabelSpan(span.kind, span.text[at_end:]))
    return [*spans[:place], *(part for part in parts if part.text), *spans[place + 1 :]]


def _longest_prefix(text: str, words: str) -> int:
    """How many characters of the beginning of ``text`` stand together in ``words``."""
    low, high = 0, min(len(text), len(words))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[:middle] in words else (low, middle - 1)
    return low
