"""TrainingPanel: a training from the click to its end, after a reload, a failure and a kill."""

import os
import shutil
import signal
import time

import pytest

from poetas.jobs import Evaluated, Failed, Job, JobState, Saved, Step
from poetas.jobs.processes import process_of
from poetas.training.config import TrainingConfig
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.job_under_way import left_behind
from tests.unit.patience import until
from tests.unit.widgets.pollers import new_poller, poll_once
from tests.unit.widgets.train.steps import LONG, again, dataset, news, plain, trained_by_hand, training_under_way
from widgets import Hyperparameters, PageContext, TrainingPanel
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.dataset_records import adapter_in_use

pytestmark = pytest.mark.slow


def test_a_second_click_on_train_is_not_taken_for_another_tab(alone, brief_looks):
    training = TrainingPanel(Hyperparameters(context=alone))
    for _click in range(2):
        training.start.click()
    assert len(Job.all(alone.project.jobs)) == 1
    assert training.state is State.BUSY
    assert training.notices.value == ""
    assert 'data-goto="entrena"' in training.hyperparameters.training.value, "the window goes where it can be watched"


def test_a_training_draws_its_curve_and_its_film_and_its_adapter_is_in_use(trained, ready):
    assert trained.card.alert.problem is None
    assert trained.done
    assert ready.training == str(trained.job.dir)
    assert adapter_in_use(ready) == trained.job.dir / "adapter"
    steps, losses = trained.chart.curve.training()
    assert steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert len(losses) == 6
    assert trained.chart.curve.best is not None
    assert "6 correcciones" in plain(trained.result.value)
    assert [film["title"] for film in trained.film.films] == ["Texto 1", "Texto 2", "Texto 3"]
    assert trained.film.measures[0] == {"step": 0, "name": "Antes de estudiar"}, "written before the first step, too"
    assert len(trained.film.measures) == len(trained.chart.curve.validation()[0])
    assert trained.children.index(trained.film) < trained.children.index(trained.chart)
    assert trained.start.description == "Entrenar otra vez, con estas perillas"


def test_a_reload_finds_the_whole_curve_again(trained, ready):
    other = again(ready)
    result = TrainingPanel(context=other)
    other.poller.drain(10)
    assert result.done
    assert result.chart.curve.training()[0].tolist() == trained.chart.curve.training()[0].tolist()
    result._detach()
    assert result.result.value == "", "another training's result stays until that of the next one is drawn"
    other.close()


def test_a_training_of_another_dataset_is_not_shown(trained, ready):
    other = again(ready)
    result = TrainingPanel(context=other)
    other.poller.drain(10)
    other.dataset = str(dataset(other.project, [{"text": f"verso {n} que canta"} for n in range(26)]))
    assert result.job is None
    assert not result.done
    assert result.chart.children == (result.card,)
    assert adapter_in_use(other) is None
    other.dataset = ready.dataset
    other.poller.drain(10)
    assert result.done
    other.close()


def test_with_another_model_it_is_said_which_was_trained_and_a_click_shows_it(trained, ready):
    other = again(ready)
    build_tiny_model(other.workspace.models / "otro")
    other.model = "otro"
    result = TrainingPanel(context=other)
    assert result.job is None
    assert is_shown(result.other_model)
    assert "ya entrenaste Modelo diminuto" in plain(result.other_model.words.value)
    result.other_model.choose.click()
    other.poller.drain(10)
    assert other.model == ready.model
    assert result.done
    assert not is_shown(result.other_model)
    other.close()


def failed_training(context, code, action):
    """A training as a killed or failed process leaves it: real files, no process."""
    folder = context.project.jobs / f"train-20990101-000000-{code}"
    config = {"model": context.model, "dataset": context.dataset, "training": TrainingConfig().to_dict()}
    events = [
        Step(1, 9, 0.1, 2.5, 1e-4, 100.0, 9.0),
        Evaluated(1, 0.1, 2.4),
        Failed(code, "Qué pasó.", "Por qué.", "Qué hacer.", action),
    ]
    return left_behind(folder, "train", *events, config=config, created=time.time() + 10**6).dir


@pytest.mark.parametrize(
    ("code", "action", "button", "knob"),
    [
        ("out-of-memory", "smaller", "Probar con algo más chico", "batch_size"),
        ("loss-nan", "lower-learning-rate", "Bajar la tasa y entrenar de nuevo", "learning_rate"),
    ],
)
def test_a_failure_shows_what_was_learnt_and_one_button_that_changes_a_knob(
    empty, brief_looks, code, action, button, knob
):
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    failed_training(empty, code, action)
    knobs = Hyperparameters(context=empty)
    knobs.value = TrainingConfig(epochs=1, batch_size=4, lora_rank=2, longest=32)
    empty.poller.drain(10)
    context = TrainingPanel(knobs)
    empty.poller.drain(10)
    assert context.card.value is JobState.FAILED
    assert context.chart.curve.training()[0].tolist() == [1]
    assert context.card.alert.button.description == button
    before = getattr(knobs.value, knob)
    context.card.alert.button.click()
    assert getattr(knobs.value, knob) < before
    assert context.state is State.BUSY
    started = Job.open(context.job.dir)
    assert started.config["training"][knob] == getattr(knobs.value, knob)
    started.stop()
    started.wait(LONG)
    poll_once(empty.poller, context.card)
    assert context.card.value in {JobState.STOPPED, JobState.FINISHED}


@pytest.mark.parametrize(
    "result", ["{", {"steps": "x"}, {"steps": 3, "seconds": [], "best_loss": "y", "first_loss": 1}]
)
def test_a_training_whose_figures_cannot_be_read_is_in_use_all_the_same(alone, result):
    folder = trained_by_hand(alone, result)
    training = TrainingPanel(context=alone)
    alone.poller.drain(10)
    assert (training.state, training.value) == (State.DONE, str(folder))
    assert "Terminó" in plain(training.result.value)
    assert training.card.alert.problem is None


def test_a_training_that_did_not_end_says_that_an_earlier_one_is_in_use(trained, ready):
    killed = training_under_way(ready, "train-later", time.time() + 99)
    killed.leave()
    other = again(ready)
    try:
        result = TrainingPanel(context=other)
        other.poller.drain(10)
        assert result.job.dir == killed.dir
        assert "usan el entrenamiento anterior" in result.result.value
        assert "Vas a verlo en vivo" not in result.message.value
    finally:
        other.close()
        shutil.rmtree(killed.dir)


def test_a_killed_training_says_so_and_goes_on_from_what_was_saved(tmp_path, brief_looks):
    workspace = Workspace(tmp_path / "home")
    build_tiny_model(workspace.models / TINY)
    context = PageContext(workspace, poller=new_poller())
    context.dataset, context.model = str(dataset(context.project, news(26))), TINY
    knobs = Hyperparameters(context=context)
    knobs.value = TrainingConfig(epochs=6, batch_size=2, lora_rank=2, longest=32, sample_every=0)
    training = TrainingPanel(knobs)
    training.start.click()
    until(lambda: process_of(training.job.dir) is not None, LONG)
    process = process_of(training.job.dir)  # on a busy machine the training could end while it is searched for
    until(lambda: sum(isinstance(event, Saved) for event in training.job.events()[0]) >= 2, LONG)
    os.killpg(process, signal.SIGKILL)
    training.job.wait(LONG)
    poll_once(context.poller, training.card)
    assert training.card.value is JobState.LOST
    before = len(training.chart.curve.training()[0])
    assert 0 < before < 36
    shown = plain(training.card.alert.message.value) + plain(training.card.message.value)
    assert "sigue desde lo último que guardó" in shown
    button = training.card.alert.button if training.card.alert.problem else training.card.resume_button
    assert button.description == "Seguir desde donde quedó"
    assert is_shown(training.use_button)  # what it learnt so far can be used as it is
    button.click()
    poll_once(context.poller, training.card)
    assert training.state is State.BUSY
    assert not is_shown(training.start)
    assert training.job.wait(LONG) is JobState.FINISHED, training.job.failure()
    poll_once(context.poller, training.card)
    assert training.done
    assert training.chart.curve.training()[0].tolist() == list(range(1, 37))
    context.close()
