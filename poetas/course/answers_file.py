"""Answers file: a project's state in, the JSON that a learner hands to the instructor out.

It holds what was chosen, measured and written in «Contanos», and nothing of the learner's texts, datasets or models: no
word of a bet, no name of a file. The only free text is `feedback.text`, which the learner wrote for it.

Schema, version 2 (`SCHEMA`). Every key is there; a value that is not known is null, an empty string, list or object::

    {
      "kind": "poetas-answers",
      "schema": 2,
      "app_version": "0.1.0",
      "exported": "2026-11-29T22:10:00+00:00",          ISO 8601, UTC, whole seconds
      "language": "es",
      "learner": "9f3c0a…",                             16 hexadecimal digits, drawn once a project; names no person
      "own_texts": true | false | null,                 whether a dataset of the project was made from the learner's own
                                                        file, no sample; null: there is none, or none says it
      "items": {"source": "course" | "own",             own: of an instructor's file
                "sha256": "…"},                         of that file: the same one, the same items
      "apps": {                                         always the three, in the order of the course
        "conocer": {
          "steps": [{"step": "proxima",                 all steps of the page, in its order
                     "finished": true,
                     "seconds": 132.5}],                in use; gaps without activity are left out
          "questionnaires": {
            "before": null |                            never opened, or of another edition of the items
                      {"form": "A" | "B",
                       "submitted": true,               false: half-filled, or skipped
                       "skipped": false,                «Ahora no»
                       "time": "…",
                       "answers": [{"item": "…", "concept": "…",
                                    "choice": 2,        index of the option in the file of items
                                    "right": true}]},
            "after": …                                  the same; the other form
          },
          "gains": [{"concept": "…",                    of each concept, from submitted questionnaires
                     "before": true | false | null,     null: not answered
                     "after": true | false | null}],
          "questions": [{"item": "…", "concept": "…", "step": "…",
                         "choice": 0,                   the first choice, before any feedback
                         "right": false,                whether that one was right
                         "tries": 2}],                  options tried
          "bets": [{"bet": "…", "step": "…",
                    "won": true | false | null}],       null: nothing to compare
          "feedback": {"clarity": 4, "difficulty": 2,   1 to 5, or null
                       "usefulness": 5, "trust": 3,
                       "text": "…"}
        },
        "preparar": …, "entrenar": …
      },
      "exercises": {"…": {"solved": true, "hints": 1, "answer_seen": false}},
      "errors": {"out-of-memory": 2}                    error cards met, by code
    }
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import poetas
from poetas.course.app_steps import app_steps, finished_name
from poetas.course.course_record import APPS, Part, course_entries
from poetas.course.question_bank import current_bank
from poetas.course.question_items import QuestionBank
from poetas.course.sittings import AFTER, BEFORE, MOMENTS, Learner, Sitting, gains
from poetas.data.storage.dataset_summary import DatasetSummary, summary_of
from poetas.data.storage.samples import own_texts
from poetas.i18n import language
from poetas.util.files import is_figure, write_text

KIND, SCHEMA = "poetas-answers", 2
SCALES = ("clarity", "difficulty", "usefulness", "trust")
LOWEST, HIGHEST = 1, 5
LONGEST_TEXT = 4_000  # characters of free text
_NAME = re.compile(r"[a-z0-9]+([-._][a-z0-9]+)*")  # ids and codes: a state that was tampered with exports no sentence
_MOST = 500  # entries of each part


def answers(
    state: Mapping[str, Any],
    *,
    prepared: Sequence[DatasetSummary] = (),
    bank: QuestionBank | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Return the content of the answers file for a project's state, as the schema above says.

    prepared: the project's datasets beside the one in use.
    """
    origins = {own_texts(dataset) for dataset in (summary_of(state), *prepared)} - {None}
    bank = bank or current_bank()
    learner = Learner.read(state)
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "app_version": poetas.__version__,
        "exported": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "language": language(),
        "learner": learner.code if learner is not None else "",
        "own_texts": True in origins if origins else None,
        "items": {"source": bank.source, "sha256": bank.sha256},
        "apps": {app: _of_app(state, app, bank) for app in APPS},
        "exercises": _exercises(state, bank),
        "errors": {code: count for code, count in _named(course_entries(state, Part.ERRORS)).items() if _count(count)},
    }


def answers_text(content: Mapping[str, Any]) -> str:
    """Return the file's text: what the page shows is what is saved."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def write_answers(content: Mapping[str, Any], folder: Path) -> Path:
    """Write the file into a folder, which exists, and return its path. Raises OSError."""
    name = f"respuestas-{content['learner'][:8] or 'sin-codigo'}-{content['exported'][:10]}.json"
    path = folder / name
    write_text(path, answers_text(content))
    return path


def feedback_of(state: Mapping[str, Any], app: str) -> dict[str, Any]:
    """Return what was marked and written in «Contanos»; None for a scale without a mark."""
    kept = course_entries(state, Part.FEEDBACK, app)
    text = kept.get("text")
    marks = {scale: kept[scale] if is_mark(kept.get(scale)) else None for scale in SCALES}
    return {**marks, "text": text[:LONGEST_TEXT] if isinstance(text, str) else ""}


def is_mark(value: object) -> bool:
    """Tell whether a value is a mark on a scale.

    >>> is_mark(5), is_mark(True), is_mark(0), is_mark("3")
    (True, False, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def _of_app(state: Mapping[str, Any], app: str, bank: QuestionBank) -> dict[str, Any]:
    sittings = {moment: Sitting.read(state, app, moment, bank) for moment in MOMENTS}
    return {
        "steps": _steps(state, app),
        "questionnaires": {moment: _sitting(sitting, app, bank) for moment, sitting in sittings.items()},
        "gains": [
            {"concept": gain.concept, "before": gain.before, "after": gain.after}
            for gain in gains(app, sittings[BEFORE], sittings[AFTER], bank)
        ],
        "questions": _questions(state, app, bank),
        "bets": _bets(state, app),
        "feedback": feedback_of(state, app),
    }


def _steps(state: Mapping[str, Any], app: str) -> list[dict[str, Any]]:
    finished = state.get("steps")
    finished = finished if isinstance(finished, list) else []
    times = course_entries(state, Part.TIMES, app)
    return [
        {
            "step": step,
            "finished": finished_name(app, step) in finished,
            "seconds": round(float(times[step]), 1) if is_figure(times.get(step)) and times[step] > 0 else 0.0,
        }
        for step in app_steps(app)
    ]


def _sitting(sitting: Sitting | None, app: str, bank: QuestionBank) -> dict[str, Any] | None:
    if sitting is None or not sitting.is_of(bank):
        return None
    chosen = [(item, sitting.choices[item.id]) for item in bank.form(app, sitting.form) if item.id in sitting.choices]
    return {
        "form": sitting.form,
        "submitted": sitting.submitted,
        "skipped": sitting.skipped,
        "time": sitting.time,
        "answers": [
            {"item": item.id, "concept": item.concept, "choice": choice, "right": choice == item.right}
            for item, choice in chosen
        ],
    }


def _questions(state: Mapping[str, Any], app: str, bank: QuestionBank) -> list[dict[str, Any]]:
    kept = course_entries(state, Part.QUESTIONS)
    rows = []
    for item in bank.items.values():
        entry = kept.get(item.id)
        if item.app != app or not item.step or not isinstance(entry, Mapping):
            continue
        choice, tries = entry.get("choice"), entry.get("tries")
        if isinstance(choice, int) and not isinstance(choice, bool) and 0 <= choice < len(item.options):
            rows.append(
                {
                    "item": item.id,
                    "concept": item.concept,
                    "step": item.step,
                    "choice": choice,
                    "right": choice == item.right,
                    "tries": tries if _count(tries) else 1,
                }
            )
    return rows


def _bets(state: Mapping[str, Any], app: str) -> list[dict[str, Any]]:
    """The bets of an app without a word of what was bet: that may be the learner's own."""
    return [
        {"bet": name, "step": step if is_name(step := entry.get("step")) else "", "won": won}
        for name, entry in _named(course_entries(state, Part.BETS)).items()
        if isinstance(entry, Mapping) and entry.get("app") == app
        for won in [entry.get("won")]
        if won is None or isinstance(won, bool)
    ]


def _exercises(state: Mapping[str, Any], bank: QuestionBank) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "solved": entry.get("solved") is True,
            "hints": entry["hints"] if _count(entry.get("hints")) else 0,
            "answer_seen": entry.get("answer_seen") is True,
        }
        for name, entry in course_entries(state, Part.EXERCISES).items()
        if name in bank.exercises and isinstance(entry, Mapping)
    }


def _named(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries whose keys are names, not texts."""
    return {name: value for name, value in list(entries.items())[:_MOST] if is_name(name)}


def is_name(value: object) -> bool:
    """Tell whether a value is an id or a code, as the file has them.

    >>> is_name("conocer-azar-a"), is_name("Mi abuela"), is_name(3)
    (True, False, False)
    """
    return isinstance(value, str) and len(value) <= 60 and _NAME.fullmatch(value) is not None  # noqa: PLR2004


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000  # noqa: PLR2004
