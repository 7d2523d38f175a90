"""Check of an exported answers file: JSON of unknown origin in, checked answers or the reason against them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from poetas.course.answers_file import KIND, LONGEST_TEXT, SCALES, SCHEMA, is_mark, is_name
from poetas.course.course_record import APPS
from poetas.course.question_items import FORMS, Item, QuestionBank
from poetas.course.sittings import AFTER, BEFORE, MOMENTS
from poetas.i18n import _, number
from poetas.util.files import is_figure

EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)  # before the course was written
AHEAD = timedelta(days=1)  # a clock may go that wrong
LONGEST_STEP = 100 * 3600.0  # seconds in one step
_MOST = 500  # entries of a list
_MOST_TIMES = 1_000_000  # a count
_SHA256, _CODE, _SHORT = 64, 16, 40  # characters
_FILE = {"kind", "schema", "app_version", "exported", "language", "learner", "own_texts", "items", "apps", "exercises"}
_FILE |= {"errors"}
_APP = {"steps", "questionnaires", "gains", "questions", "bets", "feedback"}
_HEXADECIMAL = set("0123456789abcdef")


class Rejected(Exception):
    """Why a file is left out, in a sentence without its first capital."""


def check_answers(content: Any, bank: QuestionBank, now: datetime) -> dict[str, Any]:
    """Return the content, whose types and values are those of the schema. Raises `Rejected`.

    What it says of what is right is compared with the bank; its ``gains`` are not read by anybody.
    """
    if not isinstance(content, Mapping) or content.get("kind") != KIND:
        raise Rejected(_("no es un archivo de respuestas de este curso"))
    schema = content.get("schema")
    if schema is True or schema != SCHEMA:
        shown = number(schema) if is_figure(schema) else "?"
        raise Rejected(_("es de otra versión del formato ({n}; acá se lee la {ours})").format(n=shown, ours=SCHEMA))
    _keys(content, _FILE)
    exported = _time(content["exported"])
    if exported is None or not EARLIEST <= exported <= now + AHEAD:
        raise Rejected(_("dice que se guardó en una fecha imposible"))
    learner = content["learner"]
    _need(_is_hexadecimal(learner, _CODE) or learner == "")
    _need(_is_short(content["app_version"]) and _is_short(content["language"]))
    _need(content["own_texts"] is None or isinstance(content["own_texts"], bool))
    _keys(content["items"], {"source", "sha256"})
    _need(_is_hexadecimal(content["items"]["sha256"], _SHA256))
    if content["items"]["sha256"] != bank.sha256:
        raise Rejected(_("contestó otra edición de las preguntas que la que usa este informe"))
    _keys(content["apps"], set(APPS))
    for app in APPS:
        _check_app(content["apps"][app], app, bank, exported)
    _one_order(content["apps"])
    _check_exercises(content["exercises"], bank)
    _need(_is_named(content["errors"]) and all(_is_count(count, 1) for count in content["errors"].values()))
    return dict(content)


def _check_app(app_answers: Any, app: str, bank: QuestionBank, exported: datetime) -> None:
    _keys(app_answers, _APP)
    for step in _rows(app_answers["steps"], {"step", "finished", "seconds"}, "step"):
        _need(isinstance(step["finished"], bool) and is_figure(step["seconds"]))
        if not 0 <= step["seconds"] <= LONGEST_STEP:
            raise Rejected(_("tiene tiempos imposibles"))
    _keys(app_answers["questionnaires"], set(MOMENTS))
    sittings = [app_answers["questionnaires"][moment] for moment in MOMENTS]
    for sitting in sittings:
        if sitting is not None:
            _check_sitting(sitting, app, bank, exported)
    _check_pair(*sittings)
    _need(isinstance(app_answers["gains"], list))
    for row in _rows(app_answers["questions"], {"item", "concept", "step", "choice", "right", "tries"}, "item"):
        item = _item(row, bank)
        if item.app != app or not item.step or row["step"] != item.step:
            raise Rejected(_("tiene respuestas a preguntas que no existen"))
        _need(_is_count(row["tries"], 1))
    for bet in _rows(app_answers["bets"], {"bet", "step", "won"}, "bet"):
        _need((is_name(bet["step"]) or bet["step"] == "") and (bet["won"] is None or isinstance(bet["won"], bool)))
    feedback = app_answers["feedback"]
    _keys(feedback, {*SCALES, "text"})
    _need(all(feedback[scale] is None or is_mark(feedback[scale]) for scale in SCALES))
    _need(isinstance(feedback["text"], str) and len(feedback["text"]) <= LONGEST_TEXT)


def _check_sitting(sitting: Any, app: str, bank: QuestionBank, exported: datetime) -> None:
    _keys(sitting, {"form", "submitted", "skipped", "time", "answers"})
    _need(sitting["form"] in FORMS and isinstance(sitting["submitted"], bool) and isinstance(sitting["skipped"], bool))
    if sitting["time"] != "":
        time = _time(sitting["time"])
        if time is None or not EARLIEST <= time <= exported + timedelta(minutes=1):
            raise Rejected(_("tiene tiempos imposibles"))
    for row in _rows(sitting["answers"], {"item", "concept", "choice", "right"}, "item"):
        item = _item(row, bank)
        if item.app != app or item.form != sitting["form"]:
            raise Rejected(_("tiene respuestas a preguntas que no existen"))


def _check_pair(before: Any, after: Any) -> None:
    if before is None or after is None:
        return
    if before["form"] == after["form"]:
        raise Rejected(_("no coincide consigo mismo: alguien lo cambió a mano"))


def _one_order(apps: Mapping[str, Any]) -> None:
    """Hold that the same form came first in all apps: it is drawn once."""
    firsts = set()
    for app in apps.values():
        for moment, sitting in app["questionnaires"].items():
            if sitting is not None:
                firsts.add(sitting["form"] if moment == BEFORE else {"A": "B", "B": "A"}[sitting["form"]])
    if len(firsts) > 1:
        raise Rejected(_("no coincide consigo mismo: alguien lo cambió a mano"))


def _check_exercises(exercises: Any, bank: QuestionBank) -> None:
    _need(_is_named(exercises))
    if not set(exercises) <= set(bank.exercises):
        raise Rejected(_("tiene respuestas a preguntas que no existen"))
    for entry in exercises.values():
        _keys(entry, {"solved", "hints", "answer_seen"})
        _need(isinstance(entry["solved"], bool) and isinstance(entry["answer_seen"], bool))
        _need(_is_count(entry["hints"], 0))


def _item(row: Mapping[str, Any], bank: QuestionBank) -> Item:
    """Return the item that a row answers; what is said to be right must be so."""
    item = bank.items.get(row["item"])
    if item is None or row["concept"] != item.concept:
        raise Rejected(_("tiene respuestas a preguntas que no existen"))
    choice = row["choice"]
    if not _is_count(choice, 0) or choice >= len(item.options) or row["right"] is not (choice == item.right):
        raise Rejected(_("no coincide consigo mismo: alguien lo cambió a mano"))
    return item


def _rows(value: Any, keys: set[str], name: str) -> Sequence[Mapping[str, Any]]:
    """Return a list of objects with these keys, no name of which stands twice."""
    _need(isinstance(value, list) and len(value) <= _MOST)
    for row in value:
        _keys(row, keys)
        _need(is_name(row[name]))
    _need(len({row[name] for row in value}) == len(value))
    checked: Sequence[Mapping[str, Any]] = value
    return checked


def _keys(value: Any, expected: set[str]) -> None:
    _need(isinstance(value, Mapping) and set(value) == expected)


def _need(fits: bool) -> None:  # noqa: FBT001
    if not fits:
        raise Rejected(_("no tiene la forma de los archivos que guarda el programa"))


def _time(value: Any) -> datetime | None:
    """Parse an ISO 8601 time with its zone.

    >>> _time("2026-11-29T22:10:00+00:00").hour, _time("2026-11-29T22:10:00"), _time(7)
    (22, None, None)
    """
    try:
        time = datetime.fromisoformat(value) if _is_short(value) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _SHORT


def _is_hexadecimal(value: Any, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= _HEXADECIMAL


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST_TIMES


def _is_named(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) <= _MOST and all(is_name(name) for name in value)


def same_answers(first: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two exports of a learner agree on the questionnaires that were handed in at the same moment."""
    for app in APPS:
        for moment in (BEFORE, AFTER):
            left, right = (answers["apps"][app]["questionnaires"][moment] for answers in (first, other))
            handed_in = left and right and left["submitted"] and right["submitted"] and left["time"] == right["time"]
            if handed_in and left != right:
                return False
    return True
