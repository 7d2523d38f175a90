"""Connections of one page to the preparation and generation services, and the threads that wait for answers.

A component asks through a typed client and gets the answer from the poller, on the kernel's event loop:

    context.services.ask(
        lambda: context.services.preparation.lengths(model="gemma3-270m"), done=self._draw, failed=self._failed
    )
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TypeVar

from poetas.data.service.answers import WorkDone
from poetas.data.service.preparation_client import PreparationClient
from poetas.errors import Explanation
from poetas.generation.generation_client import GenerationClient
from poetas.services import Service
from poetas.services.call import Call
from widgets.core.followed_call import FollowedCall
from widgets.core.poller import Poller
from widgets.core.service_stream import ServiceStream

Failed = Callable[[Explanation], None]
AnswerT = TypeVar("AnswerT")
ItemT = TypeVar("ItemT")
WORKERS = 4  # requests of one page that may wait at the same time


class ServicePool:
    """The services of a workspace as one page uses them; a process starts with the first request that needs it.

    root: folder of the workspace. poller: calls ``done`` and ``failed``. explain: turns an exception into a card.

    preparation, generation: typed clients whose methods block; call them inside `ask` or `stream`.
    """

    def __init__(self, root: Path, poller: Poller, explain: Callable[[BaseException], Explanation]) -> None:
        self._root, self._poller, self._explain = root, poller, explain
        self._threads = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="poetas-ask")
        self._connections: dict[str, Service] = {}
        self._starting: dict[str, Lock] = {}
        self.preparation = PreparationClient(lambda: self.connect("preparation"))
        self.generation = GenerationClient(lambda: self.connect("generation"))

    def connect(self, name: str) -> Service:
        """Return a connection to a running service, started when first needed. Blocks; raises as `Service.open`."""
        with self._starting.setdefault(name, Lock()):  # of several requests at once, one starts it
            known = self._connections.get(name)
            if known is None or not known.alive:
                known = self._connections[name] = Service.open(name, self._root)
        return known

    def ask(
        self, question: Callable[[], AnswerT], *, done: Callable[[AnswerT], object], failed: Failed
    ) -> Future[AnswerT]:
        """Run something that blocks in a thread; the poller calls ``done`` with its result, or ``failed``."""
        answer = self._threads.submit(question)
        self._poller.settle(answer, done, lambda error: failed(self._explain(error)))
        return answer

    def stream(
        self,
        begin: Callable[[], Call[ItemT, AnswerT]],
        *,
        each: Callable[[list[ItemT]], object],
        done: Callable[[AnswerT | None], object],
        failed: Failed,
    ) -> ServiceStream[ItemT, AnswerT]:
        """Start a streaming call; ``each`` gets the new items, then ``done`` (None if cancelled) or ``failed``."""

        def started() -> Call[ItemT, AnswerT]:
            call = begin()
            call.add_done_callback(lambda _call: self._poller.wake())  # a short answer does not wait for the next poll
            return call

        def refused(error: BaseException) -> None:
            failed(self._explain(error))

        stream = ServiceStream(self._threads.submit(started), each, done, refused)
        self._poller.watch(stream.poll, interrupt=stream.cancel, failed=refused)
        return stream

    def follow(
        self,
        question: Callable[[PreparationClient], AnswerT],
        *,
        began: Callable[[Callable[[], object]], object],
        progress: Callable[[WorkDone], object],
        done: Callable[[AnswerT], object],
        failed: Failed,
        stopped: Callable[[], object],
    ) -> None:
        """Ask the preparation service for something long: ``progress`` while it works, then one of the other three.

        began: gets what stops it, which ``stopped`` answers.
        """

        def refused(error: BaseException) -> None:
            failed(self._explain(error))

        followed: FollowedCall[AnswerT] = FollowedCall(progress, done, refused, stopped)
        began(followed.cancel)
        client = self.preparation.following(followed.started)
        followed.answer = self._threads.submit(lambda: question(client))
        followed.answer.add_done_callback(lambda _answer: self._poller.wake())
        self._poller.watch(followed.poll, interrupt=followed.cancel, failed=refused)

    def warm(self, model: str) -> None:
        """Let the generation service load a model in advance; a failure shows when the model is used."""
        self.ask(lambda: self.generation.load(model), done=lambda _answer: None, failed=lambda _problem: None)

    def disconnect(self) -> None:
        """Close this page's connections; the next request opens them again."""
        for service in self._connections.values():
            service.close()
        self._connections.clear()

    def close(self) -> None:
        """End this page's own processes and threads; shared services end by themselves when idle."""
        self.disconnect()
        self._threads.shutdown(wait=False, cancel_futures=True)
