"""Guards of event handlers: the second click of a double click, and a component's own changes of its traits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self

if TYPE_CHECKING:
    from ipywidgets import Button, Text

P = ParamSpec("P")
DOUBLE_CLICK = 0.4  # seconds between the two clicks, at most


def unless(busy: Callable[[], bool], handler: Callable[P, object]) -> Callable[P, None]:
    """Return an event handler that ignores events while ``busy``, such as the second click of a double click.

    >>> clicks = []
    >>> handle = unless(lambda: len(clicks) > 0, clicks.append)
    >>> handle("first"); handle("second"); clicks
    ['first']
    """

    def handle(*arguments: P.args, **keywords: P.kwargs) -> None:
        if not busy():
            handler(*arguments, **keywords)

    return handle


def on_click(button: Button, handler: Callable[[], object], *, busy: Callable[[], bool] = lambda: False) -> None:
    """Call ``handler`` at a click, unless ``busy`` or the button is disabled.

    The page sends both clicks of a double click before the first one's answer disables the button. All buttons of the
    apps are connected here (a test); in a `Component`, `Component.on_click` adds its state.
    """
    button.on_click(unless(lambda: busy() or bool(button.disabled), lambda _button: handler()))


def on_enter(box: Text, button: Button) -> None:
    """Let Enter in a box count as a click on its button, unless that is disabled."""

    def receive(_widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("event") == "submit" and not button.disabled:
            button.click()

    box.on_msg(receive)


class JustShown:
    """True for a moment after `show`: a second click then belongs to the first one, not to what came in its place.

    >>> shown = JustShown(); before = bool(shown); shown.show(); before, bool(shown)
    (False, True)
    """

    def __init__(self) -> None:
        self._since = time.monotonic() - DOUBLE_CLICK

    def __bool__(self) -> bool:
        return time.monotonic() - self._since < DOUBLE_CLICK

    def show(self) -> None:
        """Begin the moment: something new is in the place of what was clicked."""
        self._since = time.monotonic()


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
