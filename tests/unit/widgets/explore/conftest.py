"""A page of app 1 with the tiny model behind a real generation service, one for each test module."""

import pytest

from poetas.models.model_store import is_ready
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import new_poller
from widgets import PageContext


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    build_tiny_model(workspace.models / TINY)
    assert is_ready(workspace, TINY)
    return workspace


@pytest.fixture(scope="module")
def context(home):
    context = PageContext(home, poller=new_poller())
    context.model = TINY
    yield context
    context.services.connect("generation").quit()
    context.close()
