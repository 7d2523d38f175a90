"""Answers of the model as it came and of the tuned one to one text: streamed side by side, or taken from the exam."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import Box

from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.sampling import STYLE_TEMPERATURE, STYLE_TOP_P
from poetas.services.call import Call
from widgets.core.elements import html, look
from widgets.core.latest_request import LatestRequest, Request
from widgets.core.page_context import PageContext
from widgets.core.service_stream import ServiceStream
from widgets.train.dataset_records import reading_config
from widgets.train.try_it.answer_card import answer_card, exam_answer

CAREFUL = {"temperature": 0.0, "max_tokens": 80}
PLAYFUL = {"temperature": STYLE_TEMPERATURE, "top_p": STYLE_TOP_P, "max_tokens": 80}
BOTH = frozenset({"base", "tuned"})


class AnswerPair(Box):
    """Two columns that are written at the same time with the same settings.

    answers: what was written, by "base" and "tuned". whole: the complete answers. known: whether they are the exam's.

    drawn: called where words were added. ended: called with whether both models answered whole, when none writes any
    more. failed: called with what went wrong; then no half of an answer is left.
    """

    def __init__(
        self,
        context: PageContext,
        *,
        drawn: Callable[[], object],
        ended: Callable[[bool], object],
        failed: Callable[[Explanation], object],
    ) -> None:
        self._context, self._drawn, self._ended, self._failed = context, drawn, ended, failed
        self._streams: list[ServiceStream[str, GeneratedAnswer]] = []
        self._open: set[str] = set()
        self._complete: set[str] = set()  # models whose answer is complete
        self._requests = LatestRequest()
        self.answers: dict[str, str] = {}
        self.whole: dict[str, GeneratedAnswer] = {}
        self.known = False
        self.columns = {"base": html(""), "tuned": html("")}
        super().__init__(tuple(self.columns.values()), **look("grid"))

    def clear(self) -> None:
        """Stop writing and remove the answers."""
        self.stop()
        self._requests.cancel()
        self.answers, self.whole = {}, {}
        for column in self.columns.values():
            column.value = ""

    def stop(self) -> None:
        """Stop writing; what is written stays."""
        for stream in self._streams:
            stream.cancel()

    def show(self, source: str, examined: Mapping[str, Mapping[str, Any]], *, style: bool) -> None:
        """Draw what the exam holds of a text, or of a beginning."""
        self._begin(BOTH, known=True)
        for who in ("base", "tuned"):
            self.whole[who] = exam_answer(examined[who])
            self._draw(who, source, source if style else "", self.whole[who])
            self._end(who, whole=True)

    def restore(self, source: str, answers: Mapping[str, GeneratedAnswer], *, style: bool, known: bool) -> bool:
        """Draw answers of an earlier visit; return whether both are there."""
        self.clear()
        self.known = known and bool(answers)
        for who in self.columns:
            if who in answers:
                self.whole[who] = answers[who]
                self._draw(who, source, source if style else "", answers[who])
        return self.whole.keys() >= BOTH

    def write(self, source: str, adapter: str | None, *, style: bool, seed: int) -> None:
        """Let both models answer a text; only the one that came where ``adapter`` is None. seed: of a style's draws."""
        request = self._begin({"base", *(["tuned"] if adapter else [])}, known=False)
        settings = {**PLAYFUL, "seed": seed} if style else CAREFUL
        self._start(request, "base", source, None, settings, style=style)
        if adapter:
            self._start(request, "tuned", source, adapter, settings, style=style)

    def _begin(self, systems: set[str] | frozenset[str], *, known: bool) -> Request:
        request = self._requests.begin()
        self.answers, self.whole, self.known, self._streams = {}, {}, known, []
        self._open, self._complete = set(systems), set()
        return request

    def _start(
        self, request: Request, who: str, source: str, adapter: str | None, settings: Mapping[str, Any], *, style: bool
    ) -> None:
        model, generation = self._context.model, self._context.services.generation
        beginning = source if style else ""
        # The same limits as in the exam, so that the same text gives the same words.
        dataset, reading = self._context.dataset, reading_config(self._context)
        self.answers[who] = ""

        def begin() -> Call[str, GeneratedAnswer]:
            if style:
                return generation.generate(model, source, settings=settings, adapter=adapter, dataset=dataset)
            return generation.summarise(model, source, settings=settings, adapter=adapter, dataset=dataset, **reading)

        def each(pieces: list[str]) -> None:
            self.answers[who] = self.answers.get(who, "") + "".join(pieces)
            self._draw(who, source, beginning)
            self._drawn()

        def done(answer: GeneratedAnswer | None) -> None:
            if answer is not None:
                self.whole[who] = answer
            self._draw(who, source, beginning, answer, stopped=answer is None)
            self._end(who, whole=answer is not None)

        def failed(problem: Explanation) -> None:
            self.clear()
            self._failed(problem)

        self._draw(who, source, beginning)
        stream = self._context.services.stream(
            begin, each=request.only(each), done=request.only(done), failed=request.only(failed)
        )
        self._streams.append(stream)

    def _end(self, who: str, *, whole: bool) -> None:
        self._open.discard(who)
        if whole:
            self._complete.add(who)
        if not self._open:
            self._ended(self._complete >= BOTH)  # the base model alone is no comparison

    def _draw(
        self,
        who: str,
        source: str,
        beginning: str = "",
        answer: GeneratedAnswer | None = None,
        *,
        stopped: bool = False,
    ) -> None:
        self.answers[who] = words = self.answers.get(who, "") if answer is None else str(answer["text"])
        self.columns[who].value = answer_card(
            who, words, source=source, beginning=beginning, answer=answer, stopped=stopped
        )
