"""Prompts for classification by likelihood: a question about a text and the labels that may answer it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poetas.generation.chat_encoding import conversation_ids, uses_chat_template
from poetas.generation.prompt_templates import PromptStyle, choice_prompt
from poetas.generation.prompts import Prompt
from poetas.models.entry import ModelEntry
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.tokens.truncation import cut
from poetas.util.text_normalize import composed


def encode_choice(
    tokenizer: Any,
    style: ModelEntry | PromptStyle | str,
    text: str,
    question: str,
    labels: Sequence[str],
    *,
    room: int = 0,
) -> tuple[Prompt, list[list[int]]]:
    """Encode a question about a text, and each label as its answer, so that their likelihoods can be compared.

    question: one line, such as ``Tema``. Where there is no room the text loses its end.
    """
    asked = PromptStyle.of(style)
    first, last = frame(tokenizer)
    talks = uses_chat_template(tokenizer, asked)
    answers = [plain_ids(tokenizer, label.strip() if talks else f" {label.strip()}") for label in labels]
    worded = PromptStyle("chat" if talks else "plain", asked.language)

    def asking(shown: str) -> list[int]:
        words = choice_prompt(worded, shown, question, labels)
        if talks:
            return conversation_ids(tokenizer, [("user", words)])
        return first + plain_ids(tokenizer, words) + (last if asked.kind == "seq2seq" else [])

    kept, lost = composed(text).strip(), 0
    while room and kept and len(asking(kept)) > room:
        kept, more = cut(tokenizer, kept, len(plain_ids(tokenizer, kept)) - (len(asking(kept)) - room))
        lost += more
    return Prompt(asking(kept), lost), answers
