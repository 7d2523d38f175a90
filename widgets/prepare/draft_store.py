"""What the project remembers of a draft: read as untrusted input, and written so that two pages can share it."""

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

    def _noted(self) -> dict[str, Any]:
        state = self._context.state().get("draft")
        return state if isinstance(state, dict) and isinstance(state.get("source"), str) else {}

    def remembered(self) -> dict[str, Any]:
        """What was chosen, with the file's whole path; {} where that file is gone."""
        state = self._noted()
        spot = self._context.project.path / state.get("source", "")  # an absolute path stays as it is
        with suppress(OSError):  # a name that no disk takes
            if state and spot.exists():
                return {**state, "source": str(spot)}
        return {}

    def saved(self) -> dict[str, Any]:
        """What was saved last, {} before; whether its file is still there or not."""
        saved = self._noted().get("saved")
        return saved if isinstance(saved, dict) else {}

    def write(self, draft: Mapping[str, Any], touched: Collection[str]) -> None:
        """Write what was chosen. touched: names of what was chosen here; of the same file, the rest stays as it is.

        For that rest may have been chosen on another page meanwhile.
        """
        spot, home = Path(draft["source"]), self._context.project.path
        inside = str(spot.relative_to(home)) if spot.is_relative_to(home) else str(spot)
        noted = self._noted()
        told = draft if noted.get("source") != inside else {**noted, **{name: draft[name] for name in touched}}
        self._context.save(draft={**told, "source": inside})


def plain_name(name: object) -> str:
    """The name of a folder as the project remembers it, which anybody may have edited; "" where it is none."""
    return safe_name(name, fallback="", longest=80) if isinstance(name, str) else ""
