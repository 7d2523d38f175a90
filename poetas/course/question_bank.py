"""Question bank in use: ``items/LANGUAGE.toml``, or the instructor's file (`POETAS_ITEMS`, or the class plan's)."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from poetas.course.class_plan import current_plan, plan_problem
from poetas.course.items_file import BrokenItemsFile, read_bank
from poetas.course.question_items import QuestionBank
from poetas.errors import Explanation
from poetas.i18n import language

ITEMS = Path(__file__).with_name("items")
VARIABLE = "POETAS_ITEMS"


def own_file() -> Path | None:
    """Return the instructor's file that `POETAS_ITEMS` names, else that of the class plan; None where there is none."""
    given = os.environ.get(VARIABLE, "").strip()
    return Path(given).expanduser() if given else current_plan().items


def current_bank() -> QuestionBank:
    """Return the items in use: the instructor's, or the course's own where there are none or they cannot be used."""
    return _current()[0]


def bank_problem() -> Explanation | None:
    """Return why the class plan or the instructor's file is not in use, None where they are or there are none."""
    return plan_problem() or _current()[1]


def _current() -> tuple[QuestionBank, Explanation | None]:
    path = own_file()
    return _loaded(path, language(), _changed(path))


def _changed(path: Path | None) -> float:
    try:
        return path.stat().st_mtime if path is not None else 0.0
    except OSError:
        return 0.0


@lru_cache(maxsize=4)
def _loaded(path: Path | None, spoken: str, _modified: float) -> tuple[QuestionBank, Explanation | None]:
    course = ITEMS / f"{spoken}.toml"
    course = course if course.parent == ITEMS and course.is_file() else ITEMS / "es.toml"
    if path is None:
        return read_bank(course), None
    try:
        return read_bank(path, source="own"), None
    except BrokenItemsFile as error:
        return read_bank(course), error.explanation
