"""A result of an exam is read back as anybody may have left it: what a page could not draw is refused as a whole."""

import json
import math
import pickle

import pytest

from poetas.evaluation.evaluation_result import ResultUnreadable, checked
from poetas.evaluation.report import EvaluationData, report, scored
from widgets.train.evaluation.score_sheet import ScoreSheet

SOURCES = [f"El intendente de Salta abrió {n} plazas el lunes. Hubo música." for n in range(2)]
REFERENCES = [f"Salta tiene {n} plazas nuevas." for n in range(2)]
TEXTS = {"base": ["No sé."] * 2, "tuned": ["En Salta, Elvira abrió 99 plazas."] * 2}


def summary():
    exam = EvaluationData(SOURCES, REFERENCES, TEXTS)
    return {"task": "summary", **report(exam, scored(exam))}


def style():
    interval = {"mean": 3.1, "low": 2.9, "high": 3.3, "n": 12, "confidence": 0.95}
    scores = {"copied": 3, "repetition": 0.01}
    copied = {"length": 4, "start": 1, "end": 20}
    return {
        "task": "style",
        "n": 12,
        "rows": [
            {"system": "human", "title": "Una persona", "scores": scores, "intervals": {}},
            {"system": "base", "title": "Base", "scores": {"loss": 4.1, **scores}, "intervals": {"loss": interval}},
            {"system": "tuned", "title": "Mío", "scores": {"loss": 3.1, **scores}, "intervals": {"loss": interval}},
        ],
        "difference": {"loss": {**interval, "low": -2.0, "high": -1.0}},
        "verdict": {"kind": "improved", "headline": "Mejoró.", "sentences": ["Porque sí."]},
        "samples": [{"beginning": "Cuando baja", "human": {"text": "el río", "copied": copied}}] * 2,
    }


RESULTS = {name: json.loads(json.dumps(make())) for name, make in (("summary", summary), ("style", style))}


def draw(result, sheet):
    """Look at what a page shows of a result."""
    sheet.value = result
    for index in range(len(result.get("texts", []))):
        sheet.reader.value = index
        for row in range(len(result["rows"])):
            sheet.table.pick(row, (2 * index + row) % 4)
    for button in (sheet.reader.best, sheet.reader.worst, sheet.style.after):
        button.click()


@pytest.mark.parametrize("name", RESULTS)
def test_what_an_exam_came_to_is_as_it_was(name):
    assert checked(RESULTS[name]) is RESULTS[name]
    draw(RESULTS[name], ScoreSheet())


@pytest.mark.parametrize(
    "broken",
    [None, 7, [], {}, {"rows": []}, {"rows": [1, 2]}, {"rows": [{"system": "tuned"}], "n": 4}, {"rows": {"a": 1}}],
)
def test_something_else_is_refused_with_the_exam_as_its_remedy(broken):
    with pytest.raises(ResultUnreadable) as refused:
        checked(broken)
    assert refused.value.explanation.action == "restart"


def places(value, path=()):
    """Every place in a JSON value, of the first two of each list."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*path, key))


def put(result, path, value):
    """Return a result with one value in another's place; None as the value takes it away from a dictionary."""
    changed = pickle.loads(pickle.dumps(result))  # a copy of all levels, in a fifth of the time of `copy`
    entry = changed
    for key in path[:-1]:
        entry = entry[key]
    if value is put and isinstance(entry, dict):
        del entry[path[-1]]
    else:
        entry[path[-1]] = None if value is put else value
    return changed


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize(
    "other",
    [put, None, True, -7, 1e400, math.nan, "<img>", [1], {"x": 1}],
    ids=lambda value: "gone" if value is put else repr(value),
)
def test_what_is_taken_can_be_drawn_whatever_stands_in_a_place(name, other):
    """One value after another is taken away or replaced: it is refused, or drawn without an exception."""
    refused, sheet = 0, ScoreSheet()
    for path in places(RESULTS[name]):
        if not path:
            continue
        result = put(RESULTS[name], path, other)
        try:
            checked(result)
        except ResultUnreadable:
            refused += 1
        else:
            draw(result, sheet)
    assert refused
