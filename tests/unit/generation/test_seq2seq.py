"""Models that read a text and write another (mT5's kind) go through the same doors as those that go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from poetas.generation.batch_generation import generate_texts
from poetas.generation.handler import Generation
from poetas.generation.log_likelihood import log_likelihoods
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.prompts import encode_prompt
from poetas.generation.sampling import GenerationSettings
from poetas.services import Session
from poetas.services.session import FairLock
from poetas.training.label_masking import encode_example
from poetas.workspace import Workspace
from tests.tiny_seq2seq import build_tiny_seq2seq

TEXTS = [
    "La panadera del barrio abre antes de que salga el sol.",
    "El río creció durante la tarde.",
    "Una biblioteca no es un depósito de libros: es una mesa larga, una lámpara encendida y alguien que conoce.",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    build_tiny_seq2seq(workspace.models / "tiny-seq2seq")
    return workspace


@pytest.fixture(scope="module")
def tiny(home: Workspace) -> Iterator[LanguageModel]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OMP_NUM_THREADS", "1")
        yield load_model(home.models / "tiny-seq2seq", device="cpu", dtype=torch.float32)


def by_hand(tiny: LanguageModel, prompt: list[int], count: int) -> list[int]:
    ids = [tiny.model.config.decoder_start_token_id]
    with torch.no_grad():
        for _ in range(count):
            logits = tiny.model(input_ids=torch.tensor([prompt]), decoder_input_ids=torch.tensor([ids])).logits
            token = int(logits[0, -1].argmax())
            if token in tiny.ends:
                break
            ids.append(token)
    return ids[1:]


def test_the_instruction_and_the_end_are_where_the_encoder_expects_them(tiny: LanguageModel) -> None:
    example = encode_example(tiny.tokenizer, tiny.style, TEXTS[0], "Abre.")
    assert tiny.style.kind == "seq2seq"
    assert example.input_ids[-1] == example.labels[-1] == tiny.tokenizer.eos_token_id
    assert example.input_ids.count(tiny.tokenizer.eos_token_id) == 1
    assert tiny.tokenizer.decode(example.input_ids[:-1]).startswith("resumir:")


def test_a_batch_writes_what_each_text_alone_would(tiny: LanguageModel) -> None:
    prompts = [encode_prompt(tiny.tokenizer, tiny.style, text).input_ids for text in TEXTS]
    for text in generate_texts(tiny, prompts, GenerationSettings(max_tokens=15), stop=""):
        expected = by_hand(tiny, prompts[text.index], 15)
        assert text.tokens == len(expected) > 0
        assert text.text == tiny.tokenizer.decode(expected, skip_special_tokens=True).strip()


def test_scores_are_those_of_the_decoder(tiny: LanguageModel) -> None:
    prompt = encode_prompt(tiny.tokenizer, tiny.style, TEXTS[0]).input_ids
    answers = [[30, 40, 50, 1], [60], list(range(10, 60))]
    for scores, ids in zip(log_likelihoods(tiny, prompt, answers), answers, strict=True):
        with torch.no_grad():
            given = torch.tensor([[tiny.model.config.decoder_start_token_id, *ids[:-1]]])
            logits = tiny.model(input_ids=torch.tensor([prompt]), decoder_input_ids=given).logits[0]
        expected = torch.log_softmax(logits.double(), -1)[range(len(ids)), ids].numpy()
        assert np.abs(scores - expected).max() < 1e-4


def test_a_page_can_use_it(home: Workspace) -> None:
    handler, session = Generation(home), Session(1, FairLock())
    handler.load(session, "tiny-seq2seq")
    assert handler.next_token(session, TEXTS[0])["logits"].ndim == 1

    def consume(stream: Any) -> tuple[str, dict[str, Any]]:
        bits = []
        while True:
            try:
                bits.append(next(stream))
            except StopIteration as end:
                return "".join(bits), end.value

    bits, result = consume(handler.summarise(session, TEXTS[0], settings={"max_tokens": 12}))
    assert bits == result["text"]
    assert result["tokens"] > 0
    assert handler.classify(session, TEXTS[0], ["pan", "lluvia"])["shares"].sum() == pytest.approx(1)
