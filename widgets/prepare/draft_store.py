"""Storage of a draft in the project's state: read as untrusted input, merged with other pages' changes on writing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.util.files import safe_name
from widgets.core.page_context import PageContext

_COPY = re.compile(r"(?: \(\d{1,2}\)|-\d{1,2})$")  # "cartas (2)", as `publish_file` and browsers do; once "cartas-2"


class DraftStore:
    """The draft in the state of a context's project."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    def _stored(self) -> dict[str, Any]:
        state = self._context.state().get("draft")
        return state if isinstance(state, dict) and isinstance(state.get("source"), str) else {}

    def remembered(self) -> dict[str, Any]:
        """Return the choices, with the file's absolute path; {} where that file is gone."""
        state = self._stored()
        path = self._context.project.path / state.get("source", "")  # an absolute path stays as it is
        with suppress(OSError):  # an invalid file name
            if state and path.exists():
                return {**state, "source": str(path)}
        return {}

    def saved(self) -> dict[str, Any]:
        """Return the record of the dataset saved last, {} before; its file may be gone."""
        saved = self._stored().get("saved")
        return saved if isinstance(saved, dict) else {}

    def write(self, draft: Mapping[str, Any], changed: Collection[str]) -> None:
        """Write the choices. changed: names of those changed on this page.

        If the stored draft is of the same file, the others stay, because another page may have changed them.
        """
        path, home = Path(draft["source"]), self._context.project.path
        inside = str(path.relative_to(home)) if path.is_relative_to(home) else str(path)
        stored = self._stored()
        merged = draft if stored.get("source") != inside else {**stored, **{name: draft[name] for name in changed}}
        self._context.save(draft={**merged, "source": inside})


def plain_name(name: object) -> str:
    """Return a folder's name from the project's state, which is untrusted, as a safe name; "" where it is none."""
    return safe_name(name, fallback="", longest=80) if isinstance(name, str) else ""


def original_name(path: str) -> str:
    """Return a file's name without the number that a copy gets where the project has a file of that name already.

    >>> original_name("fuentes/cartas (2).csv"), original_name("cartas.csv"), original_name("cartas (2024).csv")
    ('cartas.csv', 'cartas.csv', 'cartas (2024).csv')
    """
    file = Path(path)
    return _COPY.sub("", file.stem) + file.suffix


def choices_of_earlier_version(choices_by_file: dict[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """Return columns and repairs of the newest file of the same name: what was masked in it is masked in this one."""
    for source in reversed(choices_by_file):
        if original_name(source) == original_name(path):
            return {name: choices_by_file[source][name] for name in ("mapping", "repairs")}
    return {}
