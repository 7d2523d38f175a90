"""Schema and validation of an evaluation's result file, as a page reads it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from poetas.errors import PoetasError
from poetas.evaluation.metrics.registry import COMPARED, METRICS, STYLE_METRICS
from poetas.evaluation.systems import HUMAN, SYSTEMS
from poetas.i18n import _
from poetas.util.files import is_figure
from poetas.util.json_forms import Form, each, fields, is_count, is_flag, is_text, maybe, named, one_of, some


class ResultUnreadable(PoetasError):
    """A result that is damaged, or of another version of the program."""

    code = "result-unreadable"


def checked(result: Any) -> dict[str, Any]:
    """Return a result of `report`, or of `style_report`, as it is. Raises ResultUnreadable for another.

    >>> checked({"rows": [1, 2]})
    Traceback (most recent call last):
    poetas.evaluation.evaluation_result.ResultUnreadable: No pude leer el resultado del examen.
    """
    form = _STYLE if isinstance(result, dict) and result.get("task") == "style" else _SUMMARY
    if isinstance(result, dict) and form(result) and _agrees(result):
        return result
    raise ResultUnreadable(
        _("No pude leer el resultado del examen."),
        why=_("El archivo que lo guarda está dañado, o lo escribió otra versión de este programa."),
        remedy=_("Tomá el examen otra vez. Tus textos y lo que el modelo aprendió no cambiaron."),
        action="restart",
    )


def _agrees(result: Mapping[str, Any]) -> bool:
    """Tell whether each text was written by all who took part, and the best and worst are among the texts."""
    systems, texts = {row["system"] for row in result["rows"]}, result.get("texts", [])
    indices = [index for name in ("best", "worst", "read") for index in result.get(name, [])]
    return all(text["systems"].keys() == systems for text in texts) and all(index < len(texts) for index in indices)


def _interval(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    ends = (value.get("low"), value.get("high"))
    return ends == (None, None) or all(map(is_figure, ends))


_VERDICT = fields({"headline": is_text}, {"kind": is_text, "sentences": each(is_text)})
_STYLE_COMPARED = tuple(entry.key for entry in STYLE_METRICS if entry.compared)
_INTERVALS = fields({}, dict.fromkeys((*COMPARED, *_STYLE_COMPARED), _interval))
_SHARED = {"verdict": maybe(_VERDICT), "difference": _INTERVALS}


def _row(systems: Iterable[str], scores: Form) -> Form:
    return fields({"system": one_of(*systems), "title": is_text, "scores": scores, "intervals": _INTERVALS})


_SCORES = fields(dict.fromkeys(COMPARED, is_figure))
_FINDING = fields({"start": is_count, "end": is_count})
_FINDINGS = {entry.name: each(_FINDING) for entry in METRICS if entry.findings}
_WRITTEN = fields({"text": is_text, "scores": _SCORES}, {"cut": is_flag, **_FINDINGS})
_SOURCE = fields({"source": is_text, "reference": is_text, "systems": named(SYSTEMS, _WRITTEN)})
_SUMMARY = fields(
    {"n": is_count, "rows": some(_row(SYSTEMS, _SCORES))},
    {
        **_SHARED,
        "differences": named(SYSTEMS, _INTERVALS),
        "texts": each(_SOURCE),
        "best": each(is_count),
        "worst": each(is_count),
        "read": each(is_count),
    },
)

_VOICES = (*SYSTEMS, HUMAN)
_MEASURE = {entry.key: is_count if entry.whole else is_figure for entry in STYLE_METRICS}
_MEASURES = fields(
    {entry.key: _MEASURE[entry.key] for entry in STYLE_METRICS if entry.on_people and not entry.optional},
    {entry.key: _MEASURE[entry.key] for entry in STYLE_METRICS if not entry.on_people or entry.optional},
)
_RUN = fields({"length": is_count, "start": is_count, "end": is_count})
_SAID = fields({"text": is_text}, {"cut": is_flag, **{entry.key: _RUN for entry in STYLE_METRICS if entry.highlight}})
_GOES_ON = named(_VOICES, _SAID)


def _sample(value: Any) -> bool:
    said = dict(value) if isinstance(value, dict) else {}
    return is_text(said.pop("beginning", None)) and _GOES_ON(said)


_STYLE = fields({"n": is_count, "rows": some(_row(_VOICES, _MEASURES))}, {**_SHARED, "samples": each(_sample)})
