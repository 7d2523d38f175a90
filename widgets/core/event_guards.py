"""Guards of event handlers: the second click of a double click, and a component's own changes of its traits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self


def unless(busy: Callable[[], bool], handler: Callable[[], object]) -> Callable[..., None]:
    """Return an event handler that ignores events while ``busy``, such as the second click of a double click.

    >>> clicks = []
    >>> unless(lambda: len(clicks) > 0, lambda: clicks.append(1))("first"); len(clicks)
    1
    >>> unless(lambda: len(clicks) > 0, lambda: clicks.append(1))("second"); len(clicks)
    1
    """

    def handle(*_event: object) -> None:
        if not busy():
            handler()

    return handle


class UpdateGuard(AbstractContextManager["UpdateGuard"]):
    """True while a component writes its own traits, so that its observers do not react to itself.

    >>> updating = UpdateGuard()
    >>> with updating: bool(updating)
    True
    >>> bool(updating)
    False
    """

    def __init__(self) -> None:
        self._depth = 0

    def __bool__(self) -> bool:
        return self._depth > 0

    def __enter__(self) -> Self:
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._depth -= 1
