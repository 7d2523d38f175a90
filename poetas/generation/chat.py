"""A conversation through a model's own chat template, its words kept apart from its control tokens.

The template is rendered with a hole where each message goes. What the template wrote is encoded with its control
tokens, what a person wrote without any: no text can end its own turn and speak as the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from poetas.generation.encoding import backend_of, control_ids, plain_ids
from poetas.generation.styles import Style

Turn = tuple[Literal["user", "assistant"], str]
_HOLE = re.compile("\ue000(\\d+)\ue001")


def _render(tokenizer: Any, turns: Sequence[Turn], *, answer: bool) -> str:
    """Render the conversation with numbered holes instead of its words; ``answer``: open the model's next turn."""
    messages = [{"role": role, "content": f"\ue000{at}\ue001"} for at, (role, _) in enumerate(turns)]
    rendered: str = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=answer)
    return rendered


def chats(tokenizer: Any, style: Style) -> bool:
    """Tell whether to go through the chat template; a chat model that brings none is asked as a plain one."""
    return style.kind == "chat" and bool(getattr(tokenizer, "chat_template", None))


def conversation_ids(tokenizer: Any, turns: Sequence[Turn]) -> list[int]:
    """Encode a conversation whose next turn is the model's. turns: (role, words), the last one the user's.

    What the template puts in front (``<bos>``, a system message) comes with it, once.
    """
    ids: list[int] = []
    for at, part in enumerate(_HOLE.split(_render(tokenizer, turns, answer=True))):
        ids += plain_ids(tokenizer, turns[int(part)][1]) if at % 2 else control_ids(tokenizer, part)
    return ids


def end_of_turn(tokenizer: Any) -> int | None:
    """Return the token with which the template ends the model's turn, or None where it uses none."""
    rendered = _render(tokenizer, [("user", ""), ("assistant", "")], answer=False)
    after = control_ids(tokenizer, _HOLE.split(rendered)[-1])
    if not after:
        return None
    name = backend_of(tokenizer).id_to_token(after[0])
    return None if plain_ids(tokenizer, name) == after[:1] else after[0]  # a control token is none when spelt out
