"""Metre: share of the verses that have as many metrical syllables as those of the training texts.

Counted by `poetas.evaluation.scansion`; not measured where the training texts are prose or keep no metre.
"""

from __future__ import annotations

from statistics import fmean

from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric, StyleWriting, counted
from poetas.evaluation.scansion import verse
from poetas.evaluation.verses import learnt_metre, written_lines
from poetas.i18n import _, number, percent

LOST = 0.1  # share of the verses by which the metre is worse than before


def metre_name(metre: tuple[int, ...]) -> str:
    """Return the name of verses of one or two measures, in the plural.

    >>> metre_name((8,)), metre_name((7, 11)), metre_name((16,))
    ('octosílabos', 'heptasílabos o endecasílabos', 'de 16 sílabas')
    """
    names = {
        4: _("tetrasílabos"),
        5: _("pentasílabos"),
        6: _("hexasílabos"),
        7: _("heptasílabos"),
        8: _("octosílabos"),
        9: _("eneasílabos"),
        10: _("decasílabos"),
        11: _("endecasílabos"),
        12: _("dodecasílabos"),
        14: _("alejandrinos"),
    }
    long = _("de {n} sílabas")
    return _(" o ").join(names.get(count, long.format(n=number(count))) for count in metre)


def _values(writing: StyleWriting) -> list[float]:
    metre = learnt_metre(writing)
    if not metre:
        return []
    scanned = [verse(line) for line in written_lines(writing)]
    return [float(line is not None and line.syllables in metre) for line in scanned]


def _said(values: StyleComparison) -> str:
    name = metre_name(values.form) if values.form else _("de tu medida")
    single = _("{name}: {k} de {n} versos").replace("{name}", name[:1].upper() + name[1:])
    return counted(values, _("{k} de {n} versos son {name}").replace("{name}", name), single)


STYLE_METRIC = StyleMetric(
    key="metre",
    title=lambda: _("Versos de tu medida"),
    reading=lambda: _("los versos de tu medida, cuantos más, mejor"),
    values=_values,
    combine=fmean,
    shown=percent,
    direction=Direction.HIGHER,
    optional=True,
    beside=True,
    form=learnt_metre,
    warning=_said,
    objects=lambda values: values.tuned < values.base - LOST,
)
