"""Results of a class: checked exports in; gains, marks, times, bets, hints and comments with their counts out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median, quantiles

from poetas.course.answers_file import SCALES
from poetas.course.app_steps import app_steps
from poetas.course.class_gains import Answers, concept_gain, item_gain, whole_gain
from poetas.course.class_result_types import (
    AppResults,
    ClassResults,
    ErrorResult,
    ExerciseResult,
    QuestionResult,
    ScaleResult,
    Share,
    StepResult,
)
from poetas.course.course_record import APPS
from poetas.course.question_items import QuestionBank
from poetas.course.sittings import AFTER, BEFORE
from poetas.evaluation.bootstrap import mean_interval


def class_results(answers: Sequence[Answers], bank: QuestionBank) -> ClassResults:
    """Compute the results of checked exports."""
    days = sorted(_moment(export["exported"]).date().isoformat() for export in answers)
    return ClassResults(
        len(answers),
        Share.of(export["own_texts"] for export in answers if export["own_texts"] is not None),
        (days[0], days[-1]) if days else ("", ""),
        tuple(_app_results([export["apps"][app] for export in answers], app, bank) for app in APPS),
        _exercises(answers, bank),
        _errors(answers),
    )


def _moment(time: str) -> datetime:
    """Return a checked time, in any form of ISO 8601, in UTC."""
    return datetime.fromisoformat(time).astimezone(UTC)


def _app_results(own: Sequence[Answers], app: str, bank: QuestionBank) -> AppResults:
    sittings = [
        (_handed_in(export, BEFORE, app, bank), _handed_in(export, AFTER, app, bank))
        for export in own
        if _in_order(export["questionnaires"])
    ]
    both = [(before, after) for before, after in sittings if before is not None and after is not None]
    concepts = dict.fromkeys(item.concept for item in bank.form(app, "A"))
    items = [item for form in ("A", "B") for item in bank.form(app, form)]
    return AppResults(
        app,
        sum(any(step["seconds"] > 0 or step["finished"] for step in export["steps"]) for export in own),
        whole_gain(both, len(concepts)),
        tuple(concept_gain(both, concept) for concept in concepts),
        tuple(item_gain(sittings, item.id) for item in items),
        _questions(own, app, bank),
        tuple(_scale(own, scale) for scale in SCALES),
        _steps(own, app),
        _bets(own),
        _comments(own),
    )


def _in_order(questionnaires: Answers) -> bool:
    """Tell whether what came before was not handed in late: those answers would have known what came after."""
    before, after = questionnaires[BEFORE], questionnaires[AFTER]
    if any(sitting is None or not sitting["submitted"] or not sitting["time"] for sitting in (before, after)):
        return True
    return _moment(before["time"]) <= _moment(after["time"])


def _handed_in(export: Answers, moment: str, app: str, bank: QuestionBank) -> Answers | None:
    """Return a questionnaire that was handed in as {item: concept and right}, None where it was not.

    A question left blank counts as not right: the page tells learners to leave blank what they do not know.
    """
    sitting = export["questionnaires"][moment]
    if sitting is None or not sitting["submitted"]:
        return None
    right = {row["item"]: row["right"] for row in sitting["answers"]}
    items = bank.form(app, sitting["form"])
    return {item.id: {"concept": item.concept, "right": right.get(item.id, False)} for item in items}


def _questions(own: Sequence[Answers], app: str, bank: QuestionBank) -> tuple[QuestionResult, ...]:
    rows: dict[str, list[Answers]] = {}
    for export in own:
        for row in export["questions"]:
            rows.setdefault(row["item"], []).append(row)
    return tuple(
        QuestionResult(
            item,
            Share.of(row["right"] for row in rows[item.id]),
            sum(row["tries"] for row in rows[item.id]) / len(rows[item.id]),
        )
        for item in bank.items.values()
        if item.app == app and item.id in rows
    )


def _scale(own: Sequence[Answers], scale: str) -> ScaleResult:
    marks = [mark for export in own if (mark := export["feedback"][scale]) is not None]
    counts = Counter(marks)
    return ScaleResult(scale, tuple(counts[mark] for mark in range(1, 6)), mean_interval(marks) if marks else None)


def _steps(own: Sequence[Answers], app: str) -> tuple[StepResult, ...]:
    rows: dict[str, list[Answers]] = {step: [] for step in app_steps(app)}
    for export in own:
        for row in export["steps"]:
            rows.setdefault(row["step"], []).append(row)
    results = []
    for step, own_rows in rows.items():
        seconds = sorted(float(row["seconds"]) for row in own_rows if row["seconds"] > 0)
        finished = Share.of(row["finished"] for row in own_rows)
        if seconds or finished.count:
            results.append(StepResult(step, finished, len(seconds), _quartiles(seconds)))
    return tuple(results)


def _quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) < 2:  # noqa: PLR2004
        only = values[0] if values else 0.0
        return only, only, only
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def _bets(own: Sequence[Answers]) -> tuple[tuple[str, Share], ...]:
    rows: dict[str, list[bool]] = {}
    for export in own:
        for bet in export["bets"]:
            if bet["won"] is not None:
                rows.setdefault(bet["bet"], []).append(bet["won"])
    return tuple((bet, Share.of(rows[bet])) for bet in sorted(rows))


def _comments(own: Sequence[Answers]) -> tuple[str, ...]:
    """Return the free texts in an order that tells nothing of whose they are."""
    texts = [text.strip() for export in own if (text := export["feedback"]["text"]).strip()]
    return tuple(sorted(texts, key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest()))


def _exercises(answers: Sequence[Answers], bank: QuestionBank) -> tuple[ExerciseResult, ...]:
    rows: dict[str, list[Answers]] = {}
    for export in answers:
        for name, row in export["exercises"].items():
            rows.setdefault(name, []).append(row)
    return tuple(
        ExerciseResult(
            exercise,
            Share.of(row["solved"] for row in own_rows),
            sum(row["hints"] for row in own_rows) / len(own_rows),
            sum(row["answer_seen"] for row in own_rows),
        )
        for exercise in bank.exercises.values()
        if (own_rows := rows.get(exercise.id))
    )


def _errors(answers: Sequence[Answers]) -> tuple[ErrorResult, ...]:
    counts: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for export in answers:
        counts.update(export["errors"])
        people.update(export["errors"].keys())
    return tuple(ErrorResult(code, count, people[code]) for code, count in counts.most_common())
