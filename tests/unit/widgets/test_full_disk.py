"""A click on a disk without room: a card says so, the buttons stay alive, and nothing that was chosen is lost.

The disk is full for real: the process may not write a single byte to a file (`RLIMIT_FSIZE` is 0).
"""

from contextlib import contextmanager

import pytest
from ipywidgets import Button

from poetas.generation.errors import model_not_ready
from poetas.jobs import Job
from poetas.jobs.job_record import JobRecord
from poetas.services import Service
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.train.steps import dataset, news
from widgets import BaselineSamples, Hyperparameters, ModelPicker, PageContext, Scoreboard, StepCard
from widgets.core.component import Component, State
from widgets.core.elements import is_shown
from widgets.core.error_card import ErrorCard
from widgets.core.save_error_banner import SaveErrorBanner

resource = pytest.importorskip("resource", reason="a limit on the size of files is a thing of Unix")
LONG = 240  # seconds that a service may take on a busy machine


@contextmanager
def full_disk():
    """Let this process, and those that it starts, write nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    build_tiny_model(workspace.models / TINY)
    return workspace


@pytest.fixture
def context(home, tmp_path):
    context = PageContext(home, project=tmp_path.name, poller=new_poller())
    context.app, context.has_banner = "entrenar", True
    yield context
    context.close()


def parts(widget):
    """Return a widget and all that is shown in it."""
    return [widget, *(part for child in getattr(widget, "children", ()) for part in parts(child))]


def cards(*widgets):
    """Return the error cards that are shown."""
    result = (part for widget in widgets for part in parts(widget) if isinstance(part, ErrorCard))
    return [card for card in result if card.problem is not None]


def the_card(*widgets):
    """Return the one card that is shown: about the disk, and with a button that works."""
    [card] = cards(*widgets)
    assert card.problem.code == "disk-full"
    assert card.button in card.children
    return card


def trained(context):
    """Leave a finished training of a small dataset, as app 3 does."""
    context.dataset = str(dataset(context.project, news(26)))
    context.model = TINY
    folder = context.project.jobs / "train-1"
    (folder / "adapter").mkdir(parents=True)
    JobRecord(folder.name, "train", {"model": TINY, "dataset": context.dataset}, 1.0, None).write(folder)
    context.training = str(folder)


def test_accepting_a_licence_that_cannot_be_noted_down_shows_a_card_and_the_question_stays(context):
    picker = ModelPicker(context)
    next(card for card in picker.grid.cards if card.entry.must_accept).button.click()
    with full_disk():
        picker.licence.accept.click()
        card = the_card(picker)
        assert is_shown(picker.licence)
        assert not picker.licence.accept.disabled
        card.button.click()  # still no room
        the_card(picker)
    assert picker.state is State.READY


def test_a_token_that_cannot_be_kept_shows_a_card_and_is_kept_once_there_is_room(context):
    picker = ModelPicker(context)
    again = []
    picker.token.ask(lambda: again.append(1))
    picker.token.box.value = "hf_abc"
    with full_disk():
        picker.token.button.click()
        card = the_card(picker)
        assert is_shown(picker.token)
    card.button.click()
    assert again == [1]
    assert not is_shown(picker.token)
    assert not cards(picker)


def test_a_model_that_is_chosen_is_in_use_and_the_page_says_that_it_was_not_written_down(context, monkeypatch):
    monkeypatch.setattr(context.services, "warm", lambda _model: None)
    page, picker = SaveErrorBanner(context), ModelPicker(context)
    heard = []
    context.observe(heard.append, "model")
    [model] = [card for card in picker.grid.cards if card.entry.id == TINY]
    with full_disk():
        model.button.click()
        card = the_card(page, picker)
        assert context.model == TINY
        assert picker.state is State.DONE
        assert heard, "the others on the page were not notified"
        card.button.click()
        the_card(page)
    assert PageContext(context.workspace, project=context.project.name).model == ""
    written = []
    page.observe(
        lambda _change: written.append(PageContext(context.workspace, project=context.project.name).model), "layout"
    )
    page.button.click()
    assert not cards(page)
    assert written == [TINY], "where the card is gone, a reload must find it"


class Poem(Component):
    def build(self):
        self.button = Button(description="Leer")
        self.button.on_click(lambda _button: setattr(self, "done", True))
        return (self.button,)


@pytest.mark.parametrize("page", ["entrenar", ""])
def test_a_step_that_is_finished_stays_so_and_a_component_alone_shows_the_card_itself(context, page):
    context.has_banner = bool(page)
    poem = Poem(context)
    around = (
        SaveErrorBanner(context) if page else Poem(context)
    )  # of two components, the one that the learner is at says it
    step = StepCard("poema", poem, context=context)
    with full_disk():
        poem.button.click()
        the_card(step, around)
    assert context.steps == ("poema",)
    context.save()
    assert PageContext(context.workspace, project=context.project.name).steps == ("poema",)
    assert not cards(step, around)


@pytest.mark.parametrize("bet", ["win", ""])
def test_a_bet_on_the_exam_shows_a_card_and_the_guess_is_open_again(context, bet):
    trained(context)
    page, board = SaveErrorBanner(context), Scoreboard(context=context)
    assert board.state is State.READY
    with full_disk():
        board.guess.place(bet) if bet else board.guess.skip()
        assert {card.problem.code for card in cards(page, board)} == {"disk-full"}
        assert board.alert.button in board.alert.children
        assert not board.guess.revealed
        assert is_shown(board.guess)
        assert not board.guess.answered
        board.guess.skip()
        assert board.alert.problem is not None
    assert board.state is State.READY
    assert [job.kind for job in Job.all(context.project.jobs)] == ["train"]


def test_what_the_model_writes_beforehand_is_shown_to_the_end_and_kept_once_there_is_room(context):
    trained(context)
    page, before = SaveErrorBanner(context), BaselineSamples(context=context)
    context.services.connect("preparation")
    context.services.connect("generation")
    with full_disk():
        before.prediction.skip()
        context.poller.drain(LONG)
        the_card(page, before)
        assert before.state is State.DONE
        assert before.done
        assert not before.again.disabled
    page.button.click()
    assert not cards(page)
    assert len(BaselineSamples(context=PageContext(context.workspace, project=context.project.name)).value) == 3
    Service.retire("generation", context.workspace.root)


def test_knobs_that_cannot_be_written_down_are_said_and_written_down_later(context):
    trained(context)
    page, knobs = SaveErrorBanner(context), Hyperparameters(context=context)
    with full_disk():
        knobs.sliders["epochs"].value = 5
        context.poller.drain(30)
        the_card(page, knobs)
    knobs.sliders["epochs"].value = 4
    context.poller.drain(30)
    assert not cards(page)
    assert Hyperparameters(context=PageContext(context.workspace, project=context.project.name)).value.epochs == 4


def test_what_raises_while_an_answer_is_shown_becomes_a_card_and_not_a_line_in_a_log(context):
    events = []
    context.services.ask(lambda: 1, done=lambda _answer: 1 / 0, failed=events.append)
    context.poller.drain(10)
    assert [problem.code for problem in events] == ["unexpected"]
    poem = Poem(context)
    poem.state = State.BUSY

    def refuse():
        raise model_not_ready()

    poem.run_guarded(refuse)
    assert poem.state is State.READY
    assert poem.alert.problem.code == "model-not-ready"
