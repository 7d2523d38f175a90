"""Masking of personal data: a finder of spans in, the text with a word in brackets in their place out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import pandas as pd

from poetas.data.health.base import HealthCheck, Light, Words
from poetas.data.pipeline.steps import PipelineStep
from poetas.data.pipeline.table_cells import map_cells
from poetas.i18n import _, ngettext

Stretch: TypeAlias = tuple[int, int]  # text[start:end]
Finder: TypeAlias = Callable[[str], Sequence[Stretch]]
# A text without six digits close to one another has no number of a person: most texts are looked through no further.
_NUMBER = re.compile(r"\d(?:[^\w\n]{0,3}(?:\n[^\w\n]{0,3})?\d){5}")


def may_hold_numbers(text: str) -> bool:
    """Whether a text has a number long enough to be a document, a card or a phone.

    >>> may_hold_numbers("DNI 5.123.456"), may_hold_numbers("En 1976 llovió")
    (True, False)
    """
    return _NUMBER.search(text) is not None


def mask(text: str, stretches: Iterable[Stretch], word: str) -> str:
    """Put ``[word]`` in the place of each stretch; those that overlap are one.

    >>> mask("Escribile a ana@correo.ar.", [(12, 25)], "correo")
    'Escribile a [correo].'
    """
    parts: list[str] = []
    here = 0
    for start, end in sorted(stretches):
        if start >= here:
            parts += [text[here:start], f"[{word}]"]
        here = max(here, end)
    return "".join([*parts, text[here:]])


def mask_cells(table: pd.DataFrame, find: Finder, word: str) -> pd.DataFrame:
    """Mask what ``find`` finds in every cell."""

    def masked(text: str) -> str:
        stretches = find(text)
        return mask(text, stretches, word) if stretches else text

    return map_cells(table, masked)


def personal_check(code: str, healthy: Words, problem: Callable[[int], str], step: str) -> HealthCheck:
    """Make the check of one kind of personal data."""
    return HealthCheck(
        code=code,
        light=Light.REPAIR,
        healthy=healthy,
        problem=problem,
        advice=lambda: _("Un modelo puede repetir lo que leyó, palabra por palabra, a quien lo use después."),
        repaired=lambda n: ngettext(
            "Los tapé en {n} texto, que se sigue leyendo.", "Los tapé en {n} textos, que se siguen leyendo.", n
        ),
        button=lambda: _("Taparlos"),
        undo=lambda: _("Destaparlos"),
        steps=(PipelineStep(step),),
        by_row=True,
    )
