"""Next-token probabilities under changed contexts in float32, with the embedded model: equal to forward passes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from poetas.generation import model_cache
from poetas.generation.context_probes import ROWS, WINDOWS
from poetas.generation.handler import Generation
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.sampling import softmax
from poetas.services import Session
from poetas.services.session import FairLock
from poetas.workspace import Workspace
from tests.embedded import embedded_model

pytestmark = pytest.mark.embedded

VERSE = (
    "Esta tarde cae la lluvia sobre los techos del barrio y mi abuela,\nsentada en la cocina, cuenta otra vez la "
    "historia del barco que se llevó a su hermano cuando ella tenía apenas siete años y el puerto era todavía el"
)
MODEL = "gemma3-270m"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Generation, Session]]:
    """A session of the service's handler that holds Gemma in float32, whatever this chip would choose."""
    folder = embedded_model(MODEL)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("POETAS_MODELS", str(folder.parent))
        patched.setattr(model_cache, "load_model", partial(load_model, dtype=torch.float32))
        session = Session(1, FairLock())
        handler = Generation(Workspace(tmp_path_factory.mktemp("home")))
        handler.load(session, MODEL)
        yield handler, session
        session.drop()


@pytest.fixture(scope="module")
def model(page: tuple[Generation, Session]) -> LanguageModel:
    language_model = page[0]._model_cache._model
    assert language_model is not None
    return language_model


def shares_after(model: LanguageModel, ids: list[int]) -> Any:
    """Softmax of the model's own answer about one prompt: a direct forward pass without a cache."""
    with torch.inference_mode():
        return softmax(model.model(torch.tensor([ids])).logits[0, -1].numpy())


def test_the_shares_that_the_page_draws_equal_a_direct_forward_pass_and_are_not_called_rounded(page, model):
    handler, session = page
    answer = handler.next_token(session, VERSE, longest=256)
    direct = shares_after(model, model.tokenizer(VERSE)["input_ids"])
    assert np.abs(softmax(answer["logits"]) - direct).max() < 1e-3
    assert not answer["rounded"]


def test_the_weight_of_each_word_equals_a_forward_pass_of_its_own_without_that_word(page, model):
    handler, session = page
    token = int(handler.next_token(session, VERSE)["ids"][0])
    began = time.monotonic()
    answer = handler.word_weights(session, VERSE, token)
    seconds = time.monotonic() - began  # 40 words: 2.1 s in float32 on two quiet cores, 0.8 s in bfloat16
    words = [VERSE[start:end] for start, end in answer["spans"]]
    assert words == VERSE.split()[-40:]
    assert len(words) > 2 * ROWS  # several batches
    began = time.monotonic()
    whole = shares_after(model, model.tokenizer(VERSE)["input_ids"])
    assert seconds < len(words) * (time.monotonic() - began), "no slower than one word after the other"
    assert np.exp(answer["whole"]) == pytest.approx(whole[token], abs=1e-3)
    for place, gone in ((0, "la lluvia"), (5, "barrio "), (9, "abuela,")):
        start, end = answer["spans"][place]
        shortened = " ".join((VERSE[:start] + VERSE[end:]).replace("\n", "\v").split(" ")).replace("  ", " ")
        ids = model.tokenizer(shortened.replace("\v", "\n"))["input_ids"]
        direct = shares_after(model, ids)
        assert np.log(direct[token]) == pytest.approx(answer["lacking"][place], abs=1e-3), gone
        assert answer["favourites"][place] == model.pieces.text(int(direct.argmax()))


def test_each_window_holds_the_beginning_mark_and_the_last_tokens_alone(page, model):
    handler, session = page
    answer = handler.context_windows(session, VERSE)
    begin, *ids = model.tokenizer(VERSE)["input_ids"]
    assert len(ids) == len(answer["prompt_pieces"])
    assert answer["sizes"].tolist() == list(range(1, min(len(ids), WINDOWS) + 1))
    for row in (0, 6, 47):
        direct = shares_after(model, [begin, *ids[len(ids) - answer["sizes"][row] :]])
        assert answer["shares"][row] == pytest.approx(direct[answer["ids"][row]], abs=1e-3)
        assert answer["shares"][row][0] == pytest.approx(direct.max(), abs=1e-3)
