"""Making room before training: where memory is tight, the model that writes goes home, and comes back when asked."""

from __future__ import annotations

from collections.abc import Callable

from poetas import environment
from poetas.services import Service
from widgets.core.page_context import Failed, PageContext

SPARE = 1_500_000_000  # bytes that should stay free beside a training


def with_free_memory(context: PageContext, needed: int, then: Callable[[], None], failed: Failed) -> None:
    """Call ``then`` once there is as much room as can be had for a process of ``needed`` bytes."""
    if environment.machine(context.workspace.root).memory_free >= needed + SPARE:
        then()
        return
    context.run(Service.retire, "generation", context.workspace.root, done=lambda _gone: then(), failed=failed)
