"""The answers file: what it holds of a project's state, and that nothing of the learner's texts gets into it."""

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from poetas.course import answers_file
from poetas.course.answers_file import answers, answers_text, write_answers
from poetas.course.course_record import Part, course_path
from poetas.course.question_bank import current_bank
from poetas.course.sittings import AFTER, BEFORE, LEARNER, Learner, Sitting, gains
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.data.storage.samples import sample
from poetas.data.storage.state_scopes import with_values
from poetas.util.files import sha256

NOW = datetime(2026, 11, 29, 22, 10, 5, 123, tzinfo=UTC)
SECRET = "mi abuela Delfina vivía en la calle Rivadavia"


def sitting(learner, moment, *, right, app="conocer", **kept):
    """Answer the form of a moment: the first items right, the others wrong."""
    items = current_bank().form(app, learner.form(moment))
    choices = {
        item.id: item.right if index < right else (item.right + 1) % len(item.options)
        for index, item in enumerate(items)
    }
    return Sitting(learner.form(moment), choices, **{"submitted": True, "time": "2026-11-29T22:00:00+00:00", **kept})


@pytest.fixture
def learner():
    return Learner.draw(random.Random(3))


@pytest.fixture
def state(learner):
    return with_values(
        {"steps": ["proxima", "contanos@conocer"], "model": SECRET, "verse": SECRET},
        {
            LEARNER: learner.value(),
            course_path(Part.QUESTIONNAIRES, "conocer", BEFORE): sitting(learner, BEFORE, right=2).value(),
            course_path(Part.QUESTIONNAIRES, "conocer", AFTER): sitting(learner, AFTER, right=4).value(),
            course_path(Part.QUESTIONS): {"paso-azar": {"choice": 1, "right": False, "tries": 2}},
            course_path(Part.BETS): {
                "tokens": {"app": "preparar", "step": "tokens", "question": "¿Cuántos?", "bet": SECRET, "won": True},
                SECRET: {"app": "preparar", "step": "tokens", "won": False},
            },
            course_path(Part.EXERCISES): {
                "casi-seguro": {"solved": True, "hints": 1, "answer_seen": False, "text": SECRET}
            },
            course_path(Part.FEEDBACK, "conocer"): {"clarity": 4, "trust": 9, "text": "Me gustó."},
            course_path(Part.TIMES, "conocer"): {"proxima": 132.46, "azar": -3},
            course_path(Part.ERRORS): {"out-of-memory": 2, SECRET: 1},
        },
    )


def test_the_file_has_what_was_answered_and_done(state, learner):
    content = json.loads(answers_text(answers(state, now=NOW)))
    assert (content["kind"], content["schema"], content["exported"]) == (
        "poetas-answers",
        2,
        "2026-11-29T22:10:05+00:00",
    )
    assert content["learner"] == learner.code
    assert content["items"] == {"source": "course", "sha256": current_bank().sha256}
    app = content["apps"]["conocer"]
    steps = {row["step"]: row for row in app["steps"]}
    assert steps["proxima"] == {"step": "proxima", "finished": True, "seconds": 132.5}
    assert steps["azar"] == {"step": "azar", "finished": False, "seconds": 0.0}
    before, after = app["questionnaires"]["before"], app["questionnaires"]["after"]
    assert {before["form"], after["form"]} == {"A", "B"}
    assert [sum(row["right"] for row in sitting["answers"]) for sitting in (before, after)] == [2, 4]
    assert [(gain["before"], gain["after"]) for gain in app["gains"]] == [
        (True, True), (True, True), (False, True), (False, True), (False, False)
    ]  # fmt: skip
    asked = {"item": "paso-azar", "concept": "azar", "step": "azar", "choice": 1, "right": False, "tries": 2}
    assert app["questions"] == [asked]
    marks = {"clarity": 4, "difficulty": None, "usefulness": None, "trust": None, "text": "Me gustó."}
    assert app["feedback"] == marks
    assert content["apps"]["preparar"]["bets"] == [{"bet": "tokens", "step": "tokens", "won": True}]
    assert content["exercises"] == {"casi-seguro": {"solved": True, "hints": 1, "answer_seen": False}}
    assert content["errors"] == {"out-of-memory": 2}


def test_whether_the_texts_were_her_own_is_a_yes_or_no_and_null_where_nobody_knows(tmp_path):
    assert answers({}, now=NOW)["own_texts"] is None
    for checksum, own in ((sha256(sample("coplas").path), False), ("f" * 64, True), (7, None)):
        parts = {part: pd.DataFrame({"text": ["Delfina."]}) for part in ("train", "validation", "test")}
        record = {"format": 1, "task": "style", "counts": dict.fromkeys(parts, 1), "source": {"sha256": checksum}}
        folder = save_tables(parts, record, tmp_path, "conjunto").folder
        content = answers({"dataset": str(folder)}, now=NOW)
        assert content["own_texts"] is own
        assert "Delfina" not in answers_text(content)
    own, lent = (DatasetSummary(tmp_path, "x", "style", {}, 0, "", "", source_sha256=checksum)
                 for checksum in ("f" * 64, sha256(sample("coplas").path)))  # fmt: skip
    assert answers({}, prepared=[lent, own], now=NOW)["own_texts"] is True, "she prepared some, whatever is in use now"
    assert answers({}, prepared=[lent], now=NOW)["own_texts"] is False


def test_nothing_of_the_learners_texts_is_in_it(state):
    assert "Delfina" not in answers_text(answers(state, now=NOW))


def test_the_schema_of_the_docstring_is_what_is_written(state):
    said = set(re.findall(r'"(\w+)":', answers_file.__doc__))
    written = set()

    def gather(value):
        if isinstance(value, dict):
            written.update(value)
            for inner in value.values():
                gather(inner)
        for inner in value if isinstance(value, list) else ():
            gather(inner)

    gather(answers(state, now=NOW))
    assert written - {"out-of-memory", "casi-seguro"} == said - {"out-of-memory"}


DAMAGED = [
    {},
    {"course": 7, "steps": 3},
    {"course": {part.value: 5 for part in Part} | {"learner": "yo"}},
    {"course": {part.value: {"conocer": [1], "preparar": {"before": {"form": "Z"}}} for part in Part}},
    {
        "course": {
            "questionnaires": {"conocer": {"before": {"form": "A", "choices": {"conocer-apuesta-a": 99}, "time": 1}}}
        }
    },
    {"course": {"questionnaires": {"conocer": {"before": {"form": "A", "choices": {"conocer-apuesta-a": True}}}}}},
    {"course": {"questions": {"paso-azar": {"choice": 10**30, "tries": "NaN"}}, "errors": {"x": float("nan")}}},
    {
        "course": {
            "times": {"conocer": {"proxima": float("inf")}},
            "feedback": {"conocer": {"text": ["a"], "clarity": 1e9}},
        }
    },
]


@pytest.mark.parametrize("state", DAMAGED)
def test_a_damaged_state_gives_an_empty_file_and_no_error(state):
    content = answers(state, now=NOW)
    json.loads(answers_text(content), parse_constant=pytest.fail)
    app = content["apps"]["conocer"]
    sat = [row for row in app["questionnaires"].values() if row and row["answers"]]
    assert (sat, app["questions"], content["errors"]) == ([], [], {})
    assert all(row["seconds"] == 0 for row in app["steps"])


def test_a_questionnaire_counts_once_it_was_handed_in(learner):
    bank = current_bank()
    before, half = sitting(learner, BEFORE, right=5), sitting(learner, AFTER, right=5, submitted=False)
    assert {gain.after for gain in gains("conocer", before, half, bank)} == {None}
    assert {gain.before for gain in gains("conocer", before, half, bank)} == {True}


def test_an_exercise_that_the_course_no_longer_has_is_not_exported(state):
    state = with_values(state, {course_path(Part.EXERCISES, "uno-viejo"): {"solved": True}})
    assert set(answers(state, now=NOW)["exercises"]) == {"casi-seguro"}


def test_answers_to_another_edition_of_the_items_are_compared_with_nothing(state, learner):
    bank = current_bank()
    other = sitting(learner, BEFORE, right=5, items="0" * 64).value()
    state = with_values(state, {course_path(Part.QUESTIONNAIRES, "conocer", BEFORE): other})
    before, after = (Sitting.read(state, "conocer", moment, bank) for moment in (BEFORE, AFTER))
    assert before.submitted
    assert before.choices == {}
    assert {gain.before for gain in gains("conocer", before, after, bank)} == {None}
    assert answers(state, now=NOW)["apps"]["conocer"]["questionnaires"]["before"] is None


def test_forms_are_counterbalanced_by_a_draw():
    drawn = [Learner.draw(random.Random(seed)) for seed in range(200)]
    assert 70 < sum(learner.first == "A" for learner in drawn) < 130
    assert all(learner.form(BEFORE) != learner.form(AFTER) for learner in drawn)
    assert len({learner.code for learner in drawn}) == 200
    state = with_values({}, {LEARNER: drawn[0].value()})
    assert Learner.read(state) == drawn[0]


def test_the_file_is_written_as_it_is_shown(state, tmp_path):
    content = answers(state, now=NOW)
    path = write_answers(content, tmp_path)
    assert path.read_text("utf-8") == answers_text(content)
    assert re.fullmatch(r"respuestas-[0-9a-f]{8}-2026-11-29\.json", path.name)
    assert [entry.name for entry in Path(tmp_path).iterdir()] == [path.name]
