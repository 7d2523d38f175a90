"""Pages of app 3: over an empty workspace, over a small dataset, and over one that was trained on."""

import pytest

from poetas.jobs import Job, Stopped
from poetas.services import Service
from poetas.training.config import TrainingConfig
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import INLINE, new_poller
from tests.unit.widgets.train.steps import LONG, dataset, news, plain, training_under_way
from widgets import Hyperparameters, PageContext, Scoreboard, TrainingPanel
from widgets.core.component import State


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    build_tiny_model(workspace.models / TINY)
    return workspace


@pytest.fixture(scope="session")
def ready(home):
    """A context with a small dataset and the tiny model; tests share it and its generation service, unchanged."""
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


@pytest.fixture
def empty(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


@pytest.fixture
def alone(empty):
    """A context of its own, with a dataset and a model; what a test starts there ends with it."""
    build_tiny_model(empty.workspace.models / TINY)
    empty.dataset, empty.model = str(dataset(empty.project, news(26))), TINY
    yield empty
    for job in Job.all(empty.project.jobs):
        job.kill()


@pytest.fixture(scope="session")
def trained(ready):
    """A training from the button to its end, started with small knobs; one for all tests, which only look at it."""
    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(epochs=2, batch_size=4, lora_rank=2, longest=32)
    context = TrainingPanel(knobs)
    context.view.bet.prompt.place("rises")
    context.start.click()
    assert context.state is State.BUSY or INLINE
    ready.poller.drain(LONG)
    return context


@pytest.fixture(scope="session")
def examined(home, trained, ready):
    """The exam over the shared training, taken in a project of its own: its page, its board, what it showed meanwhile.

    The other tests find no exam taken.
    """
    context = PageContext(home, project="examinado", poller=new_poller())
    context.dataset, context.model = ready.dataset, ready.model
    context.training = trained.value
    board = Scoreboard(context=context)
    assert board.state is State.READY
    seen = []
    board.written.observe(lambda change: seen.append(plain(change.new)), "value")
    board.guess.place("lose")
    assert board.state is State.BUSY or INLINE
    context.poller.drain(LONG)
    assert board.card.alert.problem is None
    assert board.alert.problem is None
    yield context, board, seen
    context.close()


@pytest.fixture
def stopped_and_running(alone):
    """A page whose training was stopped while another one runs: its panel, the page, the stopped job, the other."""
    stopped = training_under_way(alone, "train-1", 1)
    stopped.end(Stopped(1))
    training = TrainingPanel(Hyperparameters(context=alone))
    alone.poller.drain(5)
    running = training_under_way(alone, "train-2", 2)
    yield training, alone, stopped, running
    running.leave()
