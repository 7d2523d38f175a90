"""Cache of the one base model in memory, with the cache of its adapters: loading, waiting for turns, counting calls.

A call that asks for another model waits until no call uses the present one; later calls queue behind it, so that none
waits for ever. Everything that computes runs in one thread, first come, first served.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from poetas.generation.adapter_cache import AdapterCache, CachedAdapter
from poetas.generation.model import LanguageModel, load_model
from poetas.services.session import Session

P = ParamSpec("P")
R = TypeVar("R")
_LOOK_EVERY = 0.1  # seconds between two looks at whether the caller still waits


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """What a call works with. adapter: the name of its fine-tuning in ``language_model.adapters``, None = the base."""

    language_model: LanguageModel
    adapter: str | None


class ModelCache:
    """The base model in memory, its adapters, and how many calls use each."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="torch")
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._version: tuple[Path, int] | None = None  # of the model in memory: its folder, and when it was written
        self._model: LanguageModel | None = None
        self._users = 0
        self._adapters: AdapterCache | None = None

    def compute(self, session: Session, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ``work`` in the computing thread, after what was asked before. Raises CallCancelled if the caller left.

        One thread, because torch sets up its helpers for each that computes; first come, first served, so that
        two texts in the making take turns token by token.
        """
        future = self._thread.submit(work, *args, **kwargs)
        while not future.done():
            if session.cancelled and future.cancel():
                session.check()
            wait([future], _LOOK_EVERY)
        return future.result()

    @contextmanager
    def acquire(self, session: Session, folder: Path, adapter: Path | None = None) -> Iterator[LoadedModel]:
        """Keep a model, loaded if it is not the one in memory, and an adapter or none for the length of a call."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        held: CachedAdapter | None = None
        try:
            self._wait_for_turn(session, ticket, folder)
            language_model = self.compute(session, self._load, folder)
            held = self.compute(session, self._hold, session, adapter) if adapter is not None else None
            with self._changed:
                self._users += 1
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield LoadedModel(language_model, held.name if held else None)
        finally:
            with self._changed:
                self._users -= 1
                if held:
                    held.users -= 1
                self._changed.notify_all()
            if held and not held.owners:  # its session ended before this call did
                self._thread.submit(self._sweep)

    def leave(self, session: Session) -> None:
        """Take out of memory what was there for a session that ended."""
        self._thread.submit(self._sweep, session.number).result()

    def _wait_for_turn(self, session: Session, ticket: object, folder: Path) -> None:
        with self._changed:
            while self._waiting[0] is not ticket or (self._users and self._version != _version(folder)):
                session.check()
                self._changed.wait(_LOOK_EVERY)

    def _load(self, folder: Path) -> LanguageModel:
        version = _version(folder)  # a model that was fetched again is another one
        if self._model is None or self._version != version:
            self._model, self._version, self._adapters = None, None, None  # the old one goes first: two may not fit
            gc.collect()
            self._model = load_model(folder)
            self._adapters = AdapterCache(self._model.adapters)
            self._version = version
        return self._model

    def _hold(self, session: Session, folder: Path) -> CachedAdapter:
        if self._adapters is None:
            raise RuntimeError("no model is loaded")
        held = self._adapters.load(folder, session.number)
        with self._changed:
            held.users += 1
        return held

    def _sweep(self, number: int = 0) -> None:
        if self._adapters is not None:
            self._adapters.drop_unowned(number)


def _version(folder: Path) -> tuple[Path, int]:
    try:
        return folder, (folder / "model.safetensors").stat().st_mtime_ns
    except OSError:  # loading it says what is missing
        return folder, 0
