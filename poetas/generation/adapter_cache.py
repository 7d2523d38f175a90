"""Cache of the adapters of the base model in memory: the sessions they were loaded for, and which are dropped first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from poetas.generation.adapter_files import WEIGHTS, check_adapter
from poetas.generation.adapters import Adapters

MOST_ADAPTERS = 4  # adapters kept in memory, beyond those in use


@dataclass(slots=True, eq=False)
class CachedAdapter:
    """An adapter in memory. owners: numbers of the sessions it was loaded for. users: calls it works for now."""

    name: str
    owners: set[int] = field(default_factory=set)
    users: int = 0


class AdapterCache:
    """The adapters in memory by folder and time of writing, the least recently used first; for the computing thread."""

    def __init__(self, adapters: Adapters) -> None:
        self._adapters = adapters
        self._cached: dict[tuple[Path, int], CachedAdapter] = {}

    def load(self, folder: Path, owner: int) -> CachedAdapter:
        """Load an adapter if it is not in memory, for a session; a folder that was written again is another adapter.

        Raises BadAdapter.
        """
        check_adapter(folder)
        key = folder.resolve(), (folder / WEIGHTS).stat().st_mtime_ns
        cached = self._cached.pop(key, None)
        if cached is None:
            self._make_room()
            cached = CachedAdapter(self._adapters.add(folder))
        self._cached[key] = cached  # at the end: the latest used
        cached.owners.add(owner)
        return cached

    def drop_unowned(self, number: int = 0) -> None:
        """Drop the adapters that no session owns and no call uses, once session ``number`` owns none."""
        for key, cached in list(self._cached.items()):
            cached.owners.discard(number)
            if not cached.owners and not cached.users:
                self._adapters.remove(cached.name)
                del self._cached[key]

    def _make_room(self) -> None:
        idle = [key for key, cached in self._cached.items() if not cached.users]
        for key in idle[: max(0, len(self._cached) - MOST_ADAPTERS + 1)]:
            self._adapters.remove(self._cached.pop(key).name)
