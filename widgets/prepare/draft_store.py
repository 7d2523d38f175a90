"""Storage of a draft in the project's state: read as untrusted input, merged with other pages' changes on writing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.util.files import safe_name
from widgets.core.page_context import PageContext


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
