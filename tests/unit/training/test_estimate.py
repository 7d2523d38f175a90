"""A dry run says what a run will take, and a slider's estimate follows from it without a new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from poetas.errors import PoetasError
from poetas.jobs import Progress, Stopping
from poetas.training.config import TrainingConfig
from poetas.training.dry_run_job import run as dry_run
from poetas.training.estimate import BatchMeasurement, Measurement, estimate
from poetas.training.fallback_configs import fallback_configs
from poetas.training.memory_check import ModelShape, check_memory
from poetas.training.train_job import run
from poetas.training.workload import Batch, SplitLengths
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset

GB = 10**9


def made_up(**changes: object) -> Measurement:
    """A measurement that follows the model of costs exactly: 0.1 s a batch, 1 ms and 1 MB a token."""
    corpus = SplitLengths.of([100] * 40, [28] * 40, [20] * 40)
    trials = tuple(
        BatchMeasurement(Batch(rows, 128, 20 * rows), 0.6 + 0.128 * rows, 0.1 + 0.128 * rows, GB + 128 * rows * 10**6)
        for rows in (1, 2, 4)
    )
    plain = Measurement(
        trials=trials,
        held=GB,
        frozen=1000,
        head=0,
        trained_a_rank=0,
        rank=16,
        evaluating=0.5,
        update=0.0,
        sampling=2.0,
        starting=5.0,
        saving=0.25,
        shape=0,
        free=2 * GB,
        room=4096,
        samples=3,
        recompute=False,
        train=corpus,
        validation=SplitLengths.of([100] * 8, [28] * 8, [20] * 8),
    )
    return replace(plain, **changes)


def test_the_parts_of_an_estimate_are_what_the_costs_say():
    result = estimate(made_up(), TrainingConfig(epochs=3, batch_size=4, accumulate=1))
    assert result.steps == 30
    assert result.parts["training"] == pytest.approx(30 * (0.1 + 4 * 0.128) + 0.5)  # one shape, new once
    assert result.parts["evaluating"] == pytest.approx(7 * 0.5 * (0.1 + 8 * 0.128))
    assert result.parts["sampling"] == pytest.approx(7 * 2.0)  # before the first step, too
    assert result.seconds == pytest.approx(sum(result.parts.values()))
    assert result.memory == pytest.approx(1.05 * (GB + 512 * 10**6), rel=1e-6)
    assert result.fits


@pytest.mark.parametrize(("knob", "low", "high"), [("epochs", 1, 5), ("longest", 32, 384), ("lora_rank", 4, 64)])
def test_each_knob_moves_the_minutes_the_way_it_should(knob, low, high):
    result = made_up(trained_a_rank=10)
    less = estimate(result, TrainingConfig(**{knob: low}))
    more = estimate(result, TrainingConfig(**{knob: high}))
    assert less.seconds < more.seconds
    assert less.memory <= more.memory


def test_a_batch_in_parts_needs_less_memory_for_the_same_steps():
    whole = estimate(made_up(), TrainingConfig(batch_size=8, accumulate=1))
    parts = estimate(made_up(), TrainingConfig(batch_size=8, accumulate=4))
    assert parts.memory < whole.memory
    assert parts.steps == whole.steps


def test_what_does_not_fit_is_offered_smaller_and_every_offer_fits():
    config, tight = TrainingConfig(batch_size=8, accumulate=1), made_up(free=int(1.5 * GB))
    assert not estimate(tight, config).fits
    made = fallback_configs(tight, config)
    assert 1 <= len(made) <= 3
    assert made[0].changes == {"accumulate": 4}
    for offer in made:
        assert estimate(tight, replace(config, **offer.changes)).fits
        assert offer.text
        assert json.dumps(offer.to_dict())


def test_where_nothing_fits_nothing_is_offered():
    assert fallback_configs(made_up(free=GB // 2), TrainingConfig()) == []


def test_a_measurement_survives_json_and_what_is_none_is_refused():
    result = made_up()
    back = Measurement.from_dict(json.loads(json.dumps(result.to_dict())))
    assert estimate(back, TrainingConfig()) == estimate(result, TrainingConfig())
    for broken in (
        {},
        {**result.to_dict(), "trials": [{}]},
        {**result.to_dict(), "train": {"texts": [1], "rest": [], "labels": []}},
    ):
        with pytest.raises(ValueError, match=r"\w"):
            Measurement.from_dict(broken)


def test_an_estimate_is_quick_enough_for_a_slider_on_ten_thousand_texts():
    corpus = SplitLengths.of(range(20, 10_020), [28] * 10_000, [20] * 10_000)
    result = made_up(train=corpus)
    begun = time.process_time()
    estimate(result, TrainingConfig())
    assert time.process_time() - begun < 1


def test_a_run_that_fits_passes_and_one_that_does_not_says_what_would():
    shape = ModelShape(18, 640, 2048, 1024, 2)
    needed = check_memory(shape, rows=4, columns=240, adapter=4_000_000, held=GB, free=2 * GB)
    assert GB < needed < 2.5 * GB
    with pytest.raises(PoetasError, match="no entra") as caught:
        check_memory(shape, rows=16, columns=1024, adapter=4_000_000, held=GB, free=2 * GB)
    assert "en 6 partes" in caught.value.explanation.remedy
    with pytest.raises(PoetasError, match="no entra") as caught:
        check_memory(shape, rows=1, columns=4096, adapter=4_000_000, held=GB, free=GB)
    assert "pedacitos por texto" in caught.value.explanation.remedy


PEAKS = """
import json, sys
from poetas.environment import peak_rss_mb
from poetas.training.process_setup import PeakMemory
def fill():
    block = b"x" * 200_000_000
peak = PeakMemory()
peaks = [peak.bytes]
fill()
peaks.append(peak.bytes)
peak.restart()
peaks.append(peak.bytes)
fill()
restarts = peak_rss_mb()
try:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
except OSError:
    pass
print(json.dumps({"peaks": peaks, "restarts": peak_rss_mb() < restarts - 100}))
"""


def test_a_peak_is_that_since_the_last_restart():
    """In a process of its own: one that other tests have used may hold freed memory, which a block then takes."""
    done = subprocess.run([sys.executable, "-c", PEAKS], capture_output=True, text=True, timeout=120, check=True)
    result = json.loads(done.stdout)
    begun, full, again = result["peaks"]
    assert full - begun > 150_000_000
    if result["restarts"]:
        assert again - begun < 100_000_000
    else:  # a system that cannot restart the count, or a container that hides it
        assert again == full


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory):
    """One core for all: an estimate is compared with a run."""
    root = tmp_path_factory.mktemp("dry run")
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if before:
        os.sched_setaffinity(0, {max(before)})
    model, texts = build_tiny_model(root / "tiny"), dataset(root, texts=60)
    training = {**SMALL, "longest": 200, "epochs": 2, "sample_every": 0}
    yield {"model": str(model), "dataset": str(texts), "training": training, "samples": 0}
    if before:
        os.sched_setaffinity(0, before)


@pytest.mark.slow
def test_a_dry_run_foretells_a_real_run(asked, tmp_path):
    trial = Listener(tmp_path / "dry run", asked)
    reported = dry_run(trial)
    context = Listener(tmp_path / "job", asked)
    begun = time.process_time()
    result = run(context)
    spent = time.process_time() - begun
    assert [type(event) for event in trial.emitted] == [Progress] * len(trial.emitted)
    assert reported["fits"]
    assert reported["steps"] == result["steps"]
    assert json.loads(json.dumps(reported)) == reported
    assert not (trial.dir / "adapter").exists()
    assert not (trial.dir / "checkpoints").exists()
    assert reported["memory"] / 1e6 == pytest.approx(result["peak_rss_mb"], rel=0.25)
    # On a machine that does other things meanwhile, only the processor's time can be compared closely.
    assert reported["seconds"] > 0.3 * spent
    live = estimate(Measurement.from_dict(reported["measurement"]), TrainingConfig.from_dict(asked["training"]))
    assert live.seconds == pytest.approx(reported["seconds"])


def test_a_dry_run_hears_the_stop(asked, tmp_path):
    context = Listener(tmp_path / "job", asked)
    context.request_stop()
    with pytest.raises(Stopping):
        dry_run(context)
