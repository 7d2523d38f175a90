"""Typed client of the generation service: one method a call, with the types of its answer and streamed items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from poetas.services import Service
from poetas.services.call import Call

if TYPE_CHECKING:  # a page's kernel imports this module before it needs numpy
    import numpy as np
    from numpy.typing import NDArray

    from poetas.data.service.answers import WorkDone


class LoadAnswer(TypedDict):
    """The model that was loaded. vocabulary: number of tokens. room: longest prompt, in tokens."""

    model: str
    title: str
    style: str
    device: str
    dtype: str
    vocabulary: int
    room: int


class NextTokenAnswer(TypedDict):
    """Logits of the next token.

    logits: float32[vocabulary]. ids: int64[200], likeliest first; pieces: their texts. prompt_pieces: the tokens of
    the prompt that were read. truncated: tokens cut from its beginning. guess: log-likelihood in nats of the word asked
    about. rounded: whether the weights have fewer digits than float32.
    """

    logits: NDArray[np.float32]
    ids: NDArray[np.int64]
    pieces: list[str]
    prompt_pieces: list[str]
    truncated: int
    rounded: bool
    guess: NotRequired[float]


class WordWeightsAnswer(TypedDict):
    """Log-probabilities of one next token with each word left out; see `ContextProbes.word_weights`."""

    read: str
    spans: NDArray[np.int64]
    whole: float
    lacking: NDArray[np.float64]
    favourites: list[str]


class ContextWindowsAnswer(TypedDict):
    """The likeliest next tokens after the last tokens alone; see `ContextProbes.context_windows`."""

    prompt_pieces: list[str]
    truncated: int
    sizes: NDArray[np.int64]
    ids: NDArray[np.int64]
    shares: NDArray[np.float64]
    pieces: list[list[str]]


class GeneratedAnswer(TypedDict):
    """A generated text.

    complete: whether the model ended it. cut: whether it breaks off at the length limit. truncated: tokens of the
    prompt that were cut.
    """

    text: str
    tokens: int
    complete: bool
    seconds: float
    truncated: int
    cut: NotRequired[bool]


class LabelPreview(TypedDict):
    """One training text as it is encoded: see `poetas.training.label_preview.preview_labels`."""

    spans: list[dict[str, str]]
    index: int
    rows: int
    part: int
    parts: int
    truncated: int


class LabelsAnswer(TypedDict):
    """Labels as answers about a text. shares: float64[n], summing to 1. truncated: tokens cut from the text."""

    shares: NDArray[np.float64]
    truncated: int


class PairsAnswer(TypedDict):
    """Pairs that could be compared: their indices, int64[n], and log-likelihoods after either beginning, float64[n]."""

    compared: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]


class GenerationClient:
    """Calls `poetas.generation.handler.Generation`, whose docstrings say what each method does.

    connect: returns a connection to the service, starting it if necessary; called for every call.

    Every method blocks until the service runs; `load` also waits for its answer, the others return a `Call` at once,
    whose ``result()`` raises RemoteError with the service's explanation, or ServiceDied.

    model: id of a model. adapter: folder of a LoRA adapter, None for the base model.
    """

    def __init__(self, connect: Callable[[], Service]) -> None:
        self._connect = connect

    def load(self, model: str) -> LoadAnswer:
        """Load a model into memory."""
        return cast("LoadAnswer", self._connect().call("load", model=model))

    def next_token(
        self,
        model: str,
        text: str,
        *,
        guess: str = "",
        longest: int = 0,
        adapter: str | None = None,
        source: str = "",
        language: str = "",
    ) -> Call[Any, NextTokenAnswer]:
        """Compute the logits of the token after a text. longest: tokens read from the text's end, 0 for all.

        source: a text whose summary begins with ``text``, and its language; "" for a text that stands alone.
        """
        question = {"model": model, "text": text, "guess": guess, "longest": longest, "adapter": adapter}
        about = {"source": source, "language": language} if source else {}
        return self._connect().submit("next_token", **question, **about)

    def word_weights(self, model: str, text: str, token: int) -> Call[Any, WordWeightsAnswer]:
        """Leave each word of a text out in turn. token: id of the next token whose log-probability is compared."""
        return self._connect().submit("word_weights", model=model, text=text, token=token, adapter=None)

    def context_windows(self, model: str, text: str) -> Call[Any, ContextWindowsAnswer]:
        """Compute the likeliest next tokens where only the last tokens of a text are read."""
        return self._connect().submit("context_windows", model=model, text=text, adapter=None)

    def label_preview(self, config: Mapping[str, Any], index: int, part: int = 0) -> Call[Any, LabelPreview]:
        """Show what is learnt, read and cut of a training text. config: of a training job; index: of the row."""
        return self._connect().submit("label_preview", config=dict(config), index=index, part=part)

    def generate(
        self,
        model: str,
        text: str,
        *,
        settings: Mapping[str, Any],
        adapter: str | None = None,
        dataset: str = "",
        quick: bool = False,
    ) -> Call[str, GeneratedAnswer]:
        """Continue a text; streams it in pieces.

        settings: fields of `sampling.GenerationSettings`. dataset: folder of a prepared one that says how long a text
        may be, "" for as long as the settings say. quick: for a text that nothing compares with an exam's, nor with
        what a batch writes: the model's own weights in a quicker step, which rounds otherwise. Never with an adapter.
        """
        question = {"model": model, "text": text, "settings": dict(settings), "adapter": adapter, "dataset": dataset}
        return self._connect().submit("generate", **question, quick=quick)

    def summarise(
        self,
        model: str,
        text: str,
        *,
        settings: Mapping[str, Any],
        examples: Sequence[Sequence[str]] = (),
        longest: int = 0,
        language: str = "",
        adapter: str | None = None,
        dataset: str = "",
        sentences: int = 0,
        quick: bool = False,
    ) -> Call[str, GeneratedAnswer]:
        """Summarise a text; streams it in pieces.

        examples: pairs of text and summary for the prompt. longest: tokens of the text that are read, 0 for all.
        language: "es" or "en", "" to guess it. dataset: folder of a prepared one that says where a text ends.
        sentences: how many are kept where no dataset says it, 0 for all. quick: as `generate` says.
        """
        question = {"model": model, "text": text, "examples": list(examples), "settings": dict(settings)}
        read = {"longest": longest, "language": language, "dataset": dataset, "sentences": sentences, "quick": quick}
        return self._connect().submit("summarise", **question, **read, adapter=adapter)

    def answer(
        self, model: str, question: str, *, text: str = "", settings: Mapping[str, Any], language: str = ""
    ) -> Call[str, GeneratedAnswer]:
        """Answer a question, about a text unless it is ""; streams the answer in pieces. language: "es" or "en"."""
        asked = {"model": model, "question": question, "text": text, "language": language}
        return self._connect().submit("answer", **asked, settings=dict(settings), adapter=None)

    def classify(self, model: str, text: str, labels: Sequence[str], *, question: str) -> Call[Any, LabelsAnswer]:
        """Compute how likely each label is as the answer to a question about a text. question: one line."""
        asked = {"model": model, "text": text, "labels": list(labels), "question": question}
        return self._connect().submit("classify", **asked, adapter=None)

    def compare_pairs(self, model: str, pairs: Sequence[Sequence[str]]) -> Call[WorkDone, PairsAnswer]:
        """Compute how likely continuations are after either of two beginnings; streams its progress.

        pairs: (first beginning, second beginning, continuation).
        """
        given = [list(pair) for pair in pairs]
        return self._connect().submit("compare_pairs", model=model, pairs=given, adapter=None)
