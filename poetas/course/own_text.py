"""The learner's own text: where a project's state keeps what she pasted in app 1, so that other steps can offer it.

``PageContext.save_at({OWN_TEXT: text})`` keeps it, `own_text` reads it. "" where there is none, or it was erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.course.course_record import ROOT
from poetas.data.storage.state_scopes import KeyPath, value_at

OWN_TEXT: KeyPath = (ROOT, "own_text")
LONGEST = 50_000  # characters that are kept


def own_text(state: Mapping[str, Any]) -> str:
    """Return the text that the learner pasted, "" where there is none or the file was damaged.

    >>> own_text({"course": {"own_text": "Llueve"}}), own_text({"course": {"own_text": 7}})
    ('Llueve', '')
    """
    text = value_at(state, OWN_TEXT)
    return text[:LONGEST] if isinstance(text, str) else ""
