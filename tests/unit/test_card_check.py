"""The check of a graphics card sees what is broken: each comparison fails where the path on the card does.

The processor stands for the card; a path is broken wherever the check does not ask for the processor beside it.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import torch

from benchmarks import card_runs, gpu
from benchmarks.card_material import GEMMA, make_material
from benchmarks.thresholds import limit_of
from poetas.generation.device import DEVICE
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.jobs import Evaluated
from poetas.training import load_for_training, loss_choice, train
from poetas.training.hardware_plan import Precision
from poetas.training.trainer import LabelTrainer

pytestmark = pytest.mark.slow
PROCESSOR = torch.device("cpu")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_material(tmp_path_factory.mktemp("check"), PROCESSOR, small=True)


@pytest.fixture
def material(made, tmp_path):
    return replace(made, root=tmp_path)


@pytest.fixture
def one_model(material):
    return replace(material, models={GEMMA: material.models[GEMMA]})


@pytest.fixture(autouse=True)
def card(monkeypatch):
    monkeypatch.delenv(DEVICE, raising=False)


def on_card():
    return os.environ.get(DEVICE) != "cpu"


def broken(figures):
    """Names of the figures that are not within their limits."""
    return {figure.name for figure in figures if not limit_of(figure.name).kept(figure)}


def test_a_loss_that_is_a_little_off(one_model, monkeypatch):
    right = loss_choice.FORMS["blocks"]
    off = {"blocks": lambda *given: right(*given) * (1.003 if on_card() else 1)}
    monkeypatch.setattr(loss_choice, "FORMS", off)
    assert broken(gpu._losses(one_model, small=True)) == {"gpu:losses_float32"}


def test_a_run_that_goes_on_without_its_optimiser_and_says_less(one_model, monkeypatch):
    load, emit = LabelTrainer._load_optimizer_and_scheduler, card_runs.Heard.emit

    def forgetful(trainer, checkpoint):
        load(trainer, checkpoint)
        trainer.optimizer.state.clear()

    def silent(context, event):
        if not (isinstance(event, Evaluated) and event.step and on_card()):
            emit(context, event)

    monkeypatch.setattr(LabelTrainer, "_load_optimizer_and_scheduler", forgetful)
    monkeypatch.setattr(card_runs.Heard, "emit", silent)
    assert broken(gpu._losses(one_model, small=True)) == {"gpu:resume", "gpu:events"}


def test_logits_that_are_of_the_next_token(material, monkeypatch):
    right = KVCacheDecoder._forward
    monkeypatch.setattr(
        KVCacheDecoder, "_forward", lambda decoder, *given: right(decoder, *given).roll(int(on_card()), -1)
    )
    assert broken(gpu._writing(material, small=True)) == {"gpu:texts", "gpu:stream", "gpu:probabilities"}


def test_another_precision_than_the_card_asks_for_and_a_batch_that_nobody_weighs(material, monkeypatch):
    monkeypatch.setattr(load_for_training, "choose_precision", lambda *_: Precision("float32", None, ""))
    monkeypatch.setattr(train, "_check_memory", lambda *_: None)
    assert broken(gpu._forced(material, PROCESSOR, small=True)) == {"gpu:6_gb", "gpu:out_of_memory"}
