"""App 3's components with a real (tiny) model, real services and real jobs: from the dataset to the exam."""

import csv
import errno
import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import pandas as pd
import pytest

from poetas.data.pipeline.pipeline import fingerprint
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.data.storage.samples import sample
from poetas.errors import explain
from poetas.evaluation.report import EvaluationData, report, scored
from poetas.jobs import Evaluated, Failed, Finished, Job, JobState, Notice, Sample, Saved, Started, Step
from poetas.jobs.events import encode
from poetas.jobs.job_record import JobRecord
from poetas.services import Service
from poetas.training.config import TrainingConfig
from poetas.training.estimate import BatchMeasurement, Measurement
from poetas.training.presets import PRESETS
from poetas.training.workload import Batch, SplitLengths
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import new_poller
from widgets import (
    BaselineSamples,
    DataAndModel,
    EraseMyData,
    Hyperparameters,
    JobCard,
    PageContext,
    Scoreboard,
    StepCard,
    TrainingPanel,
    TryIt,
)
from widgets.core.component import State
from widgets.core.service_pool import ServicePool
from widgets.train.dataset_records import adapter_in_use, dataset_config, of_dataset
from widgets.train.evaluation.score_sheet import ScoreSheet
from widgets.train.sample_history import FilmStrip
from widgets.train.training_runs import TrainingRuns

pytestmark = pytest.mark.slow

LONG = 240  # seconds that a tiny job may take on a busy machine


def plain(html):
    """What a reader sees of a piece of HTML, without tags."""
    return unescape(re.sub(r"<[^>]+>", " ", html))


def news(count):
    with sample("noticias").path.open(encoding="utf-8", newline="") as lines:
        return [
            {"text": " ".join(row["texto"].split()[:20]), "summary": row["resumen"]}
            for row, _ in zip(csv.DictReader(lines), range(count), strict=False)
        ]


def dataset(project, rows, sizes=(12, 4, 10)):
    """Save rows as a prepared dataset of a project and return its folder."""
    first, second, third = sizes
    bounds = {"train": (0, first), "validation": (first, first + second), "test": (first + second, sum(sizes))}
    parts = {part: pd.DataFrame(rows[start:end]) for part, (start, end) in bounds.items()}
    record = {
        "format": 1,
        "task": "summary" if "summary" in rows[0] else "style",
        "counts": {part: len(table) for part, table in parts.items()},
        "fingerprints": {part: fingerprint(table) for part, table in parts.items()},
        "source": {"name": "mis-textos.csv"},
    }
    assert third == len(parts["test"])
    return save_tables(parts, record, project.datasets, "mis textos").folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    build_tiny_model(workspace.models / TINY)
    return workspace


@pytest.fixture(scope="module")
def ready(home):
    """A context with a small dataset and the tiny model chosen; one generation service for all tests."""
    context = PageContext(home, poller=new_poller())
    context.dataset = str(dataset(home.project(), news(26)))
    context.model = TINY
    yield context
    Service.retire("generation", home.root)
    context.close()


@pytest.fixture
def prepared_news(tmp_path):
    """A context with a dataset that a test may move."""
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    context.dataset = str(dataset(context.project, news(26)))
    yield context
    context.close()


def again(context):
    """The same page after a reload: another context over the same folder."""
    return PageContext(context.workspace, poller=new_poller())


@pytest.fixture
def empty(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def test_nothing_is_written_or_started_when_the_whole_app_is_built(empty):
    knobs = Hyperparameters(context=empty)
    parts = [
        DataAndModel(context=empty),
        BaselineSamples(context=empty),
        knobs,
        TrainingPanel(knobs),
        Scoreboard(context=empty),
    ]
    parts += [TryIt(context=empty), EraseMyData(context=empty)]
    for part in parts:
        StepCard("paso", part, context=empty)
    assert not empty.workspace.root.exists()
    assert [part.state for part in parts[1:5]] == [State.WAITING] * 4


# -- ¿Con qué trabajamos?


def test_a_sample_is_prepared_with_one_click_and_becomes_the_dataset_in_use(empty):
    build_tiny_model(empty.workspace.models / TINY)
    table = DataAndModel(context=empty)
    buttons = {card.button.description: card.button for card in table.texts.children}
    assert set(buttons) == {"Usar el ejemplo noticias", "Usar el ejemplo coplas"}
    assert not table.done
    for _click in range(2):  # a double one
        buttons["Usar el ejemplo coplas"].click()
    assert table.state is State.BUSY
    assert all(card.button.disabled for card in table.texts.children)
    empty.poller.drain(LONG)
    assert Path(empty.dataset, "dataset.json").is_file()
    assert len(empty.project.prepared()) == 1
    assert json.loads(Path(empty.dataset, "dataset.json").read_text("utf-8"))["task"] == "style"
    [model] = table.models.children
    model.button.click()
    assert table.done
    assert table.value == {"dataset": empty.dataset, "model": TINY}
    assert "Entra: entrenar Modelo diminuto" in plain(table.summary.value)
    offered = [card.button.description for card in table.texts.children]
    assert "Usar el ejemplo coplas" not in offered  # it stands there as a dataset of the project now
    after = DataAndModel(context=PageContext(empty.workspace))
    assert after.done


def test_what_does_not_fit_is_said_before_anything_starts(ready, monkeypatch):
    from poetas.environment import Machine

    monkeypatch.setattr("poetas.environment.machine", lambda _folder=None: Machine(2, 10**9, 3 * 10**8, 10**10))
    table = DataAndModel(context=ready)
    assert "700 MB, y acá hay 300 MB libres" in plain(table.summary.value)


def test_a_dataset_that_is_gone_is_said_and_holds_nothing_up(tmp_path):
    workspace = Workspace(tmp_path / "home")
    workspace.project().remember(dataset=str(tmp_path / "gone"), model="gone")
    context = PageContext(workspace)
    table = DataAndModel(context=context)
    assert "ya no está en su carpeta" in table.summary.value
    assert BaselineSamples(context=context).state is State.WAITING
    assert TrainingPanel(context=context).state is State.WAITING


# -- ¿Qué sabe hacer antes de aprender?


def test_three_texts_are_tried_with_and_without_examples_and_are_there_after_a_reload(ready):
    before = BaselineSamples(context=ready)
    before.prediction.box.value = "no"
    assert before.state is State.BUSY
    ready.poller.drain(LONG)
    assert before.alert.problem is None
    assert before.done
    rows = news(26)[12:15]
    assert [row["text"] for row in before.value] == [row["text"] for row in rows]
    assert all({"plain", "shown", "summary"} <= set(row) for row in before.value)
    assert before.value[0]["plain"] != before.value[0]["shown"]
    other = again(ready)
    kept = BaselineSamples(context=other)
    assert kept.value == before.value
    assert kept.state is State.DONE
    assert rows[0]["summary"] in plain(kept.shown.value)
    assert kept.prediction.layout.display == "none"
    other.close()


def test_stopping_keeps_what_was_finished_and_going_on_does_the_rest(ready):
    before = BaselineSamples(context=ready)
    before.again.click()
    before.prediction.show_me.click()
    end = time.monotonic() + LONG
    while not any("plain" in row for row in before.value) and time.monotonic() < end:
        ready.poller._sweep(force=True)
        time.sleep(0.01)
    before.stop.click()
    ready.poller.drain(LONG)
    assert before.state is State.READY
    left = before._left()
    assert 0 < len(left) < 6
    assert before.more.layout.display == ""
    before.more.click()
    ready.poller.drain(LONG)
    assert before.done


# -- Las perillas


def test_knobs_follow_the_presets_and_the_dials_and_are_kept(ready):
    knobs = Hyperparameters(context=ready)
    knobs.cards["a-fondo"].button.click()
    assert knobs.value == PRESETS["a-fondo"].config
    assert knobs.sliders["epochs"].value == 5
    assert knobs.cards["a-fondo"].button.layout.display == "none"
    knobs.sliders["batch_size"].box.value = 2
    assert knobs.value.batch_size == 2
    assert knobs.value.epochs == 5
    assert knobs.cards["a-fondo"].button.layout.display == ""
    ready.poller.drain(10)
    other = again(ready)
    assert Hyperparameters(context=other).value == knobs.value
    other.close()


def test_no_more_of_a_text_is_read_than_app_2_was_told(empty):
    folder = dataset(empty.project, news(26))
    record = json.loads((folder / "dataset.json").read_text("utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**record, "longest": 89}), "utf-8")
    empty.dataset = str(folder)
    knobs = Hyperparameters(context=empty)
    assert knobs.value.longest == knobs.sliders["longest"].value == 80  # the dial goes by sixteens, and stays below
    assert "hasta 89 tokens" in knobs.cut.value
    assert "va de a 16: la más cercana que no se pasa es 80" in knobs.cut.value
    assert "hasta 80 tokens" in knobs.cards["a-fondo"].message.value
    assert not knobs.done, "nobody moved a knob"
    assert knobs.cards["equilibrado"].button.layout.display == "none"
    knobs.cards["a-fondo"].button.click()
    assert (knobs.value.epochs, knobs.value.longest) == (5, 80)
    assert knobs.cards["a-fondo"].button.layout.display == "none"
    assert knobs.done
    empty.dataset = str(dataset(empty.project, news(26)))
    assert knobs.cut.value == ""
    assert f"hasta {PRESETS['a-fondo'].config.longest} tokens" in knobs.cards["a-fondo"].message.value
    assert (knobs.value.epochs, knobs.value.longest) == (5, 80), "chosen by hand, it stays"
    empty.poller.drain(10)
    other = Hyperparameters(context=empty)
    other.value = TrainingConfig()
    other.context.dataset = str(folder)
    assert other.value.longest == 80
    other.context.dataset = str(dataset(empty.project, news(26)))
    assert other.value == TrainingConfig(), "the bound of one dataset ends with it"
    empty.poller.drain(10)


@pytest.mark.parametrize(
    ("longest", "told"),
    [(9, "empieza en 16"), (96, "hasta 96 tokens de cada texto."), (496, "hasta 496 tokens")],
)
def test_the_bound_of_app_2_is_told_as_the_knob_takes_it(empty, longest, told):
    folder = dataset(empty.project, news(26))
    record = json.loads((folder / "dataset.json").read_text("utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**record, "longest": longest}), "utf-8")
    empty.dataset = str(folder)
    knobs = Hyperparameters(context=empty)
    assert told in knobs.cut.value
    assert "va de a" not in knobs.cut.value
    assert knobs.value.longest == min(max(16, longest), TrainingConfig().longest)


def test_a_browser_that_rounds_a_slider_changes_nothing(ready):
    knobs = Hyperparameters(context=ready)
    knobs.cards["rapido"].button.click()
    knobs.sliders["learning_rate"].slider.value = 10**-3.5  # the nearest place on its grid
    assert knobs.value.learning_rate == 3e-4
    knobs.sliders["learning_rate"].slider.value = 10**-3.4
    assert knobs.value.learning_rate == pytest.approx(4e-4)
    ready.poller.drain(10)


def test_smaller_takes_fewer_texts_at_once_and_then_shorter_ones(ready):
    knobs = Hyperparameters(context=ready)
    knobs.reset()
    batch = knobs.value.batch_size
    knobs.smaller()
    assert knobs.value.batch_size < batch
    while knobs.value.batch_size > 1:
        knobs.smaller()
    longest = knobs.value.longest
    knobs.smaller()
    assert knobs.value.longest < longest
    rate = knobs.value.learning_rate
    knobs.slower()
    assert knobs.value.learning_rate < rate
    ready.poller.drain(10)


def test_knobs_that_were_edited_by_hand_into_nonsense_are_the_usual_ones(tmp_path):
    workspace = Workspace(tmp_path / "home")
    workspace.project().remember(knobs={"epochs": 10**9})
    assert Hyperparameters(context=PageContext(workspace)).value == TrainingConfig()


@pytest.fixture
def alone(empty):
    """A context of its own, with a dataset and a model; what a test starts there ends with it."""
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    yield empty
    for job in Job.all(empty.project.jobs):
        job.kill()


def test_a_second_click_starts_no_second_dry_run(alone):
    """Two at once compete for the cores, and what they measure is wrong."""
    here = again(alone)
    forecast, other = (Hyperparameters(context=context).forecast for context in (alone, here))
    for _click in range(2):
        forecast.button.click()
    [dry_run] = Job.all(alone.project.jobs)
    other.button.click()  # nor in another tab, which shows the one that runs
    here.close()
    assert len(Job.all(alone.project.jobs)) == 1
    assert dry_run.dir == forecast._job.dir == other._job.dir
    alone.poller.drain(LONG)
    assert forecast.button.description == "Ensayar otra vez"
    forecast.button.click()
    assert len(Job.all(alone.project.jobs)) == 2


def test_a_second_click_while_room_is_made_starts_no_second_dry_run(alone, monkeypatch):
    from poetas.environment import Machine

    monkeypatch.setattr("poetas.environment.machine", lambda _folder=None: Machine(2, 10**9, 3 * 10**8, 10**10))
    forecast = Hyperparameters(context=alone).forecast
    for _click in range(2):
        forecast.button.click()
    alone.poller.drain(LONG)
    assert len(Job.all(alone.project.jobs)) == 1


def test_no_dry_run_measures_a_machine_that_a_training_shares(alone):
    knobs = Hyperparameters(context=alone)
    knobs.value = TrainingConfig(epochs=20, batch_size=1, lora_rank=2, longest=32)
    training, forecast = TrainingPanel(knobs), knobs.forecast
    forecast.button.click()
    [dry_run] = Job.all(alone.project.jobs)
    training.start.click()
    assert "Detengo el ensayo" in training.message.value
    assert training.state is State.BUSY
    assert [job.dir for job in Job.all(alone.project.jobs)] == [dry_run.dir], "its memory is not free yet"
    assert dry_run.wait(LONG) is JobState.STOPPED
    alone.poller._sweep(force=True)
    assert training.job is not None
    assert "Detengo" not in training.message.value
    assert forecast.card.layout.display == "none", "nothing of it is kept to go on with"
    assert "antes de terminar" in forecast.message.value
    forecast.button.click()
    assert forecast.alert.problem.code == "busy"
    assert forecast.button.layout.display == ""
    forecast.card.follow(dry_run, blocking_reason=forecast._blocking_reason)
    forecast.card.resume()
    assert forecast.card.alert.problem.code == "busy"
    forecast.card.leave()
    forecast._launch()
    assert [job.kind for job in Job.all(alone.project.jobs)].count("dry_run") == 1
    training.job.stop()
    assert training.job.wait(LONG) is JobState.STOPPED
    alone.poller._sweep(force=True)
    forecast.button.click()
    assert forecast.alert.problem is None
    assert [job.kind for job in Job.all(alone.project.jobs)].count("dry_run") == 2
    training.card.resume()  # gone on with, it is in the way again
    alone.poller._sweep(force=True)
    assert forecast._job.wait(LONG) is JobState.STOPPED


# -- Entrená, ¿Mejoró?, Probalo


def test_a_second_click_on_train_is_not_taken_for_another_tab(alone):
    training = TrainingPanel(Hyperparameters(context=alone))
    for _click in range(2):
        training.start.click()
    assert len(Job.all(alone.project.jobs)) == 1
    assert training.state is State.BUSY
    assert training.notices.value == ""


@pytest.fixture(scope="module")
def trained(ready):
    """A training from the button to its end, started with small knobs."""
    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=2, batch_size=4, lora_rank=2, longest=32)
    context = TrainingPanel(knobs)
    context.start.click()
    assert context.state is State.BUSY
    ready.poller.drain(LONG)
    return context


def test_a_training_draws_its_curve_and_its_film_and_its_adapter_is_in_use(trained, ready):
    assert trained.card.alert.problem is None
    assert trained.done
    assert ready.training == str(trained.job.dir)
    assert adapter_in_use(ready) == trained.job.dir / "adapter"
    steps, losses = trained.chart.curve.training()
    assert steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert len(losses) == 6
    assert trained.chart.curve.best is not None
    assert "6 pasos" in plain(trained.result.value)
    assert "Texto 3" in plain(trained.film.value)
    assert "antes" in plain(trained.film.value)
    assert trained.start.description == "Entrenar otra vez, con estas perillas"


def test_a_resumed_run_forgets_the_frames_beyond_its_last_checkpoint():
    film = FilmStrip()
    film.add([Saved(4, "checkpoints/4"), Sample(4, 0, "un río", "", "llueve"), Sample(8, 0, "un río", "", "escampa")])
    assert "paso 8" in plain(film.value)
    film.add([Started(9, resumed=True)])
    assert "paso 8" not in plain(film.value)
    assert "llueve" in plain(film.value)
    assert "van 4 pasos" in plain(film.value)


def test_a_run_that_was_resumed_before_its_first_checkpoint_has_no_film_yet():
    film = FilmStrip()
    film.add([Sample(2, 0, "un río", "", "llueve"), Started(9, resumed=True)])
    assert film.value == ""
    assert film.layout.display == "none"


def test_a_reload_finds_the_whole_curve_again(trained, ready):
    other = again(ready)
    found = TrainingPanel(context=other)
    other.poller.drain(10)
    assert found.done
    assert found.chart.curve.training()[0].tolist() == trained.chart.curve.training()[0].tolist()
    other.close()


def test_a_renamed_or_copied_dataset_keeps_its_training(prepared_news, tmp_path):
    """The job's configuration names the texts by their fingerprint, wherever their folder is by now."""
    context = prepared_news
    config = {"model": TINY, **dataset_config(context)}
    assert of_dataset(config, context)
    first = Path(context.dataset)
    context.dataset = str(shutil.copytree(first, first.with_name("copia")))
    assert of_dataset(config, context)
    context.dataset = str(first.rename(first.with_name("otro-nombre")))
    assert of_dataset(config, context)
    other = dataset(context.project, [{"text": f"verso {n} que canta"} for n in range(26)])
    if other != first:
        other.rename(first)
    context.dataset = str(first)  # other texts where the first ones were
    assert not of_dataset(config, context)
    assert of_dataset({"dataset": str(first)}, context)  # a job of an earlier version: its folder decides


def test_a_training_of_another_dataset_is_not_shown(trained, ready):
    other = again(ready)
    found = TrainingPanel(context=other)
    other.poller.drain(10)
    other.dataset = str(dataset(other.project, [{"text": f"verso {n} que canta"} for n in range(26)]))
    assert found.job is None
    assert not found.done
    assert found.chart.children == (found.card,)
    assert adapter_in_use(other) is None
    other.dataset = ready.dataset
    other.poller.drain(10)
    assert found.done
    other.close()


def test_the_exam_is_taken_with_progress_and_its_result_survives_a_reload(trained, ready):
    board = Scoreboard(context=ready)
    assert board.state is State.READY
    board.guess.box.value = "sí"
    assert board.state is State.BUSY
    ready.poller.drain(LONG)
    assert board.card.alert.problem is None
    assert board.done
    systems = [row["system"] for row in board.value["rows"]]
    assert systems == ["lead1", "second", "lead3", "extractive", "base", "base_examples", "tuned"]
    assert board.value["verdict"]["headline"] in unescape(board.sheet.verdict.value)
    assert "Es la primera vez que se toma este examen" in board.count.value
    assert "La mejor de las que no cuestan esfuerzo fue «" in board.mine.value
    other = again(ready)
    found = Scoreboard(context=other)
    other.poller.drain(10)
    assert found.value == board.value
    assert "sí" in found.mine.value
    assert found.guess.layout.display == "none"
    exams = [job for job in Job.all(other.project.jobs) if job.kind == "evaluate"]
    for _click in range(2):
        found.again.click()
    [another] = [job for job in Job.all(other.project.jobs) if job.kind == "evaluate" and job.dir != exams[0].dir]
    another.kill()
    shutil.rmtree(another.dir)
    twice = exams[0].dir.with_name(exams[0].dir.name + "-2")
    shutil.copytree(exams[0].dir, twice)
    recounted = Scoreboard(context=other)
    other.poller.drain(10)
    assert "Este examen ya se tomó 2 veces." in recounted.count.value
    shutil.rmtree(twice)
    other.close()


def test_the_same_text_goes_to_base_and_tuned(trained, ready):
    tried = TryIt("La panadera del barrio abre antes de que salga el sol.", context=ready)
    assert tried.columns["tuned"].layout.display == ""
    tried.write.click()
    ready.poller.drain(LONG)
    assert tried.alert.problem is None
    assert tried.done
    assert set(tried.answers) == {"base", "tuned"}
    tried.done = False
    tried.write.click()
    tried.stop.click()
    ready.poller.drain(LONG)
    assert not tried.done, "it was stopped before there was anything to compare"
    tried.bring.click()
    ready.poller.drain(LONG)
    assert tried.value == news(26)[16]["text"]
    assert tried.answers == {}  # they were about the text before
    assert tried.columns["base"].value == tried.columns["tuned"].value == ""
    tried.box.value = " \n"
    assert tried.write.disabled
    assert "sin texto no hay nada que resumir" in tried.status.value
    tried.box.value = "Otra vez algo."
    assert not tried.write.disabled
    assert tried.status.value == ""
    tried._changed()  # as when a training ends: a text of the learner's stays
    assert tried.value == "Otra vez algo."
    assert tried.values()["ADAPTER"] == str(adapter_in_use(ready))


def test_without_a_training_the_base_answers_alone_and_can_be_stopped(empty):
    build_tiny_model(empty.workspace.models / TINY)
    empty.model = TINY
    tried = TryIt(context=empty)
    assert tried.columns["tuned"].layout.display == "none"
    tried.write.click()
    tried.stop.click()
    empty.poller.drain(LONG)
    assert tried.state is State.DONE
    assert set(tried.answers) == {"base"}
    assert not tried.done, "nothing was compared yet"
    assert "Lo detuviste" in tried.columns["base"].value
    Service.retire("generation", empty.workspace.root)


@pytest.fixture
def writing(empty, monkeypatch):
    """«Probalo» while it writes, and what its answer is told with: (each, done, failed)."""
    build_tiny_model(empty.workspace.models / TINY)
    empty.model = TINY
    answers = []

    def stream(_services, _begin, *, each, done, failed):
        answers.append((each, done, failed))
        return SimpleNamespace(cancel=lambda: None)

    monkeypatch.setattr(ServicePool, "stream", stream)
    tried = TryIt("Hoy llueve.", context=empty)
    tried.write.click()
    answers[0][0](["y ", "sigue"])
    assert "y sigue" in tried.columns["base"].value
    return tried, *answers[0]


def test_what_a_model_still_wrote_is_not_shown_as_anothers(writing):
    tried, each, done, failed = writing
    tried.context.model = ""
    each([" lloviendo"])
    done(None)
    failed(explain(OSError(errno.EIO, "")))
    assert tried.columns["base"].value == ""
    assert tried.answers == {}
    assert not tried.done
    assert tried.alert.problem is None
    assert tried.state is State.READY


def test_a_failure_leaves_no_half_of_an_answer_beside_its_card(writing):
    tried, _each, done, failed = writing
    failed(explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    done(None)
    assert tried.columns["base"].value == ""
    assert tried.alert.problem.code == "disk-full"
    assert tried.state is State.READY


def test_a_second_click_asks_a_model_nothing_twice(alone, monkeypatch):
    asked = []
    monkeypatch.setattr(ServicePool, "ask", lambda *_args, **_told: asked.append("texts"))
    monkeypatch.setattr(
        ServicePool, "stream", lambda *_args, **_told: asked.append("write") or SimpleNamespace(cancel=lambda: None)
    )
    before, tried = BaselineSamples(context=alone), TryIt("Hoy llueve.", context=alone)
    for _click in range(2):
        before.more.click()
        tried.write.click()
    assert sorted(asked) == ["texts", "write"]


def failed_training(context, code, action):
    """A training as a killed or failed process leaves it: real files, no process."""
    folder = context.project.jobs / f"train-20990101-000000-{code}"
    folder.mkdir(parents=True)
    config = {"model": context.model, "dataset": context.dataset, "training": TrainingConfig().to_dict()}
    JobRecord(folder.name, "train", config, time.time() + 10**6, None).write(folder)
    events = [
        Started(1, resumed=False),
        Step(1, 9, 0.1, 2.5, 1e-4, 100.0, 9.0),
        Evaluated(1, 0.1, 2.4),
        Failed(code, "Qué pasó.", "Por qué.", "Qué hacer.", action),
    ]
    (folder / "events.jsonl").write_text("\n".join(map(encode, events)) + "\n", "utf-8")
    (folder / "lock").touch()
    return folder


@pytest.mark.parametrize(
    ("code", "action", "button", "knob"),
    [
        ("out-of-memory", "smaller", "Probar con algo más chico", "batch_size"),
        ("loss-nan", "lower-learning-rate", "Bajar la tasa y entrenar de nuevo", "learning_rate"),
    ],
)
def test_a_failure_shows_what_was_learnt_and_one_button_that_changes_a_knob(empty, code, action, button, knob):
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
    empty.poller.drain(LONG)
    assert context.card.value in {JobState.STOPPED, JobState.FINISHED}


def finished(context, kind, config, result):
    """A job as a process leaves it that went to its end: real files, no process."""
    folder = context.project.jobs / f"{kind}-20990101-000000-abcdef12"
    folder.mkdir(parents=True)
    told = {"model": context.model, "dataset": context.dataset, **config}
    JobRecord(folder.name, kind, told, time.time() + 10**6, None).write(folder)
    events = [Started(1, resumed=False), Finished({})]
    (folder / "events.jsonl").write_text("\n".join(map(encode, events)) + "\n", "utf-8")
    (folder / "lock").touch()
    (folder / "result.json").write_text(result if isinstance(result, str) else json.dumps(result), "utf-8")
    return folder


def trained_by_hand(context, result):
    folder = finished(context, "train", {"training": TrainingConfig().to_dict()}, result)
    (folder / "adapter").mkdir()
    return folder


@pytest.mark.parametrize("result", ["{", {}, {"rows": [1, 2]}, {"rows": [{"system": "tuned"}], "n": 4}])
def test_an_exam_that_cannot_be_read_is_a_card_with_which_to_take_it_again(alone, result):
    training = trained_by_hand(alone, {"steps": 3})
    alone.training = str(training)
    old = finished(alone, "evaluate", {"adapter": str(training / "adapter")}, result)
    board = Scoreboard(context=alone)
    alone.poller.drain(10)
    assert board.state is State.READY
    assert board.alert.problem.code == "result-unreadable"
    assert board.alert.button in board.alert.children
    assert [part.layout.display for part in (board.card, board.again, board.guess)] == ["none"] * 3
    board.alert.button.click()
    assert board.state is State.BUSY
    assert board.job.dir != old
    assert board.alert.problem is None


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


def measured(**changes):
    """What a dry run found out, with something else in some places."""
    corpus = SplitLengths.of([20] * 12, [10] * 12, [5] * 12)
    trials = (
        BatchMeasurement(Batch(1, 16, 5), 0.2, 0.1, 10**8),
        BatchMeasurement(Batch(4, 32, 20), 0.4, 0.3, 2 * 10**8),
    )
    told = Measurement(
        trials, 10**8, 10**6, 10**5, 10**3, 8, 0.4, 0.01, 0.5, 1.0, 0.1, 10**6, 10**10, 512, 3, False, corpus, corpus
    ).to_dict()
    return {"measurement": {**told, **changes}}


def dry_run_by_hand(context, result):
    finished(context, "dry_run", {}, result)
    forecast = Hyperparameters(context=context).forecast
    context.poller.drain(10)
    return forecast


def test_a_dry_run_that_can_be_read_is_a_forecast(alone):
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
    forecast = dry_run_by_hand(alone, result)
    assert forecast.card.alert.problem is None
    assert (forecast.button.layout.display, forecast.button.description) == ("", "Ensayar en esta máquina")
    assert forecast.summary.value == ""
    forecast.draw(TrainingConfig(epochs=1))


def test_what_went_wrong_while_a_job_was_followed_is_in_sight(alone):
    job = Job.open(trained_by_hand(alone, {}))
    card = JobCard(alone.poller)

    def over(_state):
        card.layout.display = "none"
        raise RuntimeError

    card.follow(job, over=over)
    alone.poller.drain(10)
    assert card.alert.problem.code == "unexpected"
    assert card.layout.display == ""


# -- what a result looks like


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


def test_a_click_on_a_score_marks_what_it_counts_in_both_texts(result):
    sheet = ScoreSheet()
    sheet.value = result
    rows = {row["title"]: row for row in sheet.table.rows}
    assert rows["Modelo ajustado"]["mine"]
    assert all(re.fullmatch(r"\d+,\d", cell) for row in rows.values() for cell in row["cells"])
    place = [row["system"] for row in result["rows"]].index("tuned")
    sheet.table.pick(place, 0)
    shown = sheet.reader.words.value
    assert "<mark>Salta</mark>" in shown
    assert '<u class="doubt">Elvira</u>' in shown
    assert '<u class="doubt">99</u>' in shown
    assert "&lt;b&gt;" in shown
    assert "ROUGE-1 de este texto" in shown
    sheet.table.pick(place, 1)
    assert sheet.reader.metric == "rouge2"
    assert sheet.table.picked == [place, 1]
    assert "ROUGE-2: entre cuánto y cuánto" in sheet.reaches.value


def test_the_reader_walks_round_and_jumps_to_the_best_and_the_worst(result):
    sheet = ScoreSheet()
    sheet.value = result
    reader = sheet.reader
    reader.value = 0
    reader.before.click()
    assert reader.value == len(result["texts"]) - 1
    reader.after.click()
    assert reader.value == 0
    reader.worst.click()
    assert reader.value == result["worst"][0]
    reader.worst.click()
    assert reader.value == result["worst"][1]
    reader.best.click()
    assert reader.value == result["best"][0]
    assert "Texto" in plain(reader.place.value)


def test_the_verdict_has_the_look_of_its_kind_and_names_what_was_not_beaten(result):
    sheet = ScoreSheet()
    sheet.value = result
    kind = result["verdict"]["kind"]
    look = {"improved": "verdict ", "worse": "verdict no", "unclear": "verdict unsure", "too_few": "verdict unsure"}
    assert f'class="{look[kind]}' in sheet.verdict.value
    for sentence in result["verdict"]["sentences"]:
        assert sentence in unescape(sheet.verdict.value)


def test_a_style_has_a_table_of_its_own_and_what_it_recites_is_marked():
    interval = {"mean": 3.1, "low": 2.9, "high": 3.3, "n": 12, "confidence": 0.95}
    rows = [
        {"system": "human", "title": "Una persona", "scores": {"copied": 3, "repetition": 0.01}, "intervals": {}},
        {
            "system": "tuned",
            "title": "Modelo ajustado",
            "scores": {"loss": 3.1, "copied": 9, "repetition": 0.02},
            "intervals": {"loss": interval},
        },
    ]
    none = {"length": 0, "start": 0, "end": 0}
    samples = [
        {
            "beginning": "Cuando baja la crecida",
            "human": {"text": "\nvuelve <i>el</i> barro", "copied": none},
            "tuned": {"text": "\ncanta el gallo rojo", "copied": {"length": 4, "start": 1, "end": 20}},
        }
    ]
    verdict = {"kind": "improved", "headline": "Mejoró.", "sentences": ["Porque sí."]}
    sheet = ScoreSheet()
    sheet.value = {"task": "style", "n": 12, "rows": rows, "samples": samples, "verdict": verdict}
    assert "9 palabras" in plain(sheet.plain.value)
    assert "3,10 (de 2,90 a 3,30)" in plain(sheet.reaches.value)
    assert "<mark>canta el gallo rojo</mark>" in sheet.style.words.value
    assert "&lt;i&gt;" in sheet.style.words.value
    assert sheet.table.layout.display == "none"


# -- Borrar mis datos


def test_erasing_asks_once_more_stops_what_runs_and_leaves_the_models(empty):
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    knobs = Hyperparameters(context=empty)
    knobs.value = TrainingConfig(epochs=20, batch_size=1, lora_rank=2, longest=32)
    training = TrainingPanel(knobs)
    training.start.click()
    job = Job.open(training.job.dir)
    erase = EraseMyData(context=empty)
    assert erase.yes.layout.display == "none"
    erase.ask.click()
    assert erase.yes.layout.display == ""
    assert "1 proyecto" in erase.question.value
    assert "Hay 1 trabajo en marcha: se va a detener." in erase.question.value
    erase.no.click()
    assert Path(empty.dataset).is_dir()
    erase.ask.click()
    erase.yes.click()
    empty.poller.drain(LONG)
    assert erase.alert.problem is None
    assert not (empty.workspace.root / "proyectos").exists()
    assert (empty.workspace.models / TINY / "model.safetensors").is_file()
    assert (empty.dataset, empty.model, empty.training, empty.steps) == ("", "", "", ())
    assert training.job is None
    assert "Borré" in erase.report.value
    assert "dataset.json" in erase.report.value
    time.sleep(0.5)
    assert not job.dir.exists()  # nobody writes there any more


def test_a_second_tab_shows_the_training_that_runs_instead_of_starting_another(empty):
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    here, elsewhere = again(empty), again(empty)
    elsewhere.dataset = str(dataset(empty.project, news(30), (14, 4, 12)))
    first, second, third = (TrainingPanel(Hyperparameters(context=context)) for context in (empty, here, elsewhere))
    first.start.click()
    second.start.click()
    third.start.click()
    jobs = Job.all(empty.project.jobs)
    try:
        assert [job.dir for job in jobs] == [first.job.dir] == [second.job.dir]
        second._receive([Notice("shortened", "Corté un texto.")])  # what the run tells does not hide it
        assert "otra pestaña" in second.notices.value
        assert "Corté un texto." in second.notices.value
        assert second.state is State.BUSY
        assert third.alert.problem.code == "busy"
        assert third.state is State.READY
        third.alert.button.click()  # stop the other, and go on with this
        end = time.monotonic() + LONG
        while third.job is None and time.monotonic() < end:
            elsewhere.poller._sweep(force=True)
            time.sleep(0.05)
        assert jobs[0].state is JobState.STOPPED
        assert third.job.config["dataset"] == elsewhere.dataset
        here.poller._sweep(force=True)
        second.card.resume()
        assert second.card.alert.problem.code == "busy"  # nor is a stopped one gone on with beside it
        assert jobs[0].state.over
    finally:
        for job in Job.all(empty.project.jobs):
            job.kill()
        here.close()
        elsewhere.close()


def test_tabs_that_start_at_the_same_moment_start_one_training(alone):
    """Each looks, sees none, and starts one, unless they take turns."""
    tabs = [again(alone) for _tab in range(4)]
    trainings = [TrainingRuns(tab) for tab in tabs]
    config = {"model": alone.model, "dataset": alone.dataset, "training": {}, "samples": 0}
    together = Barrier(len(tabs))

    def begin(one):
        together.wait()
        return one.start(config)

    with ThreadPoolExecutor(len(tabs)) as threads:
        answers = list(threads.map(begin, trainings))
    [job] = Job.all(alone.project.jobs)
    assert [started.dir for started, _running in answers if started is not None] == [job.dir]
    assert [[one.dir for one in running] for started, running in answers if started is None] == [[job.dir]] * 3
    for tab in tabs:
        tab.close()


def began(context, name, when):
    """Put down a training as another tab would have begun it, without a process."""
    folder = context.project.jobs / name
    folder.mkdir(parents=True)
    config = {"model": str(context.workspace.models / TINY), "dataset": context.dataset, "training": {}, "samples": 3}
    JobRecord(name, "train", config, float(when), None).write(folder)


@pytest.fixture
def two(empty, monkeypatch):
    """A page whose training was stopped while another one runs: its panel, the explanation, both jobs."""
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    asked, states = [], {"train-1": JobState.STOPPED, "train-2": JobState.RUNNING}
    monkeypatch.setattr(Job, "state", property(lambda job: states[job.dir.name]))
    monkeypatch.setattr(Job, "stop", lambda job: asked.append(("stop", job.dir.name)))

    def resume(job):
        asked.append(("resume", job.dir.name))
        states[job.dir.name] = JobState.RUNNING

    monkeypatch.setattr(Job, "resume", resume)
    began(empty, "train-1", 1)
    training = TrainingPanel(Hyperparameters(context=empty))
    empty.poller.drain(5)
    began(empty, "train-2", 2)
    return training, empty, asked, states


def test_the_card_about_the_other_training_says_what_it_is_of(two):
    training, context, *_rest = two
    training.card.resume()
    assert "estos mismos textos y este mismo modelo" in training.card.alert.problem.why
    assert training.trainings.blocking_reason(Job.open(context.project.jobs / "train-2")) is None
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    assert "Es con los textos de «" in training.trainings.blocking_reason().why


def test_other_texts_say_at_once_that_a_training_runs_and_the_card_goes_with_them(two):
    training, context, _asked, states = two
    before, named = context.dataset, dataset(context.project, news(30), (14, 4, 12))
    context.dataset = str(named)
    assert training.alert.problem.code == "busy"
    assert DatasetSummary.read(Path(before)).name in training.alert.problem.why
    assert training.state is State.READY
    context.dataset = before
    assert training.alert.problem is None, "the one that runs is shown"
    for job in list(states):
        states[job] = JobState.STOPPED
    context.dataset = str(named)
    assert training.alert.problem is None


def test_stopping_the_other_is_told_waits_for_it_and_happens_once(two):
    training, context, asked, states = two
    for _again in range(2):
        training.card.resume()
        training.card.alert.button.click()
        assert "Detengo el otro entrenamiento" in training.message.value
        assert training.card.alert.problem is None
        assert training.state is State.BUSY
        context.poller._sweep(force=True)
    assert set(asked) == {("stop", "train-2")}
    states["train-2"] = JobState.STOPPED
    context.poller._sweep(force=True)
    context.poller._sweep(force=True)
    assert [one for one in asked if one[0] == "resume"] == [("resume", "train-1")]
    assert training.state is State.BUSY  # with its own work now
    assert "Detengo" not in training.message.value


def test_other_texts_chosen_while_the_other_ends_are_not_trained_unasked(two, monkeypatch):
    training, context, _asked, states = two
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    training.start.click()
    assert training.alert.problem.code == "busy"
    training.alert.button.click()
    assert training.state is State.BUSY
    monkeypatch.setattr(Job, "start", lambda *_args, **_named: pytest.fail("nobody asked for this"))
    context.dataset = str(dataset(context.project, news(20), (9, 3, 8)))
    states["train-2"] = JobState.STOPPED
    context.poller.drain(5)
    assert training.state is State.READY


@pytest.mark.parametrize("refused", ["stop", "resume"])
def test_a_disk_that_refuses_while_the_other_is_stopped_is_a_card_and_leaves_nothing_stuck(two, monkeypatch, refused):
    training, context, _asked, states = two
    training.card.resume()

    def full(_job):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Job, refused, full)
    training.card.alert.button.click()
    states["train-2"] = JobState.STOPPED
    context.poller.drain(5)
    problem = (training.alert if refused == "stop" else training.card.alert).problem
    assert problem.code == "disk-full"
    assert training.state is not State.BUSY
    assert training.start.layout.display == ""


def test_whoever_interrupts_the_wait_gets_the_button_back(two):
    training, context, asked, _states = two
    training.card.resume()
    training.card.alert.button.click()
    [waiting] = context.poller.tasks
    waiting.interrupt()  # what Colab's button does
    context.poller.drain(5)
    assert training.state is State.DONE
    assert "Detengo" not in training.message.value
    assert training.start.layout.display == ""
    assert ("resume", "train-1") not in asked


def test_one_look_decides_whether_a_training_may_start(two, monkeypatch):
    """It may end between two looks, and then there would be neither a card nor a start."""
    training, context, *_rest = two
    context.dataset = str(dataset(context.project, news(30), (14, 4, 12)))
    looks = []

    def state(job):
        looks.append(job.dir.name)
        first = looks.count("train-2") == 1
        return JobState.RUNNING if job.dir.name == "train-2" and first else JobState.STOPPED

    monkeypatch.setattr(Job, "state", property(state))
    training.start.click()
    assert training.alert.problem.code == "busy"
    assert training.state is State.READY


def test_a_training_that_did_not_end_says_that_an_earlier_one_is_in_use(trained, ready):
    later = ready.project.jobs / "train-later"
    began(ready, later.name, time.time() + 99)
    other = again(ready)
    try:
        found = TrainingPanel(context=other)
        other.poller.drain(10)
        assert found.job.dir == later
        assert "usan el entrenamiento anterior" in found.result.value
        assert "Vas a verlo en vivo" not in found.message.value
    finally:
        other.close()
        shutil.rmtree(later)


# -- the dry run


@pytest.fixture(scope="module")
def dry_run(ready):
    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=1, batch_size=4, lora_rank=2, longest=32)
    knobs.forecast.button.click()
    ready.poller.drain(LONG)
    return knobs


def test_a_dry_run_tells_minutes_and_memory_and_the_figures_follow_the_knobs(dry_run, ready):
    knobs = dry_run
    assert knobs.forecast.alert.problem is None
    assert knobs.forecast.card.alert.problem is None
    told = plain(knobs.forecast.summary.value)
    assert "va a tardar, más o menos" in told
    assert re.search(r"\b3\s+pasos", told)
    before = knobs.forecast._estimate()
    knobs.sliders["epochs"].box.value = 4
    assert re.search(r"\b12\s+pasos", plain(knobs.forecast.summary.value))
    assert knobs.forecast._estimate().seconds > before.seconds
    ready.poller.drain(10)
    other = again(ready)
    kept = Hyperparameters(context=other)
    other.poller.drain(10)
    assert re.search(r"\b12\s+pasos", plain(kept.forecast.summary.value))
    other.close()


def test_what_does_not_fit_comes_with_what_would_by_one_click(dry_run, ready, monkeypatch):
    from dataclasses import replace

    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=1, batch_size=16, lora_rank=2, longest=256)
    ready.poller.drain(10)
    found = knobs.forecast._measurement
    assert found is not None
    needed = knobs.forecast._estimate().memory
    knobs.forecast._measurement = replace(found, free=needed - 1)
    monkeypatch.setattr(type(knobs.forecast), "_free", lambda self: self._measurement.free)
    knobs.forecast.draw(knobs.value)
    assert "no entra" in plain(knobs.forecast.summary.value)
    assert knobs.forecast.offer_buttons.children
    knobs.forecast.offer_buttons.children[0].click()
    assert knobs.forecast._estimate().fits
    assert "no entra" not in plain(knobs.forecast.summary.value)
    assert not knobs.forecast.offer_buttons.children
    ready.poller.drain(10)


# -- a style instead of summaries


def test_a_style_is_tried_from_beginnings_alone_and_goes_on_from_the_learners_own(tmp_path):
    workspace = Workspace(tmp_path / "home")
    build_tiny_model(workspace.models / TINY)
    context = PageContext(workspace, poller=new_poller())
    verses = sample("coplas").path.read_text("utf-8").split("\n\n")[:26]
    context.dataset, context.model = str(dataset(context.project, [{"text": verse.strip()} for verse in verses])), TINY
    before = BaselineSamples(context=context)
    before.prediction.show_me.click()
    context.poller.drain(LONG)
    assert before.done
    assert all("shown" not in row for row in before.value)
    assert all(verse.strip().startswith(row["text"]) for verse, row in zip(verses[12:15], before.value, strict=True))
    tried = TryIt("Cuando baja", context=context)
    assert tried.write.description == "Seguir el comienzo"
    assert tried.values()["TASK"] == "style"
    tried.write.click()
    context.poller.drain(LONG)
    first = tried.answers["base"]
    assert "Cuando baja" in tried.columns["base"].value
    tried.another.click()
    context.poller.drain(LONG)
    assert tried.answers["base"] != first
    assert "sorprender" in Scoreboard(context=context).guess.question.value
    Service.retire("generation", workspace.root)
    context.close()


# -- a training that is killed


def test_a_killed_training_says_so_and_goes_on_from_what_was_saved(tmp_path):
    workspace = Workspace(tmp_path / "home")
    build_tiny_model(workspace.models / TINY)
    context = PageContext(workspace, poller=new_poller())
    context.dataset, context.model = str(dataset(context.project, news(26))), TINY
    knobs = Hyperparameters(context=context)
    knobs.value = TrainingConfig(epochs=12, batch_size=2, lora_rank=2, longest=32)
    training = TrainingPanel(knobs)
    training.start.click()
    end = time.monotonic() + LONG
    while len(training.chart.curve.validation()[0]) < 3 and time.monotonic() < end:
        context.poller._sweep(force=True)
        time.sleep(0.05)
    training.job.kill()
    context.poller.drain(LONG)
    assert training.card.value is JobState.LOST
    before = len(training.chart.curve.training()[0])
    assert 0 < before < 72
    shown = plain(training.card.alert.message.value) + plain(training.card.message.value)
    assert "sigue desde lo último que guardó" in shown
    button = training.card.alert.button if training.card.alert.problem else training.card.resume_button
    assert button.description == "Seguir desde donde quedó"
    assert training.use_button.layout.display == ""  # what it learnt so far can be used as it is
    button.click()
    context.poller._sweep(force=True)
    assert training.state is State.BUSY
    assert training.start.layout.display == "none"
    context.poller.drain(LONG)
    assert training.done
    assert training.chart.curve.training()[0].tolist() == list(range(1, 73))
    context.close()
