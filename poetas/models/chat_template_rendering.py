"""Chat templates: rendered in a process with limits, and validated before use.

The template gets roles and numbered holes, so that the same conversation's shape always gives the same page: each is
rendered once, together with those that are usually asked for, in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from poetas.jobs.detached_process import import_environment
from poetas.models.errors import broken_model, broken_template

_HOLE = re.compile("\ue000([0-9]{1,4})\ue001")
_PATIENCE = 60.0  # seconds for a process to start on a busy machine, and to render
_USUAL = 4  # examples that may stand before a text
_Shape = tuple[tuple[str, ...], bool]  # roles, and whether the model's next turn is opened


def asked(examples: int) -> _Shape:
    """The shape of a conversation with ``examples`` answered questions and a last question without an answer.

    >>> asked(1)
    (('user', 'assistant', 'user'), True)
    """
    return (*("user", "assistant") * examples, "user"), True


ENDED: _Shape = ("user", "assistant"), False
_SHAPES = (ENDED, *(asked(examples) for examples in range(_USUAL + 1)))


def pieces(tokenizer: Any, roles: Sequence[str], *, answer: bool) -> list[str | int]:
    """What the template writes for these turns: its own words, and the numbers of the turns that stand between them.

    tokenizer: of transformers, with a chat template. answer: whether the model's next turn is opened. Raises
    BrokenModel for a template that fails, takes too long, writes too much, or loses or repeats what people wrote.
    """
    try:
        template, variables = tokenizer.get_chat_template(), tokenizer.special_tokens_map
    except Exception as error:  # of several templates none may be the usual one
        raise broken_template(f"{type(error).__name__}: {error}") from error
    shape: _Shape = tuple(roles), answer
    usual = _SHAPES if shape in _SHAPES else (shape,)
    page = _rendered(str(template), json.dumps(variables, sort_keys=True, default=str), usual)[usual.index(shape)]
    if isinstance(page, dict):
        raise broken_template(page["error"])
    return _parts(page, len(shape[0]))


def try_template(folder: Path, title: str) -> None:
    """Render the chat template of a converted model as generation and training do. Raises BrokenModel, see `pieces`."""
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 - heavy, and only the fetching process needs it

    try:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # tokenizers raises Exception itself
        raise broken_model(title, f"{type(error).__name__}: {error}") from error
    for roles, answer in (ENDED, asked(0)):  # one that cannot show examples can still be asked
        pieces(tokenizer, roles, answer=answer)


def _parts(page: str, turns: int) -> list[str | int]:
    parts: list[str | int] = [int(part) if index % 2 else part for index, part in enumerate(_HOLE.split(page))]
    holes = [part for part in parts if isinstance(part, int)]
    if holes != sorted(set(holes)) or holes[-1:] != [turns - 1]:
        raise broken_template(f"of {turns} turns it wrote {holes[:20]}")
    return parts


@lru_cache(maxsize=16)
def _rendered(template: str, variables: str, shapes: tuple[_Shape, ...]) -> list[str | dict[str, str]]:
    """Have a process render the template once for each shape; a page, or ``{error}``. Raises BrokenModel."""
    talks = [
        ([{"role": role, "content": f"\ue000{index}\ue001"} for index, role in enumerate(roles)], answer)
        for roles, answer in shapes
    ]
    request = {"template": template, "variables": json.loads(variables), "conversations": talks}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "poetas.models.chat_template_worker"],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=_PATIENCE,
            env=import_environment(os.environ),
            check=True,
        )
        pages: list[str | dict[str, str]] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise broken_template(f"{type(error).__name__}: {error}"[:500]) from error
    return pages
