"""Label masking: a dataset row's text and summary in, input ids and labels out, with -100 on the prompt.

Training learns from the labels; evaluation measures the loss of a style on the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from poetas.generation.chat_encoding import end_of_turn, uses_chat_template
from poetas.generation.prompt_templates import Example, PromptStyle, style_prompt
from poetas.generation.prompts import encode_prompt, end_of_text, shortened
from poetas.models.entry import ModelEntry
from poetas.tokens.special_token_guard import frame, plain_ids

IGNORE_INDEX = -100  # the label that torch's cross-entropy leaves out


@dataclass(frozen=True, slots=True)
class EncodedExample:
    """One training example.

    Causal: input_ids holds prompt and target, labels has the same length with -100 on the prompt. seq2seq: input_ids
    is what the encoder reads, labels what the decoder writes. truncated: tokens cut from the learner's text.
    """

    input_ids: list[int]
    labels: list[int]
    truncated: int


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
    asked = PromptStyle.of(style)
    target = _target_ids(tokenizer, asked, summary)
    space = room and (room if asked.kind == "seq2seq" else max(1, room - len(target)))
    prompt = encode_prompt(tokenizer, asked, text, longest=longest, room=space, examples=examples)
    if asked.kind == "seq2seq":
        return EncodedExample(prompt.input_ids, target, prompt.truncated)
    return EncodedExample(prompt.input_ids + target, [IGNORE_INDEX] * len(prompt.input_ids) + target, prompt.truncated)


def encode_style_example(
    tokenizer: Any, style: ModelEntry | PromptStyle | str, text: str, *, longest: int = 0
) -> EncodedExample:
    """Encode a text for learning its style: every token is a label (seq2seq: reads the first line, writes the rest)."""
    asked = PromptStyle.of(style)
    first, last = frame(tokenizer)
    kept, lost = shortened(tokenizer, text, longest)
    end = [*(last or [end_of_text(tokenizer)])] if asked.kind == "seq2seq" else [end_of_text(tokenizer)]
    if asked.kind == "seq2seq":
        beginning = style_prompt(kept)
        rest = kept[len(beginning) :].lstrip() or kept
        return EncodedExample(first + plain_ids(tokenizer, beginning) + end, plain_ids(tokenizer, rest) + end, lost)
    ids = plain_ids(tokenizer, kept) + end
    return EncodedExample(first + ids, [IGNORE_INDEX] * len(first) + ids, lost)


def _target_ids(tokenizer: Any, style: PromptStyle, summary: str) -> list[int]:
    if uses_chat_template(tokenizer, style):
        end = end_of_turn(tokenizer)
        return [*plain_ids(tokenizer, summary.strip()), end_of_text(tokenizer) if end is None else end]
    if style.kind == "seq2seq":
        return plain_ids(tokenizer, summary.strip()) + (frame(tokenizer)[1] or [end_of_text(tokenizer)])
    return [*plain_ids(tokenizer, f" {summary.strip()}"), end_of_text(tokenizer)]
