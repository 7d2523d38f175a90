"""Free memory before training: end the services that hold torch; the next request starts them again."""

from __future__ import annotations

from collections.abc import Callable

from poetas import environment
from poetas.services import Service
from widgets.core.page_context import PageContext
from widgets.core.service_pool import Failed

SPARE = 1_500_000_000  # bytes that should stay free beside a training


def with_free_memory(context: PageContext, needed: int, then: Callable[[], None], failed: Failed) -> None:
    """Call ``then`` when as much memory is free as this program can free for a process of ``needed`` bytes."""
    if environment.machine(context.workspace.root).memory_free >= needed + SPARE:
        then()
        return

    def retire() -> list[str]:
        return Service.retire_all(context.workspace.root, torch_only=True)

    context.services.ask(retire, done=lambda _names: then(), failed=failed)
