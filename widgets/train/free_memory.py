"""Making room before training: where memory is tight, the model that writes goes home, and comes back when asked."""

from __future__ import annotations

from collections.abc import Callable

from poetas import environment
from poetas.services import Service
from widgets.core.page_context import Desk, Failed

SPARE = 1_500_000_000  # bytes that should stay free beside a training


def make_room(desk: Desk, needed: int, then: Callable[[], None], failed: Failed) -> None:
    """Call ``then`` once there is as much room as can be had for a process of ``needed`` bytes."""
    if environment.machine(desk.workspace.root).memory_free >= needed + SPARE:
        then()
        return
    desk.run(Service.retire, "generation", desk.workspace.root, done=lambda _gone: then(), failed=failed)
