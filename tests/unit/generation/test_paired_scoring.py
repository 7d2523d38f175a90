"""Paired scoring: the same tokens after either beginning, equal to direct forward passes, antisymmetric."""

from __future__ import annotations

import copy
import threading
from typing import Any

import numpy as np
import pytest
import torch

from poetas.course.bias_pairs import KINDS, BiasPair, ready_pairs
from poetas.generation.errors import PairNotComparable
from poetas.generation.handler import Generation
from poetas.generation.model import LanguageModel, load_model, wrap_model
from poetas.generation.paired_scoring import EncodedPair, encode_pair, score_pairs
from poetas.services import Session
from poetas.services.errors import CallCancelled
from poetas.services.session import FairLock, running
from poetas.workspace import Workspace
from tests.embedded import embedded_model
from tests.tiny_model import TINY, register_tiny_model
from tests.tiny_seq2seq import build_tiny_seq2seq

pytestmark = pytest.mark.usefixtures("one_core")


def direct(language_model: LanguageModel, prompt: list[int], continuation: list[int]) -> float:
    """The log-likelihood from one forward pass of the model, without a cache, a batch or padding."""
    with torch.inference_mode():
        logits = language_model.model(torch.tensor([prompt + continuation])).logits[0].double()
    rows = torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)
    return float(rows.gather(-1, torch.tensor(continuation)[:, None]).sum())


@pytest.fixture(scope="module")
def gemma() -> LanguageModel:
    """Gemma in float32: bfloat16 rounds a batch and a single row in different ways."""
    loaded = load_model(embedded_model("gemma3-270m"), device="cpu")
    return wrap_model(copy.deepcopy(loaded.model).float(), loaded.tokenizer, loaded.style)


def encoded(language_model: LanguageModel, pairs: list[BiasPair]) -> list[EncodedPair]:
    return [encode_pair(language_model.tokenizer, pair.expected, pair.other, pair.continuation) for pair in pairs]


@pytest.mark.embedded
def test_the_ready_pairs_are_cut_alike_at_the_border_and_scored_as_by_direct_passes(gemma: LanguageModel) -> None:
    spanish = list(ready_pairs("es"))
    assert len(encoded(gemma, spanish)) == len(spanish)  # none is refused
    few = encoded(gemma, [spanish[0], spanish[9], spanish[26]])  # their lengths differ: rows are padded
    scores = score_pairs(gemma, few)
    expected = [[direct(gemma, ids, pair.continuation) for ids in (pair.first, pair.second)] for pair in few]
    assert np.abs(scores - expected).max() < 1e-3
    swapped = score_pairs(gemma, [EncodedPair(pair.second, pair.first, pair.continuation) for pair in few])
    assert np.abs((scores[:, 0] - scores[:, 1]) + (swapped[:, 0] - swapped[:, 1])).max() < 1e-3


@pytest.mark.embedded
def test_the_english_pairs_are_cut_alike_by_the_model_that_only_writes_english() -> None:
    loaded = load_model(embedded_model("smollm2-135m"), device="cpu")
    assert len(encoded(loaded, list(ready_pairs("en")))) == len(ready_pairs("en"))


def test_there_are_pairs_of_each_kind_and_none_twice() -> None:
    for language, fewest in (("es", 10), ("en", 6)):
        pairs = ready_pairs(language)
        assert {kind: sum(pair.kind == kind for pair in pairs) >= fewest for kind in KINDS} == dict.fromkeys(
            KINDS, True
        )
        assert len({(pair.expected, pair.other, pair.continuation) for pair in pairs}) == len(pairs)
        assert not [pair for pair in pairs if len(set(pair.expected.split()) ^ set(pair.other.split())) > 6]


class MergingTokenizer:
    """Cuts into letters, but takes « c» after an «a» as one token with it: the border moves with the beginning."""

    def __init__(self) -> None:
        self.truncation = self.padding = None
        self.encode_special_tokens = False

    def encode(self, words: str, *, add_special_tokens: bool) -> Any:
        ids = [ord(letter) for letter in words.replace("a c", "\0")]
        return type("Encoding", (), {"ids": ids})()


@pytest.mark.parametrize(
    ("first", "second", "rest", "reason"),
    [
        ("el tío", "la tía", "come", "border"),
        ("", "la tía", "come", "empty"),
        ("el tío", " ", "come", "empty"),
        ("el tío", "el río", "", "empty"),
        ("el tío", "el río", "x" * 999, "long"),
    ],
)
def test_a_pair_whose_halves_would_be_scored_on_other_tokens_is_refused(
    first: str, second: str, rest: str, reason: str
) -> None:
    with pytest.raises(PairNotComparable) as refused:
        encode_pair(MergingTokenizer(), first, second, rest)
    assert refused.value.explanation.detail == reason
    assert encode_pair(MergingTokenizer(), "el tío", "el río", "come").continuation == [ord(x) for x in " come"]


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    register_tiny_model(workspace)
    build_tiny_seq2seq(workspace.models / "tiny-seq2seq")
    return Generation(workspace)


def last(stream: Any) -> tuple[list[Any], dict[str, Any]]:
    items = []
    while True:
        try:
            items.append(next(stream))
        except StopIteration as end:
            return items, end.value


def test_pairs_are_answered_in_their_order_with_progress_and_those_that_are_refused_are_left_out(
    handler: Generation,
) -> None:
    pairs = [[pair.expected, pair.other, pair.continuation] for pair in ready_pairs("es")[:9]]
    items, answer = last(handler.compare_pairs(Session(1, FairLock()), [*pairs[:3], ["", "", ""], *pairs[3:]], TINY))
    assert answer["compared"].tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert [round(item["done"], 2) for item in items] == [0.0, 0.44, 0.89]
    language_model = handler._model_cache._model
    for place, (first, second, rest) in enumerate(pairs):
        pair = encode_pair(language_model.tokenizer, first, second, rest)
        assert answer["first"][place] == pytest.approx(direct(language_model, pair.first, pair.continuation), abs=0.1)
        assert answer["second"][place] == pytest.approx(direct(language_model, pair.second, pair.continuation), abs=0.1)
    with pytest.raises(PairNotComparable):
        last(handler.compare_pairs(Session(2, FairLock()), [["", "", ""]], TINY))


def test_a_model_that_continues_nothing_is_refused_with_a_reason(handler: Generation) -> None:
    with pytest.raises(PairNotComparable) as refused:
        last(handler.compare_pairs(Session(3, FairLock()), [["a", "b", "c"]], "tiny-seq2seq"))
    assert "lee un texto y escribe otro" in refused.value.explanation.why


def test_a_measure_can_be_stopped_between_two_batches(handler: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    session, cancelled = Session(4, FairLock()), threading.Event()
    monkeypatch.setattr(running, "cancelled", cancelled, raising=False)
    stream = handler.compare_pairs(session, [[p.expected, p.other, p.continuation] for p in ready_pairs("es")], TINY)
    next(stream)
    cancelled.set()
    with pytest.raises(CallCancelled):
        next(stream)


def test_a_question_keeps_its_words_where_the_text_is_too_long_and_control_tokens_stay_text(
    handler: Generation,
) -> None:
    settings = {"temperature": 0.0, "max_tokens": 3}
    long = "El río creció durante la tarde. " * 900
    _pieces, result = last(handler.answer(Session(5, FairLock()), "¿Quién?", text=long, settings=settings, model=TINY))
    assert result["truncated"] > 0
    assert result["tokens"] <= 3
