"""What several files of unit tests start from."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from poetas.jobs import detached_process
from poetas.models import chat_template_rendering
from tests import forkserver

HERE = Path(__file__).parent
# About something else than how a process is started: their jobs and services come from the fork server.
FORKED = (
    *("widgets", "evaluation", "training", "generation", "data", "models", "recipes", "export"),
    *("jobs", "services", "serving", "test_cli.py"),
)
_forked = SimpleNamespace(**{**vars(subprocess), "Popen": forkserver.popen, "run": forkserver.run})


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Choose, before any fixture, how the processes of a test are started."""
    forked = item.path.is_relative_to(HERE) and item.path.relative_to(HERE).parts[0] in FORKED
    chosen = _forked if forked and not item.get_closest_marker("cold") else subprocess
    detached_process.subprocess = chat_template_rendering.subprocess = chosen


@pytest.fixture
def programs_on_path(monkeypatch):
    """Let the processes of jobs and services find the programs that the tests give them."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parent.parent)]))
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture(scope="module")
def one_core():
    """So small a model loses by sharing its work out; the processes of its services inherit this."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A tiny model's files, as the Hub serves them; not to be changed."""
    from tests.tiny_model import write_hub_files

    folder = tmp_path_factory.mktemp("hub")
    write_hub_files(folder, chat=True)
    return folder


@pytest.fixture
def hub(whole, tmp_path):
    """A copy of `whole`, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "hub"))
