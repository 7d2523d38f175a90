"""Rubric form of one version in a tasting: a fold with five-point scales and ticks; marks out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Dict, List, Unicode

from poetas.evaluation.tasting_rubric import BEST, Criterion
from poetas.i18n import _
from widgets.core.elements import look


class RubricForm(anywidget.AnyWidget):
    """A folded form for one version.

    marks: {criterion: 1 to 5, or a list of codes}, as the page sent it: it is validated by who reads it. opened:
    whether the form is unfolded; all forms of a tasting share it.
    """

    _esm = Path(__file__).with_name("rubric_form.js")
    letter = Unicode().tag(sync=True)
    criteria: List[Any] = List().tag(sync=True)
    marks = Dict().tag(sync=True)
    opened = Bool(default_value=False).tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(self, letter: str) -> None:
        texts = {
            "fold": _("Puntuar {letter}").format(letter=letter),
            "scale": _("1: nada · {best}: del todo").format(best=BEST),
        }
        super().__init__(letter=letter, texts={**texts, "best": BEST}, **look("poetas-rubric"))

    def ask(self, criteria: tuple[Criterion, ...]) -> None:
        """Set the criteria, without any mark."""
        drawn = [
            {
                "code": criterion.code,
                "title": criterion.title,
                "question": criterion.question,
                "options": [list(item) for item in criterion.options.items()],
            }
            for criterion in criteria
        ]
        with self.hold_sync():
            self.marks = {}
            self.criteria = drawn
