"""Sentence on the first text that was read in a file, for the note of the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _
from poetas.util.excerpt import shortened

BEGINNING = 60  # characters of the text


def first_text_seen(reading: Mapping[str, Any], name: str) -> str:
    """Return how the first text begins, and in which file; "" where nothing was read."""
    column = (reading.get("mapping") or {}).get("text")
    columns = [str(title) for title in reading.get("columns", ())]
    if column not in columns or not reading["head"]:
        return ""
    first = " ".join(str(reading["head"][0][columns.index(column)]).split())
    words = _("Lo primero que leí en «{name}» fue «{beginning}».")
    return words.format(name=name, beginning=shortened(first, BEGINNING)) if first else ""
