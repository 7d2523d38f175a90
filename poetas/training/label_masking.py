"""Label masking: a dataset row's text and summary in, input ids and labels out, with -100 on the prompt.

Training learns from the labels; evaluation measures the loss of a style on the same ones. Where a text of a style is
cut, or goes on in another window, its end is not known: no token that ends a text is learnt there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from poetas.generation.chat_encoding import end_of_turn, uses_chat_template
from poetas.generation.prompt_templates import Example, PromptStyle, style_prompt
from poetas.generation.prompts import encode_prompt, end_of_text, truncate
from poetas.models.entry import ModelEntry
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.tokens.tokenizer import count_words, word_ends
from poetas.tokens.windows import windows
from poetas.training.word_count import NO_WORDS, WordCount
from poetas.util.text_normalize import composed

IGNORE_INDEX = -100  # the label that torch's cross-entropy leaves out


@dataclass(frozen=True, slots=True)
class EncodedExample:
    """One training example.

    Causal: input_ids holds prompt and target, labels has the same length with -100 on the prompt. seq2seq: input_ids
    is what the encoder reads, labels what the decoder writes. truncated: tokens cut from the learner's text. words: of
    the learner's text and summary.
    """

    input_ids: list[int]
    labels: list[int]
    truncated: int
    words: WordCount = NO_WORDS

    @property
    def learnt(self) -> int:
        """Tokens with a label."""
        return sum(label >= 0 for label in self.labels)


def encode_example(
    tokenizer: Any,
    style: ModelEntry | PromptStyle | str,
    text: str,
    summary: str,
    *,
    longest: int = 0,
    room: int = 0,
    examples: Sequence[Example] = (),
) -> EncodedExample:
    """Encode a text with its summary for training; ``room`` holds prompt and summary together, see `encode_prompt`."""
    asked, text = PromptStyle.of(style), composed(text).strip()
    target = _target_ids(tokenizer, asked, summary)
    space = room and (room if asked.kind == "seq2seq" else max(1, room - len(target)))
    prompt = encode_prompt(tokenizer, asked, text, longest=longest, room=space, examples=examples)
    read = _whole_words(text, len(prompt.text))
    words = WordCount(count_words(summary), read, count_words(text) - read)
    if asked.kind == "seq2seq":
        return EncodedExample(prompt.input_ids, target, prompt.truncated, words)
    labels = [IGNORE_INDEX] * len(prompt.input_ids) + target
    return EncodedExample(prompt.input_ids + target, labels, prompt.truncated, words)


def encode_style_example(
    tokenizer: Any, style: ModelEntry | PromptStyle | str, text: str, *, longest: int = 0, ends: bool = True
) -> EncodedExample:
    """Encode a text for learning its style: every token is a label (seq2seq: reads the first line, writes the rest).

    Its end is learnt where it is not cut. ends: whether it ends, or goes on in another row.
    """
    text = text.strip()
    kept, truncated = truncate(tokenizer, text, longest)
    whole = _whole_words(text, len(kept))
    lost = count_words(text) - whole
    return _style_example(tokenizer, PromptStyle.of(style), kept, whole, lost, truncated, ends=ends and not truncated)


def encode_style_windows(
    tokenizer: Any, style: ModelEntry | PromptStyle | str, text: str, *, longest: int = 0, ends: bool = True
) -> list[EncodedExample]:
    """Encode a text in windows, see `poetas.tokens.windows`: nothing is cut, and the last window learns the end.

    ends: whether the text ends, or goes on in another row.
    """
    text = text.strip()
    examples: list[EncodedExample] = []
    before = 0
    for window in windows(tokenizer, text, longest):
        upto = _whole_words(text, window.end)  # a word in two windows belongs to the one that ends it
        part = text[window.start : window.end]
        last = ends and window.last
        examples.append(_style_example(tokenizer, PromptStyle.of(style), part, upto - before, 0, 0, ends=last))
        before = upto
    return examples


def _style_example(
    tokenizer: Any, style: PromptStyle, kept: str, whole: int, lost: int, truncated: int, *, ends: bool
) -> EncodedExample:
    """Encode what is kept of a text. whole: its whole words. ends: whether the text ends with it."""
    first, last = frame(tokenizer)
    if style.kind == "seq2seq":
        read, written = _first_line(kept.strip())
        tail = last or [end_of_text(tokenizer)]
        labels = plain_ids(tokenizer, written) + (tail if ends else [])
        masked = min(whole, count_words(read)) if written != kept.strip() else 0
        words = WordCount(whole - masked, masked, lost)
        return EncodedExample(first + plain_ids(tokenizer, read) + tail, labels, truncated, words)
    ids = plain_ids(tokenizer, kept) + ([end_of_text(tokenizer)] if ends else [])
    # Without a token for the beginning the first token follows nothing, and is not predicted.
    given = min(whole, 0 if first else 1)
    return EncodedExample(
        first + ids, [IGNORE_INDEX] * len(first) + ids, truncated, WordCount(whole - given, given, lost)
    )


def _first_line(text: str) -> tuple[str, str]:
    """Return the first line, which a seq2seq model reads, and the rest, which it writes: all where that is nothing."""
    beginning = style_prompt(text)
    return beginning, text[len(beginning) :].lstrip() or text


def _whole_words(text: str, end: int) -> int:
    """How many words of a text end at the character ``end`` or before."""
    return int(word_ends(text).searchsorted(end, side="right"))


def _target_ids(tokenizer: Any, style: PromptStyle, summary: str) -> list[int]:
    if uses_chat_template(tokenizer, style):
        end = end_of_turn(tokenizer)
        return [*plain_ids(tokenizer, summary.strip()), end_of_text(tokenizer) if end is None else end]
    if style.kind == "seq2seq":
        return plain_ids(tokenizer, summary.strip()) + (frame(tokenizer)[1] or [end_of_text(tokenizer)])
    return [*plain_ids(tokenizer, f" {summary.strip()}"), end_of_text(tokenizer)]
