"""Encoding of a conversation through a model's chat template, with messages free of control tokens.

`poetas.models.chat_template_rendering` renders the template with a placeholder for each message. The template's own
text is encoded with its control tokens, a message without any: so no text can close its message and inject an
assistant turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from poetas.generation.prompt_templates import PromptStyle
from poetas.models.chat_template_rendering import ENDED, pieces
from poetas.tokens.special_token_guard import backend_of, control_ids, plain_ids

Turn = tuple[Literal["user", "assistant"], str]


def uses_chat_template(tokenizer: Any, style: PromptStyle) -> bool:
    """Tell whether to go through the chat template; a chat model that brings none is asked as a plain one."""
    return style.kind == "chat" and bool(getattr(tokenizer, "chat_template", None))


def conversation_ids(tokenizer: Any, turns: Sequence[Turn]) -> list[int]:
    """Encode a conversation whose next turn is the model's. turns: (role, words), the last one the user's.

    What the template puts in front (``<bos>``, a system message) comes with it, once. Raises BrokenModel.
    """
    ids: list[int] = []
    for part in pieces(tokenizer, [role for role, _ in turns], answer=True):
        ids += control_ids(tokenizer, part) if isinstance(part, str) else plain_ids(tokenizer, turns[part][1])
    return ids


def end_of_turn(tokenizer: Any) -> int | None:
    """Return the token with which the template ends the model's turn, or None where it uses none."""
    roles, answer = ENDED
    after = control_ids(tokenizer, str(pieces(tokenizer, roles, answer=answer)[-1]))
    if not after:
        return None
    name = backend_of(tokenizer).id_to_token(after[0])
    return None if plain_ids(tokenizer, name) == after[:1] else after[0]  # a control token is none when spelt out
