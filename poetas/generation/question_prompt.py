"""Prompts for a question of fact: a question alone, or about a text that stands before it."""

from __future__ import annotations

from typing import Any

from poetas.generation.chat_encoding import conversation_ids, uses_chat_template
from poetas.generation.prompt_templates import PromptStyle, question_prompt
from poetas.generation.prompts import Prompt
from poetas.models.entry import ModelEntry
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.tokens.truncation import cut
from poetas.util.text_normalize import composed


def encode_question(
    tokenizer: Any, style: ModelEntry | PromptStyle | str, text: str, question: str, *, room: int = 0
) -> Prompt:
    """Encode a question. text: "" for none; where there is no room it loses its end, the question never does.

    Raises ValueError where the question alone does not fit.
    """
    asked = PromptStyle.of(style)
    talks = uses_chat_template(tokenizer, asked)
    worded = PromptStyle("plain", asked.language) if asked.kind == "chat" and not talks else asked
    first, last = frame(tokenizer)

    def encoded(shown: str) -> list[int]:
        words = question_prompt(worded, shown, composed(question))
        if talks:
            return conversation_ids(tokenizer, [("user", words)])
        return first + plain_ids(tokenizer, words) + (last if asked.kind == "seq2seq" else [])

    kept, lost = composed(text).strip(), 0
    ids = encoded(kept)
    while room and len(ids) > room:
        if not kept:
            raise ValueError(f"the question alone takes {len(ids)} tokens, there is room for {room}")
        kept, more = cut(tokenizer, kept, len(plain_ids(tokenizer, kept)) - (len(ids) - room))
        lost += more
        ids = encoded(kept)
    return Prompt(ids, lost, kept)
