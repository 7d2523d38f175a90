"""Schema and validation of an evaluation's result file, as a page reads it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poetas.errors import PoetasError
from poetas.evaluation.metrics.registry import COMPARED, METRICS, STYLE_METRICS
from poetas.evaluation.systems import HUMAN, SYSTEMS
from poetas.i18n import _
from poetas.util.files import is_figure

Form = Callable[[Any], bool]


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


# -- forms: functions that tell whether a JSON value has it


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and is_figure(value) and value >= 0


def _interval(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    ends = (value.get("low"), value.get("high"))
    return ends == (None, None) or all(map(is_figure, ends))


def _one_of(*names: str) -> Form:
    return lambda value: isinstance(value, str) and value in names


def _maybe(form: Form) -> Form:
    return lambda value: value is None or form(value)


def _each(form: Form) -> Form:
    return lambda value: isinstance(value, list) and all(map(form, value))


def _some(form: Form) -> Form:
    return lambda value: isinstance(value, list) and value != [] and all(map(form, value))


def _named(names: Iterable[str], form: Form) -> Form:
    """Nothing but values of that form, under some of those names."""
    return lambda value: isinstance(value, dict) and value.keys() <= {*names} and all(map(form, value.values()))


def _fields(must: Mapping[str, Form], may: Mapping[str, Form] | None = None) -> Form:
    """Those of ``must`` are there; those of ``may`` can be left out; other fields are ignored."""
    known = {**must, **(may or {})}
    return lambda value: (
        isinstance(value, dict)
        and must.keys() <= value.keys()
        and all(form(value[name]) for name, form in known.items() if name in value)
    )


_VERDICT = _fields({"headline": _text}, {"kind": _text, "sentences": _each(_text)})
_STYLE_COMPARED = tuple(entry.key for entry in STYLE_METRICS if entry.compared)
_INTERVALS = _fields({}, dict.fromkeys((*COMPARED, *_STYLE_COMPARED), _interval))
_SHARED = {"verdict": _maybe(_VERDICT), "difference": _INTERVALS}


def _row(systems: Iterable[str], scores: Form) -> Form:
    return _fields({"system": _one_of(*systems), "title": _text, "scores": scores, "intervals": _INTERVALS})


_SCORES = _fields(dict.fromkeys(COMPARED, is_figure))
_FINDING = _fields({"start": _count, "end": _count})
_FINDINGS = {entry.name: _each(_FINDING) for entry in METRICS if entry.findings}
_WRITTEN = _fields({"text": _text, "scores": _SCORES}, {"cut": _flag, **_FINDINGS})
_SOURCE = _fields({"source": _text, "reference": _text, "systems": _named(SYSTEMS, _WRITTEN)})
_SUMMARY = _fields(
    {"n": _count, "rows": _some(_row(SYSTEMS, _SCORES))},
    {
        **_SHARED,
        "differences": _named(SYSTEMS, _INTERVALS),
        "texts": _each(_SOURCE),
        "best": _each(_count),
        "worst": _each(_count),
        "read": _each(_count),
    },
)

_VOICES = (*SYSTEMS, HUMAN)
_MEASURE = {entry.key: _count if entry.whole else is_figure for entry in STYLE_METRICS}
_MEASURES = _fields(
    {entry.key: _MEASURE[entry.key] for entry in STYLE_METRICS if entry.on_people and not entry.optional},
    {entry.key: _MEASURE[entry.key] for entry in STYLE_METRICS if not entry.on_people or entry.optional},
)
_RUN = _fields({"length": _count, "start": _count, "end": _count})
_SAID = _fields({"text": _text}, {"cut": _flag, **{entry.key: _RUN for entry in STYLE_METRICS if entry.highlight}})
_GOES_ON = _named(_VOICES, _SAID)


def _sample(value: Any) -> bool:
    said = dict(value) if isinstance(value, dict) else {}
    return _text(said.pop("beginning", None)) and _GOES_ON(said)


_STYLE = _fields({"n": _count, "rows": _some(_row(_VOICES, _MEASURES))}, {**_SHARED, "samples": _each(_sample)})
