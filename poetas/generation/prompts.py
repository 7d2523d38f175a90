"""Prompts as token ids, for training, generation and evaluation (with labels: `poetas.training.label_masking`).

The wording is in `prompt_templates`; here the request becomes tokens, a text that is too long loses its end (never
the instruction nor the summary), and what a learner wrote never becomes a control token
(`special_token_guard`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from poetas.generation.chat_encoding import Turn, conversation_ids, end_of_turn, uses_chat_template
from poetas.generation.prompt_templates import ASKED, Example, PromptStyle, style_prompt, summary_prompt
from poetas.models.entry import ModelEntry
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.tokens.truncation import cut
from poetas.util.text_normalize import composed

__all__ = [
    "Example",
    "Prompt",
    "PromptStyle",
    "encode_beginning",
    "encode_prompt",
    "encode_summary_beginning",
    "end_ids",
    "end_of_text",
    "overhead",
    "style_prompt",
    "summary_prompt",
    "truncate",
]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt ready for the model. input_ids: its tokens. truncated: tokens cut from the text. text: what is kept."""

    input_ids: list[int]
    truncated: int
    text: str = ""


def encode_prompt(
    tokenizer: Any,
    style: ModelEntry | PromptStyle | str,
    text: str,
    *,
    longest: int = 0,
    room: int = 0,
    examples: Sequence[Example] = (),
) -> Prompt:
    """Encode the request to summarise ``text``.

    tokenizer: of transformers, or a `tokenizers.Tokenizer` (then without a chat template). longest: tokens of the
    text that are kept (0 = all); examples are cut likewise. room: tokens that the whole prompt may take (0 = any);
    the text gives way, never the instruction. Raises ValueError where the instruction and the examples alone
    do not fit.
    """
    asked, text = PromptStyle.of(style), composed(text)
    examples = [(composed(example), composed(summary)) for example, summary in examples]
    shown = [
        (cut(tokenizer, example.strip(), longest)[0] if longest else example.strip(), summary.strip())
        for example, summary in examples
    ]
    kept, lost = truncate(tokenizer, text, longest)
    ids = _prompt_ids(tokenizer, asked, kept, shown)
    while room and len(ids) > room:
        if not kept:
            raise ValueError(f"the instruction alone takes {len(ids)} tokens, there is room for {room}")
        kept, more = cut(tokenizer, kept, len(plain_ids(tokenizer, kept)) - (len(ids) - room))
        lost += more
        ids = _prompt_ids(tokenizer, asked, kept, shown)
    return Prompt(ids, lost, kept)


def encode_beginning(tokenizer: Any, style: ModelEntry | PromptStyle | str, text: str, *, room: int = 0) -> Prompt:
    """Encode a text for the model to go on from, just as it is; where it is too long its *beginning* gives way.

    An empty text is what follows the end of another, in a model that knows no beginning.
    """
    first, last = frame(tokenizer)
    tail = last if PromptStyle.of(style).kind == "seq2seq" else []
    ids = plain_ids(tokenizer, composed(text))
    lost = max(0, len(first) + len(ids) + len(tail) - room) if room else 0
    return Prompt(first + ids[lost:] + tail or [end_of_text(tokenizer)], lost)


def encode_summary_beginning(
    tokenizer: Any,
    style: ModelEntry | PromptStyle | str,
    text: str,
    beginning: str,
    *,
    longest: int = 0,
    room: int = 0,
) -> Prompt:
    """Encode the request to summarise ``text`` with a summary that has begun, as it stands in a training example.

    Raises ValueError as `encode_prompt`, and for a seq2seq model, whose prompt holds no beginning of what it writes.
    """
    asked, begun = PromptStyle.of(style), composed(beginning).strip()
    if asked.kind == "seq2seq":
        raise ValueError("what a seq2seq model writes does not begin in its prompt")
    blank = "" if uses_chat_template(tokenizer, asked) else " "
    ids = plain_ids(tokenizer, f"{blank}{begun}") if begun else []
    prompt = encode_prompt(tokenizer, asked, text, longest=longest, room=max(1, room - len(ids)) if room else 0)
    return Prompt(prompt.input_ids + ids, prompt.truncated)


def overhead(tokenizer: Any, style: ModelEntry | PromptStyle | str) -> int:
    """How many tokens the instruction takes beside the text."""
    return len(encode_prompt(tokenizer, style, "").input_ids)


def end_ids(tokenizer: Any, style: ModelEntry | PromptStyle | str) -> list[int]:
    """Tokens that end what a model writes: the end of the text and, in a chat, the end of its turn."""
    turn = end_of_turn(tokenizer) if uses_chat_template(tokenizer, PromptStyle.of(style)) else None
    return sorted({end_of_text(tokenizer)} | ({turn} if turn is not None else set()))


def end_of_text(tokenizer: Any) -> int:
    """Return the token that ends a text. Raises ValueError for a tokenizer without one."""
    token = getattr(tokenizer, "eos_token_id", None)
    if not isinstance(token, int):
        raise ValueError("this tokenizer has no token for the end of a text")  # noqa: TRY004 - a model's fault
    return token


def truncate(tokenizer: Any, text: str, longest: int) -> tuple[str, int]:
    """Return a text without the blanks around it, its first ``longest`` tokens (0 = all), and how many were lost."""
    return cut(tokenizer, text.strip(), longest) if longest else (text.strip(), 0)


def _prompt_ids(tokenizer: Any, style: PromptStyle, text: str, examples: Sequence[Example]) -> list[int]:
    first, last = frame(tokenizer)
    if not uses_chat_template(tokenizer, style):
        kind = "plain" if style.kind == "chat" else style.kind
        tail = last if kind == "seq2seq" else []
        return first + plain_ids(tokenizer, summary_prompt(PromptStyle(kind, style.language), text, examples)) + tail
    before, after = ASKED[style.kind, style.language]
    turns: list[Turn] = []
    for example, summary in examples:
        turns += [("user", f"{before}{example}{after}"), ("assistant", summary)]
    return conversation_ids(tokenizer, [*turns, ("user", f"{before}{text}{after}")])
