"""The check of a graphics card sees what is broken: each comparison fails where the path on the card does.

The processor stands for the card; a path is broken wherever the check does not ask for the processor beside it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
import torch

from benchmarks import __main__ as program
from benchmarks import card_proofs as proofs
from benchmarks import card_runs, card_writing, gpu
from benchmarks.card_material import GEMMA, make_material
from benchmarks.thresholds import limit_of
from poetas.generation.device import DEVICE
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.jobs import Evaluated, Job, JobState
from poetas.training import load_for_training, loss_choice, train
from poetas.training.hardware_plan import Precision
from poetas.training.trainer import LabelTrainer
from tests.unit.patience import until

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
    assert broken(proofs.losses(one_model, PROCESSOR, small=True)) == {"gpu:losses_float32"}


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
    assert broken(proofs.losses(one_model, PROCESSOR, small=True)) == {"gpu:resume", "gpu:events"}


def test_a_run_that_goes_on_with_the_learning_rate_of_its_beginning(one_model, monkeypatch):
    load = LabelTrainer._load_optimizer_and_scheduler

    def forgetful(trainer, checkpoint):
        beginning = trainer.lr_scheduler.state_dict()
        load(trainer, checkpoint)
        if checkpoint:
            trainer.lr_scheduler.load_state_dict(beginning)

    monkeypatch.setattr(LabelTrainer, "_load_optimizer_and_scheduler", forgetful)
    assert broken(proofs.losses(one_model, PROCESSOR, small=True)) == {"gpu:resume"}


def test_logits_that_are_of_the_next_token(material, monkeypatch):
    right = KVCacheDecoder._forward
    monkeypatch.setattr(
        KVCacheDecoder, "_forward", lambda decoder, *given: right(decoder, *given).roll(int(on_card()), -1)
    )
    assert broken(proofs.writing(material, PROCESSOR, small=True)) == {"gpu:texts", "gpu:stream", "gpu:probabilities"}


def test_probabilities_that_are_a_little_flatter(material, monkeypatch):
    right = card_writing.next_logits
    monkeypatch.setattr(card_writing, "next_logits", lambda *given: (right(*given)[0] * (0.99 if on_card() else 1),))
    assert broken(proofs.writing(material, PROCESSOR, small=True)) == {"gpu:probabilities"}


def test_another_precision_than_the_card_asks_for_and_a_batch_that_nobody_weighs(material, monkeypatch):
    monkeypatch.setattr(load_for_training, "choose_precision", lambda *_: Precision("float32", None, ""))
    monkeypatch.setattr(train, "_check_memory", lambda *_: None)
    assert broken(proofs.forced(material, PROCESSOR, small=True)) == {"gpu:6_gb", "gpu:out_of_memory"}


def test_bfloat16_that_was_asked_for_and_not_taken(one_model, monkeypatch):
    monkeypatch.setattr(load_for_training, "choose_precision", lambda *_: Precision("float32", None, ""))
    assert broken(proofs.losses(one_model, PROCESSOR, small=True)) == {"gpu:losses_bfloat16"}


def test_a_processor_that_works_in_place_of_the_card(one_model):
    """Beside itself it is right in everything."""
    for part in (proofs.losses, proofs.writing):
        with pytest.raises(RuntimeError, match="done on cpu, not on cuda"):
            next(part(one_model, torch.device("cuda"), small=True))


@pytest.fixture
def parts(monkeypatch):
    """Set the figures of a part of the check by its name; all others are without."""

    def part(name, figures=lambda *_given, **_more: iter(())):
        monkeypatch.setattr(gpu if name.startswith("_") else proofs, name, figures)

    monkeypatch.setattr(gpu, "make_material", lambda *_given, **_more: None)
    for name in ("losses", "writing", "_speed", "_promises", "forced", "in_processes"):
        part(name)
    return part


def check(out):
    """The exit code of the command, and its figures as strict JSON."""
    code = program.main(["gpu", "--device", "cpu", "--small", "--json", str(out)])
    figures = json.loads(out.read_text("utf-8"), parse_constant=pytest.fail)
    return code, {figure["name"]: figure["ours"] for figure in figures}


def test_a_part_that_fails_hides_no_other_and_what_it_left_out_is_not_kept(parts, tmp_path, capsys):
    def failing(*_given, **_more):
        yield proofs.simple("gpu:texts", 1.0, "share")
        raise RuntimeError("a mistake of ours")

    names = set(program.TABLE["benchmarks.gpu"]) - gpu.ONLY_ON_A_CARD - {"gpu:texts", "gpu:stream"}
    parts("writing", failing)
    parts("in_processes", lambda *_given: (proofs.simple(name, limit_of(name).least, "") for name in names))
    code, figures = check(tmp_path / "figures.json")
    assert code == program.NOT_KEPT
    assert figures.keys() == {*names, "gpu:texts", "gpu:stream"}
    assert [name for name, value in figures.items() if value is None and limit_of(name).least > 0] == ["gpu:stream"]
    assert "a mistake of ours" in capsys.readouterr().out


@pytest.mark.parametrize("part", ["losses", "in_processes"])
def test_a_card_that_is_lost_or_full_from_the_beginning_ends_the_check_in_one_sentence(part, parts, tmp_path, capsys):
    def failing(*_given, **_more):
        yield proofs.simple("gpu:resume", 0.0, "relative")
        raise RuntimeError("CUDA out of memory" if part == "losses" else "CUDA error: device-side assert triggered")

    parts(part, failing)
    code, figures = check(tmp_path / "figures.json")
    assert code == 1
    assert figures.keys() == {"gpu:card", "gpu:resume"}
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.usefixtures("programs_on_path")
def test_a_training_that_hangs_is_ended_before_the_next_part(tmp_path, monkeypatch):
    job = Job.start("hold", {}, parent=tmp_path, kinds="job_programs")
    until(lambda: job.state is JobState.RUNNING, 60)
    monkeypatch.setattr(card_runs, "_PATIENCE", 0.0)
    assert card_runs._end(job) is JobState.RUNNING
    assert job.wait(60) is JobState.LOST
