"""Overlapping requests of a component: only the newest answer counts (`LatestRequest`), or one request at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol

P = ParamSpec("P")


class Cancellable(Protocol):
    """What brings an answer, piece by piece, and can be asked to end early."""

    def cancel(self) -> None:
        """Ask for the end; what has arrived stays."""


class Request:
    """One of several overlapping requests; `only` drops its callbacks once a newer one has begun."""

    def __init__(self, owner: LatestRequest) -> None:
        self._owner = owner

    @property
    def current(self) -> bool:
        """Whether no newer request has begun and this one was not cancelled."""
        return self._owner.newest is self

    def only(self, callback: Callable[P, object]) -> Callable[P, None]:
        """Return a callback that does nothing when this request is no longer current."""

        def guarded(*arguments: P.args, **keywords: P.kwargs) -> None:
            if self.current:
                callback(*arguments, **keywords)

        return guarded


class LatestRequest:
    """Lets only the answer to the newest of several overlapping requests through.

    stream: what brings that answer, where it comes piece by piece; it is ended with the request.

    >>> latest, answers = LatestRequest(), []
    >>> first, second = latest.begin(), latest.begin()
    >>> first.only(answers.append)("old"); second.only(answers.append)("new"); answers
    ['new']
    """

    def __init__(self) -> None:
        self.newest: Request | None = None
        self.stream: Cancellable | None = None

    @property
    def pending(self) -> bool:
        """Whether a request was begun and not cancelled since; `cancel` it with its answer where this is asked."""
        return self.newest is not None

    def begin(self) -> Request:
        """Start a request; answers to earlier ones are dropped from now on."""
        self.newest = Request(self)
        return self.newest

    def stop(self) -> None:
        """End the stream early: the answer still comes, of what has arrived."""
        if self.stream is not None:
            self.stream.cancel()

    def cancel(self) -> None:
        """Drop the answer that is still to come, if any, and end its stream."""
        self.newest = None
        self.stop()
        self.stream = None


class OneAtATime:
    """Keeps one request under way; changes in the meantime lead to one more request after the answer.

    ask: sends a request for the values as they are then.

    >>> asked = []
    >>> requests = OneAtATime(lambda: asked.append(1))
    >>> requests.request(); requests.request(); requests.request(); len(asked)
    1
    >>> requests.answered(), len(asked)
    (False, 2)
    >>> requests.answered(), len(asked)
    (True, 2)
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._pending = self._outdated = False

    def request(self) -> None:
        """Ask now, or again after the answer that is under way."""
        if self._pending:
            self._outdated = True
            return
        self._pending, self._outdated = True, False
        self._ask()

    def outdate(self) -> None:
        """Drop the answer that is under way, without asking again by itself."""
        self._outdated = self._pending

    def answered(self, *, again: bool = True) -> bool:
        """Note that an answer or a failure arrived; return whether it is up to date. If not, ask ``again``."""
        outdated, self._outdated, self._pending = self._outdated, False, False
        if outdated and again:
            self.request()
        return not outdated
