"""The model picker and the downloads that go on since before the page: whatever a job's folder says."""

from contextlib import contextmanager

import pytest

from poetas.jobs import Job, JobState, process_lock
from poetas.jobs.job_record import JobRecord
from poetas.models.model_store import model_folder
from poetas.workspace import Workspace
from tests.model_records import record_model
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.pollers import INLINE, new_poller
from widgets import ModelPicker, PageContext
from widgets.core.component import State
from widgets.core.elements import is_shown


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


@contextmanager
def fetching(context, config, *, name="fetch-1", created=1.0):
    """A download that goes on, as another process's would: its lock is held."""
    folder = context.workspace.jobs / name
    folder.mkdir(parents=True)
    JobRecord(name, "fetch", config, created, None).write(folder)
    (folder / "starting").touch()
    held = process_lock.acquire(folder / "lock")
    try:
        assert Job.open(folder).state is JobState.WAITING
        yield folder
    finally:
        held.release()


def test_a_download_that_goes_on_is_shown_again_under_its_models_title(context):
    with fetching(context, {"model": "smollm2-135m"}):
        picker = ModelPicker(context)
        assert picker.state is State.BUSY
        assert picker.job.job.config == {"model": "smollm2-135m"}
        assert "SmolLM2 (135M)" in picker.about.value


@pytest.mark.parametrize("config", [{}, {"model": None}, {"model": 3}, {"model": ["smollm2-135m"]}, {"modelo": "x"}])
def test_a_job_that_names_no_model_is_let_be(context, config):
    with fetching(context, config):
        picker = ModelPicker(context)
        assert picker.job.job is None
        assert picker.state is not State.BUSY
        assert not is_shown(picker.about)
        assert picker.grid.children


@pytest.mark.parametrize("model", ["nadie/lo-conoce", "", "../..", "<img src=x>", "a" * 5000])
def test_a_job_that_names_a_model_of_nobodys_is_shown_by_that_name_and_breaks_nothing(context, model):
    with fetching(context, {"model": model}):
        picker = ModelPicker(context)
        assert picker.job.job.config["model"] == model
        assert "<img" not in picker.about.value
    picker.job.look()
    context.poller.drain(5)  # the download is gone without a word
    assert picker.job.value is JobState.LOST
    assert picker.state is State.READY
    assert picker.job.alert.problem.code == "job-killed"


@pytest.mark.parametrize("text", ["", "[", "[]", '{"kind": "fetch"}', '{"kind": "fetch", "config": 3, "created": 9}'])
def test_a_folder_whose_record_cannot_be_read_hides_no_download(context, text):
    broken = context.workspace.jobs / "fetch-9"
    with fetching(context, {"model": "smollm2-135m"}):
        broken.mkdir()
        (broken / "job.json").write_text(text)
        assert ModelPicker(context).job.job.config == {"model": "smollm2-135m"}


def test_a_download_that_is_over_is_not_shown_again(context):
    with fetching(context, {"model": "smollm2-135m"}):
        pass
    picker = ModelPicker(context)
    assert picker.job.job is None
    assert picker.state is not State.BUSY


def test_the_newest_of_several_downloads_counts(context):
    with (
        fetching(context, {"model": "smollm2-135m"}, name="fetch-a", created=9.0),
        fetching(context, {"model": "gemma3-270m"}, name="fetch-b", created=3.0),
    ):
        assert ModelPicker(context).job.job.config == {"model": "smollm2-135m"}


def test_a_model_that_is_here_can_be_fetched_again_and_an_incomplete_one_says_so(context):
    register_tiny_model(context.workspace, id="smollm2-135m")
    broken = model_folder(context.workspace, register_tiny_model(context.workspace, id="gemma3-270m"))
    (broken / "tokenizer.json").unlink()
    cards = {card.entry.id: card for card in _drawn(ModelPicker(context))}
    assert is_shown(cards["smollm2-135m"].again)
    assert not is_shown(cards["gemma3-270m"].again)
    assert "está incompleto" in cards["gemma3-270m"].message.value
    assert cards["gemma3-270m"].button.description.startswith("Traer ")
    assert not cards["gemma3-270m"].button.disabled


def test_fetching_again_asks_for_a_licence_that_was_not_accepted(context):
    register_tiny_model(context.workspace, id="gemma3-270m")  # its record says nothing of an acceptance
    picker = ModelPicker(context)
    [card] = [card for card in _drawn(picker) if card.entry.id == "gemma3-270m"]
    card.again.click()
    assert is_shown(picker.licence)
    assert picker.job.job is None


def test_a_question_without_network_speaks_of_no_download_and_a_second_bad_name_shows_one_card(context, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    picker = ModelPicker(context)
    picker.other.box.value = "no/existe"
    for _click in range(2):
        picker.other.search.click()
    assert len(Job.all(context.workspace.jobs)) == 1 or INLINE
    assert "no/existe" in picker.about.value  # owner and name: whom the Hub is asked about
    context.poller.drain(60)
    problem = picker.job.alert.problem
    assert problem.code == "no-network"
    assert "descarga" not in problem.why + problem.remedy
    picker.other.box.value = "así no"
    assert picker.job.alert.problem is None, "the card shown is of the name before"
    picker.other.box._handle_custom_msg({"event": "submit"}, [])  # Enter
    assert picker.alert.problem.code == "unknown-model"
    assert picker.job.alert.problem is None
    assert not is_shown(picker.job)
    assert not is_shown(picker.about)


def _drawn(picker):
    picker.refresh()
    return picker.grid.cards


def test_trying_again_what_names_no_model_is_a_card(context):
    picker = ModelPicker(context)
    picker._error_actions("../..")["restart"]()
    assert picker.alert.problem.code == "unknown-model"


def test_figures_are_folded_except_what_speaks_against_a_model_and_the_long_list_closes_after_a_choice(context):
    record_model(context.workspace, "casa/rara", languages=["en"], licence="MIT")
    picker = ModelPicker(context)
    picker.more.click()
    cards = {card.entry.id: card for card in picker.grid.cards}
    assert len(cards) > 3
    shown, folded = cards["casa/rara"].message.value.split("<details")
    assert "no en español" in shown
    assert "MIT" not in shown
    assert "MIT" in folded
    shown, folded = cards["gemma3-270m"].message.value.split("<details")
    assert "268 millones de parámetros: los números que" in shown, "«270M» is part of its name: it says what it is"
    assert "Memoria que usa" not in shown
    assert "Memoria que usa" in folded
    cards["casa/rara"].button.click()
    assert context.model == "casa/rara"
    assert not picker.grid.whole
    assert is_shown(picker.more)
    assert [card.entry.id for card in picker.grid.cards] == ["gemma3-270m", "smollm2-135m", "casa/rara"]
    assert "en uso" in picker.grid.cards[-1].message.value


def test_a_model_that_was_chosen_in_app_3_says_so_here_until_one_is_chosen_here(context):
    for name in ("tiny-uno", "tiny-dos"):
        record_model(context.workspace, name)
    context.app = "entrenar"
    context.choose_model("tiny-uno")
    here = PageContext(context.workspace, poller=new_poller())
    here.app = "conocer"
    picker = ModelPicker(here)
    assert "lo elegiste en la app 3" in picker.origin.value
    picker._use("tiny-dos")
    assert not is_shown(picker.origin)
