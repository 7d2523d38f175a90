"""TrainingNotice: a training under way is shown in the header of every app, and its end once."""

import json
import shutil
import time

import pytest

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.jobs import Finished, Saved, Step, Stopped
from poetas.workspace import Workspace
from tests.unit.job_under_way import JobUnderWay
from tests.unit.widgets.pollers import sweep as poll_all
from tests.unit.widgets.train.steps import dataset, news
from widgets import PageContext, Poller
from widgets.core.training_notice import TrainingNotice


@pytest.fixture
def running(tmp_path):
    """A training that runs, as its process keeps it: its files, and what it reports."""
    project = Workspace(tmp_path / "home").project()
    project.remember(model="tiny")
    config = {"dataset": "/nowhere/<b>coplas</b>"}
    training = JobUnderWay(project.jobs / "train-20260101-000000-00000000", "train", config)
    yield project.workspace, training
    training.leave()


def page(workspace, app):
    context = PageContext(workspace, poller=Poller(inline=False))
    context.app = app
    return context, context.shared(TrainingNotice, TrainingNotice)


def sweep(context):
    poll_all(context.poller)


def step(number):
    return Step(number, 200, 0.1, 2.0, 1e-4, 10.0, 180.0)


@pytest.mark.parametrize(("app", "href"), [("conocer", "3_entrenar.ipynb#entrena"), ("entrenar", "#entrena")])
def test_a_training_under_way_is_shown_live_and_ends_with_it(running, app, href, monkeypatch):
    workspace, training = running
    context, notice = page(workspace, app)
    notice.look()
    sweep(context)
    assert notice.value == {"text": "Está entrenando «b>».", "href": href, "over": False}
    for number in (39, 40):
        training.emit(step(number))
    sweep(context)
    assert notice.value["text"] == "Está entrenando «b>»: corrección 40 de 200, quedan 3 min."
    ahead = time.time() + 60
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: ahead)
        sweep(context)
    assert "quedan 1 min 5" in notice.value["text"] or "quedan 2 min" in notice.value["text"]
    training.end(Finished({}))
    sweep(context)
    assert notice.value == {"text": "«b>» terminó de entrenarse.", "href": href, "over": True}
    assert not context.poller._tasks, "nothing is polled any more"


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((Stopped(0),), "El entrenamiento de «b>» se detuvo antes de guardar algo."),
        ((Saved(8, "checkpoints/checkpoint-8"), Stopped(8)), "lo que aprendió quedó guardado."),
    ],
)
def test_a_stopped_training_is_said_to_be_saved_only_where_it_is(running, events, words):
    workspace, training = running
    for event in events[:-1]:
        training.emit(event)
    training.end(events[-1])
    context, notice = page(workspace, "conocer")
    context.save(unseen_training=training.dir.name)
    notice.look()
    assert notice.value["text"].endswith(words)


def test_an_end_while_no_page_was_open_is_shown_once_in_app_3(running):
    workspace, training = running
    context, notice = page(workspace, "entrenar")
    notice.look()
    context.close()
    training.end(Finished({}))
    for app in ("conocer", "preparar", "entrenar"):
        _context, later = page(workspace, app)
        later.look()
        assert later.value["text"] == "Mientras no estabas: «b>» terminó de entrenarse.", app
    _context, later = page(workspace, "entrenar")
    later.look()
    assert later.value == {}


def test_a_page_without_a_training_polls_and_writes_nothing(tmp_path):
    context, notice = page(Workspace(tmp_path / "home"), "entrenar")
    notice.look()
    assert notice.value == {}
    assert not context.poller._tasks
    assert not context.workspace.root.exists()


def test_another_projects_training_is_not_shown(running):
    workspace, _training = running
    context, notice = page(workspace, "entrenar")
    notice.look()
    sweep(context)
    context.open("otro")
    sweep(context)
    assert notice.value == {}
    assert not context.poller._tasks


def test_a_training_is_named_after_its_texts_and_not_after_what_has_their_folder_by_now(tmp_path):
    project = Workspace(tmp_path / "home").project()
    folder = dataset(project, news(26))
    config = {"dataset": str(folder), "fingerprint": DatasetSummary.read(folder).fingerprint}
    training = JobUnderWay(project.jobs / "train-20260101-000000-00000000", "train", config)
    moved = folder.rename(folder.with_name("mudado"))
    other = dataset(project, news(30), (14, 4, 12))
    record = json.loads((other / "dataset.json").read_text("utf-8"))
    (other / "dataset.json").write_text(json.dumps({**record, "name": "Cartas de la abuela"}), "utf-8")
    assert other == folder
    for gone, name in ((False, "mis textos"), (True, folder.name)):
        if gone:
            shutil.rmtree(moved)
        context, notice = page(project.workspace, "conocer")
        notice.look()
        sweep(context)
        assert notice.value["text"] == f"Está entrenando «{name}»."
    training.leave()
