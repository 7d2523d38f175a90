"""Rows of «¿Qué sabe hacer antes de aprender?»: what the model as it came wrote, as kept in the state, for other steps.

A row has "text", "summary" (the reference, "" for style), "plain" and "shown" (what was written without and with
examples; absent before). The one of the learner's own text, which she pasted in app 1, has "own" too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poetas.generation.prompt_templates import style_prompt
from widgets.controls.own_text_offer import offered_beginning
from widgets.core.page_context import PageContext
from widgets.train.sample_html import CUT, OWN, PLAIN, SHOWN

STATE_KEY = "before"  # in the state of the dataset and the model


def unwritten(rows: Sequence[Mapping[str, Any]], *, style: bool) -> list[tuple[int, str]]:
    """Return the attempts still to be written: index and kind, in reading order."""
    kinds = (PLAIN,) if style else (PLAIN, SHOWN)
    return [(index, kind) for index, row in enumerate(rows) for kind in kinds if kind not in row]


def own_row(context: PageContext, *, style: bool) -> dict[str, Any]:
    """Return the row of the learner's own text, nothing written for it yet; its text is "" where there is none."""
    words = offered_beginning(context, style=style)
    return {"text": style_prompt(words) if style and words else words, "summary": "", OWN: True}


def kept_rows(context: PageContext, *, style: bool) -> list[dict[str, Any]]:
    """Return the rows that are kept; that of her own text once it is whole, as long as app 1 keeps the text."""
    own = own_row(context, style=style)["text"]
    return [
        row
        for row in _rows(context)
        if OWN not in row or (row.get("text") == own and not unwritten([row], style=style))
    ]


def baseline_texts(context: PageContext) -> list[str]:
    """Return what the model as it came wrote for the first validation texts, [] before it was tried."""
    return [str(row.get(PLAIN, "")) for row in _of_dataset(context)]


def baseline_outputs(context: PageContext) -> dict[str, str]:
    """Return what the model as it came wrote without examples, by text; one that it has not finished is missing.

    One that breaks off at the length limit ends with an ellipsis.
    """
    rows = (row for row in _of_dataset(context) if PLAIN in row)
    return {str(row.get("text")): str(row[PLAIN]) + ("…" if f"{PLAIN}{CUT}" in row else "") for row in rows}


def _of_dataset(context: PageContext) -> Iterator[dict[str, Any]]:
    return (row for row in _rows(context) if OWN not in row)


def _rows(context: PageContext) -> list[dict[str, Any]]:
    kept = context.dataset_state.get(STATE_KEY)
    rows = kept.get("rows") if isinstance(kept, dict) else []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
