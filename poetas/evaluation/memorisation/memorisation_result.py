"""Schema and validation of the memorisation check's result file, as a page reads it back."""

from __future__ import annotations

from typing import Any

from poetas.errors import PoetasError
from poetas.evaluation.memorisation.recited_personal_data import KINDS
from poetas.i18n import _
from poetas.util.json_forms import each, fields, is_count, is_text, one_of

LEVELS = ("personal", "much", "some", "none", "untested")

_COUNTED = fields({"n": is_count, "recited": is_count})
_PASSAGE = fields({"given": is_text, "written": is_text}, {"how": is_text, "words": is_count})
_DATUM = fields({"kind": one_of(*KINDS), "text": is_text}, {"how": is_text})
_FORM = fields(
    {
        "words": is_count,
        "openings": fields({"tuned": _COUNTED, "base": _COUNTED, "held_out": _COUNTED}),
        "personal": fields({"n": is_count, "tuned": is_count, "base": is_count}),
        "ordinary": fields({"n": is_count, "recited": is_count, "longest": is_count}, {"held_out_longest": is_count}),
        "recited": each(_PASSAGE),
        "data": each(_DATUM),
        "level": one_of(*LEVELS),
    },
    {"short": is_count, "task": is_text},
)


class CheckUnreadable(PoetasError):
    """A result that is damaged, or of another version of the program."""

    code = "check-unreadable"


def checked(result: Any) -> dict[str, Any]:
    """Return a result of `memorisation.check`, as it is. Raises CheckUnreadable for another.

    >>> checked({"level": "none"})
    Traceback (most recent call last):
    poetas.evaluation.memorisation.memorisation_result.CheckUnreadable: No pude leer lo que encontró la revisión.
    """
    if _FORM(result) and (result["level"] == "personal") == bool(result["data"]):
        read: dict[str, Any] = result
        return read
    raise CheckUnreadable(
        _("No pude leer lo que encontró la revisión."),
        why=_("El archivo que lo guarda está dañado, o lo escribió otra versión de este programa."),
        remedy=_("Revisá otra vez. Tus textos y lo que el modelo aprendió no cambiaron."),
        action="restart",
    )
