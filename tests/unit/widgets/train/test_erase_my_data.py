"""EraseMyData: asks once more, stops what runs, erases the projects and leaves the models."""

import time
from pathlib import Path

import pytest

from poetas.jobs import Job
from poetas.training.config import TrainingConfig
from tests.tiny_model import TINY
from tests.unit.widgets.pollers import INLINE
from tests.unit.widgets.train.steps import LONG
from widgets import EraseMyData, Hyperparameters, TrainingPanel
from widgets.core.elements import is_shown

pytestmark = pytest.mark.slow


def test_erasing_asks_once_more_stops_what_runs_and_leaves_the_models(alone, brief_looks):
    knobs = Hyperparameters(context=alone)
    knobs.value = TrainingConfig(epochs=20, batch_size=1, lora_rank=2, longest=32)
    training = TrainingPanel(knobs)
    training.start.click()
    job = Job.open(training.job.dir)
    erase = EraseMyData(context=alone)
    assert not is_shown(erase.yes)
    erase.ask.click()
    assert is_shown(erase.yes)
    assert "1 proyecto" in erase.question.value
    assert "Hay 1 trabajo en marcha: se va a detener." in erase.question.value
    erase.no.click()
    assert Path(alone.dataset).is_dir()
    erase.ask.click()
    for _click in range(1 if INLINE else 2):  # the second one would find nothing to erase, and say so
        erase.yes.click()
    alone.poller.drain(LONG)
    assert erase.alert.problem is None
    assert not (alone.workspace.root / "proyectos").exists()
    assert (alone.workspace.models / TINY / "model.safetensors").is_file()
    assert (alone.dataset, alone.model, alone.training, alone.steps) == ("", "", "", ())
    assert training.job is None
    assert "Borré" in erase.report.value
    assert "dataset.json" in erase.report.value
    time.sleep(0.5)
    assert not job.dir.exists()  # no process writes there any more


def test_nothing_is_written_into_a_folder_that_is_being_erased(alone):
    alone.save(steps=["textos"])
    alone.erasing = True
    alone.save(steps=["textos", "columnas"])
    assert alone.project.state()["steps"] == ["textos"]
    assert alone.state()["steps"] == ["textos", "columnas"]
    alone.reset()
    assert not alone.erasing
    assert alone.state()["steps"] == ["textos"], "what was chosen meanwhile is dropped"
