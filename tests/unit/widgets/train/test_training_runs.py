"""TrainingRuns: one training at a time, in one tab, in several, and while another one is stopped."""

import errno
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.jobs import Finished, Job, JobState, Notice, Started, Stopped
from tests.tiny_model import build_tiny_model
from tests.unit.patience import until
from tests.unit.widgets.pollers import INLINE, needs_loop, sweep
from tests.unit.widgets.train.steps import LONG, again, dataset, news, plain
from widgets import Hyperparameters, TrainingPanel
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.core.training_notice import TrainingNotice
from widgets.train.training_runs import TrainingRuns

pytestmark = pytest.mark.slow


def test_a_second_tab_shows_the_training_that_runs_instead_of_starting_another(alone, brief_looks):
    here, elsewhere = again(alone), again(alone)
    elsewhere.dataset = str(dataset(alone.project, news(30), (14, 4, 12)))
    first, second, third = (TrainingPanel(Hyperparameters(context=context)) for context in (alone, here, elsewhere))
    first.start.click()
    second.start.click()
    third.start.click()
    jobs = Job.all(alone.project.jobs)
    try:
        assert [job.dir for job in jobs] == [first.job.dir] == [second.job.dir]
        second.view._receive([Notice("shortened", "Corté un texto.")])  # what the run tells does not hide it
        assert "otra pestaña" in second.notices.value
        assert "Corté un texto." in second.notices.value
        assert second.state is State.BUSY
        assert third.alert.problem.code == "busy"
        assert third.state is State.READY
        third.alert.button.click()  # stop the other, and go on with this
        end = time.monotonic() + LONG
        while third.job is None and time.monotonic() < end:
            sweep(elsewhere.poller)
            time.sleep(0.05)
        assert jobs[0].state is JobState.STOPPED
        assert third.job.config["dataset"] == elsewhere.dataset
        sweep(here.poller)
        second.card.resume()
        assert second.card.alert.problem.code == "busy"  # nor is a stopped one gone on with beside it
        assert jobs[0].state.over
    finally:
        for job in Job.all(alone.project.jobs):
            job.kill()
        here.close()
        elsewhere.close()


@pytest.mark.cold  # the first fork waits for its server to import torch, longer than a tab waits for the others
def test_tabs_that_start_at_the_same_moment_start_one_training(alone):
    """Each looks, sees none, and starts one, unless they take turns."""
    tabs = [again(alone) for _tab in range(4)]
    trainings = [TrainingRuns(tab) for tab in tabs]
    config = {"model": alone.model, "dataset": alone.dataset, "training": {}, "samples": 0}
    together = Barrier(len(tabs))

    def begin(trainings):
        together.wait()
        return trainings.start(config)

    with ThreadPoolExecutor(len(tabs)) as threads:
        answers = list(threads.map(begin, trainings))
    [job] = Job.all(alone.project.jobs)
    assert [started.dir for started, _running in answers if started is not None] == [job.dir]
    assert [[run.dir for run in running] for started, running in answers if started is None] == [[job.dir]] * 3
    for tab in tabs:
        tab.close()


def test_the_card_about_the_other_training_says_what_it_is_of(stopped_and_running):
    training, context, _stopped, running = stopped_and_running
    training.card.resume()
    assert "estos mismos textos y este mismo modelo" in training.card.alert.problem.why
    assert training.trainings.blocking_reason(running.job) is None
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    why = training.trainings.blocking_reason().why
    assert "Es con los textos de «" in why
    folder = Path(running.job.config["dataset"])
    folder.rename(folder.with_name("mudado"))
    assert training.trainings.blocking_reason().why == why


def test_other_texts_say_at_once_that_a_training_runs_and_the_card_goes_with_them(stopped_and_running):
    training, context, _stopped, running = stopped_and_running
    before, named = context.dataset, dataset(context.project, news(30), (14, 4, 12))
    context.dataset = str(named)
    assert training.alert.problem.code == "busy"
    assert DatasetSummary.read(Path(before)).name in training.alert.problem.why
    assert training.state is State.READY
    context.dataset = before
    assert training.alert.problem is None, "the one that runs is shown"
    running.end(Stopped(1))
    context.dataset = str(named)
    assert training.alert.problem is None


def test_the_card_about_a_training_of_another_model_names_it_and_goes_when_that_is_over(stopped_and_running):
    training, context, _stopped, running = stopped_and_running
    build_tiny_model(context.workspace.models / "otro")
    context.model = "otro"
    assert "con estos mismos textos y con Modelo diminuto" in training.alert.problem.why
    running.end(Finished({}))
    context.shared(TrainingNotice, TrainingNotice).value = {"text": "terminó", "href": "", "over": True}
    assert training.alert.problem is None
    assert "ya entrenaste Modelo diminuto" in plain(training.other_model.words.value)


@needs_loop
def test_stopping_the_other_is_announced_waits_for_it_and_happens_once(stopped_and_running):
    training, context, stopped, running = stopped_and_running
    for _again in range(2):
        training.card.resume()
        training.card.alert.button.click()
        assert "Detengo el otro entrenamiento" in training.message.value
        assert training.card.alert.problem is None
        assert training.state is State.BUSY
        sweep(context.poller)
    assert running.job.state is JobState.STOPPING
    assert stopped.job.state is JobState.STOPPED
    running.end(Stopped(1))
    sweep(context.poller)
    assert not stopped.job.state.over
    sweep(context.poller)
    assert training.state is State.BUSY  # with its own work now
    assert "Detengo" not in training.message.value
    until(lambda: starts(stopped.job) == [False, True], LONG)
    assert running.job.state is JobState.STOPPED, "only its own work is resumed"


def starts(job):
    """Return for each process that a job had whether it resumed the work of an earlier one."""
    return [event.resumed for event in job.events()[0] if isinstance(event, Started)]


@needs_loop
def test_other_texts_chosen_while_the_other_ends_are_not_trained_unasked(stopped_and_running):
    training, context, stopped, running = stopped_and_running
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    training.start.click()
    assert training.alert.problem.code == "busy"
    training.alert.button.click()
    assert training.state is State.BUSY
    assert running.job.state is JobState.STOPPING
    context.dataset = str(dataset(context.project, news(20), (9, 3, 8)))
    running.end(Stopped(1))
    context.poller.drain(5)
    assert training.state is State.READY
    assert {job.dir for job in Job.all(context.project.jobs)} == {stopped.dir, running.dir}, "no new training"
    assert stopped.job.state is JobState.STOPPED


@pytest.mark.parametrize("refused", ["stop", "resume"])
def test_a_disk_that_refuses_while_the_other_is_stopped_is_a_card_and_leaves_nothing_stuck(
    stopped_and_running, monkeypatch, refused
):
    training, context, _stopped, running = stopped_and_running
    training.card.resume()

    def full(_job):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Job, refused, full)
    if INLINE and refused == "resume":  # the click waits until the other is over
        running.end(Stopped(1))
    training.card.alert.button.click()
    if not running.job.state.over:
        running.end(Stopped(1))
    context.poller.drain(5)
    problem = (training.alert if refused == "stop" else training.card.alert).problem
    assert problem.code == "disk-full"
    assert training.state is not State.BUSY
    assert is_shown(training.start)


def interrupt(_seconds):
    raise KeyboardInterrupt


def test_an_interrupted_wait_gives_the_button_back(stopped_and_running, monkeypatch):
    training, context, stopped, running = stopped_and_running
    training.card.resume()
    monkeypatch.setattr("widgets.core.poller.time.sleep", interrupt)  # what Colab's button does
    training.card.alert.button.click()
    for waiting in context.poller.tasks:  # on an event loop no sleep raises: call what the interrupt of a cell would
        waiting.interrupt()
    context.poller.drain(5)
    assert training.state is State.DONE
    assert "Detengo" not in training.message.value
    assert is_shown(training.start)
    assert running.job.state is JobState.STOPPING
    assert stopped.job.state is JobState.STOPPED


def test_one_look_decides_whether_a_training_may_start(stopped_and_running, monkeypatch):
    """It may end between two looks, and then there would be neither a card nor a start."""
    training, context, _stopped, running = stopped_and_running
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    look = Job.state.fget

    def look_and_end(job):
        state = look(job)
        if state is JobState.RUNNING:
            running.end(Stopped(1))
        return state

    monkeypatch.setattr(Job, "state", property(look_and_end))
    training.start.click()
    assert running.job.state is JobState.STOPPED
    assert training.alert.problem.code == "busy"
    assert training.state is State.READY
