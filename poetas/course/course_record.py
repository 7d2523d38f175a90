"""Course record: where a project's state keeps bets, answers, exercises, feedback and times, and how it is read.

Components write with `PageContext.save_at({course_path(Part.BETS, "tokens"): {...}})`, which keeps what the disk
refuses and merges what other pages wrote, and read with `course_entries(context.state(), Part.BETS)`. Values are JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from poetas.data.storage.state_scopes import KeyPath, value_at

ROOT = "course"  # key of the project's state
APPS = ("conocer", "preparar", "entrenar")  # in the order of the course


class Part(StrEnum):
    """What the record keeps, and the keys below it.

    BETS: bet -> app, step, question, bet, outcome, won (None where nothing can be right), miss, sentence (the answer),
    time, all of the first time it was made; times (how often); about (names of what came out); last (about, sentence,
    won: of the last such answer). Question, bet, outcome and sentence may hold the learner's words. Kept by `bets`,
    read by `made_bets`.
    QUESTIONS: item -> choice (the first), right, tries, time. EXERCISES: exercise -> solved, hints, answer_seen, time.
    QUESTIONNAIRES: app -> "before" or "after" -> form, choices (item -> option), submitted, skipped, time,
    items (see `poetas.course.sittings`). FEEDBACK: app -> scales and free text (see `poetas.course.answers_file`).
    TIMES: app -> step -> seconds. ERRORS: code of an error card -> count.
    """

    BETS = "bets"
    QUESTIONS = "questions"
    EXERCISES = "exercises"
    QUESTIONNAIRES = "questionnaires"
    FEEDBACK = "feedback"
    TIMES = "times"
    ERRORS = "errors"


def course_path(part: Part, *keys: str) -> KeyPath:
    """Return where a value is in the project's state.

    >>> course_path(Part.QUESTIONNAIRES, "conocer", "before")
    ('course', 'questionnaires', 'conocer', 'before')
    """
    return (ROOT, part.value, *keys)


def course_entries(state: Mapping[str, Any], part: Part, *keys: str) -> dict[str, Any]:
    """Return the entries of a part, empty where there are none or where the file was damaged.

    >>> course_entries({"course": {"bets": {"tokens": {"bet": "12"}}}}, Part.BETS)
    {'tokens': {'bet': '12'}}
    >>> course_entries({"course": 7}, Part.BETS)
    {}
    """
    value = value_at(state, course_path(part, *keys))
    return dict(value) if isinstance(value, Mapping) else {}
