"""Writing of several samples one after another, through the generation service, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.services.call import Call
from widgets.core.latest_request import LatestRequest, Request
from widgets.core.service_pool import ServicePool
from widgets.core.service_stream import ServiceStream

KeyT = TypeVar("KeyT")
Begin = Callable[[], Call[str, GeneratedAnswer]]


@dataclass
class SampleWriter(Generic[KeyT]):
    """Asks for one sample at a time until none is left.

    following: returns the key of the next sample and the call that writes it, or None where all are written.
    drawn: called where ``writing`` has changed. wrote: called with a finished sample, which must then not follow again.
    ended: called with True where none was left, with False where it was stopped. failed: called with what went wrong.
    """

    pool: ServicePool
    following: Callable[[], tuple[KeyT, Begin] | None]
    drawn: Callable[[], object]
    wrote: Callable[[KeyT, GeneratedAnswer], object]
    ended: Callable[[bool], object]
    failed: Callable[[Explanation], object]
    writing: tuple[KeyT, str] | None = field(default=None, init=False)
    _requests: LatestRequest = field(default_factory=LatestRequest, init=False)
    _stream: ServiceStream[str, GeneratedAnswer] | None = field(default=None, init=False)

    def begin(self) -> Request:
        """Start a round; what it needs first may be asked under the returned request, and then `write` is called."""
        request = self._requests.begin()
        self._forget()
        return request

    def write(self) -> None:
        """Write the next sample, and those after it."""
        request = self._requests.newest
        if request is None:
            return
        following = self.following()
        if following is None:
            self._end(whole=True)
            return
        key, begin = following
        self.writing = (key, "")

        def each(pieces: list[str]) -> None:
            if self.writing is not None:
                self.writing = (key, self.writing[1] + "".join(pieces))
                self.drawn()

        def done(answer: GeneratedAnswer | None) -> None:
            self._forget()
            if answer is None:  # stopped: an unfinished sample is dropped
                self._end(whole=False)
                return
            self.wrote(key, answer)
            self.write()

        def failed(problem: Explanation) -> None:
            self.drop()
            self.failed(problem)

        only = request.only
        self._stream = self.pool.stream(begin, each=only(each), done=only(done), failed=only(failed))
        self.drawn()

    def stop(self) -> None:
        """Stop; what is finished stays."""
        if self._stream is not None:
            self._stream.cancel()
        else:
            self._end(whole=False)

    def drop(self) -> None:
        """Stop without a word: what it was for is no longer in use."""
        self._requests.cancel()
        if self._stream is not None:
            self._stream.cancel()
        self._forget()

    def _forget(self) -> None:
        self.writing, self._stream = None, None

    def _end(self, *, whole: bool) -> None:
        self._requests.cancel()
        self._forget()
        self.ended(whole)
