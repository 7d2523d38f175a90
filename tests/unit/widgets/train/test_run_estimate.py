"""RunEstimate: the dry run, started once, and what its measurement says of time and memory."""

import json
import re

import pytest

from poetas.evaluation.report import EvaluationData, report, scored
from poetas.jobs import Job, JobState
from poetas.training.config import TrainingConfig
from poetas.training.estimate import BatchMeasurement, Measurement
from poetas.training.workload import Batch, SplitLengths
from tests.unit.patience import suspended
from tests.unit.widgets.pollers import needs_loop, poll_once, sweep
from tests.unit.widgets.train.steps import LONG, again, finished, plain
from widgets import Hyperparameters, TrainingPanel
from widgets.core.component import State
from widgets.core.elements import is_shown

pytestmark = pytest.mark.slow


def test_a_second_click_starts_no_second_dry_run(alone, brief_looks):
    """Two at once compete for the cores, and what they measure is wrong."""
    here = again(alone)
    estimate, other = (Hyperparameters(context=context).estimate for context in (alone, here))
    for _click in range(2):
        estimate.button.click()
    [dry_run] = Job.all(alone.project.jobs)
    other.button.click()  # nor in another tab, which shows the one that runs
    here.close()
    assert len(Job.all(alone.project.jobs)) == 1
    assert dry_run.dir == estimate._job.dir == other._job.dir
    dry_run.wait(LONG)
    poll_once(alone.poller, estimate.card)
    assert estimate.button.description == "Medirlo otra vez"
    estimate.button.click()
    assert len(Job.all(alone.project.jobs)) == 2


def test_a_second_click_while_room_is_made_starts_no_second_dry_run(alone, brief_looks, monkeypatch):
    from poetas.environment import Machine

    monkeypatch.setattr("poetas.environment.machine", lambda _folder=None: Machine(2, 10**9, 3 * 10**8, 10**10))
    estimate = Hyperparameters(context=alone).estimate
    for _click in range(2):
        estimate.button.click()
    alone.poller.drain(LONG)
    assert len(Job.all(alone.project.jobs)) == 1


@needs_loop
def test_no_dry_run_measures_a_machine_that_a_training_shares(alone):
    knobs = Hyperparameters(context=alone)
    knobs.value = TrainingConfig(epochs=20, batch_size=1, lora_rank=2, longest=32)
    training, estimate = TrainingPanel(knobs), knobs.estimate
    estimate.button.click()
    [dry_run] = Job.all(alone.project.jobs)
    with suspended(dry_run):  # on a busy machine it would end before the click
        training.start.click()
    assert "Detengo la prueba de tiempo" in training.message.value
    assert training.state is State.BUSY
    assert [job.dir for job in Job.all(alone.project.jobs)] == [dry_run.dir], "its memory is not free yet"
    assert dry_run.wait(LONG) is JobState.STOPPED
    sweep(alone.poller)
    assert training.job is not None
    assert "Detengo" not in training.message.value
    assert not is_shown(estimate.card), "nothing of it is kept to go on with"
    assert "antes de terminar" in estimate.message.value
    estimate.button.click()
    assert estimate.alert.problem.code == "busy"
    assert is_shown(estimate.button)
    estimate.card.follow(dry_run, blocking_reason=estimate._blocking_reason)
    estimate.card.resume()
    assert estimate.card.alert.problem.code == "busy"
    estimate.card.leave()
    estimate._launch()
    assert [job.kind for job in Job.all(alone.project.jobs)].count("dry_run") == 1
    training.job.stop()
    assert training.job.wait(LONG) is JobState.STOPPED
    sweep(alone.poller)
    estimate.button.click()
    assert estimate.alert.problem is None
    assert [job.kind for job in Job.all(alone.project.jobs)].count("dry_run") == 2
    training.card.resume()  # gone on with, it is in the way again
    sweep(alone.poller)
    assert estimate._job.wait(LONG) is JobState.STOPPED


def measured(**changes):
    """What a dry run found out, with something else in some places."""
    corpus = SplitLengths.of([20] * 12, [10] * 12, [5] * 12)
    trials = (
        BatchMeasurement(Batch(1, 16, 5), 0.2, 0.1, 10**8),
        BatchMeasurement(Batch(4, 32, 20), 0.4, 0.3, 2 * 10**8),
    )
    measurement = Measurement(
        trials, 10**8, 10**6, 10**5, 10**3, 8, 0.4, 0.01, 0.5, 1.0, 0.1, 10**6, 10**10, 512, 3, False, corpus, corpus
    ).to_dict()
    return {"measurement": {**measurement, **changes}}


def dry_run_by_hand(context, result):
    finished(context, "dry_run", {}, result)
    estimate = Hyperparameters(context=context).estimate
    context.poller.drain(10)
    return estimate


def test_a_dry_run_that_can_be_read_gives_an_estimate(alone):
    assert "va a tardar" in plain(dry_run_by_hand(alone, measured()).summary.value)


@pytest.mark.parametrize(
    "result",
    [
        {"measurement": 7},
        measured(held="x"),
        measured(frozen=float("nan")),
        measured(starting=float("inf")),
        measured(trials=7),
        measured(train=[]),
        measured(room=None),
        measured(free="x"),
    ],
)
def test_a_dry_run_that_cannot_be_read_is_done_again(alone, result):
    estimate = dry_run_by_hand(alone, result)
    assert estimate.card.alert.problem is None
    assert (is_shown(estimate.button), estimate.button.description) == (True, "Medir cuánto tarda acá")
    assert estimate.summary.value == ""
    estimate.draw(TrainingConfig(epochs=1))


def an_exam():
    """What the evaluation of a small exam found."""
    sources = [f"El intendente de Salta abrió {n} plazas el lunes. Hubo música. Vino gente." for n in range(2, 14)]
    references = [f"Salta tiene {n} plazas nuevas." for n in range(2, 14)]
    copied = [source.split(". ")[0] + "." for source in sources]
    texts = {
        "lead1": copied,
        "lead3": sources,
        "base": ["No sé."] * len(sources),
        "tuned": ["En Salta, Elvira abrió 99 plazas nuevas <b>ayer</b>."] * len(sources),
    }
    exam = EvaluationData(sources, references, texts)
    return json.loads(json.dumps({"task": "summary", **report(exam, scored(exam))}))


@pytest.fixture
def result():
    return an_exam()


@pytest.fixture(scope="module")
def dry_run(ready):
    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=1, batch_size=4, lora_rank=2, longest=32)
    knobs.estimate.button.click()
    ready.poller.drain(LONG)
    return knobs


def test_a_dry_run_tells_minutes_and_memory_and_the_figures_follow_the_knobs(dry_run, ready):
    knobs = dry_run
    assert knobs.estimate.alert.problem is None
    assert knobs.estimate.card.alert.problem is None
    summary = plain(knobs.estimate.summary.value)
    assert "va a tardar, más o menos" in summary
    assert re.search(r"\b3\s+correcciones", summary)
    before = knobs.estimate._estimate()
    knobs.sliders["epochs"].box.value = 4
    assert re.search(r"\b12\s+correcciones", plain(knobs.estimate.summary.value))
    assert knobs.estimate._estimate().seconds > before.seconds
    ready.poller.drain(10)
    other = again(ready)
    kept = Hyperparameters(context=other)
    other.poller.drain(10)
    assert re.search(r"\b12\s+correcciones", plain(kept.estimate.summary.value))
    other.close()


def test_what_does_not_fit_comes_with_what_would_by_one_click(dry_run, ready, monkeypatch):
    from dataclasses import replace

    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=1, batch_size=16, lora_rank=2, longest=256)
    ready.poller.drain(10)
    outcome = knobs.estimate._measurement
    assert outcome is not None
    needed = knobs.estimate._estimate().memory
    knobs.estimate._measurement = replace(outcome, free=needed - 1)
    monkeypatch.setattr(type(knobs.estimate), "_free", lambda self: self._measurement.free)
    knobs.estimate.draw(knobs.value)
    assert "no entra" in plain(knobs.estimate.summary.value)
    assert knobs.estimate.offer_buttons.children
    knobs.estimate.offer_buttons.children[0].click()
    assert knobs.estimate._estimate().fits
    assert "no entra" not in plain(knobs.estimate.summary.value)
    assert not knobs.estimate.offer_buttons.children
    ready.poller.drain(10)
